"""Reinforcement learning over sites, round its loop: training and generating as each is estimated alone, and links.

The equation is that of ``tenfold.sites.rollouts``; step time and tokens a second are drawn independently from their
ranges.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, ModelRecord
from tenfold.planning.estimate import EstimateTrainingAnswer, EstimateTrainingQuestion
from tenfold.planning.estimate.cluster import Cluster
from tenfold.planning.estimate.estimate import answer as estimate_training
from tenfold.planning.estimate_serving import EstimateServingAnswer, EstimateServingQuestion
from tenfold.planning.estimate_serving.asked import look_up
from tenfold.planning.estimate_serving.estimate_serving import answer as estimate_serving
from tenfold.planning.rollouts.answer import AgeRow, BandwidthRow, RolloutsAnswer
from tenfold.planning.rollouts.question import RolloutsQuestion
from tenfold.quantities import (
    DAY_S,
    Floats,
    InputError,
    Percentiles,
    Problem,
    Progress,
    SplitLogNormal,
    assumptions_of,
    sobol_uniforms,
)
from tenfold.sites import RolloutPace, RolloutWork, rollout_pace
from tenfold.workloads import find_model, total_parameters
from tenfold.workloads.serving import SERVED_FORMATS

M_PER_KM = 1000.0
FACTORS = (0.1, 0.5, 1.0, 2.0, 10.0)
"""Bandwidths over that of the question that are told beside it."""
OLDEST = 4
"""Ages of rollouts that are told at least, from 0 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Training and generating, each estimated alone."""

    training: EstimateTrainingAnswer
    serving: EstimateServingAnswer
    generate_s: Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Paces:
    """The loop with every input at P50, and at draws."""

    middle: RolloutPace
    drawn: RolloutPace
    generate_s: Floats
    """At draws."""


def answer(
    question: RolloutsQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> RolloutsAnswer:
    """Time the loop. Where something lacks memory, that is said, and the step never ends.

    Raises ``InputError`` for sites with fewer chips than one replica, ``MissingFigureError`` for a figure that nobody
    recorded.
    """
    del progress  # answered in no time
    model = find_model(catalog, question.model)
    stages = _stages(question, catalog, seed)
    work = _work(question, model, stages.training.step_time_s.p50, stages.generate_s.p50)
    train, generate = _drawn(stages, seed)
    middle, drawn = rollout_pace(work), rollout_pace(replace(work, train_s=train, generate_s=generate))
    return _answer(question, catalog, seed, stages, work, Paces(middle=middle, drawn=drawn, generate_s=generate))


def _stages(question: RolloutsQuestion, catalog: Catalog, seed: int) -> Stages:
    training = estimate_training(_trained(question), catalog, seed=seed)
    served = _served(question, catalog)
    serving = estimate_serving(served, catalog, seed=seed)
    tokens = float(question.rollouts) * question.osl
    rate = serving.tokens_per_s_per_chip
    chips = float(question.rollout_chips) * question.sites
    used = serving.chips / chips
    times = [_over(tokens, each * chips * used) for each in (rate.p90, rate.p50, rate.p10)]
    found = Percentiles(p10=times[0], p50=times[1], p90=times[2])
    never = Percentiles(p10=math.inf, p50=math.inf, p90=math.inf)
    return Stages(training=training, serving=serving, generate_s=found if serving.fits else never)


def _over(work: float, rate: float) -> float:
    return work / rate if rate > 0.0 else math.inf


def _trained(question: RolloutsQuestion) -> EstimateTrainingQuestion:
    """The trainer's step: all rollouts of a step, each with its prompt, forward and backward once."""
    return EstimateTrainingQuestion(
        cluster=Cluster(
            model=question.model,
            chip=question.chip,
            chips=question.chips,
            global_batch=question.rollouts,
            sequence_length=question.isl + question.osl,
            precision=question.precision,
        )
    )


def _served(question: RolloutsQuestion, catalog: Catalog) -> EstimateServingQuestion:
    """Replicas of all sites, with all rollouts of a step under way at once."""
    alone = EstimateServingQuestion(
        model=question.model,
        chip=question.rollout_chip or question.chip,
        isl=question.isl,
        osl=question.osl,
        tp=question.tp,
        precision=question.rollout_precision,
        concurrency=question.rollouts,
    )
    tensor = int(look_up(alone, catalog).setting.layout.tensor)
    replicas = question.rollout_chips // tensor * question.sites
    if not replicas:
        wrong = f"{question.rollout_chips:,} chips at a site hold no replica of {tensor:,}"
        problem = Problem(file="", key="rollout_chips", wrong=wrong, remedy=f"State {tensor:,} or more, or a --tp")
        raise InputError(problem)
    return replace(alone, tp=tensor, replicas=replicas)


def _work(question: RolloutsQuestion, model: ModelRecord, train_s: float, generate_s: float) -> RolloutWork:
    return RolloutWork(
        train_s=train_s,
        generate_s=generate_s,
        weights_bytes=float(total_parameters(model.shape)) * SERVED_FORMATS[question.rollout_precision].weight_bytes,
        tokens=float(question.rollouts) * (question.isl + question.osl),
        sites=float(question.sites),
        bytes_per_s=question.bandwidth_bytes_per_s,
        fibre_km=question.distance_m / M_PER_KM,
        fan_out=float(question.fan_out),
        steps_old=float(question.steps_old),
    )


