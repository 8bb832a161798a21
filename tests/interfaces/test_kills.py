"""Kills of a command that writes: the short form of ``benchmarks/kills.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def said(name: str, *arguments: str) -> str:
    """What a benchmark prints; the process is its own, since it forks."""
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / name), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="it forks")
def test_a_killed_write_leaves_all_or_nothing_and_is_made_up_for() -> None:
    assert "0 lost" in said("kills.py", "--only", "init", "--kills", "3")
