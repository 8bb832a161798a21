"""The report of a plan: the best design and those beside it, term by term; failures; several sites; what was rejected.

words       verdict, names, key numbers; ``topics``: how each number comes about
designs     the ranking; ``best``: one design term by term; ``rejected``, ``outlooks``: the rest
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from tenfold.planning.plan import PlanAnswer
from tenfold.reports.plan.best import cards, side_by_side, term_by_term
from tenfold.reports.plan.brief import brief
from tenfold.reports.plan.designs import changes, every_design, first_designs
from tenfold.reports.plan.optimum import optimum_section
from tenfold.reports.plan.outlooks import campus_section, failure_section
from tenfold.reports.plan.rejected import rejected_section
from tenfold.reports.plan.topics import TOPICS
from tenfold.reports.plan.words import asked, asked_pairs, next_steps, verdict
from tenfold.reports.report import Report, Section, Sections

__all__ = ["TOPICS", "report", "verdict"]


def report(answer: PlanAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold plan",
        question=asked(answer),
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=() if answer.best is None else cards(answer.best),
        sections=Sections(_sections(answer)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
        next_steps=next_steps(answer),
        brief=brief(answer),
    )


def _sections(answer: PlanAnswer) -> Iterator[Callable[[], Section]]:
    yield partial(first_designs, answer)
    if answer.near_misses or answer.flips:
        yield partial(changes, answer)
    if answer.optimum is not None:
        yield partial(optimum_section, answer.optimum)
    if answer.best is not None:
        yield partial(term_by_term, answer, answer.best)
        yield partial(side_by_side, answer)
    if answer.failures is not None:
        yield partial(failure_section, answer.failures)
    if answer.campuses is not None:
        yield partial(campus_section, answer.campuses)
    if answer.infeasible or answer.missing_data:
        yield partial(rejected_section, answer.infeasible, answer.missing_data)
    yield lambda: Section(title="What was asked", pairs=asked_pairs(answer), full=True)
    if answer.best is not None:
        yield partial(every_design, answer)
