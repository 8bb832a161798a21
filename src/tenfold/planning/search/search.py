"""Every layout of a model on a cluster: the fastest that fit, and the front of time and memory.

The first of them is what ``estimate`` and ``plan`` choose: they look for the fastest of the same space.
"""

from __future__ import annotations

import math

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance.layout import in_terms
from tenfold.performance.training import (
    REJECTIONS,
    CalibratedSetup,
    Found,
    SearchResult,
    estimate_layout,
    search_layouts,
)
from tenfold.planning.estimate.asked import Wished, lognormal, setup_asked
from tenfold.planning.estimate.nearest import require_divisible, shortage
from tenfold.planning.search.answer import FoundLayout, SearchTrainingAnswer
from tenfold.planning.search.question import SearchTrainingQuestion
from tenfold.quantities import NamedFigure, Progress, assumptions_of


def answer(
    question: SearchTrainingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> SearchTrainingAnswer:
    """Search every layout that the wish leaves: all degrees, sharding, recompute. ``progress`` is told the share done.

    No layout that fits is an answer with an empty ``best``. Raises ``InputError`` for given degrees that do not divide,
    ``MissingFigureError`` for a figure nobody recorded.
    """
    setup = setup_asked(
        catalog,
        model=question.model,
        chip=question.chip,
        global_batch=question.global_batch,
        sequence_length=question.sequence_length,
        precision=question.precision,
        software=question.software,
    )
    wished = Wished(setup=setup, chips=question.chips, wish=question.layout)
    if wished.wish.given:
        require_divisible(wished, wished.fastest())
    part = setup.setup
    result = search_layouts(
        part.shape,
        part.job,
        part.hardware,
        part.kernels,
        chips=question.chips,
        space=wished.space,
        keep=question.top,
        progress=progress,
    )
    return _answer(question, catalog, seed, wished, result)


def _answer(
    question: SearchTrainingQuestion, catalog: Catalog, seed: int, wished: Wished, result: SearchResult
) -> SearchTrainingAnswer:
    setup = wished.setup
    short, nearest = ("", "") if len(result.best) else _why_none(wished, result)
    job, sure = setup.setup.job, setup.spread(float(question.chips))
    figures = tuple(NamedFigure(name=name, figure=figure) for name, figure in setup.figures)
    return SearchTrainingAnswer(
        question=question,
        made=catalog.made(seed),
        model=question.model,
        chip=setup.chip.key,
        chips=question.chips,
        system=setup.system.key,
        software=setup.software.key,
        precision=question.precision,
        sequence_length=round(float(job.sequence_length)),
        global_batch=round(float(job.global_batch)),
        layouts_considered=result.counts.layouts_considered,
        rejected=result.counts.rejected,
        timed=result.counts.timed,
        best=_rows(setup, result.best, sure.log_spread),
        pareto=_rows(setup, result.pareto, sure.log_spread),
        short=short,
        nearest=nearest,
        memory_capacity_bytes_per_chip=float(setup.setup.hardware.hbm_bytes),
        calibration=sure.words,
        outside_calibration=sure.outside,
        notes=(),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _rows(setup: CalibratedSetup, found: Found, log_spread: float) -> tuple[FoundLayout, ...]:
    estimate = estimate_layout(setup.setup, found.layout)
    rate, mfu = np.asarray(estimate.tokens_per_s_per_chip), np.asarray(estimate.mfu)
    return tuple(
        FoundLayout(
            layout=in_terms(found.layout.at(row)),
            step_time_s=lognormal(float(found.step_s[row]), log_spread),
            tokens_per_s_per_chip=lognormal(float(rate[row]), log_spread),
            mfu=lognormal(float(mfu[row]), log_spread),
            memory_bytes_per_chip=float(found.memory_bytes[row]),
        )
        for row in range(len(found))
    )


def _why_none(wished: Wished, result: SearchResult) -> tuple[str, str]:
    """Say what was short and what would fit."""
    if result.least_memory_bytes < math.inf:
        short = shortage(wished, result.least_memory_bytes)
        return short.short, short.nearest
    reasons = {name: count for name, count in result.counts.rejected.items() if count}
    worst = max(reasons, key=lambda name: reasons[name], default="chips")
    return f"no layout divides: {REJECTIONS[worst]}", "another number of chips or sequences, such as a power of two"
