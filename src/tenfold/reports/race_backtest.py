"""The report of hindcasts: scores by origin and block, what terms earn, how calibrated they are."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.race.backtest import RaceBacktestAnswer
from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.charts import columns, dots
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.race_numbers import BLOCK_UNITS, shown
from tenfold.reports.report import Report, Section, Table

TOPICS: Topics = {
    "summary.ratio_drift": Topic(
        unit="", words="CRPS over a random walk's with drift, geometric mean over blocks and origins", terms="blocks",
        adds_up=False,
    ),
    "summary.*": Topic(unit="", words="geometric mean over blocks and origins"),
    "origins.*": Topic(unit="", words="scores of one origin by block"),
    "ablations.*": Topic(unit="", words="the same without a term"),
    "blocks": Topic(unit="", words="CRPS over that of the drift by block, geometric mean over origins"),
}  # fmt: skip


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def verdict(answer: RaceBacktestAnswer) -> str:
    """Answer in one sentence."""
    summary = answer.summary
    if summary.ratio_drift is None or summary.coverage_80 is None:
        return f"No origin has an outcome yet: observations end on {answer.observed_until.isoformat()}"
    return (
        f"The hindcast's CRPS is {summary.ratio_drift:.2f} of a random walk's with drift "
        f"({_ratio(summary.ratio_drift_p10)}–{_ratio(summary.ratio_drift_p90)}), {_ratio(summary.ratio_trend)} of a "
        f"trend's; {wording.share(summary.coverage_80)} of outcomes lie inside P10–P90"
    )


def report(answer: RaceBacktestAnswer) -> Report:
    """Turn the answer into a report."""
    summary = answer.summary
    beats = summary.ratio_drift_p90 is not None and summary.ratio_drift_p90 < 1.0
    return Report(
        title="Tenfold race backtest",
        question="How well would the race have foretold what came?",
        verdict=verdict(answer),
        good=beats,
        made=answer.made,
        cards=tuple(_cards(answer)),
        sections=tuple(_sections(answer)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _cards(answer: RaceBacktestAnswer) -> Iterator[Card]:
    summary = answer.summary
    for name, key, value in (
        ("CRPS over drift's", "ratio_drift", summary.ratio_drift),
        ("Over the last three origins", "last_three_ratio_drift", summary.last_three_ratio_drift),
        ("CRPS over trend's", "ratio_trend", summary.ratio_trend),
    ):
        yield Card(name=name, value=_ratio(value), path=f"summary.{key}")
    covered = "–" if summary.coverage_80 is None else wording.share(summary.coverage_80)
    yield Card(name="Inside P10–P90", value=covered, path="summary.coverage_80")


def _sections(answer: RaceBacktestAnswer) -> Iterator[Section]:
    scored = [origin for origin in answer.origins if origin.blocks]
    if not scored:
        return
    rows = tuple(
        (origin.date.isoformat(), wording.label(name), f"{each.n_fit}", f"{each.n_test}", f"{each.crps:.3f}",
         f"{each.crps_drift:.3f}", f"{each.crps_trend:.3f}", f"{each.crps_last:.3f}", f"{each.crps_holt:.3f}",
         wording.share(each.coverage_80))
        for origin in scored
        for name, each in origin.blocks.items()
    )  # fmt: skip
    headers = ("origin", "block", "rows", "tests", "CRPS", "drift", "trend", "last", "Holt", "inside")
    ratios = {wording.label(name): value for name, value in answer.blocks.items()}
    chart = dots("blocks", "CRPS over that of the drift", ratios, "1", note="Below 1 the race does better.")
    lead = "CRPS of the logarithm, of shares the logit; lower is better. The same rows for the race and its rivals."
    yield Section(
        title="Scores",
        lead=lead,
        tables=(Table(headers=headers, rows=rows, numeric="  rrrrrrrr"),),
        charts=(chart,),
    )
    if answer.ablations:
        yield _ablations(answer)
    yield _calibration(answer)
    yield _outcomes(answer)


def _ablations(answer: RaceBacktestAnswer) -> Section:
    rows = tuple(
        (name, _ratio(each.ratio_drift), "–" if each.over_whole is None else f"{each.over_whole:.3f}",
         "yes" if each.earned else "no")
        for name, each in answer.ablations.items()
    )  # fmt: skip
    table = Table(headers=("without", "over drift", "over the whole", "earned"), rows=rows, numeric=" rr ")
    lead = "Above 1 over the whole, the term earns its place; a term that does no harm when left out does not."
    return Section(title="What each term earns", lead=lead, tables=(table,))


def _calibration(answer: RaceBacktestAnswer) -> Section:
    parts = {f"{place * 10}–{place * 10 + 10} %": {"outcomes": share} for place, share in enumerate(answer.pit)}
    chart = columns("pit", "Where outcomes lie in what was foretold", parts, "share", note="A tenth each is right.")
    table = Table(
        headers=("tenth of the distribution", "outcomes"),
        rows=tuple((name, wording.share(each["outcomes"])) for name, each in parts.items()),
        numeric=" r",
    )
    return Section(title="Calibration (PIT)", tables=(table,), charts=(chart,), full=True)


def _outcomes(answer: RaceBacktestAnswer) -> Section:
    rows = tuple(
        (each.origin.isoformat(), wording.label(each.block), each.series, each.date.isoformat(),
         *(shown(value, BLOCK_UNITS[each.block]) for value in (each.p10, each.p50, each.p90, each.actual)))
        for each in answer.outcomes
    )  # fmt: skip
    headers = ("origin", "block", "series", "date", "P10", "P50", "P90", "actual")
    return Section(title="Every outcome", tables=(Table(headers=headers, rows=rows, numeric="    rrrr"),), full=True)
