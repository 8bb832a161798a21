"""Failure rates fitted to logs: the answer put together."""

from __future__ import annotations

from pathlib import Path

from tenfold.catalog import Catalog
from tenfold.quantities import Progress
from tenfold.validation.failures.answer import GoodputFitAnswer
from tenfold.validation.failures.question import GoodputFitQuestion
from tenfold.validation.failures.rates import CHIPS_PER_CATALOG_NODE, fit_failure_logs


def answer(
    question: GoodputFitQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> GoodputFitAnswer:
    """Fit failure rates per 1,000 node-days of eight chips to logs, with P10 to P90, lemon nodes and downtimes.

    Raises ``InputError`` with every problem of every log.
    """
    del progress  # reading is most of it, in one pass
    fit = fit_failure_logs(
        [Path(log) for log in question.logs],
        chips_per_node=_chips_per_node(question, catalog),
        nodes=question.nodes,
        days=question.days,
        causes=question.causes,
    )
    return GoodputFitAnswer(
        question=question,
        made=catalog.made(seed),
        fit=fit,
        family=catalog.chip(question.chip).family if question.chip else "",
        notes=fit.notes,
        assumptions=(),
        figures=(),
    )


def _chips_per_node(question: GoodputFitQuestion, catalog: Catalog) -> float:
    """Chips of a node as asked; else those of the chip's system, or eight without a chip."""
    if question.chips_per_node is not None:
        return question.chips_per_node
    return float(catalog.system_of(question.chip).chips_per_node) if question.chip else CHIPS_PER_CATALOG_NODE
