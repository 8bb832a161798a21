"""The report of fleets side by side: waits, differences on the same jobs with their ranges, what each costs."""

from __future__ import annotations

from tenfold.planning.fleet_compare import FleetCompareAnswer
from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.charts import dots
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.wording import seconds

TOPICS: Topics = {
    "best_mean_wait_s": Topic(unit="s", words="time without chips, mean of the jobs, of the fleet where it is least"),
    "fleets": Topic(unit="", words="each fleet, and its difference from the first on the same jobs"),
}


def verdict(answer: FleetCompareAnswer) -> str:
    """Answer in one sentence."""
    first = answer.fleets[0]
    best = next(each for each in answer.fleets if each.name == answer.best)
    if best is first:
        return f"{first.name} makes jobs wait least: {seconds(first.mean_wait_s)} on average"
    between = wording.number_between(best.less_wait_s, "s")
    return (
        f"{best.name} makes jobs wait least: {seconds(best.mean_wait_s)} against {seconds(first.mean_wait_s)} "
        f"with {first.name}, {seconds(best.less_wait_s.p50)} less (P10–P90 {between})"
    )


def report(answer: FleetCompareAnswer) -> Report:
    """Turn the answer into a report."""
    rows = tuple(
        (
            each.name,
            f"{each.chips:,} chips, {each.order}, {each.admission}",
            seconds(each.mean_wait_s),
            seconds(each.mean_jct_s),
            wording.number_between(each.less_wait_s, "s"),
            f"{wording.share(each.better_share)} / {wording.share(each.worse_share)}",
            wording.share(each.productive),
            "–" if each.usd is None else wording.number(each.usd, "USD"),
        )
        for each in answer.fleets
    )
    headers = ("fleet", "rules", "mean wait", "mean JCT", "less wait than the first", "better / worse", "work", "cost")
    values = {each.name: each.mean_wait_s for each in answer.fleets}
    return Report(
        title="Tenfold fleet compare",
        question="Which fleet makes the same jobs wait less?",
        verdict=verdict(answer),
        good=True,
        made=answer.made,
        cards=(Card(name="Least mean wait", value=seconds(answer.best_mean_wait_s), path="best_mean_wait_s"),),
        sections=(
            Section(
                title="Side by side",
                lead="differences job by job, P10–P90 over days of submissions drawn again",
                tables=(Table(headers=headers, rows=rows, numeric="  rrrrrr"),),
                charts=(dots("waits", "Mean wait", values, "s", marked=answer.best),),
            ),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )
