"""``tenfold contagion``: who cannot pay whom when somebody misses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, HtmlOption, JsonOption, open_catalog


def contagion(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Contagion file.", show_default="the deals of the catalog"),
    ] = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Seed of the random draws.", show_default="the file's, or 0")
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Clear what players owe each other in a year under shocks: losses, order of failing, reverse stress, circularity.

    A shock is a buyer's revenue that misses, chips that lose value, refinancing that stops, or a supplier that halts.
    """
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables, progress_on
    from tenfold.interfaces.cli.plan import check_seed
    from tenfold.interfaces.old_python.contagion import contagion as ask

    check_seed(seed)
    if html is not None:
        check_place(html, "--html")
    known = open_catalog(catalog)
    with progress_on("Clearing") as progress:
        answer = ask(file, catalog=known, seed=seed, progress=progress)
    if html is not None:
        from tenfold.reports.page import page_html
        from tenfold.reports.pages.contagion import contagion_page

        write_whole(html, page_html(contagion_page(answer), known.sources), "--html")
    if as_json:
        print_json(answer)
        return
    from tenfold.reports.tables.contagion import contagion_tables

    print_tables(contagion_tables(answer, known.sources))
    if html is not None:
        typer.echo(f"Page written to {html}", err=True)
