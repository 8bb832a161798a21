"""Estimate training: one model on one cluster under one layout, what is not given chosen to be fastest."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tenfold.catalog import Catalog, overrides_in_words
from tenfold.interfaces.old_python.layouts import (
    AXES,
    LayoutWish,
    ParallelLayout,
    first_of,
    in_terms,
    wish_problems,
)
from tenfold.interfaces.old_python.nearest import (
    Shortage,
    require_divisible,
    require_meaning,
    search_wish,
    shortage,
    smallest_layout,
)
from tenfold.performance.training.estimate import TrainingEstimate, estimate_layout
from tenfold.performance.training.footprint import FOOTPRINT_PARTS
from tenfold.performance.training.layout import Layout
from tenfold.performance.training.setup import CalibratedSetup, choose_software, require_precision, setup_training
from tenfold.performance.training.step import STEP_TERMS
from tenfold.quantities import (
    InputError,
    NamedFigure,
    Percentiles,
    Problem,
    count_problems,
    refuse,
    standard_normal_ppf,
    tenfold_version,
)
from tenfold.workloads.model_names import find_model

LONGEST_SEQUENCE = 2**24
USUAL_SEQUENCE = 8192
NINETIETH = float(standard_normal_ppf(0.9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Step time with everything overlapped at the peaks, and with nothing overlapped."""

    lower_step_s: float
    upper_step_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingAnswer:
    """One training step on one cluster, with what it rests on."""

    model: str
    chip: str
    chips: int
    system: str
    software: str
    precision: str
    sequence_length: int
    global_batch: int
    layout: ParallelLayout
    chosen: tuple[str, ...]
    """Names of the layout's settings that were not given."""
    feasible: bool
    shortage: Shortage | None
    """What was short when it is not feasible; the numbers are those of the layout that needs the least memory."""
    step_time_s: Percentiles
    tokens_per_s_per_chip: Percentiles
    mfu: Percentiles
    hfu: Percentiles
    memory_bytes_per_chip: Mapping[str, float]
    """By part, their ``total``, and the chip's ``capacity``."""
    terms: Mapping[str, float]
    """Seconds by term at P50; they add up to the step."""
    bounds: Bounds
    calibration: str
    outside_calibration: tuple[str, ...]
    figures: tuple[NamedFigure, ...]
    catalog_version: str
    catalog_overrides: tuple[str, ...]
    tenfold_version: str


def lognormal(p50: float, log_spread: float) -> Percentiles:
    """P10, P50, P90 of a lognormal: P50 · exp(∓1.2816 σ), σ the spread of the logarithm."""
    factor = math.exp(NINETIETH * log_spread)
    return Percentiles(p10=p50 / factor, p50=p50, p90=p50 * factor)


def ask(
    catalog: Catalog,
    *,
    model: str,
    chip: str,
    chips: int,
    global_batch: int,
    sequence_length: int | None = None,
    precision: str = "bf16",
    software: str = "",
    wish: LayoutWish | None = None,
) -> CalibratedSetup:
    """Gather everything but the layout. Without a sequence length it is the model's own, 8,192 at most.

    Raises one ``InputError`` with every number out of range and every unknown name; ``MissingFigureError`` for a
    figure nobody recorded.
    """
    problems = count_problems("chips", chips) + count_problems("global_batch", global_batch)
    problems += (
        count_problems("sequence_length", sequence_length, LONGEST_SEQUENCE) if sequence_length is not None else []
    )
    problems += wish_problems(wish or LayoutWish())
    problems += _named("model", lambda: find_model(catalog, model))
    problems += _named("chip", lambda: catalog.chip(chip))
    problems += _named("software", lambda: _require_software(catalog, software))
    problems += _named("precision", lambda: require_precision(precision))
    refuse(problems)
    record = find_model(catalog, model)
    setup = setup_training(
        catalog,
        chip=chip,
        model=record,
        precision=precision,
        sequence_length=sequence_length or min(record.max_sequence or USUAL_SEQUENCE, USUAL_SEQUENCE),
        global_batch=global_batch,
        software=software,
    )
    refuse(require_meaning(setup, wish or LayoutWish()))
    return setup


def _require_software(catalog: Catalog, software: str) -> None:
    if software:
        choose_software(catalog, next(iter(catalog.chips.values())), software)


def _named(name: str, look_up: Callable[[], object]) -> list[Problem]:
    """Problems of looking up a name; those of no file get the name of the argument."""
    try:
        look_up()
    except InputError as trouble:
        return [problem if problem.file else replace(problem, key=name) for problem in trouble.problems]
    return []


def estimate_training(
    *,
    model: str,
    chip: str,
    chips: int,
    global_batch: int,
    sequence_length: int | None = None,
    precision: str = "bf16",
    software: str = "",
    layout: LayoutWish | None = None,
    catalog: Catalog | None = None,
) -> TrainingAnswer:
    """Estimate one training step: time, throughput, utilisation and memory per chip, with P10, P50 and P90.

    ``model`` is a catalog key or the path of a HuggingFace ``config.json``; ``global_batch`` is in sequences,
    ``sequence_length`` in tokens. What ``layout`` leaves out is chosen: the fastest that fits in memory. Raises
    ``InputError`` for names that are unknown and degrees that do not divide, ``MissingFigureError`` for a figure
    nobody recorded. A layout that does not fit is an answer (``feasible`` is False), not an error.
    """
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    wish = layout or LayoutWish()
    setup = ask(
        known,
        model=model,
        chip=chip,
        chips=chips,
        global_batch=global_batch,
        sequence_length=sequence_length,
        precision=precision,
        software=software,
        wish=wish,
    )
    found = search_wish(setup, wish, chips)
    require_divisible(setup, wish, chips, found)
    best = first_of(found.best)
    short = None if best is not None else shortage(setup, wish, chips, found.least_memory_bytes)
    picked = best if best is not None else smallest_layout(setup, wish, chips)
    chosen = tuple(name for name in AXES if name in wish.free)
    estimate = estimate_layout(setup.setup, picked)
    return training_answer(known, setup, picked, estimate, model=model, precision=precision, chosen=chosen, short=short)


def training_answer(
    catalog: Catalog,
    setup: CalibratedSetup,
    layout: Layout,
    estimate: TrainingEstimate,
    *,
    model: str,
    precision: str,
    chosen: tuple[str, ...],
    short: Shortage | None,
) -> TrainingAnswer:
    """Put the estimate of a layout into the field's terms; ``short`` says what memory it lacks, if any."""
    job, sure = setup.setup.job, setup.spread(float(layout.chips))
    spread = sure.log_spread
    return TrainingAnswer(
        model=model,
        chip=setup.chip.key,
        chips=round(float(layout.chips)),
        system=setup.system.key,
        software=setup.software.key,
        precision=precision,
        sequence_length=round(float(job.sequence_length)),
        global_batch=round(float(job.global_batch)),
        layout=in_terms(layout),
        chosen=chosen,
        feasible=short is None,
        shortage=short,
        step_time_s=lognormal(float(estimate.step.step_s), spread),
        tokens_per_s_per_chip=lognormal(float(estimate.tokens_per_s_per_chip), spread),
        mfu=lognormal(float(estimate.mfu), spread),
        hfu=lognormal(float(estimate.hfu), spread),
        memory_bytes_per_chip=memory_parts(estimate, float(setup.setup.hardware.hbm_bytes)),
        terms={name: float(getattr(estimate.step, name)) for name in STEP_TERMS},
        bounds=Bounds(lower_step_s=float(estimate.lower_step_s), upper_step_s=float(estimate.upper_step_s)),
        calibration=sure.words,
        outside_calibration=sure.outside,
        figures=tuple(NamedFigure(name=name, figure=figure) for name, figure in setup.figures),
        catalog_version=catalog.version,
        catalog_overrides=overrides_in_words(catalog.overrides),
        tenfold_version=tenfold_version(),
    )


def memory_parts(estimate: TrainingEstimate, capacity_bytes: float) -> dict[str, float]:
    """Bytes per chip by part, their total and the chip's capacity."""
    parts = {name: float(getattr(estimate.memory, name)) for name in FOOTPRINT_PARTS}
    return parts | {"total": float(estimate.memory.total), "capacity": capacity_bytes}
