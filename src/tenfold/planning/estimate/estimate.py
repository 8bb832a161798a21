"""One training step of a model on a cluster: time, throughput, utilisation and memory, with P10, P50 and P90."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.catalog import Catalog
from tenfold.performance.layout import Layout, in_terms
from tenfold.performance.training import FOOTPRINT_PARTS, STEP_TERMS, TrainingEstimate, estimate_layout, step_bounds_s
from tenfold.planning.estimate.answer import Bounds, EstimateTrainingAnswer, Shortage
from tenfold.planning.estimate.asked import Wished, setups_asked
from tenfold.planning.estimate.nearest import require_divisible, shortage, smallest_layout
from tenfold.planning.estimate.question import EstimateTrainingQuestion
from tenfold.planning.setups import UNSTATED_TERM, Setups, cases_in_words, is_free, over_step
from tenfold.quantities import Made, NamedFigure, Progress, assumptions_of
from tenfold.workloads import ADAPTERS


def answer(
    question: EstimateTrainingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> EstimateTrainingAnswer:
    """Estimate one training step; what the wish leaves out is chosen: the fastest that fits in memory.

    Raises ``InputError`` for degrees that do not divide, ``MissingFigureError`` for a figure nobody recorded.
    """
    del progress  # answered in no time
    setups = setups_asked(catalog, question.cluster, question.layout.given)
    wished = Wished(setup=setups.likeliest, chips=question.cluster.chips, wish=question.layout)
    found = wished.fastest()
    require_divisible(wished, found)
    short = None if found.layout is not None else shortage(wished, found.least_memory_bytes)
    layout = found.layout if found.layout is not None else smallest_layout(wished)
    return estimate_answer(question, catalog.made(seed), setups, layout, short)


def estimate_answer(
    question: EstimateTrainingQuestion, made: Made, setups: Setups, layout: Layout, short: Shortage | None
) -> EstimateTrainingAnswer:
    """Put the estimate of a layout into the field's terms; ``short`` says what memory it lacks, if any."""
    setup = setups.likeliest
    estimate = estimate_layout(setup.setup, layout)
    job, sure = setup.setup.job, setup.spread(float(layout.chips), free_layout=is_free(question.layout.free))
    step_s = setups.mixture(layout, question.layout.given, sure.log_spread)
    figures = (*(NamedFigure(name=name, figure=each) for name, each in setup.figures), *setups.weights)

    alone_s = float(estimate.step.step_s)
    lower_s, upper_s = step_bounds_s(setup.setup, layout)
    return EstimateTrainingAnswer(
        question=question,
        made=made,
        model=question.cluster.model,
        chip=setup.chip.key,
        chips=round(float(layout.chips)),
        system=setup.system.key,
        software=setup.software.key,
        precision=setups.precision,
        sequence_length=round(float(job.sequence_length)),
        global_batch=round(float(job.global_batch)),
        layout=in_terms(layout),
        chosen=question.layout.free,
        feasible=short is None,
        shortage=short,
        step_time_s=step_s,
        tokens_per_s_per_chip=over_step(float(estimate.tokens_per_s_per_chip) * alone_s, step_s),
        mfu=over_step(float(estimate.mfu) * alone_s, step_s),
        hfu=over_step(float(estimate.hfu) * alone_s, step_s),
        memory_bytes_per_chip=_memory(estimate, float(setup.setup.hardware.hbm_bytes)),
        terms=_terms(estimate, step_s.p50),
        bounds=Bounds(lower_step_s=float(lower_s), upper_step_s=float(upper_s)),
        calibration=sure.words,
        outside_calibration=sure.outside,
        notes=(*_unstated(setups), *_rank(question)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _terms(estimate: TrainingEstimate, step_s: float) -> dict[str, float]:
    """Seconds by term of the likeliest case, and what the other cases add to the median or take from it."""
    terms = {name: float(getattr(estimate.step, name)) for name in STEP_TERMS}
    return terms | {UNSTATED_TERM: step_s - float(estimate.step.step_s)}


def _unstated(setups: Setups) -> Iterator[str]:
    """Say which inputs are not stated, and what they are taken to be."""
    for name, listed in cases_in_words(setups.weights):
        against = "; MFU and HFU are against the peak of the first, which the others may pass" * (name == "precision")
        yield (
            f"The {name} is not stated: {listed}; times and bounds are those of the first, the ranges of all of "
            f"them{against}"
        )


def _rank(question: EstimateTrainingQuestion) -> Iterator[str]:
    """Say that adapters of no rank in particular take no memory."""
    cluster = question.cluster
    if cluster.tuning in ADAPTERS and cluster.lora_rank is None:
        yield "The rank of the adapters is not stated (lora_rank): what they and their optimizer hold is not counted"


def _memory(estimate: TrainingEstimate, capacity_bytes: float) -> dict[str, float]:
    """Bytes per chip by part, their total and the chip's capacity."""
    parts = {name: float(getattr(estimate.memory, name)) for name in FOOTPRINT_PARTS}
    return parts | {"total": float(estimate.memory.total), "capacity": capacity_bytes}
