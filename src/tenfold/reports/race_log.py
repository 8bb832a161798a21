"""The report of the log: the forecast of an origin, and what came of those that were kept."""

from __future__ import annotations

from tenfold.race.log import RaceLogAnswer
from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.charts import Axis, Line, lines
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.race_numbers import BLOCK_UNITS, shown
from tenfold.reports.report import Report, Section, Table

TOPICS: Topics = {
    "coverage_80": Topic(unit="share", words="settled forecasts inside P10–P90"),
    "ratio_drift": Topic(unit="", words="CRPS over that of a random walk with drift, kept with the forecast"),
    "waiting": Topic(unit="", words="kept forecasts whose quarter has not come"),
    "forecast.*": Topic(unit="", words="what is foretold of a series at a date"),
    "settled.*": Topic(unit="", words="a kept forecast and what came"),
}
DRAWN = (("capex", "microsoft"), ("nvidia_revenue", "nvidia"), ("nvidia_sold", "nvidia"), ("largest_run", "world"))
"""Series that are drawn on the page."""


def verdict(answer: RaceLogAnswer) -> str:
    """Answer in one sentence."""
    told = f"{wording.counted(len(answer.forecast), 'number')} foretold from {answer.origin.isoformat()}"
    if answer.coverage_80 is None:
        return f"{told}; {wording.counted(answer.waiting, 'kept forecast')} not yet due"
    covered = wording.share(answer.coverage_80)
    return f"{told}; of {wording.counted(len(answer.settled), 'settled forecast')} {covered} lie inside P10–P90"


def report(answer: RaceLogAnswer) -> Report:
    """Turn the answer into a report."""
    covered = "–" if answer.coverage_80 is None else wording.share(answer.coverage_80)
    ratio = "–" if answer.ratio_drift is None else f"{answer.ratio_drift:.2f}"
    return Report(
        title="Tenfold race log",
        question=f"What does the race foretell from {answer.origin.isoformat()} on, and how did it do before?",
        verdict=verdict(answer),
        good=True,
        made=answer.made,
        cards=(
            Card(name="Waiting", value=f"{answer.waiting}", path="waiting"),
            Card(name="Inside P10–P90", value=covered, path="coverage_80"),
            Card(name="CRPS over drift's", value=ratio, path="ratio_drift"),
        ),
        sections=(_forecast(answer), _settled(answer)) if answer.settled else (_forecast(answer),),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _forecast(answer: RaceLogAnswer) -> Section:
    rows = tuple(
        (wording.label(each.block), each.series, each.date.isoformat(),
         *(shown(value, BLOCK_UNITS[each.block]) for value in (each.p10, each.p50, each.p90)))
        for each in answer.forecast
    )  # fmt: skip
    table = Table(headers=("block", "series", "date", "P10", "P50", "P90"), rows=rows, numeric="   rrr")
    charts = []
    for block, series in DRAWN:
        found = [each for each in answer.forecast if (each.block, each.series) == (block, series)]
        if found:
            line = Line(
                name=series,
                x=[float(place) for place in range(len(found))],
                y=[each.p50 for each in found],
                low=[each.p10 for each in found],
                high=[each.p90 for each in found],
            )
            steps = tuple(each.date.isoformat() for each in found)
            title = f"{wording.label(block)}: {series}"
            charts.append(
                lines(
                    f"forecast-{block}",
                    title,
                    [line],
                    x=Axis(name="date", steps=steps),
                    y=Axis(name=title, unit=BLOCK_UNITS[block]),
                )
            )
    return Section(title="Forecast", tables=(table,), charts=tuple(charts))


def _settled(answer: RaceLogAnswer) -> Section:
    rows = tuple(
        (each.origin.isoformat(), wording.label(each.block), each.series, each.date.isoformat(),
         *(shown(value, BLOCK_UNITS[each.block]) for value in (each.p10, each.p50, each.p90, each.actual)),
         "yes" if each.covered else "no")
        for each in answer.settled
    )  # fmt: skip
    headers = ("origin", "block", "series", "date", "P10", "P50", "P90", "actual", "inside")
    return Section(title="Settled", tables=(Table(headers=headers, rows=rows, numeric="    rrrr "),))
