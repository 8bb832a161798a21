"""``tenfold explain``: any number of any answer, down to its terms and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, SeedOption, open_catalog

if TYPE_CHECKING:
    from rich.console import RenderableType


def explain(
    file: Annotated[
        Path, typer.Argument(metavar="ANSWER.json|QUESTION.toml", help="An answer (`--json`), or a file that asks.")
    ],
    number: Annotated[
        str, typer.Argument(metavar="[NUMBER]", help="Dotted path of a number, such as best.step_time_s.")
    ] = "",
    seed: SeedOption = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Follow a number down to its terms, figures and sources; without a number, list what can be followed."""
    from tenfold.interfaces.cli.answer_files import answer_data_of
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.reports import explained, overview, topics_of

    known = open_catalog(catalog)
    data = answer_data_of(file, known, seed)
    topics = topics_of(data["question_name"])
    if number:
        found = explained(data, number, topics, known.sources)
        print_json(found) if as_json else print_tables(_explanation(found))
        return
    rows = overview(data, topics)
    print_json(rows) if as_json else print_tables(_overview(rows, file, data["verdict"]))


def _overview(rows: list[dict[str, Any]], file: Path, verdict: str) -> Iterator[RenderableType]:
    """Table of what can be followed."""
    from rich.text import Text

    from tenfold.reports import Table, grid_table

    if not rows:
        yield Text(f"{verdict}\nThis answer has no number to follow.")
        return
    cells = tuple((row["number"], _value(row), row["words"]) for row in rows)
    yield grid_table(
        "Numbers of the answer", Table(headers=("number", "value", "how it comes about"), rows=cells, numeric=" r")
    )
    yield Text("")
    yield Text(f"Follow one with: tenfold explain {file} {rows[0]['number']}", style="dim")


def _value(row: Mapping[str, Any]) -> str:
    """Print a number; nothing for what is no single value."""
    from tenfold.reports import middle, printed

    value = middle(row["value"])
    return "" if value is None else printed(value, row["unit"])


def _explanation(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    """The equation with its numbers, the terms with their shares, the figures with their sources."""
    from rich.text import Text

    from tenfold.reports import Terms, equation, figures_with_sources, key_value_table, leaves, middle, terms_table

    yield Text(equation(found), style="bold")
    yield Text(found["words"], style="dim")
    if middle(found["value"]) is None:
        yield Text("")
        yield key_value_table("Holds", leaves(found["value"]))
    if found["terms"]:
        yield Text("")
        scale, unit = (86_400.0, "s") if found["terms_unit"] == "days" else (1.0, found["terms_unit"])
        largest_first = sorted(found["terms"].items(), key=lambda term: -abs(term[1]))
        values = {name: scale * value for name, value in largest_first}
        title = "Terms at P50"
        yield terms_table(title, Terms(title=title, values=values, unit=unit, headline=found["number"]))
    if found["figures"]:
        yield Text("")
        yield from figures_with_sources("Figures under it", found["figures"])
