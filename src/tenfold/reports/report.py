"""A report: an answer in the order a person reads it, which the terminal and the page print alike.

Each question has one file in this room, named after it, with ``verdict(answer)``, ``report(answer)`` and ``TOPICS``. It
chooses words and order; it never calculates. Text is kept as it is: whoever prints it escapes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tenfold.quantities import Made, NamedFigure
from tenfold.reports.cards import Card

if TYPE_CHECKING:
    from tenfold.reports.charts.chart import Chart

Pairs = tuple[tuple[str, str], ...]
FEW_COLUMNS = 3
"""Columns that a narrow page shows beside each other, breaking what they hold; more are scrolled."""
LONG_NAME = 24
"""Letters of a row's name beyond which a page breaks it over lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of printed cells under headers. A cell may have several lines: the first says it, the rest beside it."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: str = ""
    """One letter for each column, ``r`` for numbers, which stand to the right and are not broken."""
    title: str = ""
    marked: int | None = None
    """Row that the verdict is about."""
    sort: tuple[tuple[float | str, ...], ...] = ()
    """What each cell of a row is sorted by when a page's heading is clicked; none where rows keep their order."""

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers."""
        return self.numeric[column : column + 1] == "r"

    @property
    def is_narrow(self) -> bool:
        """Whether all its columns fit on a narrow page."""
        return len(self.headers) <= FEW_COLUMNS


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms that add up to a headline."""

    title: str
    values: Mapping[str, float]
    unit: str
    """A unit of figures, or ``share``."""
    headline: str
    """Path in the answer's JSON of the number that they add up to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a report under its own heading: lead, pairs, terms, tables; charts on pages only."""

    title: str
    lead: str = ""
    """One or two sentences that say how to read it."""
    pairs: Pairs = ()
    terms: tuple[Terms, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    """A single chart takes the full width of a page; several stand in columns."""
    notes: tuple[str, ...] = ()
    full: bool = False
    """Printed in the terminal with ``--full`` only; a page always has it."""
    folded: bool = False
    """Each table of it is folded on a page, under its title."""
    first: bool = False
    """Before the assumptions on a page, with the next steps behind it, as on a first screen."""


class Sections(Sequence[Section]):
    """Sections that are made when they are read, each once: a preview shows a few of many."""

    def __init__(self, makers: Iterable[Callable[[], Section]]) -> None:
        self._makers = [cache(each) for each in makers]

    def __len__(self) -> int:
        return len(self._makers)

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401  (a section, or of a slice several)
        made = self._makers[place]
        return [each() for each in made] if isinstance(place, slice) else made()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An answer as people read it."""

    title: str
    """What kind of answer this is, above the heading: "Tenfold goodput"."""
    question: str
    """What was asked, in one line."""
    verdict: str
    """The answer in one sentence."""
    good: bool
    """Whether the verdict is what was hoped for."""
    made: Made
    cards: tuple[Card, ...] = ()
    """Key numbers."""
    sections: Sequence[Section] = ()
    notes: tuple[str, ...] = ()
    """What a reader has to know: what was decided, what is not counted."""
    assumptions: tuple[NamedFigure, ...] = ()
    """Inputs of kind assumption or estimate, the first thing to doubt."""
    figures: tuple[NamedFigure, ...] = ()
    """Every figure under the answer."""
    next_steps: tuple[str, ...] = ()
    """Commands to type next."""
    brief: Section | None = None
    """What the terminal prints without ``--full`` in place of cards and sections: 24 lines with the verdict."""


def made_in_words(made: Made) -> str:
    """Say what made an answer, so that it can be made again."""
    changed = f", changed by overlays: {'; '.join(made.overrides)}" if made.overrides else ""
    return f"Tenfold {made.tenfold}, catalog {made.catalog}{changed}, seed {made.seed}."
