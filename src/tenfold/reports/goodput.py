"""The report of what failures do to a job: where wall time goes, ETTR by cluster size, policies, when the run ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tenfold.planning.goodput import GoodputAnswer, PolicyRow, SizeRow
from tenfold.quantities import HOUR_S
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Axis, Chart, Line, Point, dots, histogram, lines, waterfall
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Pairs, Report, Section, Table, Terms
from tenfold.reports.wording import days, days_between, number, share, share_between

TOPICS: Topics = {
    "ettr.monte_carlo": Topic(unit="share", words="training ÷ wall time, simulated", terms="loss_terms", adds_up=False),
    "ettr.exact": Topic(unit="share", words="training ÷ wall time in closed form, every input at its value"),
    "ettr.first_order": Topic(unit="share", words="1 − half an interval, saves and restarts over the MTTF"),
    "lost_share": Topic(unit="share", words="wall time lost, by what the job did instead", terms="loss_terms"),
    "loss": Topic(unit="share", words="wall time lost by cause; with useful time they add up to 1"),
    "loss_terms": Topic(unit="share", words="wall time by what the job did instead of training"),
    "finish_days": Topic(unit="days", words="work and what failures add to it, simulated"),
    "mttf_h": Topic(unit="", words="1 ÷ the sum of the hazards of every cause, in hours"),
    "failures_in_run": Topic(unit="", words="simulated failures in one run, on average"),
    "optimal_interval_s": Topic(unit="s", words="the interval that loses the least time"),
    "policies.*.ettr": Topic(unit="share", words="exact closed form, each policy at its best interval"),
    "spares_p99": Topic(unit="", words="units under repair, and one more, 99 times of 100"),
}
POLICY_HEADERS = ("checkpoints", "recovery", "detection", "every", "ETTR")
COMPARED = 10
"""Policies drawn; the table has all."""
GOOD = 0.5
"""ETTR above which more of the time is useful than lost."""


def verdict(answer: GoodputAnswer) -> str:
    """Answer in one sentence."""
    found = answer.ettr.monte_carlo
    if not answer.ends:
        policy = f"{answer.checkpointing}, {answer.recovery}, {answer.detection}"
        return (
            f"{answer.chips:,} × {answer.chip}: never ends with {policy}; it is stopped every "
            f"{number(answer.mttf_h * HOUR_S, 's')}, and {share(found.p50)} of the time works"
        )
    return (
        f"{answer.chips:,} × {answer.chip}: stopped every {number(answer.mttf_h * HOUR_S, 's')}, "
        f"ETTR {share(found.p50)} (P10–P90 {share_between(found)}); "
        f"best: {policy_name(answer.best)}, {share(answer.best.ettr)}"
    )


def policy_name(row: PolicyRow) -> str:
    """Name a policy: "asynchronous, node-spares, heartbeat"."""
    return f"{row.checkpointing}, {row.recovery}, {row.detection}"


def report(answer: GoodputAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold goodput",
        question=f"What do failures do to {answer.chips:,} × {answer.chip}?",
        verdict=verdict(answer),
        good=answer.ends and answer.ettr.monte_carlo.p50 > GOOD,
        made=answer.made,
        cards=_cards(answer),
        sections=(
            Section(title="The job", pairs=_pairs(answer)),
            Section(title="ETTR", tables=(_rivals(answer),)),
            _loss_causes(answer),
            _loss_terms(answer),
            _finish(answer),
            _policies(answer),
            _sizes(answer),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _pairs(answer: GoodputAnswer) -> Pairs:
    """Key numbers."""
    spares = f"{answer.spare_nodes_p99:,} nodes"
    spares += f" and {answer.spare_racks_p99:,} racks" if answer.spare_racks_p99 else ""
    rate = f"{answer.failures_per_1000_node_days:.3g} per 1,000 node-days, by the hazards of {answer.hazards}"
    interval = f"{number(answer.checkpoint_interval_s, 's')}; best {number(answer.optimal_interval_s, 's')}"
    return (
        ("System", answer.system),
        ("Failures", f"{rate}; {answer.failures_in_run:,.0f} in the run"),
        ("MTTF", number(answer.mttf_h * HOUR_S, "s")),
        ("Policy", f"{answer.checkpointing}, {answer.recovery}, {answer.detection}"),
        ("Checkpoint every", f"{interval}; each stalls {number(answer.checkpoint_stall_s, 's')}"),
        ("Work", f"{days(answer.work_days)} of training"),
        ("Finish", f"{days(answer.finish_days.p50)} (P10–P90 {days_between(answer.finish_days)})"),
        ("Spares", f"{spares} ({answer.spare_chips_p99:,} chips) so that 99 times of 100 one is there"),
    )


def _rivals(answer: GoodputAnswer) -> Table:
    """ETTR by every rival, and whether it holds."""
    rows = [
        (name.replace("_", "-"), share(value) if value > 0 else "below zero", answer.valid[name].why_not or "holds")
        for name, value in ((name, getattr(answer.ettr, name)) for name in answer.valid)
    ]
    found = answer.ettr.monte_carlo
    simulated = f"P10–P90 {share_between(found)}, {answer.replicas:,} runs"
    rows.append(("Monte Carlo", share(found.p50), simulated))
    return Table(headers=("by", "ETTR", "validity"), rows=tuple(rows), numeric=" r")


def policy_rows(policies: Sequence[PolicyRow]) -> tuple[tuple[str, ...], ...]:
    """Policies, each at its best interval."""
    return tuple(
        (row.checkpointing, row.recovery, row.detection, number(row.interval_s, "s"), share(row.ettr))
        for row in policies
    )


def _cards(answer: GoodputAnswer) -> tuple[Card, ...]:
    best = answer.best
    spares = f"{answer.spare_nodes_p99:,} nodes"
    return (
        spread_card("ETTR", answer.ettr.monte_carlo, wording.share, "ettr.monte_carlo"),
        spread_card("Done in", answer.finish_days, wording.days, "finish_days"),
        Card(name="MTTF", value=number(answer.mttf_h * HOUR_S, "s"), path="mttf_h"),
        Card(name="Failures in the run", value=f"{answer.failures_in_run:,.0f}", path="failures_in_run"),
        Card(name="Best interval", value=number(answer.optimal_interval_s, "s"), path="optimal_interval_s"),
        Card(name="Best policy reaches", value=share(best.ettr), path="policies.0.ettr"),
        Card(
            name="Spares",
            value=f"{answer.spare_racks_p99:,} racks" if answer.spare_racks_p99 else spares,
            path="spares_p99",
        ),
    )


def _loss_terms(answer: GoodputAnswer) -> Section:
    return Section(
        title="From wall time to useful time",
        lead="shares of wall time, the mean of simulated runs: what the job did instead of training",
        terms=(Terms(title="", values=answer.loss_terms, unit="share", headline="lost_share"),),
        charts=(_loss_chart("loss-terms", "Lost by what the job did instead", answer.loss_terms),),
    )


def _loss_causes(answer: GoodputAnswer) -> Section:
    causes = dict(sorted(answer.loss.items(), key=lambda item: -item[1]))
    return Section(
        title="What the time is lost to",
        lead="shares of wall time by cause: saves of the state, and whatever stops the job",
        terms=(Terms(title="", values=causes, unit="share", headline="lost_share"),),
        charts=(_loss_chart("loss-causes", "Lost by cause", causes),),
    )


def _loss_chart(key: str, title: str, lost: Mapping[str, float]) -> Chart:
    terms = {"wall time": 1.0} | {name: -share for name, share in lost.items()}
    return waterfall(key, title, terms, "share", total_name="useful time")


def _sizes(answer: GoodputAnswer) -> Section:
    tables = (_published(answer),) if answer.published else ()
    return Section(title="Other cluster sizes", charts=(_size_chart(answer),), tables=tables, full=True)


def _size_chart(answer: GoodputAnswer) -> Chart:
    policy = f"{answer.checkpointing}, {answer.recovery}, {answer.detection}"
    note = (
        f"{policy}: at the best interval of each size unless one was asked for; rates of a node and times of a save "
        f"and a restart as at {answer.chips:,} chips. Published runs had rates and policies of their own."
    )
    found, chips = answer.ettr.monte_carlo, (float(answer.chips),)
    curves = (
        _curve("exact", answer.sizes, "exact"),
        _curve("first-order", answer.sizes, "first_order", dashed=True),
        Line(name="this job, simulated", x=chips, y=(found.p50,), low=(found.p10,), high=(found.p90,)),
    )
    x, y = Axis(name="chips", log=True), Axis(name="ETTR", unit="share")
    return lines("sizes", "ETTR against cluster size", curves, x=x, y=y, points=_points(answer), note=note)


def _curve(name: str, sizes: tuple[SizeRow, ...], form: str, dashed: bool = False) -> Line:
    """One closed form over sizes, as far as it is above zero."""
    drawn = [(float(row.chips), float(getattr(row, form))) for row in sizes if getattr(row, form) > 0]
    return Line(name=name, x=[x for x, _ in drawn], y=[y for _, y in drawn], dashed=dashed)


def _points(answer: GoodputAnswer) -> tuple[Point, ...]:
    """Every published run of a known size."""
    return tuple(
        Point(name=row.name, x=row.chips, y=row.figure.value, text=row.figure.note)
        for row in answer.published
        if row.chips is not None
    )


def _published(answer: GoodputAnswer) -> Table:
    rows = tuple(
        (
            row.name,
            row.chip or "–",
            "not published" if row.chips is None else f"{row.chips:,}",
            wording.share(row.figure.value),
            row.figure.note,
        )
        for row in answer.published
    )
    headers = ("run", "chip", "chips", "ETTR or goodput", "how")
    return Table(title="Published", headers=headers, rows=rows, numeric="  rr ")


def _policies(answer: GoodputAnswer) -> Section:
    asked = next((row for row in answer.policies if _is_asked(row, answer)), None)
    drawn = list(answer.policies[:COMPARED])
    if asked is not None and asked not in drawn:
        drawn.append(asked)
    values = {policy_name(row): row.ettr for row in drawn}
    rest = len(answer.policies) - len(drawn)
    chart = dots(
        "policies",
        "ETTR of the policies",
        values,
        "share",
        marked="" if asked is None else policy_name(asked),
        note=f"The best {COMPARED} and the one asked for; {rest} more in the table." if rest else "",
    )
    return Section(
        title="Policies compared",
        lead="Every checkpoint policy with every recovery and detection, each at its best interval, by the exact form.",
        charts=(chart,),
        tables=(Table(headers=POLICY_HEADERS, rows=policy_rows(answer.policies), numeric="   rr"),),
    )


def _is_asked(row: PolicyRow, answer: GoodputAnswer) -> bool:
    asked = (answer.checkpointing, answer.recovery, answer.detection)
    return (row.checkpointing, row.recovery, row.detection) == asked


def _finish(answer: GoodputAnswer) -> Section:
    chart = histogram(
        "finish",
        "Days to finish",
        answer.finish_outcomes_days,
        answer.finish_days,
        note=f"{len(answer.finish_outcomes_days)} equally likely outcomes of {answer.replicas:,} simulated runs.",
    )
    lead = f"{wording.days(answer.work_days)} of training, and what failures add to it."
    return Section(title="When it ends", lead=lead, charts=(chart,))
