"""One training step of a model on a cluster: time, throughput, utilisation and memory, with P10, P50 and P90."""

from __future__ import annotations

from tenfold.catalog import Catalog
from tenfold.performance.layout import Layout, in_terms
from tenfold.performance.training import FOOTPRINT_PARTS, STEP_TERMS, CalibratedSetup, TrainingEstimate, estimate_layout
from tenfold.planning.estimate.answer import Bounds, EstimateTrainingAnswer, Shortage
from tenfold.planning.estimate.asked import Wished, lognormal, setup_asked
from tenfold.planning.estimate.nearest import require_divisible, shortage, smallest_layout
from tenfold.planning.estimate.question import EstimateTrainingQuestion
from tenfold.quantities import Made, NamedFigure, Progress, assumptions_of


def answer(
    question: EstimateTrainingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> EstimateTrainingAnswer:
    """Estimate one training step; what the wish leaves out is chosen: the fastest that fits in memory.

    Raises ``InputError`` for degrees that do not divide, ``MissingFigureError`` for a figure nobody recorded.
    """
    del progress  # answered in no time
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
    found = wished.fastest()
    require_divisible(wished, found)
    short = None if found.layout is not None else shortage(wished, found.least_memory_bytes)
    layout = found.layout if found.layout is not None else smallest_layout(wished)
    return estimate_answer(question, catalog.made(seed), setup, layout, estimate_layout(setup.setup, layout), short)


def estimate_answer(
    question: EstimateTrainingQuestion,
    made: Made,
    setup: CalibratedSetup,
    layout: Layout,
    estimate: TrainingEstimate,
    short: Shortage | None,
) -> EstimateTrainingAnswer:
    """Put the estimate of a layout into the field's terms; ``short`` says what memory it lacks, if any."""
    job, sure = setup.setup.job, setup.spread(float(layout.chips))
    spread, figures = sure.log_spread, tuple(NamedFigure(name=name, figure=each) for name, each in setup.figures)
    return EstimateTrainingAnswer(
        question=question,
        made=made,
        model=question.model,
        chip=setup.chip.key,
        chips=round(float(layout.chips)),
        system=setup.system.key,
        software=setup.software.key,
        precision=question.precision,
        sequence_length=round(float(job.sequence_length)),
        global_batch=round(float(job.global_batch)),
        layout=in_terms(layout),
        chosen=question.layout.free,
        feasible=short is None,
        shortage=short,
        step_time_s=lognormal(float(estimate.step.step_s), spread),
        tokens_per_s_per_chip=lognormal(float(estimate.tokens_per_s_per_chip), spread),
        mfu=lognormal(float(estimate.mfu), spread),
        hfu=lognormal(float(estimate.hfu), spread),
        memory_bytes_per_chip=_memory(estimate, float(setup.setup.hardware.hbm_bytes)),
        terms={name: float(getattr(estimate.step, name)) for name in STEP_TERMS},
        bounds=Bounds(lower_step_s=float(estimate.lower_step_s), upper_step_s=float(estimate.upper_step_s)),
        calibration=sure.words,
        outside_calibration=sure.outside,
        notes=(),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _memory(estimate: TrainingEstimate, capacity_bytes: float) -> dict[str, float]:
    """Bytes per chip by part, their total and the chip's capacity."""
    parts = {name: float(getattr(estimate.memory, name)) for name in FOOTPRINT_PARTS}
    return parts | {"total": float(estimate.memory.total), "capacity": capacity_bytes}
