"""The report of a replay: how long jobs wait and why, where chip-hours went, who waited, what it costs."""

from __future__ import annotations

from tenfold.fleet import DRAWN, Group
from tenfold.planning.fleet_replay import FleetReplayAnswer
from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import waterfall
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Pairs, Report, Section, Table, Terms

TOPICS: Topics = {
    "mean_wait_s": Topic(unit="s", words="time from submission to the end that was not run", terms="wait_reasons"),
    "mean_jct_s": Topic(unit="s", words="time from submission to the end, mean of the jobs"),
    "wait_reasons": Topic(unit="s", words="mean wait of a job by reason, instant by instant"),
    "wait_s": Topic(unit="s", words="P10, P50 and P90 of the jobs"),
    "jct_s": Topic(unit="s", words="P10, P50 and P90 of the jobs"),
    "slowdown": Topic(unit="", words="time to completion ÷ the time alone, at least 10 s"),
    "utilisation": Topic(unit="share", words="chip-seconds by use ÷ chips × time from first submission to last end"),
    "mean_stranded_chips": Topic(unit="", words="free chips less the largest gang that could start, over time"),
    "usd": Topic(unit="USD", words="chip-hours × price of a chip-hour", terms="usd_by_use"),
    "usd_by_use": Topic(unit="USD", words="share of chip-hours × cost of all of them"),
    "preemptions": Topic(unit="", words="times that a running job was stopped for another"),
}
USES = {
    "checkpoint": "standing still for saves",
    "lost_to_failure": "work done again after a failure",
    "lost_to_preemption": "work done again after a preemption",
    "lost_after_failure": "work done again by those who made room for a job that had failed",
    "lost_to_crash": "work done again after a job failed by itself",
    "lost_to_corruption": "work that silent corruption made void",
    "lost_to_spot": "work done again after spot chips were taken back",
    "restart": "restarting",
    "idle_down": "under repair, drained or taken back",
    "productive": "work of jobs",
    "held_beyond_asked": "held beyond what was asked for (whole nodes)",
    "idle_no_work": "idle, nobody waits",
    "idle_gang": "idle, too few for any job that waits",
    "crossing": "standing still for what crosses domains",
    "idle_shape": "idle, enough but not where a gang may stand",
    "idle_level": "idle, enough but not in one domain of a level, or not of a kind that is taken",
    "idle_power": "idle, without the power to be busy",
    "idle_reserved": "idle, reserved",
    "idle_head_of_line": "idle, behind the head of the line",
    "idle_reservation": "idle, kept for a promise",
    "idle_interval": "idle, until the next scheduling pass, or while others make room",
}
REASONS = {
    "capacity": "too few chips are free",
    "down": "too few are free, and enough would be but for repairs and what was taken back",
    "quota": "the tenant's quota is used up",
    "shape": "enough are free, but not where a gang may stand",
    "level": "enough are free, but not in one domain of its level, or not of a kind that it takes",
    "power": "it could stand, but the power is not enough",
    "reserved": "it fits, but for what is reserved for others",
    "head_of_line": "it fits, but stands behind the head of the line",
    "reservation": "it fits, but would delay a promise",
    "interval": "it fits, and waits for the next pass, for others to make room for one before it, or for spot chips",
}
HAPPENED = {
    "failures": "Failures of machines",
    "drains": "Nodes drained and replaced",
    "crashes": "Failures of jobs by themselves",
    "corruptions": "Silent corruptions",
    "corrupted_results": "Results that are corrupted, and nobody knew",
    "spot_stops": "Jobs stopped as spot chips were taken back",
    "started_small": "Starts on fewer chips than a job asks for",
    "grew": "Jobs that grew to all of their chips",
}
LISTED = 20


def verdict(answer: FleetReplayAnswer) -> str:
    """Answer in one sentence."""
    if answer.allocated:
        full = answer.utilisation["productive"]
        asked = f"{answer.jobs:,} tasks on {answer.chips:,} shared chips, {answer.question.fleet.placement}"
        return f"{asked}: {wording.share(full)} are held when all of them are asked for"
    never = "" if answer.fits else f"; {_never_words(answer)}"
    return (
        f"{answer.jobs:,} jobs on {answer.chips:,} chips, {answer.order} with {answer.admission}: "
        f"mean wait {wording.seconds(answer.mean_wait_s)}, mean JCT {wording.seconds(answer.mean_jct_s)}, "
        f"{wording.share(answer.utilisation['productive'])} of chip-hours are work{never}"
    )


