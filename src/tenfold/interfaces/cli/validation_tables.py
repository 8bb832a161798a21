"""Tables of a comparison with measured runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from tenfold.reports.tables import grid_table
from tenfold.reports.wording import share

SCORES = ("median_ape", "mean_ape", "p90_ape", "bias", "coverage_80")
HEADERS = ("", "rows", "median error", "mean", "P90", "bias", "in P10–P90")


def report_tables(report: Any) -> Iterator[RenderableType]:  # noqa: ANN401  (plain data, as ``to_data`` gives it)
    """Scores overall and by each key, and what was skipped and why."""
    yield Text(f"{report['scored']:,} of {report['rows']:,} runs scored on tokens/s per chip", style="bold")
    yield Text("")
    yield grid_table("Overall", HEADERS, [_row("all", report["overall"])], " rrrrrr")
    for key, groups in report["by"].items():
        yield Text("")
        yield grid_table(f"By {key.replace('_', ' ')}", HEADERS, [_row(*item) for item in groups.items()], " rrrrrr")
    if report["skipped"]:
        yield Text("")
        rows = [(f"{count:,}", reason) for reason, count in report["skipped"].items()]
        yield grid_table("Skipped", ("rows", "why"), rows, "r ")


def _row(name: str, scores: Any) -> tuple[str, ...]:  # noqa: ANN401
    return (name, f"{scores['n']:,}", *(share(scores[key]) if scores[key] is not None else "–" for key in SCORES))
