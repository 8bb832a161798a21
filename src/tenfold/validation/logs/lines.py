"""Lines of a log as programs leave them: any encoding, colours, prefixes of launchers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenfold.quantities import InputError, Problem, shown

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
SMALLEST, LARGEST = 1e-9, 1e18
LONGEST_LINE = 1_000_000
"""Characters of a line that are looked at; no line of a log that is read here comes near."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its number in the file, from 1. ``text`` keeps its line break, so that a cut last line shows."""

    number: int
    text: str


def log_lines(path: Path) -> Iterator[Line]:
    """Lines of a file, colours removed; bytes that are not UTF-8 are replaced.

    Raises ``InputError`` for a file that cannot be opened.
    """
    try:
        with path.open(encoding="utf-8", errors="replace", newline=None) as file:
            for number, text in enumerate(file, start=1):
                yield Line(number, _COLOUR.sub("", text[:LONGEST_LINE]))
    except FileNotFoundError:
        raise log_error(str(path), None, "no such file", "Give the path of a log") from None
    except (OSError, ValueError) as trouble:
        reason = trouble.strerror if isinstance(trouble, OSError) and trouble.strerror else str(trouble)
        raise log_error(str(path), None, f"cannot be read ({reason})", "Give the path of a log") from None


def log_problem(file: str, line: int | None, wrong: str, remedy: str) -> Problem:
    """Something wrong at a line of a log, or with the whole of it."""
    return Problem(file=file if line is None else f"{file} line {line}", key="", wrong=wrong, remedy=remedy)


def log_error(file: str, line: int | None, wrong: str, remedy: str) -> InputError:
    """The same as an exception."""
    return InputError(log_problem(file, line, wrong, remedy))


def positive_number(text: str) -> float | None:
    """A number above 0 that any quantity of a log may be, or None: neither infinite nor next to nothing."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if SMALLEST < value < LARGEST else None


def not_a_number(file: str, line: int, what: str, text: str) -> Problem:
    """Say that a log gives something that is no positive number where one is due."""
    return log_problem(file, line, f"{what} is {shown(text)}, not a positive number", "Remove the damaged line")
