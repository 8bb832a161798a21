"""Exceptions to lines a person can act on, and exit codes."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from tenfold.quantities import Problem, TenfoldError

BROKEN_INPUT = 2
UNWRITTEN = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG))
"""What the system says of an output that it cannot take."""
INTERRUPTED = 130


class CatchingGroup(TyperGroup):
    """The top of the command line: every problem on a line of its own on stderr, no traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  (as typer declares it)
        """Run a command. Exits with 2 for broken input and 130 for Ctrl-C."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
            return done
        except BrokenPipeError:
            _leave_output()
            raise typer.Exit(BROKEN_INPUT) from None
        except OSError as trouble:
            if trouble.errno not in UNWRITTEN:
                raise
            _leave_output()
            typer.echo(
                f"error: the output cannot be written ({trouble.strerror}). Make room, or send it elsewhere", err=True
            )
            raise typer.Exit(BROKEN_INPUT) from None
        except KeyboardInterrupt:
            typer.echo("interrupted; nothing was written", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except Exception as trouble:
            if not _is_tenfold_error(trouble):
                raise
            for line in dict.fromkeys(error_lines(trouble)):  # type: ignore[arg-type]
                typer.echo(line, err=True)
            raise typer.Exit(BROKEN_INPUT) from None


def _leave_output() -> None:
    """Let nothing more go to an output that is full or gone, so that nothing more is said of it."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  (kept until the end)


def _is_tenfold_error(trouble: Exception) -> bool:
    """Tell Tenfold's own errors; where the room that defines them is not loaded, nothing can have raised one."""
    errors = sys.modules.get("tenfold.quantities.errors")
    return errors is not None and isinstance(trouble, errors.TenfoldError)


def error_lines(error: TenfoldError) -> Iterator[str]:
    """One line for each problem of an error."""
    from tenfold.quantities import InputError

    if not isinstance(error, InputError):
        yield f"error: {one_line(str(error))}"
        return
    for problem in error.problems:
        yield f"error: {one_line(str(_with_options(problem)))}"


def _with_options(problem: Problem) -> Problem:
    """Name the option of a problem in no file: ``micro_batch`` is ``--micro-batch``; a table has no option."""
    from dataclasses import replace

    if problem.file or not problem.key or "." in problem.key:
        return problem
    names = (name.strip() for name in problem.key.split(","))
    return replace(problem, key=", ".join(f"--{name.replace('_', '-')}" for name in names))


def one_line(text: str) -> str:
    """Keep a message on its line: line breaks and what a terminal would act on are shown, not sent."""
    return "".join(
        letter if letter.isprintable() else " " if letter in "\r\n\t" else ascii(letter)[1:-1] for letter in text
    )
