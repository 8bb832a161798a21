"""The report of a fit to measured serving: errors before and after, on rows it has not seen, constants that moved."""

from __future__ import annotations

from tenfold.quantities import Percentiles
from tenfold.reports.cards import Card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.scores import one_point_sections, score_cards, score_sections, score_topics, skipped_section
from tenfold.reports.wording import share
from tenfold.validation.serving.calibrate import CalibrateServingAnswer

TOPICS: Topics = {
    "used": Topic(unit="", words="measured numbers that the fit has seen"),
    "before.median_ape": Topic(
        unit="share", words="median of |predicted ÷ measured − 1| with the constants as they were"
    ),
    "after.median_ape": Topic(unit="share", words="median of |predicted ÷ measured − 1| on the rows the fit has seen"),
    "skipped_rows": Topic(unit="", words="rows that cannot be scored", terms="skipped"),
    **score_topics("cross_validated."),
}
SHOWN = 40
"""Constants listed, those that moved most."""


def verdict(answer: CalibrateServingAnswer) -> str:
    """Answer in one sentence."""
    moved = f"{len(answer.constants):,} constants from {answer.used:,} measured numbers"
    if answer.before is None or answer.after is None:
        return moved
    seen = f"median error {share(answer.before.median_ape)} before, {share(answer.after.median_ape)} after"
    if answer.cross_validated is None or answer.cross_validated.overall is None:
        return f"{moved}: {seen}"
    return f"{moved}: {seen}, {share(answer.cross_validated.overall.median_ape)} on sources the fit had not seen"


def report(answer: CalibrateServingAnswer) -> Report:
    """Turn the answer into a report."""
    found = answer.cross_validated
    return Report(
        title="Tenfold calibrate serving",
        question=f"What do the measurements of {answer.question.runs} teach?",
        verdict=verdict(answer),
        good=True,
        made=answer.made,
        cards=(
            Card(name="Measured numbers", value=f"{answer.used:,}", path="used"),
            *(
                Card(name=name, value=share(each.median_ape), path=f"{path}.median_ape")
                for name, each, path in (
                    ("Median error before", answer.before, "before"),
                    ("Median error after", answer.after, "after"),
                )
                if each is not None
            ),
            *(score_cards(found.overall, "cross_validated.") if found is not None else ()),
        ),
        sections=(
            *(score_sections(found) if found is not None else ()),
            *one_point_sections(answer.after_one_point),
            Section(title="Constants", lead="those that moved most", tables=(_constants(answer.constant_ranges),)),
            *skipped_section(answer.skipped),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _constants(ranges: object) -> Table:
    found: dict[str, Percentiles] = dict(ranges)  # type: ignore[call-overload]
    rows = tuple(
        (key, f"{each.p50:.4g}", f"{each.p10:.4g}–{each.p90:.4g}") for key, each in list(found.items())[:SHOWN]
    )
    return Table(headers=("constant", "P50", "P10–P90"), rows=rows, numeric=" rr")