def _drawn(stages: Stages, seed: int) -> tuple[Floats, Floats]:
    """Times of training and generating at draws, s."""
    u = sobol_uniforms(2, seed)
    times = (stages.training.step_time_s, stages.generate_s)
    train, generate = (_at(each, u[:, place]) for place, each in enumerate(times))
    return train, generate


def _at(time_s: Percentiles, u: Floats) -> Floats:
    if not math.isfinite(time_s.p50):
        return np.full(len(u), math.inf)
    return np.asarray(SplitLogNormal(time_s.p10, time_s.p50, time_s.p90).ppf(u))


def _answer(
    question: RolloutsQuestion,
    catalog: Catalog,
    seed: int,
    stages: Stages,
    work: RolloutWork,
    paces: Paces,
) -> RolloutsAnswer:
    middle, drawn = paces.middle, paces.drawn
    training, serving, step_s = stages.training, stages.serving, Percentiles.of(drawn.step_s)
    figures = {each.name: each for each in (*training.figures, *serving.figures)}
    return RolloutsAnswer(
        question=question,
        made=catalog.made(seed),
        model=question.model,
        chip=training.chip,
        rollout_chip=serving.chip,
        tp=serving.tp,
        replicas=serving.chips // serving.tp,
        layout=training.layout,
        fits=training.fits and serving.fits,
        short="; ".join(_short(stages)),
        step_s=step_s,
        terms=_terms(training.step_time_s.p50, float(middle.step_s), step_s.p50),
        train_s=training.step_time_s,
        generate_s=stages.generate_s,
        broadcast_s=float(middle.broadcast_s),
        return_s=float(middle.return_s),
        weights_bytes=float(np.asarray(work.weights_bytes)),
        paced_by=_paced_by(stages, middle),
        compute_use=Percentiles.of(drawn.compute_use),
        rollout_use=Percentiles.of(_use(paces.generate_s, drawn.step_s)),
        steps_old_needed=_needed(middle),
        finish_days=Percentiles.of(question.steps * drawn.step_s / DAY_S),
        ages=tuple(_ages(work, question.steps_old, _needed(middle))),
        bandwidths=tuple(_bandwidths(work)),
        notes=tuple(_notes(training)),
        assumptions=assumptions_of(tuple(figures.values())),
        figures=tuple(figures.values()),
    )


def _use(generate_s: Floats, step_s: Floats) -> Floats:
    """Share of steps that generating takes; all of those that never end."""
    ends = np.isfinite(step_s)
    return np.where(ends, np.where(ends, generate_s, 1.0) / np.where(ends, step_s, 1.0), 1.0)


def _short(stages: Stages) -> Iterator[str]:
    training, serving = stages.training.shortage, stages.serving.shortage
    if training is not None:
        yield f"training: {training.short}; would do: {training.nearest}"
    if serving is not None:
        yield f"generating: {serving.short}; would do: {serving.nearest}, on as many chips of a site (--rollout-chips)"


def _terms(train_s: float, step_s: float, drawn_s: float) -> dict[str, float]:
    """Seconds of the step; they add up to its P50, infinite where it never ends."""
    spread = drawn_s - step_s if math.isfinite(drawn_s) else 0.0
    return {"training_s": train_s, "waiting_s": step_s - train_s, "spread_s": spread}


def _paced_by(alone: Stages, pace: RolloutPace) -> str:
    """What takes the whole of the step; the loop where no stage alone does."""
    stages = {
        "training": alone.training.step_time_s.p50,
        "generating": alone.generate_s.p50,
        "sending weights": float(pace.broadcast_s),
        "sending rollouts back": float(pace.return_s),
    }
    longest = max(stages, key=lambda name: stages[name])
    return longest if stages[longest] >= float(pace.step_s) else "the loop"


def _needed(pace: RolloutPace) -> int | None:
    needed = float(pace.steps_old_needed)
    return int(needed) if math.isfinite(needed) else None


def _ages(work: RolloutWork, asked: int, needed: int | None) -> Iterator[AgeRow]:
    """Ages from none to what is needed, and the one asked for."""
    last = min(max(OLDEST, needed or 0), 2 * OLDEST)
    for age in sorted({*range(last + 1), asked}):
        pace = rollout_pace(replace(work, steps_old=float(age)))
        yield AgeRow(steps_old=age, step_s=float(pace.step_s), compute_use=float(pace.compute_use))


def _bandwidths(work: RolloutWork) -> Iterator[BandwidthRow]:
    for factor in FACTORS:
        pace = rollout_pace(replace(work, bytes_per_s=np.asarray(work.bytes_per_s) * factor))
        yield BandwidthRow(factor=factor, broadcast_s=float(pace.broadcast_s), step_s=float(pace.step_s))


def _notes(training: EstimateTrainingAnswer) -> Iterator[str]:
    yield (
        "A step trains on each rollout once, forward and backward; models of reference or reward, and rollouts that "
        "are made and not used, are not counted"
    )
    yield "Stages are even: that the longest rollouts of a step end late is not counted, nor what old rollouts cost"
    yield "Failures are not counted"
    yield from training.notes
