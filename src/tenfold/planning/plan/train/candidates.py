"""Candidates: which chips in which numbers, each with the layout that trains fastest.

Counts are powers of two and three times powers of two in whole nodes, because layouts have to divide them. What
cannot be is rejected before anything is timed: chips without figures, counts that miss the deadline at the chip's
peak, counts on which no layout fits the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from tenfold.catalog import Catalog, ModelRecord
from tenfold.performance.layout import Layout
from tenfold.performance.training import (
    REJECTIONS,
    CalibratedSetup,
    Divided,
    Fastest,
    SearchSpace,
    divided,
    fastest_layouts,
    setup_training,
    space_of,
)
from tenfold.planning.drawn import node_power
from tenfold.planning.plan.answer import Infeasible
from tenfold.planning.plan.question import TrainGoal, sequences_per_step, time_allowed_s
from tenfold.quantities import Flags, Floats, Indices, MissingFigureError, Shortfall, format_quantity
from tenfold.workloads import TrainingJob, model_flops_per_token

Divide = Callable[[int, SearchSpace], Divided]
"""Deals a model to a number of chips; the same for every chip whose software offers the same space."""
MOST_COUNTS = 24
BEYOND = 5
"""Doublings that are tried to say on how many chips the memory would fit."""
BEYOND_FACTORS = (2, 4, 8)
"""Multiples of the limit that are timed to say how many chips would be in time."""
ANY_SUPPLY, ANY_SITE = "any supply", "any site"
TRAINING_KINDS = ("gpu", "training-asic", "wafer-scale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Chips × counts that can train the model, as columns of equal length."""

    setups: tuple[CalibratedSetup, ...]
    """One for each chip."""
    chip: Indices
    """Index into ``setups``."""
    chips: Floats
    step_s: Floats
    layout: Layout
    allowed: Flags
    """False for counts beyond the limit, which are looked at only to say what would fit."""
    rejected: tuple[Infeasible, ...]
    layouts_considered: int

    def __len__(self) -> int:
        return len(self.chips)


@dataclass(frozen=True, slots=True)
class _Found:
    chip: int
    chips: int
    step_s: float
    layout: Layout


@dataclass(slots=True)
class _Tally:
    rejected: list[Infeasible]
    layouts: int = 0


def trainable_chips(catalog: Catalog) -> tuple[str, ...]:
    """Every chip that can be planned with when the user names none: made for training, with a system and a peak."""
    return tuple(
        chip.key
        for chip in catalog.chips.values()
        if chip.kind in TRAINING_KINDS and chip.system and "bf16" in chip.peaks
    )


def counts_to_try(most: int, per_node: int, least: float = 0.0) -> tuple[int, ...]:
    """Counts of chips from ``least`` to ``most`` in whole nodes, the largest first, at most ``MOST_COUNTS``.

    Powers of two and three times powers of two; the largest count of whole nodes is always among them. Where there
    are too many, they are thinned evenly by their logarithm, before ``least`` is looked at: a longer deadline only
    ever adds counts.
    """
    steps = {factor << power for factor in (1, 3) for power in range(most.bit_length())}
    counts = sorted((n for n in steps if n % per_node == 0 and n <= most), reverse=True)
    if len(counts) > MOST_COUNTS:
        picked = np.unique(np.linspace(0, len(counts) - 1, MOST_COUNTS).round().astype(int))
        counts = [counts[index] for index in picked]
    whole = most - most % per_node
    counts = counts if whole == 0 or whole in counts else [whole, *counts]
    return tuple(count for count in counts if count >= least)


def find_runs(
    catalog: Catalog,
    goal: TrainGoal,
    model: ModelRecord,
    chips: Sequence[str],
    max_chips: int,
    progress: Callable[[float], None] | None = None,
) -> Runs:
    """Search the layouts of every chip and count. ``progress`` is told the share done."""
    tally, found, setups = _Tally([]), list[_Found](), list[CalibratedSetup]()
    job = TrainingJob(sequence_length=float(goal.sequence_length), global_batch=float(sequences_per_step(goal)))
    divide = cache(lambda count, space: divided(count, model.shape, job, space))
    for place, chip in enumerate(chips):
        setup = _setup(catalog, goal, model, chip, max_chips, tally)
        if setup is not None:
            setups.append(setup)
            found += _of_chip(setup, len(setups) - 1, goal, max_chips, tally, divide)
        if progress is not None:
            progress((place + 1) / len(chips))
    names = Layout.__slots__
    columns = {name: np.array([float(getattr(run.layout, name)) for run in found]) for name in names}
    return Runs(
        setups=tuple(setups),
        chip=np.array([run.chip for run in found], dtype=np.intp),
        chips=np.array([float(run.chips) for run in found]),
        step_s=np.array([run.step_s for run in found]),
        allowed=np.array([run.chips <= max_chips for run in found], dtype=np.bool_),
        layout=Layout(**columns),
        rejected=tuple(tally.rejected),
        layouts_considered=tally.layouts,
    )