def report(answer: FleetReplayAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold fleet replay",
        question=f"What do jobs wait for on {answer.chips:,} chips?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=_cards(answer),
        sections=(
            Section(title="The replay", pairs=_pairs(answer)),
            *_filled(answer),
            *_never(answer),
            *(() if answer.allocated else (_waits(answer),)),
            _use(answer),
            *_openings(answer),
            *_groups(answer),
            *_money(answer),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _cards(answer: FleetReplayAnswer) -> tuple[Card, ...]:
    return (
        Card(name="Mean wait", value=wording.seconds(answer.mean_wait_s), path="mean_wait_s"),
        Card(name="Mean JCT", value=wording.seconds(answer.mean_jct_s), path="mean_jct_s"),
        spread_card("Wait", answer.wait_s, wording.seconds, "wait_s"),
        Card(
            name="Chip-hours that are work",
            value=wording.share(answer.utilisation["productive"]),
            path="utilisation.productive",
        ),
    )


def _pairs(answer: FleetReplayAnswer) -> Pairs:
    again = answer.rerun_mean_wait_s
    other = "other draws of the jobs, and intervals" if answer.format == DRAWN else "other ties and intervals"
    moved = () if again is None else ((f"Mean wait with {other}", f"P10–P90 {_between(again)}"),)
    return (
        *moved,
        (
            ("Jobs drawn", f"{answer.rows:,}, by seed {answer.made.seed}")
            if answer.format == DRAWN
            else ("Trace", f"{answer.rows:,} rows, read as {answer.format}")
        ),
        ("Jobs", f"{answer.jobs:,}, of which {answer.jobs_waited:,} waited"),
        ("Rules", f"{answer.order}, {answer.admission}"),
        ("Wait", f"P10–P90 {_between(answer.wait_s)}, longest {wording.seconds(answer.longest_wait_s)}"),
        ("Wait weighted by chip-hours", wording.seconds(answer.wait_by_chip_hours_s)),
        ("JCT", f"P10–P90 {_between(answer.jct_s)}"),
        ("Slowdown", f"mean {answer.mean_slowdown:.3g}, P90 {answer.slowdown.p90:.3g}"),
        *_promised(answer),
        ("Preemptions", f"{answer.preemptions:,}"),
        *((words, f"{count:,}") for name, words in HAPPENED.items() if (count := answer.happened.get(name, 0))),
        ("First submission to last end", wording.seconds(answer.makespan_s)),
    )


def _promised(answer: FleetReplayAnswer) -> Pairs:
    """Deadlines, and what was worth something."""
    met = f"{answer.deadlines_met:,} of {answer.deadlines:,} met"
    worth = f"{wording.usd(answer.value_met_usd)} of {wording.usd(answer.value_usd)} done in time"
    return (
        *((("Deadlines", met),) if answer.deadlines else ()),
        *((("Worth of jobs", worth),) if answer.value_usd else ()),
    )


def _filled(answer: FleetReplayAnswer) -> tuple[Section, ...]:
    """How full shared chips get."""
    rows = tuple(
        (wording.share(each.asked), wording.share(each.mean), wording.share_between(each.held))
        for each in answer.allocated
    )
    table = Table(headers=("asked", "held", "P10–P90"), rows=rows, numeric="rrr")
    return (Section(title="How full it gets", tables=(table,)),) if rows else ()


def _never(answer: FleetReplayAnswer) -> tuple[Section, ...]:
    rows = tuple((each.short, each.nearest) for each in answer.infeasible[:LISTED])
    table = Table(headers=("can never start", "nearest change"), rows=rows)
    return (Section(title="Jobs that can never start", tables=(table,)),) if rows else ()


def _waits(answer: FleetReplayAnswer) -> Section:
    rows = tuple(
        (REASONS[name], wording.seconds(seconds), wording.share(seconds / answer.mean_wait_s))
        for name, seconds in answer.wait_reasons.items()
        if seconds
    )
    return Section(
        title="Why jobs waited",
        lead="mean wait of a job, instant by instant, by what stood in its way",
        terms=(Terms(title="", values=answer.wait_reasons, unit="s", headline="mean_wait_s"),),
        tables=(Table(headers=("reason", "mean wait", "share"), rows=rows, numeric=" rr"),) if rows else (),
        charts=(waterfall("waits", "Mean wait by reason", answer.wait_reasons, "s"),),
    )


def _use(answer: FleetReplayAnswer) -> Section:
    rows = tuple((USES.get(name, name), wording.share(share)) for name, share in answer.utilisation.items() if share)
    return Section(
        title="Where chip-hours went",
        lead="shares of chips × time from the first submission to the last end; they add up to 100 %",
        tables=(Table(headers=("use", "share"), rows=rows, numeric=" r"),),
        charts=(waterfall("use", "Chip-hours by use", answer.utilisation, "share"),),
    )


def _openings(answer: FleetReplayAnswer) -> tuple[Section, ...]:
    """How large a gang could start, over time."""
    if not answer.openings or answer.mean_stranded_chips is None:
        return ()
    rows = tuple(
        (
            ", ".join(part for part in (each.tenant, each.kind) if part) or "all",
            spot_words(each.level),
            *(f"{chips:,.0f}" for chips in (each.mean_chips, each.chips.p10, each.chips.p50, each.chips.p90)),
        )
        for each in answer.openings[:LISTED]
    )
    headers = ("chips", "within", "mean", "P10", "P50", "P90")
    return (
        Section(
            title="Largest gang that could start",
            lead=f"chips, over time; {answer.mean_stranded_chips:,.1f} chips on average were free beyond it: stranded",
            tables=(Table(headers=headers, rows=rows, numeric="  rrrr"),),
        ),
    )


def spot_words(level: str) -> str:
    """Say where a gang stands that stays in one domain of a level."""
    return f"one {level}" if level else "anywhere"


def _groups(answer: FleetReplayAnswer) -> tuple[Section, ...]:
    kinds = dict.fromkeys(group.by for group in answer.groups)
    return tuple(
        Section(title=f"By {kind}", tables=(_table([each for each in answer.groups if each.by == kind]),), full=True)
        for kind in kinds
    )


def _table(groups: list[Group]) -> Table:
    rows = tuple(
        (
            each.name,
            f"{each.jobs:,}",
            f"{each.chip_hours:,.0f}",
            wording.seconds(each.mean_wait_s),
            wording.seconds(each.wait_s.p90),
            wording.seconds(each.longest_wait_s),
            wording.seconds(each.mean_jct_s),
            f"{each.slowdown.p90:.3g}",
        )
        for each in groups
    )
    headers = (groups[0].by, "jobs", "chip-hours", "mean wait", "P90", "longest", "mean JCT", "slowdown P90")
    return Table(headers=headers, rows=rows, numeric=" rrrrrrr")


def _money(answer: FleetReplayAnswer) -> tuple[Section, ...]:
    if answer.usd is None:
        return ()
    tenants = tuple((name, wording.usd(usd)) for name, usd in answer.usd_by_tenant.items())
    return (
        Section(
            title="What it costs",
            lead=f"{answer.chip_hours:,.0f} chip-hours cost {wording.number(answer.usd, 'USD')}",
            terms=(Terms(title="", values=answer.usd_by_use, unit="USD", headline="usd"),),
            tables=(Table(headers=("tenant", "used"), rows=tenants[:LISTED], numeric=" r"),),
        ),
    )


def _never_words(answer: FleetReplayAnswer) -> str:
    """How many jobs can never start, of all that were asked for."""
    never, kinds = answer.jobs_never, len(answer.infeasible)
    said = f"{never:,} of {answer.jobs + never:,} jobs can never start"
    return f"{said}, of {kinds:,} {'kind' if kinds == 1 else 'kinds'}"


def _between(spread: Percentiles) -> str:
    return wording.number_between(spread, "s")
