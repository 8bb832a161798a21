"""Ask one code every question: run with ``PYTHONPATH`` at its ``src``, the questions as JSON on standard input.

Writes first where the code was read from, then an answer a line, in order. The command line is what a code is asked
through, since it changes least; all questions in one process, since starting one takes longer than answering.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import runpy
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import tenfold


def ask(question: Sequence[str]) -> dict[str, object]:
    """The answer's exit code, what was printed, and the last line said on standard error."""
    printed, said = io.BytesIO(), io.StringIO()
    stdout = io.TextIOWrapper(printed, encoding="utf-8")
    sys.argv = ["tenfold", *question, "--json"]
    code: object = 0
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(said):
        try:
            runpy.run_module("tenfold", run_name="__main__")
        except SystemExit as left:
            code = left.code or 0
        except Exception:  # a code that fails on a question has an answer to it: none
            traceback.print_exc()
            code = 1
    stdout.flush()
    lines = said.getvalue().strip().splitlines()
    return {"code": code, "printed": printed.getvalue().decode(), "said": lines[-1] if lines else ""}


def keep_what_questions_share() -> None:
    """Read the shipped catalog and build the tree of commands for the first question only, where a code does as most.

    Both are the same for every question, and take longer than most answers.
    """
    import typer.main

    from tenfold import catalog

    for module, name in ((catalog, "load_catalog"), (typer.main, "get_command")):
        if hasattr(module, name):
            setattr(module, name, functools.cache(getattr(module, name)))


def main() -> None:
    """Answer what is on standard input."""
    keep_what_questions_share()
    answers = sys.stdout
    answers.write(json.dumps(str(Path(tenfold.__file__).resolve().parents[1])) + "\n")
    for question in json.load(sys.stdin):
        answers.write(json.dumps(ask(question)) + "\n")


if __name__ == "__main__":
    main()
