"""``tenfold rent-or-own``: every way to get chips, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, HtmlOption, JsonOption, open_catalog
from tenfold.interfaces.cli.plan import LARGEST_SEED


def rent_or_own(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Rent-or-own file; see examples/rent-or-own.toml.")],
    as_json: JsonOption = False,
    html: HtmlOption = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, max=LARGEST_SEED, help="Seed of the draws.", show_default="the file's, or 0"),
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Compare renting by the hour, reserving, spot, colocation and owning: cost, crossover, payback, sharing."""
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.old_python.rent_or_own import rent_or_own as ask

    if html is not None:
        check_place(html, "--html")
    known = open_catalog(catalog)
    answer = ask(file, catalog=known, seed=seed)
    if html is not None:
        from tenfold.reports.page import page_html
        from tenfold.reports.pages.rent_or_own import rent_or_own_page

        write_whole(html, page_html(rent_or_own_page(answer), known.sources), "--html")
    if as_json:
        print_json(answer)
        return
    from tenfold.reports.tables.rent_or_own import rent_or_own_tables

    print_tables(rent_or_own_tables(answer))
    if html is not None:
        typer.echo(f"Page written to {html}", err=True)
