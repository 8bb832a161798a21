"""The report of one training step: where its time goes, where the memory of the fullest chip goes."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.performance.layout import AXES, said_values
from tenfold.planning.estimate import EstimateTrainingAnswer
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Pairs, Report, Section, Terms
from tenfold.reports.wording import number, number_between, share, share_between

TOPICS: Topics = {
    "step_time_s": Topic(unit="s", words="seconds of the busiest chip by what it does, added up", terms="terms"),
    "tokens_per_s_per_chip": Topic(unit="tokens/s", words="tokens of a step ÷ (step time × chips)"),
    "mfu": Topic(unit="share", words="FLOPs of the model, none done again, ÷ (step time × chips × dense peak)"),
    "hfu": Topic(unit="share", words="FLOPs with those done again ÷ (step time × chips × dense peak)"),
    "memory_bytes_per_chip.total": Topic(
        unit="B", words="parts on the fullest chip", terms="memory_bytes_per_chip", left_out=("total", "capacity")
    ),
    "memory_bytes_per_chip": Topic(unit="B", words="parts on the fullest chip, their total, and what the chip has"),
    "terms": Topic(unit="s", words="seconds of the busiest chip, every input at P50"),
    "bounds.lower_step_s": Topic(unit="s", words="everything overlapped, everything at its peak"),
    "bounds.upper_step_s": Topic(unit="s", words="nothing overlapped"),
}


def verdict(answer: EstimateTrainingAnswer) -> str:
    """Answer in one sentence."""
    what = f"{answer.model} on {answer.chips:,} × {answer.chip}"
    if answer.shortage is not None:
        return f"{what} does not fit: {answer.shortage.short}. Would fit with: {answer.shortage.nearest}"
    step, mfu = answer.step_time_s, answer.mfu
    speed = f"a step in {number(step.p50, 's')} (P10–P90 {number_between(step, 's')})"
    return f"{what}: {speed}, MFU {share(mfu.p50)} ({share_between(mfu)})"


def report(answer: EstimateTrainingAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold estimate training",
        question=f"How long does a step of {answer.model} take on {answer.chips:,} × {answer.chip}?",
        verdict=verdict(answer),
        good=answer.feasible,
        made=answer.made,
        cards=cards(answer),
        sections=sections(answer),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def cards(answer: EstimateTrainingAnswer, below: str = "") -> tuple[Card, ...]:
    """Key numbers; ``below`` is where the answer stands in the JSON of a larger one."""
    total = answer.memory_bytes_per_chip["total"]
    return (
        spread_card("Step", answer.step_time_s, lambda value: number(value, "s"), f"{below}step_time_s"),
        spread_card(
            "Per chip",
            answer.tokens_per_s_per_chip,
            lambda value: number(value, "tokens/s"),
            f"{below}tokens_per_s_per_chip",
        ),
        spread_card("MFU", answer.mfu, share, f"{below}mfu"),
        Card(name="Fullest chip", value=number(total, "B"), path=f"{below}memory_bytes_per_chip.total"),
    )


def sections(answer: EstimateTrainingAnswer, below: str = "") -> tuple[Section, ...]:
    """Settings, where the time goes, where the memory goes."""
    step = number(answer.step_time_s.p50, "s")
    return (
        Section(title="Estimate", pairs=_pairs(answer)),
        _terms("Where every second goes", f"one step takes {step}", answer.terms, "s", f"{below}step_time_s.p50"),
        _memory(answer, below),
        *((Section(title="Outside calibration, so the range is wide", notes=answer.outside_calibration),)
          if answer.outside_calibration else ()),
    )  # fmt: skip


def _terms(title: str, lead: str, values: Mapping[str, float], unit: str, headline: str) -> Section:
    from tenfold.reports.charts import waterfall

    return Section(
        title=title,
        lead=lead,
        terms=(Terms(title="", values=values, unit=unit, headline=headline),),
        charts=(waterfall(headline.replace(".", "-"), title, values, unit),),
    )


def _memory(answer: EstimateTrainingAnswer, below: str) -> Section:
    parts = dict(answer.memory_bytes_per_chip)
    total, capacity = parts.pop("total"), parts.pop("capacity")
    lead = f"{number(total, 'B')} of {number(capacity, 'B')} ({share(total / capacity)})"
    return _terms("Memory of the fullest chip", lead, parts, "B", f"{below}memory_bytes_per_chip.total")


def _pairs(answer: EstimateTrainingAnswer) -> Pairs:
    """What was given, what was chosen, and the numbers beside the key ones."""
    said = said_values(answer.layout)
    given, chosen = (
        " ".join(AXES[name].flag(value) for name, value in said.items() if (name in answer.chosen) == free)
        for free in (False, True)
    )
    tokens, bounds = answer.global_batch * answer.sequence_length, answer.bounds
    return (
        ("Given", given or "nothing of the layout"),
        ("Chosen", chosen or "nothing"),
        ("Data parallel", f"{answer.layout.dp:,} replicas"),
        ("Batch", f"{answer.global_batch:,} sequences of {answer.sequence_length:,}, {number(tokens, 'tokens')}"),
        ("System", f"{answer.system}, {answer.precision}, {answer.software}"),
        ("Bounds", f"{number(bounds.lower_step_s, 's')} to {number(bounds.upper_step_s, 's')}"),
        ("HFU", f"{share(answer.hfu.p50)} ({share_between(answer.hfu)})"),
        ("Calibrated by", answer.calibration),
    )
