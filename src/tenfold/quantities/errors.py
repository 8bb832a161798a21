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
    """What to type."""

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.file, self.key) if part)
        return f"{place}: {self.wrong}. {self.remedy}" if place else f"{self.wrong}. {self.remedy}"


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
