"""Lines of a log as programs leave them: any encoding, colours, prefixes of launchers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenfold.quantities import InputError, Problem, finite_of, shown, text_lines

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
SMALLEST, LARGEST = 1e-9, 1e18


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its number in the file, from 1. ``text`` keeps its line break, so that a cut last line shows."""

    number: int
    text: str


def log_lines(path: Path) -> Iterator[Line]:
    """Lines of a file, colours removed; bytes that are not UTF-8 are replaced.

    Raises ``InputError`` for a file that cannot be read.
    """
    for number, text in text_lines(path, "Give the path of a log"):
        yield Line(number, _COLOUR.sub("", text))


def log_problem(file: str, line: int | None, wrong: str, remedy: str) -> Problem:
    """Something wrong at a line of a log, or with the whole of it."""
    return Problem(file=file if line is None else f"{file} line {line}", key="", wrong=wrong, remedy=remedy)


def log_error(file: str, line: int | None, wrong: str, remedy: str) -> InputError:
    """The same as an exception."""
    return InputError(log_problem(file, line, wrong, remedy))


def positive_number(text: str) -> float | None:
    """A number above 0 that any quantity of a log may be, or None: neither infinite nor next to nothing."""
    value = finite_of(text)
    return value if value is not None and SMALLEST < value < LARGEST else None


def not_a_number(file: str, line: int, what: str, text: str) -> Problem:
    """Say that a log gives something that is no positive number where one is due."""
    return log_problem(file, line, f"{what} is {shown(text)}, not a positive number", "Remove the damaged line")
