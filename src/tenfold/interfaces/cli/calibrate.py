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
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the constants: DIR/calibrations/NAME.toml of an overlay."),
    ] = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Fit the constants of the training model to measured runs, and report the cross-validated error."""
    import datetime

    from tenfold import validation
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables, progress_on

    if out is not None:
        check_place(out, "--out")
    with progress_on("Fitting") as progress:
        fitted, report = validation.calibrate_training(runs, open_catalog(catalog), progress=progress)
    if out is not None:
        today = datetime.date.today()  # noqa: DTZ011  (the user's own calendar day is meant)
        write_whole(out, validation.calibration_toml(fitted, today), "--out")
    if as_json:
        print_json(report)
    else:
        from tenfold.interfaces.cli.validation_tables import calibration_tables

        print_tables(calibration_tables(report))
    if out is not None:
        typer.echo(f"Constants written to {out}", err=True)
