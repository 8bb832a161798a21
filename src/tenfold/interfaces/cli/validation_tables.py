"""Tables of predictions against measurements, and of fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from tenfold.reports.tables import grid_table
from tenfold.reports.wording import share
from tenfold.validation import CalibrationReport, Score, ValidationReport

HEADERS = ("", "runs", "median error", "mean", "P90", "bias", "in P10–P90")


def validation_tables(report: ValidationReport) -> Iterator[RenderableType]:
    """Scores overall and by each key, and what was skipped and why."""
    yield Text(f"{report.scored:,} of {report.rows:,} runs scored on tokens/s per chip", style="bold")
    if report.overall is not None:
        yield Text("")
        yield grid_table("Overall", HEADERS, [_row("all", report.overall)], " rrrrrr")
    for key, groups in report.by.items():
        yield Text("")
        rows = [_row(name or "(empty)", group) for name, group in groups.items()]
        yield grid_table(f"By {key.replace('_', ' ')}", HEADERS, rows, " rrrrrr")
    if report.skipped:
        yield Text("")
        yield _skipped_table(report.skipped)


def calibration_tables(report: CalibrationReport) -> Iterator[RenderableType]:
    """What was fitted, and its error on runs that the fit had not seen."""
    yield Text(f"{len(report.constants):,} constants fitted to {report.used:,} of {report.rows:,} runs", style="bold")
    yield Text("Errors below are cross-validated: each run predicted without its source or model", style="dim")
    yield Text("")
    yield from validation_tables(report.cross_validated)
    yield Text("")
    spreads = [(name, f"{spread:.3f}") for name, spread in report.log_spread.items()]
    yield grid_table("Spread of ln(measured ÷ predicted) by regime", ("regime", "σ"), spreads, " r")
    yield Text("")
    constants = [(name, f"{value:.4g}") for name, value in report.constants.items()]
    yield grid_table("Constants", ("key", "value"), constants, " r")


def _skipped_table(skipped: Mapping[str, int]) -> RenderableType:
    return grid_table("Skipped", ("runs", "why"), [(f"{count:,}", reason) for reason, count in skipped.items()], "r ")


def _row(name: str, score: Score) -> tuple[str, ...]:
    values = (score.median_ape, score.mean_ape, score.p90_ape, score.bias, score.coverage_80)
    return (name, f"{score.n:,}", *(share(value) for value in values))
