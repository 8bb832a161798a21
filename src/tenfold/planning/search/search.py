"""Every layout of a model on a cluster: the fastest that fit, and the front of time and memory.

The first of them is what ``estimate`` and ``plan`` choose: they look for the fastest of the same space.
"""

from __future__ import annotations

import math

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance.layout import LayoutWish, in_terms
from tenfold.performance.training import (
    REJECTIONS,
    Found,
    SearchResult,
    estimate_layout,
    search_layouts,
)
from tenfold.planning.estimate.asked import Wished, setups_asked
from tenfold.planning.estimate.nearest import require_divisible, shortage
from tenfold.planning.search.answer import FoundLayout, SearchTrainingAnswer
from tenfold.planning.search.question import SearchTrainingQuestion
from tenfold.planning.setups import Setups, is_free, over_step
from tenfold.quantities import NamedFigure, Percentiles, Progress, assumptions_of


def answer(
    question: SearchTrainingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> SearchTrainingAnswer:
    """Search every layout that the wish leaves: all degrees, sharding, recompute. ``progress`` is told the share done.

    No layout that fits is an answer with an empty ``best``. Raises ``InputError`` for given degrees that do not divide,
    ``MissingFigureError`` for a figure nobody recorded.
    """
    setups = setups_asked(catalog, question.cluster, question.layout.given)
    setup = setups.likeliest
    wished = Wished(setup=setup, chips=question.cluster.chips, wish=question.layout)
    if wished.wish.given:
        require_divisible(wished, wished.fastest())
    part = setup.setup
    result = search_layouts(
        part.shape,
        part.job,
        part.hardware,
        part.kernels,
        chips=question.cluster.chips,
        space=wished.space,
        keep=question.top,
        progress=progress,
    )
    return _answer(question, catalog, seed, wished, setups, result)


def _answer(
    question: SearchTrainingQuestion,
    catalog: Catalog,
    seed: int,
    wished: Wished,
    setups: Setups,
    result: SearchResult,
) -> SearchTrainingAnswer:
    setup = wished.setup
    short, nearest = ("", "") if len(result.best) else _why_none(wished, result)
    job, sure = setup.setup.job, setup.spread(float(question.cluster.chips), free_layout=is_free(question.layout.free))
    figures = (*(NamedFigure(name=name, figure=figure) for name, figure in setup.figures), *setups.weights)
    return SearchTrainingAnswer(
        question=question,
        made=catalog.made(seed),
        model=question.cluster.model,
        chip=setup.chip.key,
        chips=question.cluster.chips,
        system=setup.system.key,
        software=setup.software.key,
        precision=setups.precision,
        sequence_length=round(float(job.sequence_length)),
        global_batch=round(float(job.global_batch)),
        layouts_considered=result.counts.layouts_considered,
        rejected=result.counts.rejected,
        timed=result.counts.timed,
        best=_rows(setups, question.layout, result.best, sure.log_spread),
        pareto=_rows(setups, question.layout, result.pareto, sure.log_spread),
        short=short,
        nearest=nearest,
        memory_capacity_bytes_per_chip=float(setup.setup.hardware.hbm_bytes),
        calibration=sure.words,
        outside_calibration=sure.outside,
        notes=(),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _rows(setups: Setups, wish: LayoutWish, found: Found, log_spread: float) -> tuple[FoundLayout, ...]:
    estimate = estimate_layout(setups.likeliest.setup, found.layout)
    rate, mfu = np.asarray(estimate.tokens_per_s_per_chip), np.asarray(estimate.mfu)
    steps_s = setups.steps_s(found.layout, wish.given, setups.likeliest.setup.job.global_batch)
    mixed = setups.quantiles(np.reshape(steps_s, (len(found), len(setups.cases))), log_spread)
    rows = []
    for row in range(len(found)):
        layout, alone_s = found.layout.at(row), float(found.step_s[row])
        step_s = Percentiles(**{name: float(values[row]) for name, values in mixed.items()})
        rows.append(
            FoundLayout(
                layout=in_terms(layout),
                step_time_s=step_s,
                tokens_per_s_per_chip=over_step(float(rate[row]) * alone_s, step_s),
                mfu=over_step(float(mfu[row]) * alone_s, step_s),
                memory_bytes_per_chip=float(found.memory_bytes[row]),
            )
        )
    return tuple(rows)


def _why_none(wished: Wished, result: SearchResult) -> tuple[str, str]:
    """Say what was short and what would fit."""
    if result.least_memory_bytes < math.inf:
        short = shortage(wished, result.least_memory_bytes)
        return short.short, short.nearest
    reasons = {name: count for name, count in result.counts.rejected.items() if count}
    worst = max(reasons, key=lambda name: reasons[name], default="chips")
    return f"no layout divides: {REJECTIONS[worst]}", "another number of chips or sequences, such as a power of two"
