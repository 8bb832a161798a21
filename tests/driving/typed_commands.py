"""The command line as typed, in process, and a goal that plans in no time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tenfold.interfaces.cli.app import app

GOAL = """
[goal]
kind = "train"
model = "llama-3.1-8b"
tokens = "100B"
sequence_length = 8192
global_batch = "512 sequences"
deadline = "60 days"

[means]
budget = "$2M"
chips = ["h100-sxm"]
max_chips = 64
supply = ["on-demand"]
sites = ["us-texas"]
"""
CLUSTER = ("--model", "llama-3.1-8b", "--chip", "h100-sxm", "--chips", "64", "--global-batch", "512")


@dataclass(frozen=True)
class Answer:
    code: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Any:
        assert self.code == 0, self.stderr
        return json.loads(self.stdout)


def tenfold(*args: str | Path) -> Answer:
    """Run a command line; an exception that reaches the top fails the test."""
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def goal_in(folder: Path) -> Path:
    """Write the goal into a folder."""
    file = folder / "goal.toml"
    file.write_text(GOAL)
    return file
