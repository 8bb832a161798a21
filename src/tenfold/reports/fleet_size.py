"""The report of the smallest fleet: chips by target, what shorter waits cost, and every size that was tried."""

from __future__ import annotations

from tenfold.planning.fleet_size import FleetSizeAnswer, Sized
from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.charts import Axis, Line, lines
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.wording import seconds

TOPICS: Topics = {
    "chips": Topic(unit="", words="smallest size whose wait is no longer than the shortest target, found by halving"),
    "jobs": Topic(unit="", words="jobs of the trace that were replayed"),
    "sized": Topic(unit="", words="smallest size for each target"),
}


def verdict(answer: FleetSizeAnswer) -> str:
    """Answer in one sentence."""
    if answer.infeasible:
        return f"No size keeps {answer.infeasible[0].short}; {answer.infeasible[0].nearest}"
    last = answer.sized[-1]
    what = "mean wait" if answer.question.measure == "mean" else "wait of nine jobs in ten"
    cost = "" if last.usd_per_h is None else f", {wording.number(last.usd_per_h, 'USD')} an hour"
    kept = f"the {what} at {seconds(last.wait_s)}, for a target of {seconds(last.target_s)}"
    return f"{last.chips:,} chips keep {kept}{cost}"


def report(answer: FleetSizeAnswer) -> Report:
    """Turn the answer into a report."""
    sized = tuple((*_kept(each), _usd(each.usd_per_h), _usd(each.usd_per_h_more)) for each in answer.sized)
    tried = tuple(
        (
            f"{each.chips:,}",
            seconds(each.mean_wait_s),
            seconds(each.p90_wait_s),
            wording.share(each.productive),
            _usd(each.usd_per_h),
        )
        for each in answer.tried
    )
    curve = Line(
        name="mean wait", x=[float(each.chips) for each in answer.tried], y=[each.mean_wait_s for each in answer.tried]
    )
    chart = lines("sizes", "Mean wait against chips", (curve,), x=Axis(name="chips"), y=Axis(name="wait", unit="s"))
    first = Table(headers=("target", "chips", "wait", "an hour", "more"), rows=sized, numeric="rrrrr")
    second = Table(headers=("chips", "mean wait", "P90", "work", "an hour"), rows=tried, numeric="rrrrr")
    return Report(
        title="Tenfold fleet size",
        question="How few chips keep waits as short as asked?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=(
            *(() if answer.chips is None else (Card(name="Chips", value=f"{answer.chips:,}", path="chips"),)),
            Card(name="Jobs", value=f"{answer.jobs:,}", path="jobs"),
        ),
        sections=(
            Section(title="By target", tables=(first,)),
            Section(title="Sizes tried", tables=(second,), charts=(chart,)),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _kept(size: Sized) -> tuple[str, str, str]:
    """Target, the chips that keep it, and the wait that they leave."""
    return seconds(size.target_s), f"{size.chips:,}", seconds(size.wait_s)


def _usd(usd: float | None) -> str:
    return "–" if usd is None else wording.usd(usd)
