"""``tenfold calibrate training``: constants fitted to measured runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, open_catalog
from tenfold.interfaces.cli.validate import RunsArgument

if TYPE_CHECKING:
    from tenfold.validation import Calibrated

FEWEST_RUNS = 8
"""Runs of a regime below which its spread says little."""


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
    for warning in warnings_of(fitted):
        typer.echo(f"warning: {warning}", err=True)
    if out is not None:
        typer.echo(f"Constants written to {out}", err=True)


def warnings_of(fitted: Calibrated) -> Iterator[str]:
    """Say what a small table of runs cannot tell: how good the fit is, and how wide its intervals should be."""
    runs = [done.run for done in fitted.runs]
    sources = {run.source_group or run.source_title for run in runs}
    models = {run.model for run in runs}
    if len(sources) == 1 and len(models) == 1:
        what = "one run" if len(runs) == 1 else "runs of one model from one source"
        yield (
            f"{what} only: a fold that leaves that out has nothing to fit on, so the error is that of the priors and "
            "not of the fit; add runs of another model, or name another source"
        )
    elif len(sources) == 1:
        yield "runs of one source: each model is predicted by a fit to the other models of the same source"
    few = {key: n for key, n in fitted.spreads.runs.items() if n < FEWEST_RUNS}
    if few:
        listed = ", ".join(f"{key} ({n})" for key, n in few.items())
        yield f"spreads from fewer than {FEWEST_RUNS} runs, so that P10–P90 may be far too narrow or wide: {listed}"
