"""``tenfold calibrate prices``: constants of price paths fitted to the price history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, open_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from tenfold.validation.prices.prices import PriceCalibration


def calibrate_prices(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the constants: DIR/calibrations/prices.toml of an overlay."),
    ] = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Fit the constants of price paths to the price history, and back-test them on months left out."""
    import datetime

    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.validation.prices.prices import calibrate_prices as fit
    from tenfold.validation.prices.prices import price_calibration_toml

    if out is not None:
        check_place(out, "--out")
    found = fit(open_catalog(catalog))
    if out is not None:
        today = datetime.date.today()  # noqa: DTZ011  (the user's own calendar day is meant)
        write_whole(out, price_calibration_toml(found, today), "--out")
    if as_json:
        print_json(found)
    else:
        print_tables(calibration_tables(found))
    if out is not None:
        typer.echo(f"Constants written to {out}", err=True)


def calibration_tables(found: PriceCalibration) -> Iterator[RenderableType]:
    """The constants with their standard errors, and each rival's score on the months left out."""
    from rich.text import Text

    from tenfold.reports.tables import grid_table
    from tenfold.reports.wording import share

    fit = found.fit
    yield Text(f"{fit.steps} changes of {found.term} listings of {len(found.chips)} chips", style="bold")
    yield Text("")
    constants = (
        ("reversion κ, a year", fit.reversion_per_year, fit.reversion_error),
        ("volatility σ, a root year", fit.volatility_per_sqrt_year, fit.volatility_error),
        ("decline of cost δ, a year", fit.decline_per_year, fit.decline_error),
    )
    rows = [(name, f"{value:.3f}", f"{error:.3f}") for name, value, error in constants]
    yield grid_table("Constants", ("", "value", "standard error"), rows, " rr")
    yield Text("")
    headers = ("left out", "rival", "months", "median error", "mean", "in P10–P90", "P90/P10")
    scores = [
        (
            f"{score.months_left_out} months",
            score.rival,
            f"{score.forecasts}",
            share(score.median_error),
            share(score.mean_error),
            share(score.coverage),
            f"{score.median_width:.2f}",
        )
        for score in found.backtests
    ]
    yield grid_table("Back-test: each rival fitted without the last months", headers, scores, "rrrrrrr")