def _setup(
    catalog: Catalog, goal: TrainGoal, model: ModelRecord, chip: str, max_chips: int, tally: _Tally
) -> CalibratedSetup | None:
    """Gather the figures of a chip; None, with a rejection added, when one is missing."""
    try:
        setup = setup_training(
            catalog,
            chip=chip,
            model=model,
            precision=goal.precision,
            sequence_length=goal.sequence_length,
            global_batch=sequences_per_step(goal),
        )
        node_power(catalog, setup.chip, setup.system)
    except MissingFigureError as trouble:
        problem = trouble.problems[0]
        short = Shortfall(kind="figure", short=problem.wrong.rstrip("."), nearest=problem.remedy)
        tally.rejected.append(_rejected(chip, max_chips, short))
        return None
    return setup


def _of_chip(
    setup: CalibratedSetup, chip: int, goal: TrainGoal, max_chips: int, tally: _Tally, divide: Divide
) -> Iterator[_Found]:
    """Give the counts of one chip that can train, the largest first, and reject the others."""
    key, node = setup.chip.key, setup.system.chips_per_node
    if max_chips < node:
        short = f"one node of {setup.system.key} has {node} chips and at most {max_chips:,} are allowed"
        tally.rejected.append(_rejected(key, max_chips, Shortfall(kind="layout", short=short, nearest=f"{node} chips")))
        return
    counts, beyond = counts_to_try(max_chips, node, _least_chips(setup, goal, max_chips)), _counts_beyond(max_chips)
    results, failed, fitting = _layouts(setup, (*counts, *beyond), divide), list[int](), 0
    for count in counts:
        tally.layouts += results[count].layouts_considered
        if results[count].layout is not None:
            fitting = count
            yield from _found(chip, count, results[count])
            continue
        failed.append(count)
        if results[count].least_memory_bytes < np.inf and fitting:
            break  # fewer chips need more memory each
    for count in beyond if fitting else ():
        yield from _found(chip, count, results[count])
    smaller = [count for count in failed if count < fitting or not fitting][:1]
    tally.rejected += [
        _rejected(key, count, _why_none(setup, count, results[count], fitting, divide)) for count in smaller
    ]


def _counts_beyond(most: int) -> tuple[int, ...]:
    """More chips than allowed, so that what is too slow can be told how many would do."""
    return tuple((1 << most.bit_length() - 1) * factor for factor in BEYOND_FACTORS)


def _least_chips(setup: CalibratedSetup, goal: TrainGoal, max_chips: int) -> float:
    """Chips below which even a run at the peak, without any loss, misses the deadline; never above the most."""
    flops = goal.tokens * float(model_flops_per_token(setup.setup.shape, setup.setup.job))
    peak = float(setup.setup.hardware.matmul_peak_flop_per_s)
    return min(flops / peak / time_allowed_s(goal), float(max_chips - max_chips % setup.system.chips_per_node))


def _layouts(setup: CalibratedSetup, counts: Sequence[int], divide: Divide) -> Mapping[int, Fastest]:
    """Give the fastest layout on each count."""
    space = space_of(setup.software)
    found = fastest_layouts(setup.setup, [divide(count, space) for count in counts])
    return dict(zip(counts, found, strict=True))


def _found(chip: int, count: int, result: Fastest) -> Iterator[_Found]:
    if result.layout is not None:
        yield _Found(chip, count, result.step_s, result.layout)


def _why_none(setup: CalibratedSetup, count: int, result: Fastest, fitting: int, divide: Divide) -> Shortfall:
    """Say why no layout was found on a count, and the nearest count that has one."""
    capacity = float(setup.setup.hardware.hbm_bytes)
    nearest = fitting or _count_beyond(setup, count, divide)
    change = f"{nearest:,} chips or more" if nearest else "a chip with more memory, or a smaller model"
    if np.isfinite(result.least_memory_bytes):
        need, have = (format_quantity(value, "B") for value in (result.least_memory_bytes, capacity))
        ratio = result.least_memory_bytes / capacity
        short = f"needs {ratio:.2g} times the memory: {need} of the {have} of a chip"
        return Shortfall(kind="memory", short=short, nearest=change)
    reasons = {name: rejected for name, rejected in result.rejected.items() if rejected}
    most = max(reasons, key=lambda name: reasons[name], default="chips")
    change = f"{nearest:,} chips" if nearest else "another global batch, or a power of two of chips"
    return Shortfall(kind="layout", short=f"no layout: {REJECTIONS[most]}", nearest=change)


def _count_beyond(setup: CalibratedSetup, count: int, divide: Divide) -> int:
    """Give the first doubling of a count that some layout fits; 0 when none of ``BEYOND`` does."""
    for doubling in range(1, BEYOND + 1):
        more = count << doubling
        if _layouts(setup, (more,), divide)[more].layout is not None:
            return more
    return 0


def _rejected(chip: str, count: int, short: Shortfall) -> Infeasible:
    return Infeasible(chip=chip, chips=count, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(short,))
