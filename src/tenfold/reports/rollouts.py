"""The report of reinforcement learning over sites: the step, what sets its pace, what age and links would change."""

from __future__ import annotations

from tenfold.planning.rollouts import RolloutsAnswer
from tenfold.quantities import Percentiles
from tenfold.reports.cards import spread_card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Pairs, Report, Section, Table, Terms
from tenfold.reports.wording import counted, days, layout_text, number, number_between, seconds, share

TOPICS: Topics = {
    "step_s": Topic(
        unit="s", words="the largest of train, generate, broadcast, return and their sum ÷ (steps old + 1)",
        terms="terms",
    ),
    "train_s": Topic(unit="s", words="a training step on all rollouts, by estimate training"),
    "generate_s": Topic(unit="s", words="rollouts × tokens ÷ (tokens/s per chip × chips), by estimate serving"),
    "broadcast_s": Topic(unit="s", words="fan-out × bytes of weights ÷ bandwidth + depth of the tree × latency"),
    "return_s": Topic(unit="s", words="8 bytes × tokens of all rollouts ÷ bandwidth + latency"),
    "compute_use": Topic(unit="share", words="train ÷ step"),
    "rollout_use": Topic(unit="share", words="generate ÷ step"),
    "finish_days": Topic(unit="days", words="steps × step"),
}  # fmt: skip


def verdict(answer: RolloutsAnswer) -> str:
    """Answer in one sentence."""
    asked = answer.question
    there = f"{counted(asked.sites, 'site')} with {asked.rollout_chips:,} × {answer.rollout_chip}"
    what = f"{answer.model}, {asked.chips:,} × {answer.chip} training on rollouts of {there}"
    if answer.short:
        return f"{what}: does not fit. {answer.short}"
    step = f"a step in {number(answer.step_s.p50, 's')} (P10–P90 {number_between(answer.step_s, 's')})"
    return f"{what}: {step}, paced by {answer.paced_by}; the trainer trains {share(answer.compute_use.p50)} of the time"


def report(answer: RolloutsAnswer) -> Report:
    """Turn the answer into a report."""
    asked = answer.question
    return Report(
        title="Tenfold rollouts",
        question=f"How fast does {answer.model} learn from rollouts of {counted(asked.sites, 'site')}?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=(
            spread_card("Step", answer.step_s, seconds, "step_s"),
            spread_card("Trainer trains", answer.compute_use, share, "compute_use"),
            spread_card(counted(asked.steps, "step"), answer.finish_days, days, "finish_days"),
        ),
        sections=(
            Section(title="Round the loop", pairs=_loop(answer), tables=(_ages(answer),)),
            _where(answer),
            Section(title="Wider and narrower links", tables=(_bandwidths(answer),)),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _loop(answer: RolloutsAnswer) -> Pairs:
    needed = answer.steps_old_needed
    enough = "another stage takes longer than training" if needed is None else f"from {counted(needed, 'step')} old on"
    return (
        ("Train", f"{_of(answer.train_s)} on {layout_text(answer.layout)}"),
        ("Generate", f"{_of(answer.generate_s)} on {answer.replicas:,} replicas of {answer.tp:,}"),
        ("Send weights", f"{seconds(answer.broadcast_s)} for {number(answer.weights_bytes, 'B')} to the last site"),
        ("Send rollouts back", seconds(answer.return_s)),
        ("Sites generate", f"{share(answer.rollout_use.p50)} of the time"),
        ("The trainer never waits", enough),
    )


def _of(time_s: Percentiles) -> str:
    return f"{number(time_s.p50, 's')} ({number_between(time_s, 's')})"


def _ages(answer: RolloutsAnswer) -> Table:
    rows = tuple((f"{row.steps_old:,}", seconds(row.step_s), share(row.compute_use)) for row in answer.ages)
    place = next(place for place, row in enumerate(answer.ages) if row.steps_old == answer.question.steps_old)
    return Table(headers=("steps old", "step", "trainer trains"), rows=rows, numeric="rrr", marked=place)


def _where(answer: RolloutsAnswer) -> Section:
    from tenfold.reports.charts import waterfall

    title = "Where a step's time goes"
    return Section(
        title=title,
        lead=f"one step takes {number(answer.step_s.p50, 's')}",
        terms=(Terms(title="", values=answer.terms, unit="s", headline="step_s.p50"),),
        charts=(waterfall("step", title, answer.terms, "s"),),
    )


def _bandwidths(answer: RolloutsAnswer) -> Table:
    rows = tuple((f"{row.factor:g}", seconds(row.broadcast_s), seconds(row.step_s)) for row in answer.bandwidths)
    return Table(headers=("times as wide", "weights sent in", "step"), rows=rows, numeric="rrr")
