"""``tenfold multisite``: one run over several sites."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, open_catalog


def multisite(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Run, sites and links; see examples/multisite-40km.toml.")
    ],
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Plan one run over several sites: which algorithm, how often to synchronise, which share of the batch at each."""
    from tenfold.interfaces.cli.output import print_json, print_tables, progress_on
    from tenfold.interfaces.python.multisite import multisite as ask

    known = open_catalog(catalog)
    with progress_on("Planning") as progress:
        answer = ask(file, catalog=known, progress=progress)
    if as_json:
        print_json(answer)
        return
    from tenfold.reports.tables.multisite import multisite_tables

    print_tables(multisite_tables(answer))
