"""Tables of measurements read from logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from tenfold.reports.report import Table
from tenfold.reports.terminal import grid_table
from tenfold.reports.wording import between, number, share
from tenfold.validation.logs import CollectiveTests, Estimate, FabricFigures, LatencyBandwidth, ReadRun

RUNS = ("run", "model", "chip", "chips", "step", "tokens/s per chip", "used", "quality", "not said")
TESTS = ("collective", "ranks", "hosts", "sizes", "start", "P10–P90", "bandwidth", "P10–P90")
FIGURES = ("fabric", "latency of a step", "P10–P90", "share of bandwidth", "P10–P90")


def run_tables(found: Sequence[ReadRun]) -> Iterator[RenderableType]:
    """Runs read from training logs, and what their logs left open."""
    yield grid_table("Runs", Table(headers=RUNS, rows=tuple(_run(each) for each in found), numeric="   rrrr"))
    yield Text("")
    yield Text("What is not said is tried out: the prediction takes the fastest layout that fits.", style="dim")


def _run(found: ReadRun) -> tuple[str, ...]:
    run = found.run
    speed = run.measured_tokens_per_s_per_chip
    return (
        run.id,
        run.model,
        run.chip,
        f"{run.n_chips:,.0f}" if run.n_chips else "",
        number(run.step_time_s, "s", 4) if run.step_time_s else "",
        f"{speed:,.0f}" if speed else "",
        f"{found.used:,} of {found.seen:,}",
        run.quality,
        ", ".join(found.unsaid),
    )


def test_tables(tests: CollectiveTests) -> Iterator[RenderableType]:
    """Fits of tests of collectives, and figures of fabrics where the system is known."""
    fits = tuple(_fit(fit) for fit in tests.fits)
    yield grid_table("Collectives", Table(headers=TESTS, rows=fits, numeric=" rrrrrrr"))
    if tests.figures:
        yield Text("")
        figures = tuple(_fabric(each) for each in tests.figures)
        yield grid_table("Fabrics", Table(headers=FIGURES, rows=figures, numeric=" rrrr"))


def _fit(fit: LatencyBandwidth) -> tuple[str, ...]:
    start, reached = fit.start_s, fit.busbw_bytes_per_s
    return (
        fit.collective,
        f"{fit.ranks:,}",
        f"{fit.nodes:,}",
        f"{fit.sizes:,}",
        *_estimate(start, "s"),
        *_estimate(reached, "B/s"),
    )


def _fabric(figures: FabricFigures) -> tuple[str, ...]:
    part = figures.efficiency
    return (
        figures.fabric,
        *_estimate(figures.latency_s, "s"),
        share(part.value),
        between(share(part.low), share(part.high)),
    )


def _estimate(estimate: Estimate | None, unit: str) -> tuple[str, str]:
    if estimate is None:
        return "not seen", ""
    return number(estimate.value, unit), between(number(estimate.low, unit), number(estimate.high, unit))
