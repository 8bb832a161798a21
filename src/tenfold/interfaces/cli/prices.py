"""``tenfold prices import``: price lists into the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, open_catalog

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tenfold.catalog.prices import FileImport


def import_prices(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="SkyPilot, gpuhunt or plain price lists.")],
    date: Annotated[str, typer.Option("--date", help="Day the prices held, where a file does not say.")] = "",
    provider: Annotated[str, typer.Option("--provider", help="Whose prices they are, where a file does not say.")] = "",
    source: Annotated[str, typer.Option("--source", help="What to cite.", show_default="the file's name")] = "",
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Add price lists to the price store: all of them or none, no price twice."""
    from tenfold.catalog.prices import Stated
    from tenfold.catalog.prices import import_prices as add
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.quantities import parse_date

    stated = Stated(date=parse_date(date, key="date") if date else None, provider=provider, source=source)
    done = add(files, stated, open_catalog(catalog))
    if as_json:
        print_json({"files": done})
        return
    print_tables(import_tables(done))


def import_tables(done: Sequence[FileImport]) -> Iterator[RenderableType]:
    """What was added of each file, and the names no chip has."""
    from rich.text import Text

    from tenfold.reports import Table, bullet_list, grid_table

    headers = ("file", "format", "rows", "added", "known", "left out", "chips")
    rows = tuple(
        (each.file, each.format, f"{each.rows:,}", f"{each.added:,}", f"{each.known:,}", f"{each.left_out:,}",
         f"{len(each.chips):,}")
        for each in done
    )  # fmt: skip
    title = f"{sum(each.added for each in done):,} prices added"
    yield grid_table(title, Table(headers=headers, rows=rows, numeric="  rrrrr"))
    unmatched = sorted({name for each in done for name in each.unmatched})
    if unmatched:
        yield Text("")
        yield bullet_list("Kept under their listed names, which no chip of the catalog has", unmatched)
