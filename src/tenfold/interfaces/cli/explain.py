"""``tenfold explain``: any number of a plan, down to its terms and figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, open_catalog
from tenfold.interfaces.cli.plan import SeedOption


def explain(
    file: Annotated[Path, typer.Argument(metavar="PLAN.json|GOAL.toml", help="Plan (`tenfold plan --json`) or goal.")],
    number: Annotated[
        str, typer.Argument(metavar="[NUMBER]", help="Dotted path of a number, such as best.step_time_s.")
    ] = "",
    seed: SeedOption = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Follow a number of a plan down to its terms, figures and sources; without a number, list what can be followed."""
    from tenfold.interfaces.cli.explanation import explained, explanation_tables, overview, overview_tables
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.cli.plan import plan_file
    from tenfold.interfaces.cli.plan_data import read_plan
    from tenfold.quantities import to_data

    known = open_catalog(catalog)
    plan = read_plan(file) if file.suffix == ".json" else cast("dict[str, Any]", to_data(plan_file(file, known, seed)))
    if not number:
        rows = overview(plan)
        if as_json:
            print_json(rows)
        else:
            print_tables(overview_tables(rows, str(file)))
        return
    answer = explained(plan, number, known.sources)
    if as_json:
        print_json(answer)
    else:
        print_tables(explanation_tables(answer))
