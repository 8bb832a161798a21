"""Figures as a table whose sources are numbered and listed below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from tenfold.reports.report import Table
from tenfold.reports.terminal import grid_table
from tenfold.reports.wording import number

HEADERS = ("figure", "value", "P10–P90", "kind", "as of", "source", "checked by")


def figures_with_sources(title: str, figures: Sequence[Mapping[str, Any]]) -> Iterator[RenderableType]:
    """Each figure with its value, range, kind, date, source and second source; the sources below, by number."""
    numbers: dict[str, int] = {}
    links: dict[str, list[str]] = {}
    for figure in figures:
        links.setdefault(figure["source_title"], figure["links"])
        for name in (figure["source_title"], figure["checked_title"] if figure["checked"] else ""):
            if name:
                numbers.setdefault(name, len(numbers) + 1)
    cells = tuple(_row(figure, numbers) for figure in figures)
    yield grid_table(title, Table(headers=HEADERS, rows=cells, numeric=" rr"))
    yield Text("")
    rows = tuple((f"[{place}]", name, "\n".join(links.get(name, []))) for name, place in numbers.items())
    yield grid_table("Sources", Table(headers=("", "title", "address"), rows=rows))


def _row(figure: Mapping[str, Any], numbers: Mapping[str, int]) -> tuple[str, ...]:
    unit, low, high = figure["unit"], figure["low"], figure["high"]
    span = "" if low is None else f"{number(low, unit)} – {number(high, unit)}"
    checked = f"[{numbers[figure['checked_title']]}]" if figure["checked"] else "not checked"
    return (
        "/\n".join(figure["figure"].rsplit("/", 1)),
        number(figure["value"], unit, 4),
        span,
        figure["kind"],
        figure["as_of"],
        f"[{numbers[figure['source_title']]}]",
        checked,
    )
