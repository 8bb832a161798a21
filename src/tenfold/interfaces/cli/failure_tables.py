"""Tables of failure rates fitted to logs."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from tenfold.reports.tables import grid_table, key_value_table
from tenfold.reports.tables.grid import lines
from tenfold.reports.wording import between, counted, likely, number
from tenfold.validation.failures.rates import FailureFit, FittedRate

RATES = ("cause", "failures", "per 1,000 node-days", "P10–P90", "over as much again, P10–P90")
LEMONS = ("node", "failures", "expected", "chance")
DOWNTIMES = ("cause", "failures", "mean")
STATES = ("state", "jobs", "node-days")


def failure_tables(fit: FailureFit) -> Iterator[RenderableType]:
    """Rates by cause, lemon nodes, downtimes, states of jobs, and what to know of the logs."""
    yield Text(_verdict(fit), style="bold")
    yield Text("")
    yield key_value_table("Exposure", _exposure(fit))
    yield Text("")
    rates = [_rate(rate) for rate in fit.rates]
    if fit.counted != tuple(rate.cause for rate in fit.rates[:1]) or len(fit.rates) > 1:
        rates.append(("counted", *_rate(fit.rate)[1:]))
    if fit.rate_without_lemons is not None:
        rates.append(_rate(fit.rate_without_lemons))
    yield grid_table("Failure rates, a node being eight chips", RATES, rates, " rrrr")
    yield from _details(fit)


def _details(fit: FailureFit) -> Iterator[RenderableType]:
    if fit.lemons:
        rows = [
            (each.node, f"{each.failures:,}", f"{each.expected:.2g}", likely(each.probability)) for each in fit.lemons
        ]
        yield Text("")
        yield grid_table("Lemon nodes: chance that a cluster of alike nodes has one as bad", LEMONS, rows, " rrr")
    if fit.downtimes:
        down = [(each.cause, f"{each.events:,}", number(each.mean_s, "s")) for each in fit.downtimes]
        yield Text("")
        yield grid_table("Time until it ran again", DOWNTIMES, down, " rr")
    if fit.states:
        states = [(each.state, f"{each.jobs:,}", f"{each.node_days:,.1f}") for each in fit.states]
        yield Text("")
        yield grid_table("Jobs by state", STATES, states, " rr")
    if fit.notes:
        yield Text("")
        yield lines("Notes", fit.notes)


def _verdict(fit: FailureFit) -> str:
    rate, rest = fit.rate, fit.rate_without_lemons
    without = f"; {rest.p50:.3g} ({_ends(rest)}) without {counted(len(fit.lemons), 'lemon node')}" if rest else ""
    return (
        f"{rate.p50:.3g} failures per 1,000 node-days (P10–P90 {_ends(rate)}){without}: "
        f"{rate.events:,} failures in {fit.node_days:,.0f} node-days"
    )


def _exposure(fit: FailureFit) -> list[tuple[str, str]]:
    period = [("Period", f"{fit.first} to {fit.last}")] if fit.first else []
    return [
        ("Logs", f"{len(fit.files)}, {counted(fit.rows, 'job' if fit.states else 'event')}"),
        *period,
        ("Node-days", f"{fit.node_days:,.1f}, of nodes with {fit.chips_per_node:g} chips"),
        ("Counted", ", ".join(fit.counted)),
    ]


def _ends(rate: FittedRate) -> str:
    return between(f"{rate.p10:.3g}", f"{rate.p90:.3g}")


def _rate(rate: FittedRate) -> tuple[str, ...]:
    ahead = between(f"{rate.events_ahead_p10:,.0f}", f"{rate.events_ahead_p90:,.0f}")
    return (rate.cause, f"{rate.events:,}", f"{rate.p50:.3g}", _ends(rate), ahead)
