"""``tenfold calibrate training``: constants fitted to measured runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, open_catalog
from tenfold.interfaces.cli.validate import RunsArgument


def calibrate_training(
    runs: RunsArgument,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the constants as a file of a catalog overlay.")
    ] = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Fit the constants of the training model to measured runs, and report the cross-validated error."""
    from tenfold import validation
    from tenfold.interfaces.cli.files import check_place
    from tenfold.interfaces.cli.output import print_json

    if out is not None:
        check_place(out, "--out")
    print_json(validation.calibrate_training(runs, open_catalog(catalog), out=out))
