"""Search training: every layout of a model on a cluster, the fastest that fit and the front of time and memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Catalog, overrides_in_words
from tenfold.interfaces.old_python.estimate import ask, lognormal
from tenfold.interfaces.old_python.layouts import LayoutWish, ParallelLayout, in_terms, layout_at
from tenfold.interfaces.old_python.nearest import shortage
from tenfold.performance.training.estimate import estimate_layout
from tenfold.performance.training.search import Found, SearchResult, search_layouts
from tenfold.performance.training.setup import CalibratedSetup
from tenfold.performance.training.space import FULL_SPACE, REJECTIONS
from tenfold.quantities import Percentiles, count_problems, refuse, tenfold_version

MOST_LISTED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLayout:
    """A layout that fits, with its time and memory."""

    layout: ParallelLayout
    step_time_s: Percentiles
    tokens_per_s_per_chip: Percentiles
    mfu: Percentiles
    memory_bytes_per_chip: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """What a search over every layout found."""

    model: str
    chip: str
    chips: int
    system: str
    software: str
    precision: str
    sequence_length: int
    global_batch: int
    layouts_considered: int
    rejected: Mapping[str, int]
    """Layouts by the first reason they were rejected for."""
    timed: int
    seconds: float
    """Time the search took; the only number that differs from run to run."""
    best: tuple[FoundLayout, ...]
    """Fastest first."""
    pareto: tuple[FoundLayout, ...]
    """No other layout is both faster and smaller; fastest first."""
    short: str
    nearest: str
    """What was short and what would fit, when nothing does; empty otherwise."""
    memory_capacity_bytes_per_chip: float
    calibration: str
    outside_calibration: tuple[str, ...]
    catalog_version: str
    catalog_overrides: tuple[str, ...]
    tenfold_version: str


def search_training(
    *,
    model: str,
    chip: str,
    chips: int,
    global_batch: int,
    sequence_length: int | None = None,
    precision: str = "bf16",
    software: str = "",
    top: int = 10,
    catalog: Catalog | None = None,
    progress: Callable[[float], None] | None = None,
) -> SearchAnswer:
    """Search every layout of a model on a cluster: all degrees, sharding, recompute, schedules and overlaps.

    Arguments and errors are those of ``estimate_training``; ``top`` is how many of the fastest are kept, and
    ``progress`` is told the share done. No layout that fits is an answer with an empty ``best``.
    """
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    refuse(count_problems("top", top, MOST_LISTED))
    setup = ask(
        known,
        model=model,
        chip=chip,
        chips=chips,
        global_batch=global_batch,
        sequence_length=sequence_length,
        precision=precision,
        software=software,
    )
    part = setup.setup
    result = search_layouts(
        part.shape, part.job, part.hardware, part.kernels, chips=chips, space=FULL_SPACE, keep=top, progress=progress
    )
    return _answer(known, setup, result, model=model, chips=chips, precision=precision)


def _answer(
    catalog: Catalog, setup: CalibratedSetup, result: SearchResult, *, model: str, chips: int, precision: str
) -> SearchAnswer:
    short, nearest = ("", "") if len(result.best) else _why_none(setup, chips, result)
    job, sure = setup.setup.job, setup.spread(float(chips))
    return SearchAnswer(
        model=model,
        chip=setup.chip.key,
        chips=chips,
        system=setup.system.key,
        software=setup.software.key,
        precision=precision,
        sequence_length=round(float(job.sequence_length)),
        global_batch=round(float(job.global_batch)),
        layouts_considered=result.counts.layouts_considered,
        rejected=result.counts.rejected,
        timed=result.counts.timed,
        seconds=result.seconds,
        best=_rows(setup, result.best, sure.log_spread),
        pareto=_rows(setup, result.pareto, sure.log_spread),
        short=short,
        nearest=nearest,
        memory_capacity_bytes_per_chip=float(setup.setup.hardware.hbm_bytes),
        calibration=sure.words,
        outside_calibration=sure.outside,
        catalog_version=catalog.version,
        catalog_overrides=overrides_in_words(catalog.overrides),
        tenfold_version=tenfold_version(),
    )


def _rows(setup: CalibratedSetup, found: Found, log_spread: float) -> tuple[FoundLayout, ...]:
    estimate = estimate_layout(setup.setup, found.layout)
    rate, mfu = np.asarray(estimate.tokens_per_s_per_chip), np.asarray(estimate.mfu)
    return tuple(
        FoundLayout(
            layout=in_terms(layout_at(found.layout, row)),
            step_time_s=lognormal(float(found.step_s[row]), log_spread),
            tokens_per_s_per_chip=lognormal(float(rate[row]), log_spread),
            mfu=lognormal(float(mfu[row]), log_spread),
            memory_bytes_per_chip=float(found.memory_bytes[row]),
        )
        for row in range(len(found))
    )


def _why_none(setup: CalibratedSetup, chips: int, result: SearchResult) -> tuple[str, str]:
    """Say what was short and what would fit."""
    if result.least_memory_bytes < float("inf"):
        short = shortage(setup, LayoutWish(), chips, result.least_memory_bytes)
        return short.short, short.nearest
    reasons = {name: count for name, count in result.counts.rejected.items() if count}
    worst = max(reasons, key=lambda name: reasons[name], default="chips")
    return f"no layout divides: {REJECTIONS[worst]}", "another number of chips or sequences, such as a power of two"
