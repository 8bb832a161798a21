"""A report as one HTML file: verdict, key numbers, assumptions, sections with their charts and tables, every source."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.reports.frame import framed
from tenfold.reports.report import Report, made_in_words
from tenfold.reports.sources import Cited, figure_rows, unique_figures

OPEN_ASSUMPTIONS = 30
"""Assumptions that stand before what was found; the rest are folded behind them."""

OPEN_FIGURES = 60
"""Figures of a page whose table is open; more are folded."""


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
        open_assumptions=OPEN_ASSUMPTIONS,
        open_figures=OPEN_FIGURES,
        figures=figure_rows(unique_figures(report.figures), sources),
    )
