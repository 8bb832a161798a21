"""The report of predictions against measured serving runs."""

from __future__ import annotations

from tenfold.reports.cards import Card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.scores import one_point_sections, score_cards, score_sections, score_topics, skipped_section
from tenfold.reports.wording import share
from tenfold.validation.serving.validate import ValidateServingAnswer

TOPICS: Topics = {"scored": Topic(unit="", words="rows with a prediction and a measurement"), **score_topics()}


def verdict(answer: ValidateServingAnswer) -> str:
    """Answer in one sentence."""
    scored = f"{answer.scored:,} of {answer.rows:,} measurements scored"
    if answer.overall is None:
        return scored
    found = answer.overall
    errors = f"median error {share(found.median_ape)}, P90 {share(found.p90_ape)}"
    return f"{scored}: {errors}; {share(found.coverage_80)} inside P10–P90"


def report(answer: ValidateServingAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold validate serving",
        question=f"How far are predictions from the runs of {answer.question.runs}?",
        verdict=verdict(answer),
        good=answer.overall is not None,
        made=answer.made,
        cards=(
            Card(name="Measurements scored", value=f"{answer.scored:,}", path="scored"),
            *score_cards(answer.overall),
        ),
        sections=(
            *score_sections(answer),
            *(_combinations(answer) if answer.by_combination else ()),
            *one_point_sections(answer.after_one_point),
            *skipped_section(answer.skipped),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _combinations(answer: ValidateServingAnswer) -> tuple[Section, ...]:
    rows = tuple(
        (name, f"{each.n:,}", share(each.median_ape), share(each.p90_ape), share(each.coverage_80))
        for name, each in answer.by_combination.items()
    )
    headers = ("", "combinations", "median error", "P90", "in P10–P90")
    lead = "every (model, chip, engine) counts once"
    return (Section(title="By combination", lead=lead, tables=(Table(headers=headers, rows=rows, numeric=" rrrr"),)),)
