"""``tenfold rent-or-own``: every way to get chips, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, open_catalog
from tenfold.interfaces.cli.plan import LARGEST_SEED


def rent_or_own(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Rent-or-own file; see examples/rent-or-own.toml.")],
    as_json: JsonOption = False,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, max=LARGEST_SEED, help="Seed of the draws.", show_default="the file's, or 0"),
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Compare renting by the hour, reserving, spot, colocation and owning: cost, crossover, payback, sharing."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.python.rent_or_own import rent_or_own as ask

    answer = ask(file, catalog=open_catalog(catalog), seed=seed)
    if as_json:
        print_json(answer)
        return
    from tenfold.reports.tables.rent_or_own import rent_or_own_tables

    print_tables(rent_or_own_tables(answer))
