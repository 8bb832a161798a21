"""Candidates: which chips in which numbers, each with the layout that trains fastest.

Counts are one, three, five and seven times powers of two in whole nodes: a fixed grid, so that a wider limit only adds
to it. Where an odd factor does not divide the batch, the batch moves to the nearest that it does, by a few per cent at
most. What cannot be is rejected before anything is timed: chips without figures, counts that miss the deadline at the
chip's peak, counts on which no layout fits the memory. Where nothing fits, the counts that were left out for the
deadline are searched too: the nearest that would fit may be of few chips and a later day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.catalog import Catalog, ModelRecord
from tenfold.performance.layout import Layout
from tenfold.performance.training import (
    REJECTIONS,
    CalibratedSetup,
    Fastest,
)
from tenfold.planning.drawn import node_power
from tenfold.planning.plan.goal import TrainGoal, tokens_of
from tenfold.planning.plan.train.counts import Counts
from tenfold.planning.plan.train.layouts import Layouts
from tenfold.planning.plan.train.paced import paces_of, wanted_by
from tenfold.planning.plan.train.runs import Runs, Unfit
from tenfold.planning.plan.work import job_of
from tenfold.planning.setups import setups_of
from tenfold.quantities import MissingFigureError, Shortfall, format_quantity
from tenfold.workloads import model_flops_per_token

BEYOND = 5
"""Doublings that are tried to say on how many chips the memory would fit."""
BEYOND_FACTORS = (2, 4, 8)
"""Multiples of the limit that are timed to say how many chips would be in time."""


@dataclass(frozen=True, slots=True)
class _Found:
    chip: int
    chips: int
    batch: int
    step_s: float
    layout: Layout


@dataclass(slots=True)
class _Tally:
    unfit: list[Unfit]
    layouts: int = 0


def layouts_of(goal: TrainGoal, model: ModelRecord) -> Layouts:
    """Searches for a goal, none of them made yet."""
    return Layouts(shape=model.shape, job=job_of(goal), given=goal.layout)


def searching(progress: Callable[[float], None] | None = None) -> Callable[..., Runs]:
    """A search of runs that keeps the layouts of each goal, for when more counts are asked for."""
    made = dict[str, Layouts]()

    def search(catalog: Catalog, goal: TrainGoal, model: ModelRecord, chips: Sequence[str], allowed: Counts) -> Runs:
        layouts = made.setdefault(repr(goal), layouts_of(goal, model))
        return find_runs(catalog, goal, model, chips, allowed, progress, layouts)

    return search


def find_runs(
    catalog: Catalog,
    goal: TrainGoal,
    model: ModelRecord,
    chips: Sequence[str],
    allowed: Counts,
    progress: Callable[[float], None] | None = None,
    layouts: Layouts | None = None,
) -> Runs:
    """Search the layouts of every chip and count. ``progress`` is told the share done.

    ``layouts`` are those of this goal, searched as far as they are.
    """
    tally, found, setups = _Tally([]), list[_Found](), list[CalibratedSetup]()
    layouts = layouts or layouts_of(goal, model)
    for place, chip in enumerate(chips):
        setup = _setup(catalog, goal, model, chip, allowed.most, tally, layouts.setups)
        if setup is not None:
            setups.append(setup)
            found += _of_chip(setup, len(setups) - 1, goal, allowed, tally, layouts)
        if progress is not None:
            progress((place + 1) / len(chips))
    columns = {name: np.array([float(getattr(run.layout, name)) for run in found]) for name in Layout.__slots__}
    columns_of_runs: dict[str, Any] = {
        "chip": np.array([run.chip for run in found], dtype=np.intp),
        "chips": np.array([float(run.chips) for run in found]),
        "batch": np.array([float(run.batch) for run in found]),
        "layout": Layout(**columns),
    }
    return Runs(
        **columns_of_runs,
        setups=tuple(setups),
        step_s=np.array([run.step_s for run in found]),
        paces=paces_of(catalog, goal, model, setups, paced=layouts.paced, **columns_of_runs),
        steps=np.array([_steps(goal, run.batch) for run in found]),
        allowed=np.array([run.chips <= allowed.most for run in found], dtype=np.bool_),
        unfit=tuple(tally.unfit),
        layouts_considered=tally.layouts,
        estimates=layouts.estimates,
    )


def _steps(goal: TrainGoal, batch: int) -> float:
    """Optimizer steps until all tokens were seen."""
    return float(np.ceil(tokens_of(goal) / (goal.sequence_length * batch)))


def _setup(
    catalog: Catalog,
    goal: TrainGoal,
    model: ModelRecord,
    chip: str,
    max_chips: int,
    tally: _Tally,
    gathered: dict[str, CalibratedSetup],
) -> CalibratedSetup | None:
    """Gather the figures of a chip, unless they are; None, with a rejection added, when one is missing."""
    try:
        if chip not in gathered:
            gathered[chip] = setups_of(catalog, wanted_by(catalog, goal, model, chip), 1.0).likeliest
        setup = gathered[chip]
        node_power(catalog, setup.chip, setup.system)
    except MissingFigureError as trouble:
        problem = trouble.problems[0]
        short = Shortfall(kind="figure", short=problem.wrong.rstrip("."), nearest=problem.remedy)
        tally.unfit.append(Unfit(chip=chip, chips=max_chips, reason=short))
        return None
    return setup


def _of_chip(
    setup: CalibratedSetup, chip: int, goal: TrainGoal, allowed: Counts, tally: _Tally, layouts: Layouts
) -> Iterator[_Found]:
    """Give the counts of one chip that can train, the largest first, and reject the others."""
    key, node, most = setup.chip.key, setup.system.chips_per_node, allowed.most
    counts = allowed.tried(node, _least_chips(setup, goal, allowed))
    if not counts:
        tally.unfit.append(Unfit(chip=key, chips=most, reason=_no_count(setup, allowed)))
        return
    beyond = _counts_beyond(most) if allowed.exactly is None else ()
    results, failed, fitting = dict(layouts.on(setup, (*counts, *beyond))), list[int](), 0
    for count in counts:
        tally.layouts += sum(each.layouts_considered for each in results[count].values())
        if any(each.layout is not None for each in results[count].values()):
            fitting = count
            yield from _found(chip, count, results[count])
            continue
        failed.append(count)
        if min(each.least_memory_bytes for each in results[count].values()) < np.inf and fitting:
            break  # fewer chips need more memory each
    smaller = [count for count in failed if count < fitting or not fitting][:1]
    if smaller and not fitting and allowed.exactly is None:
        beyond = tuple(filter(None, (_count_beyond(setup, smaller[0], layouts),)))
        results |= layouts.on(setup, beyond)
    for count in beyond if fitting or smaller else ():
        yield from _found(chip, count, results[count])
    tally.unfit += [
        Unfit(
            chip=key,
            chips=count,
            reason=_why_none(setup, count, next(iter(results[count].values())), fitting, layouts, allowed),
        )
        for count in smaller
    ]


def _no_count(setup: CalibratedSetup, allowed: Counts) -> Shortfall:
    """Why no count of whole nodes may be tried."""
    node, name = setup.system.chips_per_node, setup.system.key
    if allowed.exactly is not None:
        below = allowed.exactly - allowed.exactly % node
        short = (
            f"{allowed.exactly:,} chips are neither whole nodes of {name}, which has {node}, nor an equal part of one"
        )
        return Shortfall(kind="layout", short=short, nearest=f"{below or node:,} chips")
    short = f"no count of whole nodes of {name} lies between the fewest and the most chips allowed"
    return Shortfall(kind="layout", short=short, nearest="a wider range of chips")


def _counts_beyond(most: int) -> tuple[int, ...]:
    """More chips than allowed, so that what is too slow can be told how many would do."""
    return tuple((1 << most.bit_length() - 1) * factor for factor in BEYOND_FACTORS)


def _least_chips(setup: CalibratedSetup, goal: TrainGoal, allowed: Counts) -> float:
    """Chips below which even a run at the peak, without any loss, takes too long; never above the most."""
    flops = tokens_of(goal) * float(model_flops_per_token(setup.setup.shape, setup.setup.job))
    peak = float(setup.setup.hardware.matmul_peak_flop_per_s)
    return min(flops / peak / allowed.within_s, float(allowed.most - allowed.most % setup.system.chips_per_node))


def _found(chip: int, count: int, results: Mapping[int, Fastest]) -> Iterator[_Found]:
    """The batch on which a sequence takes least time; of equals the one asked for."""
    fitting = [(each.step_s / batch, batch, each) for batch, each in results.items() if each.layout is not None]
    if fitting:
        _, batch, result = min(fitting, key=lambda pair: pair[0])
        if result.layout is not None:
            yield _Found(chip, count, batch, result.step_s, result.layout)


def _why_none(
    setup: CalibratedSetup, count: int, result: Fastest, fitting: int, layouts: Layouts, allowed: Counts
) -> Shortfall:
    """Say why no layout was found on a count, and the nearest count that has one."""
    capacity = float(setup.setup.hardware.hbm_bytes)
    nearest = fitting or _count_beyond(setup, count, layouts)
    change = allowed.change_to(nearest) if nearest else "a chip with more memory, or a smaller model"
    if np.isfinite(result.least_memory_bytes):
        need, have = (format_quantity(value, "B") for value in (result.least_memory_bytes, capacity))
        ratio = result.least_memory_bytes / capacity
        short = f"needs {ratio:.2g} times the memory: {need} of the {have} of a chip"
        return Shortfall(kind="memory", short=short, nearest=change, times_over=ratio)
    reasons = {name: rejected for name, rejected in result.rejected.items() if rejected}
    most = max(reasons, key=lambda name: reasons[name], default="chips")
    change = allowed.change_to(nearest) if nearest else "another global batch or layout, or a power of two of chips"
    return Shortfall(kind="layout", short=f"no layout: {REJECTIONS[most]}", nearest=change)


def _count_beyond(setup: CalibratedSetup, count: int, layouts: Layouts) -> int:
    """Give the first doubling of a count that some layout fits; 0 when none of ``BEYOND`` does."""
    for doubling in range(1, BEYOND + 1):
        more = count << doubling
        if any(each.layout is not None for each in layouts.on(setup, (more,))[more].values()):
            return more
    return 0
