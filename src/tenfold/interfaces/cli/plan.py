"""``tenfold plan``: a goal file becomes a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, open_catalog

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.planning.plan import Plan

LARGEST_SEED = 2**63 - 1
GoalArgument = Annotated[Path, typer.Argument(metavar="FILE", help="Goal file; `tenfold init` writes one.")]
SeedOption = Annotated[
    int | None, typer.Option("--seed", help="Seed of the random draws.", show_default="the goal file's, or 0")
]


def plan(
    file: GoalArgument,
    as_json: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Also write a page with charts that opens offline.")
    ] = None,
    seed: SeedOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Plan a goal: which chips and how many, how laid out, rented or owned, where; when done and what it costs."""
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables

    if html is not None:
        check_place(html, "--html")
    known = open_catalog(catalog)
    made = plan_file(file, known, seed)
    if html is not None:
        from tenfold.reports.html import plan_page

        write_whole(html, plan_page(made, known.sources), "--html")
    if as_json:
        print_json(made)
        return
    from tenfold.reports.tables import plan_tables

    print_tables(plan_tables(made, known.sources))
    if html is not None:
        typer.echo(f"Page written to {html}", err=True)


def plan_file(file: Path, catalog: Catalog, seed: int | None) -> Plan:
    """Read a goal file and plan it, with progress on stderr."""
    from tenfold.interfaces.cli.output import progress_on
    from tenfold.interfaces.old_python.planning import plan as make

    check_seed(seed)
    with progress_on("Planning") as progress:
        return make(file, catalog=catalog, seed=seed, progress=progress)


def check_seed(seed: int | None) -> None:
    """Raise ``InputError`` for a seed that is none."""
    from tenfold.quantities import InputError, Problem, shown

    if seed is not None and not 0 <= seed <= LARGEST_SEED:
        remedy = f"Give a whole number from 0 to {LARGEST_SEED:,}"
        raise InputError(Problem(file="--seed", key="", wrong=f"{shown(seed)} is no seed", remedy=remedy))
