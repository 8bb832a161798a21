"""The report of predictions against measured training runs."""

from __future__ import annotations

from tenfold.reports.cards import Card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.scores import over_sources, score_cards, score_sections, score_topics, skipped_section
from tenfold.reports.wording import share
from tenfold.validation.training.validate import ValidateTrainingAnswer

TOPICS: Topics = {"scored": Topic(unit="", words="rows with a prediction and a measurement"), **score_topics()}


def verdict(answer: ValidateTrainingAnswer) -> str:
    """Answer in one sentence."""
    scored = f"{answer.scored:,} of {answer.rows:,} runs scored on tokens/s per chip"
    if answer.overall is None:
        return scored
    found = answer.overall
    errors = f"median error {share(found.median_ape)}, P90 {share(found.p90_ape)}"
    return f"{scored}: {errors}; {share(found.coverage_80)} inside P10–P90"


def _files(answer: ValidateTrainingAnswer) -> tuple[Section, ...]:
    """A verdict for each file of a folder; nothing for a single table."""
    if len(answer.files) == 1 and answer.files[0].format == "csv":
        return ()
    rows = tuple((each.file, each.format, f"{each.runs:,}", each.refused or "read") for each in answer.files)
    table = Table(headers=("file", "kind", "runs", "verdict"), rows=rows, numeric="  r ")
    return (Section(title="Files", tables=(table,)),)


def report(answer: ValidateTrainingAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold validate training",
        question=f"How far are predictions from the runs of {answer.question.runs}?",
        verdict=verdict(answer),
        good=answer.overall is not None,
        made=answer.made,
        cards=(
            Card(name="Runs scored", value=f"{answer.scored:,}", path="scored"),
            *score_cards(answer.overall),
        ),
        sections=(*_files(answer), *over_sources(answer), *score_sections(answer), *skipped_section(answer.skipped)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )
