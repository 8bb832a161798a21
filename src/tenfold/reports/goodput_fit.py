"""The report of failure rates fitted to logs."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.quantities import Percentiles
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Chart, ranges
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Pairs, Report, Section, Table
from tenfold.reports.wording import between, counted, likely, number
from tenfold.validation.failures import FailureFit, FittedRate, GoodputFitAnswer

RATES = ("cause", "failures", "per 1,000 node-days", "P10–P90", "over as much again, P10–P90")
LEMONS = ("node", "failures", "expected", "chance")
DOWNTIMES = ("cause", "failures", "mean")
STATES = ("state", "jobs", "node-days")
_RATE = "posterior of a Poisson rate given the failures counted and the node-days watched, a node being eight chips"
TOPICS: Topics = {
    "fit.rate": Topic(unit="", words=_RATE),
    "fit.rates.*": Topic(unit="", words=_RATE),
    "fit.rate_without_lemons": Topic(unit="", words=f"{_RATE}; lemon nodes and their days left out"),
    "fit.rate.events": Topic(unit="", words="failures of the causes counted"),
    "fit.node_days": Topic(unit="", words="nodes × days, over the jobs that ran or as the exposure was given"),
}


def verdict(answer: GoodputFitAnswer) -> str:
    """Answer in one sentence."""
    fit = answer.fit
    rate, rest = fit.rate, fit.rate_without_lemons
    without = f"; {rest.p50:.3g} ({_ends(rest)}) without {counted(len(fit.lemons), 'lemon node')}" if rest else ""
    return (
        f"{rate.p50:.3g} failures per 1,000 node-days (P10–P90 {_ends(rate)}){without}: "
        f"{rate.events:,} failures in {fit.node_days:,.0f} node-days"
    )


def report(answer: GoodputFitAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold goodput fit",
        question=f"How often do my machines fail, by {counted(len(answer.fit.files), 'log')}?",
        verdict=verdict(answer),
        good=True,
        made=answer.made,
        cards=(
            spread_card("Failures per 1,000 node-days", _spread(answer.fit.rate), "{:.3g}".format, "fit.rate"),
            Card(name="Failures counted", value=f"{answer.fit.rate.events:,}", path="fit.rate.events"),
            Card(name="Node-days", value=f"{answer.fit.node_days:,.0f}", path="fit.node_days"),
        ),
        sections=(Section(title="Exposure", pairs=_exposure(answer.fit)), _rates(answer.fit), *_details(answer.fit)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
        next_steps=("Plan with the rate: --chip CHIP --out my writes it as an overlay, then --catalog my",),
    )


def _rates(fit: FailureFit) -> Section:
    rows = [_row(rate, rate.cause) for rate in fit.rates]
    if fit.counted != tuple(rate.cause for rate in fit.rates[:1]) or len(fit.rates) > 1:
        rows.append(_row(fit.rate, "counted"))
    if fit.rate_without_lemons is not None:
        rows.append(_row(fit.rate_without_lemons, fit.rate_without_lemons.cause))
    table = Table(headers=RATES, rows=tuple(rows), numeric=" rrrr")
    return Section(title="Failure rates, a node being eight chips", tables=(table,), charts=(_chart(fit),))


def _chart(fit: FailureFit) -> Chart:
    spreads = {rate.cause: _spread(rate) for rate in fit.rates} | {"counted": _spread(fit.rate)}
    title, note = "Failures per 1,000 node-days", "Posterior P10, P50 and P90 of each rate."
    return ranges("rates", title, spreads, "1", marked=("counted",), legend=("cause", "counted"), note=note)


def _details(fit: FailureFit) -> Iterator[Section]:
    if fit.lemons:
        lemons = tuple(
            (each.node, f"{each.failures:,}", f"{each.expected:.2g}", likely(each.probability)) for each in fit.lemons
        )
        lead = "the chance is that a cluster of alike nodes has one as bad"
        yield Section(title="Lemon nodes", lead=lead, tables=(Table(headers=LEMONS, rows=lemons, numeric=" rrr"),))
    if fit.downtimes:
        down = tuple((each.cause, f"{each.events:,}", number(each.mean_s, "s")) for each in fit.downtimes)
        yield Section(title="Time until it ran again", tables=(Table(headers=DOWNTIMES, rows=down, numeric=" rr"),))
    if fit.states:
        states = tuple((each.state, f"{each.jobs:,}", f"{each.node_days:,.1f}") for each in fit.states)
        yield Section(title="Jobs by state", tables=(Table(headers=STATES, rows=states, numeric=" rr"),))


def _exposure(fit: FailureFit) -> Pairs:
    period = (("Period", f"{fit.first} to {fit.last}"),) if fit.first else ()
    return (
        ("Logs", f"{len(fit.files)}, {counted(fit.rows, 'job' if fit.states else 'event')}"),
        *period,
        ("Node-days", f"{fit.node_days:,.1f}, of nodes with {fit.chips_per_node:g} chips"),
        ("Counted", ", ".join(fit.counted)),
    )


def _spread(rate: FittedRate) -> Percentiles:
    return Percentiles(p10=rate.p10, p50=rate.p50, p90=rate.p90)


def _ends(rate: FittedRate) -> str:
    return between(f"{rate.p10:.3g}", f"{rate.p90:.3g}")


def _row(rate: FittedRate, name: str) -> tuple[str, ...]:
    ahead = between(f"{rate.events_ahead_p10:,.0f}", f"{rate.events_ahead_p90:,.0f}")
    return (name, f"{rate.events:,}", f"{rate.p50:.3g}", _ends(rate), ahead)
