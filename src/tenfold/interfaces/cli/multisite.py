"""``tenfold multisite``: one run over several sites."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, HtmlOption, JsonOption, open_catalog


def multisite(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Run, sites and links; see examples/multisite-40km.toml.")
    ],
    as_json: JsonOption = False,
    html: HtmlOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Plan one run over several sites: which algorithm, how often to synchronise, which share of the batch at each."""
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables, progress_on
    from tenfold.interfaces.old_python.multisite import multisite as ask

    if html is not None:
        check_place(html, "--html")
    known = open_catalog(catalog)
    with progress_on("Planning") as progress:
        answer = ask(file, catalog=known, progress=progress)
    if html is not None:
        from tenfold.reports.page import page_html
        from tenfold.reports.pages.multisite import multisite_page

        write_whole(html, page_html(multisite_page(answer), known.sources), "--html")
    if as_json:
        print_json(answer)
        return
    from tenfold.reports.tables.multisite import multisite_tables

    print_tables(multisite_tables(answer))
    if html is not None:
        typer.echo(f"Page written to {html}", err=True)
