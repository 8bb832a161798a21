"""A page for any answer: verdict, key numbers, assumptions, sections of pairs, charts and tables, every source.

Each command turns its answer into a ``Page`` in a file of its own; this file only prints pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import NamedFigure
from tenfold.reports.cards import Card
from tenfold.reports.frame import framed
from tenfold.reports.report import Report, Section, made_in_words
from tenfold.reports.report import Table as PageTable
from tenfold.reports.sources import Cited, figure_rows, unique_figures
from tenfold.reports.tables.grid import Grid


def page_table(grid: Grid, title: str | None = None) -> PageTable:
    """A table as the terminal has it, under another title if one is given; the lines of a cell in one."""
    rows = tuple(tuple(", ".join(cell.splitlines()) for cell in row) for row in grid.rows)
    return PageTable(
        title=grid.title if title is None else title, headers=grid.headers, rows=rows, numeric=grid.numeric
    )


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


def report_html(report: Report, sources: Mapping[str, Cited]) -> str:
    """Render a report as one HTML file that works offline; keys of its charts must differ.

    ``sources`` are the catalog's, by key; a source missing there is shown as it stands.
    """
    return framed(
        "report.html.j2",
        (chart for section in report.sections for chart in section.charts),
        page=report,
        question=report.question,
        verdict=report.verdict,
        good=report.good,
        footer=made_in_words(report.made),
        assumptions=figure_rows(report.assumptions, sources),
        figures=figure_rows(unique_figures(report.figures), sources),
    )
