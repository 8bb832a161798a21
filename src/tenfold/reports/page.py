"""A page for any answer: verdict, key numbers, assumptions, sections of pairs, charts and tables, every source.

Each command turns its answer into a ``Page`` in a file of its own; this file only prints pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import NamedFigure
from tenfold.reports.cards import Card
from tenfold.reports.charts.chart import Chart
from tenfold.reports.frame import framed
from tenfold.reports.sources import Cited, figure_rows, unique_figures
from tenfold.reports.tables.grid import Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTable:
    """Rows of printed cells under headers."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: str = ""
    """One letter for each column, ``r`` for numbers, as the terminal's tables have it."""
    title: str = ""

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers, which stand to the right and are not broken."""
        return self.numeric[column : column + 1] == "r"


def page_table(grid: Grid, title: str | None = None) -> PageTable:
    """A table as the terminal has it, under another title if one is given; the lines of a cell in one."""
    rows = tuple(tuple(", ".join(cell.splitlines()) for cell in row) for row in grid.rows)
    return PageTable(
        title=grid.title if title is None else title, headers=grid.headers, rows=rows, numeric=grid.numeric
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page under its own heading: pairs first, then charts, then tables."""

    title: str
    lead: str = ""
    """One or two sentences that say how to read it."""
    pairs: tuple[tuple[str, str], ...] = ()
    tables: tuple[PageTable, ...] = ()
    charts: tuple[Chart, ...] = ()
    """A single chart takes the full width; several stand in columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer in the order a person reads it."""

    title: str
    """What kind of answer this is, above the heading: "Tenfold goodput"."""
    question: str
    verdict: str
    """The answer in one sentence."""
    good: bool
    """Whether the verdict is what was hoped for."""
    cards: tuple[Card, ...] = ()
    sections: tuple[Section, ...] = ()
    figures: tuple[NamedFigure, ...] = ()
    """Figures under the answer; the assumptions among them are shown first, all of them last."""
    footer: str = ""
    """Version, catalog and seed."""


def page_html(page: Page, sources: Mapping[str, Cited]) -> str:
    """Render a page as one HTML file that works offline; keys of its charts must differ.

    ``sources`` are the catalog's, by key; a source missing there is shown as it stands.
    """
    figures = unique_figures(page.figures)
    assumed = [named for named in figures if named.figure.kind == "assumption"]
    return framed(
        "report.html.j2",
        (chart for section in page.sections for chart in section.charts),
        page=page,
        question=page.question,
        verdict=page.verdict,
        good=page.good,
        footer=page.footer,
        assumptions=figure_rows(assumed, sources),
        figures=figure_rows(figures, sources),
    )
