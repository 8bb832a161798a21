"""The report of one's own chip, measured: constants as they were and are, fabrics, a measured step, speeds."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.quantities import Percentiles
from tenfold.reports.cards import Card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.wording import between, counted, number, share
from tenfold.validation.chip import CalibrateChipAnswer

TOPICS: Topics = {
    "used": Topic(unit="", words="operations that were timed, each at one size"),
    "noise": Topic(unit="share", words="median over operations of the width of P10–P90 of its samples over its median"),
    "constants.*.measured": Topic(
        unit="", words="fitted to the measured times, software's age and power limits divided out"
    ),
    "constants.*.before": Topic(unit="", words="the catalog's constant for the chip's family"),
    "fabrics.*.efficiency": Topic(unit="share", words="share of the nominal bandwidth that large messages reach"),
    "steps.*.measured_s": Topic(unit="s", words="median of the measured steps"),
    "steps.*.before": Topic(unit="s", words="predicted with the catalog's constants"),
    "steps.*.after": Topic(unit="s", words="predicted with the measured constants"),
}
CONSTANTS = ("constant", "was", "is", "P10–P90", "sizes", "error")
FABRICS = ("fabric", "share was", "is", "P10–P90", "latency of a step")
STEPS = ("parameters", "tokens", "measured", "predicted before", "P10–P90", "after", "P10–P90")


def verdict(answer: CalibrateChipAnswer) -> str:
    """Answer in one sentence."""
    found = (
        f"{counted(len(answer.constants), 'constant')} of {answer.family} from {counted(answer.used, 'measurement')}"
    )
    fabrics = f" and {counted(len(answer.fabrics), 'fabric')}" if answer.fabrics else ""
    errors = [(_off(step.before, step.measured_s), _off(step.after, step.measured_s)) for step in answer.steps]
    if not errors:
        return f"{found}{fabrics}"
    before, after = (sorted(each)[len(errors) // 2] for each in zip(*errors, strict=True))
    return f"{found}{fabrics}: a measured training step was predicted {share(before)} off before, {share(after)} after"


def _off(predicted: Percentiles, measured_s: float) -> float:
    return abs(predicted.p50 / measured_s - 1.0)


def report(answer: CalibrateChipAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold calibrate chip",
        question=f"What do the measurements of {answer.machine.device} change?",
        verdict=verdict(answer),
        good=True,
        made=answer.made,
        cards=(
            Card(name="Measurements", value=f"{answer.used:,}", path="used"),
            Card(name="Noise", value=share(answer.noise), path="noise"),
        ),
        sections=tuple(_sections(answer)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
        next_steps=("Use it: --out my writes an overlay, then estimate, search and plan with --catalog my",),
    )


def _sections(answer: CalibrateChipAnswer) -> Iterator[Section]:
    if answer.constants:
        lead = f"of {answer.family}, as the catalog has them and as measured"
        yield Section(title="What changes", lead=lead, tables=(_constants(answer),))
    if answer.fabrics:
        yield Section(title="Fabrics", tables=(_fabrics(answer),))
    if answer.steps:
        yield Section(title="A training step, measured and predicted", tables=(_steps(answer),))
    if answer.rates:
        yield Section(title="Speeds", tables=(_rates(answer),))
    if answer.refused:
        refused = Table(headers=("what", "why"), rows=tuple((what, why) for what, why in answer.refused.items()))
        yield Section(title="What the device would not do", tables=(refused,))


def _rates(answer: CalibrateChipAnswer) -> Table:
    rows = tuple((name, number(each.value, each.unit), each.words) for name, each in answer.rates.items())
    return Table(headers=("", "", "what"), rows=rows, numeric=" r")


def _constants(answer: CalibrateChipAnswer) -> Table:
    rows = tuple(
        (
            key,
            f"{each.before:.4g}",
            f"{each.measured.p50:.4g}",
            _ends(each.measured),
            f"{each.measurements:,}",
            share(each.error),
        )
        for key, each in answer.constants.items()
    )
    return Table(headers=CONSTANTS, rows=rows, numeric=" rrrrr")


def _fabrics(answer: CalibrateChipAnswer) -> Table:
    rows = tuple(
        (
            key,
            "–" if each.efficiency_before is None else f"{each.efficiency_before:.3g}",
            f"{each.efficiency.p50:.3g}",
            _ends(each.efficiency),
            "not resolved" if each.latency_s is None else number(each.latency_s.p50, "s"),
        )
        for key, each in answer.fabrics.items()
    )
    return Table(headers=FABRICS, rows=rows, numeric=" rrrr")


def _steps(answer: CalibrateChipAnswer) -> Table:
    rows = tuple(
        (
            f"{step.parameters:,.0f}",
            f"{step.tokens:,.0f}",
            number(step.measured_s, "s"),
            number(step.before.p50, "s"),
            _seconds(step.before),
            number(step.after.p50, "s"),
            _seconds(step.after),
        )
        for step in answer.steps
    )
    return Table(headers=STEPS, rows=rows, numeric="rrrrrrr")


def _ends(spread: Percentiles) -> str:
    return between(f"{spread.p10:.3g}", f"{spread.p90:.3g}")


def _seconds(spread: Percentiles) -> str:
    return between(number(spread.p10, "s"), number(spread.p90, "s"))
