"""``tenfold validate training``: predictions against measured runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, open_catalog

RunsArgument = Annotated[
    Path, typer.Argument(metavar="RUNS.csv", help="Measured runs; `tenfold schema runs` lists the columns.")
]


def validate_training(runs: RunsArgument, as_json: JsonOption = False, catalog: CatalogOption = None) -> None:
    """Compare predictions with measured runs: error and coverage, overall and by chip, source and kind of model."""
    from tenfold import validation
    from tenfold.interfaces.cli.output import print_json, print_tables

    report = validation.validate_training(runs, open_catalog(catalog))
    if as_json:
        print_json(report)
        return
    from tenfold.interfaces.cli.validation_tables import validation_tables

    print_tables(validation_tables(report))
