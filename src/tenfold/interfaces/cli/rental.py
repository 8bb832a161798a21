"""``tenfold rental``: a GPU cloud's books, returns and covenants."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, HtmlOption, JsonOption, open_catalog

RentalArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="File of a GPU cloud; `tenfold schema rental` lists its keys.")
]


def rental(
    file: RentalArgument,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Seed of the random draws.", show_default="the file's, or 0")
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Judge a GPU cloud: break-even price, ROE, IRR, margin, what breaks its covenants, books by quarter."""
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables, progress_on
    from tenfold.interfaces.cli.plan import check_seed
    from tenfold.interfaces.old_python.rental import rental as ask

    check_seed(seed)
    if html is not None:
        check_place(html, "--html")
    known = open_catalog(catalog)
    with progress_on("Keeping the books") as progress:
        answer = ask(file, catalog=known, seed=seed, progress=progress)
    if html is not None:
        from tenfold.reports.page import page_html
        from tenfold.reports.pages.rental import rental_page

        write_whole(html, page_html(rental_page(answer), known.sources), "--html")
    if as_json:
        print_json(answer)
        return
    from tenfold.reports.tables.rental import rental_tables

    print_tables(rental_tables(answer))
    if html is not None:
        typer.echo(f"Page written to {html}", err=True)
