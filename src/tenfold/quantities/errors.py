"""The exception tree.

``TenfoldError``
├── ``InputError``: what the user gave is wrong; holds every ``Problem`` found, not only the first
│   └── ``CatalogError``: a file of the catalog or of an overlay is wrong
│       └── ``MissingFigureError``: a figure is needed that nobody has recorded
└── ``SolverError``: a numerical method did not reach an answer

Infeasible is a result, not an exception: see ``tenfold.planning``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """Show a value in an error: quoted, printable, and cut when long."""
    if isinstance(value, int) and abs(value) >= 10**20:
        return "the number"
    try:
        text = value if isinstance(value, str) else repr(value)
    except (ValueError, RecursionError):  # integers beyond Python's limit of digits, tables beyond its stack
        return "the value"
    text = text if text.isprintable() else ascii(text)[1:-1]
    text = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
    return f"'{text}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with one value: where it stands, what is wrong, what to type instead."""

    file: str
    """File the value stands in, or the command-line option; empty for a Python call."""
    key: str
    """Dotted key of the value inside the file."""
    wrong: str
    """What is wrong, with the value itself."""
    remedy: str
    """What to type; empty when ``wrong`` says it ("did you mean …?")."""

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.file, self.key) if part)
        stop = "" if self.wrong.endswith(("?", ".")) else "."
        said = f"{self.wrong}{stop} {self.remedy}" if self.remedy else self.wrong
        return f"{place}: {said}" if place else said


class TenfoldError(Exception):
    """Root of every exception Tenfold raises on purpose."""


class InputError(TenfoldError):
    """Input that cannot be used; ``problems`` lists everything wrong with it."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CatalogError(InputError):
    """A catalog or overlay file that cannot be used, or a key the catalog does not hold."""


class MissingFigureError(CatalogError):
    """A figure that is needed and not recorded; it is never guessed."""


class SolverError(TenfoldError):
    """A numerical method that did not converge or a programme that is unbounded."""
