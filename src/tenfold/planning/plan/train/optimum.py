"""The size and the tokens that spend compute best, with the doubt of the law; what smaller models lose for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from tenfold.catalog import Calibration, Catalog
from tenfold.planning.plan.answer import Optimum, SmallerModel
from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.work import job_of
from tenfold.quantities import Floats, NamedFigure, Percentiles, Uncertain, format_quantity, sobol_points
from tenfold.workloads import (
    ScalingLaw,
    find_model,
    loss_nats,
    model_flops_per_token,
    optimal_parameters,
    scaled_name,
    scaling_law,
    tokens_for,
    tokens_for_loss,
    total_parameters,
    turned,
)

SCALING = "scaling"
DRAWN = ("floor_nats", "model_power", "data_power", "size_of_other_laws")
SMALLER = (0.5, 0.25)
"""Sizes over the optimal one that are told beside it."""
MOST_FLOPS_PER_USD = 2e19
"""Above what any chip does: 28 times an H100 at $2 an hour and 40 % of its bf16 peak."""
COARSE, FINE = 2, 10
"""Steps of compute for a factor of ten: first those, then the finer ones between two of them."""
LEAST_EXPONENT = 18
"""Compute of the smallest run that is tried, as a power of ten of FLOP."""


def goal_spending(catalog: Catalog, goal: TrainGoal, flops: float) -> TrainGoal:
    """The goal with the model and the tokens that spend so much compute best."""
    size = float(optimal_parameters(scaling_law(catalog), flops))
    name = scaled_name(goal.like, size)
    tokens = flops / float(model_flops_per_token(find_model(catalog, name).shape, job_of(goal)))
    return replace(goal, model=name, tokens=tokens, flops=None)


def most_compute(fits: Callable[[float], bool], budget_usd: float) -> float:
    """Most compute, FLOP, of fixed steps, with which a plan fits; the least of them where none does.

    Coarse steps from above, then the finer ones above the first that fits: what fits a budget fits a larger one, so
    that a larger budget never buys less.
    """
    most = math.ceil(COARSE * math.log10(MOST_FLOPS_PER_USD * budget_usd))
    coarse = next((step for step in range(most, COARSE * LEAST_EXPONENT, -1) if fits(10.0 ** (step / COARSE))), None)
    if coarse is None:
        return float(10.0**LEAST_EXPONENT)
    first = coarse * FINE // COARSE
    finer = range(first + FINE // COARSE - 1, first, -1)
    exponent = next((step for step in finer if fits(10.0 ** (step / FINE))), first)
    return float(10.0 ** (exponent / FINE))


def optimum_of(catalog: Catalog, goal: TrainGoal, flops: float, seed: int) -> Optimum:
    """What is told of the goal that spends so much compute best."""
    record, model = catalog.calibration(SCALING), find_model(catalog, goal.model)
    drawn = _draws(record, seed)
    law = _drawn(record, scaling_law(catalog), drawn)
    sizes = np.asarray(optimal_parameters(law, flops)) * drawn["size_of_other_laws"]
    parameters = float(total_parameters(model.shape))
    return Optimum(
        model=goal.model,
        flops=flops,
        parameters=parameters,
        parameters_range=Percentiles.of(sizes),
        tokens=goal.tokens or 0.0,
        tokens_range=Percentiles.of(np.asarray(tokens_for(flops, sizes))),
        loss_nats=Percentiles.of(np.asarray(loss_nats(law, parameters, tokens_for(flops, parameters)))),
        smaller=tuple(_smaller(law, parameters, flops, share) for share in SMALLER),
        beyond_fit=tuple(_beyond(record, parameters, goal.tokens or 0.0)),
    )


def optimum_figures(catalog: Catalog) -> tuple[NamedFigure, ...]:
    """Figures under the law."""
    record = catalog.calibration(SCALING)
    return tuple(
        NamedFigure(name=f"calibrations/{SCALING}/constants.{key}", figure=each)
        for key, each in record.constants.items()
    )


def _draws(record: Calibration, seed: int) -> dict[str, Floats]:
    """Constants of the law at draws, by name."""
    figures = {key: NamedFigure(name=f"calibrations/{SCALING}/constants.{key}", figure=record.constants[key])
               for key in DRAWN}  # fmt: skip
    inputs = [Uncertain(key=key, label=key, axis="all", figures=(figure,)) for key, figure in figures.items()]
    return {key: values[0] for key, values in sobol_points(inputs, seed).values.items()}


def _drawn(record: Calibration, law: ScalingLaw, drawn: Mapping[str, Floats]) -> ScalingLaw:
    """The law at the draws, turned about the middle of the runs that it was fitted to."""
    middle = {
        name: math.sqrt(record.constant(f"least_{name}") * record.constant(f"most_{name}"))
        for name in ("parameters", "tokens")
    }
    found = turned(law, drawn["model_power"], drawn["data_power"], middle["parameters"], middle["tokens"])
    return replace(found, floor_nats=drawn["floor_nats"])


def _smaller(law: ScalingLaw, parameters: float, flops: float, share: float) -> SmallerModel:
    """A smaller model on the same compute, and on as much as reaches the same loss."""
    size = share * parameters
    best = np.asarray(loss_nats(law, parameters, tokens_for(flops, parameters)))
    same = np.asarray(loss_nats(law, size, tokens_for(flops, size)))
    needed = np.asarray(tokens_for_loss(law, size, best))
    return SmallerModel(
        parameters=size,
        tokens=float(tokens_for(flops, size)),
        loss_more_nats=Percentiles.of(same - best),
        compute_for_same_loss=Percentiles.of(needed / np.asarray(tokens_for(flops, size))),
    )


def _beyond(record: Calibration, parameters: float, tokens: float) -> Iterator[str]:
    """Say where the law is carried on beyond the runs it was fitted to."""
    for name, value in (("parameters", parameters), ("tokens", tokens)):
        most = record.constant(f"most_{name}")
        if value > most:
            yield f"{format_quantity(value, name)}: the law was fitted up to {format_quantity(most, name)}"
