"""The report of a job before it is submitted: when it starts, what it waits for, what would start it sooner."""

from __future__ import annotations

from tenfold.planning.fleet_submit import FleetSubmitAnswer
from tenfold.quantities import HOUR_S
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.fleet_replay import LISTED, REASONS, spot_words
from tenfold.reports.report import Report, Section, Table, Terms
from tenfold.reports.wording import seconds

TOPICS: Topics = {
    "mean_wait_s": Topic(unit="s", words="from submission to the start, mean of the draws", terms="wait_reasons"),
    "wait_reasons": Topic(unit="s", words="mean wait by reason, instant by instant"),
    "wait_s": Topic(unit="s", words="from submission to the start, P10, P50 and P90 of the draws"),
    "done_s": Topic(unit="s", words="wait and the time it runs"),
    "stranded_chips": Topic(unit="", words="free chips less the largest gang that starts now"),
    "chip_hours": Topic(unit="", words="chips × hours that it runs"),
    "usd": Topic(unit="USD", words="chip-hours × price of a chip-hour"),
}


def verdict(answer: FleetSubmitAnswer) -> str:
    """Answer in one sentence."""
    asked = answer.question
    job = f"{asked.job_chips:,} chips for {seconds(asked.job_time_s)}"
    if answer.wait_s is None:
        return f"{job}: can never start, {answer.infeasible[0].short}; {answer.infeasible[0].nearest}"
    if not answer.binding:
        return f"{job}: starts at once"
    between = wording.number_between(answer.wait_s, "s")
    return f"{job}: starts in {seconds(answer.wait_s.p50)} (P10–P90 {between}), since {REASONS[answer.binding]}"


def report(answer: FleetSubmitAnswer) -> Report:
    """Turn the answer into a report."""
    cards = []
    if answer.wait_s is not None and answer.done_s is not None:
        cards = [
            Card(name="Mean wait", value=seconds(answer.mean_wait_s), path="mean_wait_s"),
            spread_card("Wait", answer.wait_s, seconds, "wait_s"),
            spread_card("Done in", answer.done_s, seconds, "done_s"),
        ]
    rows = tuple(
        (
            each.what,
            seconds(each.mean_wait_s),
            seconds(each.mean_done_s),
            seconds(each.sooner_s),
        )
        for each in answer.changes
    )
    changes = Table(headers=("change", "mean wait", "mean time to done", "waits less by"), rows=rows, numeric=" rrr")
    waits = Terms(title="", values=answer.wait_reasons, unit="s", headline="mean_wait_s")
    return Report(
        title="Tenfold fleet submit",
        question=f"What if I submit a job of {answer.question.job_chips:,} chips?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=tuple(cards),
        sections=(
            _now(answer),
            Section(title="What it waits for", terms=(waits,) if answer.wait_reasons else ()),
            Section(title="What would shorten its wait", tables=(changes,) if rows else ()),
            *_victims(answer),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _victims(answer: FleetSubmitAnswer) -> tuple[Section, ...]:
    """Who would make room at once."""
    rows = tuple(
        (each.tenant, f"{each.tier}", f"{each.chips:,}", seconds(each.ran_s), f"{each.loses_chip_s / HOUR_S:,.1f}")
        for each in answer.victims[:LISTED]
    )
    if not rows:
        return ()
    lost = sum(each.loses_chip_s for each in answer.victims) / HOUR_S
    headers = ("tenant", "tier", "chips", "has run", "chip-hours lost")
    makes = answer.question.fleet.preemption != "none"
    title, will = ("Who makes room", "lose") if makes else ("Who would make room at once", "would lose")
    lead = f"{len(answer.victims):,} running jobs of later tiers {will} {lost:,.1f} chip-hours by preemption"
    lead += "" if makes else ", which the rules do not allow: it is not in the wait"
    table = Table(headers=headers, rows=rows, numeric=" rrrr")
    return (Section(title=title, lead=lead, tables=(table,)),)


def _now(answer: FleetSubmitAnswer) -> Section:
    """The fleet as the job finds it."""
    cost = "" if answer.usd is None else f", {wording.number(answer.usd, 'USD')}"
    openings = Table(
        headers=("chips", "within", "largest gang that starts now"),
        rows=tuple((each.kind or "all", spot_words(each.level), f"{each.chips:,}") for each in answer.openings),
        numeric="  r",
    )
    return Section(
        title="The fleet now",
        pairs=(
            ("Chips", f"{answer.chips:,}, of which {answer.free_chips:,} are free"),
            ("Stranded", f"{answer.stranded_chips:,} chips are free beyond the largest gang that starts now"),
            ("Jobs", f"{answer.running_jobs:,} run, {answer.waiting_jobs:,} wait"),
            ("The job", f"{answer.chip_hours:,.1f} chip-hours{cost}"),
        ),
        tables=(openings,),
    )
