"""The report of another tool's configuration: what it says, what was taken for granted, and its step."""

from __future__ import annotations

from dataclasses import replace

from tenfold.planning.estimate_config import EstimateConfigAnswer
from tenfold.reports import estimate_training
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section


def _below(topic: Topic) -> Topic:
    return replace(topic, terms=f"estimate.{topic.terms}") if topic.terms else topic


TOPICS: Topics = {f"estimate.{path}": _below(topic) for path, topic in estimate_training.TOPICS.items()}


def verdict(answer: EstimateConfigAnswer) -> str:
    """Answer in one sentence."""
    return estimate_training.verdict(answer.estimate)


def report(answer: EstimateConfigAnswer) -> Report:
    """Turn the answer into a report."""
    lists = {"Assumed": answer.assumed, "Not understood, left out of account": answer.not_understood}
    return Report(
        title="Tenfold estimate config",
        question=f"How long does a step of {answer.file} ({answer.format}) take on a {answer.estimate.chip} cluster?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=estimate_training.cards(answer.estimate, "estimate."),
        sections=(
            *(Section(title=title, notes=said) for title, said in lists.items() if said),
            *estimate_training.sections(answer.estimate, "estimate."),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )
