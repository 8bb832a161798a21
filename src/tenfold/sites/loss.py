"""What synchronising rarely costs in loss, and the tokens that make up for it.

Charles et al., arXiv:2503.09799, tables 7 and 10, fitted on models of 35M to 2.4B parameters, checked there up to 10B,
with M ≤ 8 replicas, H = 30 steps between synchronisations and 20 tokens for each parameter:

    data-parallel  L = 18.129·N^−0.0953          DiLoCo  L = 19.226·N^−0.0985·M^0.0116

Tokens: Hoffmann et al., arXiv:2203.15556, equation 10: L = 1.69 + 406.4/N^0.34 + 410.7/D^0.28, fitted on 70M to 16B
parameters and 5B to 500B tokens. The rival takes the exponent of the data-parallel law, whose runs grow tokens with
parameters, so that compute goes as N² and a ratio r costs the factor r^(2/0.0953).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Column, Flags
from tenfold.workloads import ScalingLaw, loss_nats

LEAST_PARAMETERS, MOST_PARAMETERS = 35e6, 10e9
MOST_REPLICAS = 8.0
FITTED_STEPS = 30.0
_DP_SCALE, _DP_POWER = 18.129, 0.0953
_SCALE, _POWER, _REPLICA_POWER = 19.226, 0.0985, 0.0116
_LAW = ScalingLaw(floor_nats=1.69, model_scale=406.4, model_power=0.34, data_scale=410.7, data_power=0.28)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossRatio:
    """Loss over that of data-parallel training of the same model on the same tokens. Fields broadcast."""

    ratio: Column
    """No gain is counted: never below 1."""
    valid: Flags
    """True where model, replicas and steps lie in the range of the fit."""


def data_parallel_loss(parameters: Column) -> Column:
    """Evaluation loss of data-parallel training at 20 tokens for each parameter, nats. Broadcasts; raises nothing."""
    return _DP_SCALE * np.asarray(parameters, dtype=np.float64) ** -_DP_POWER


def diloco_loss(parameters: Column, replicas: Column) -> Column:
    """Evaluation loss of DiLoCo with M replicas, H = 30, at 20 tokens for each parameter, nats. Broadcasts."""
    size, many = np.asarray(parameters, dtype=np.float64), np.asarray(replicas, dtype=np.float64)
    return _SCALE * size**-_POWER * many**_REPLICA_POWER


def loss_ratio(
    parameters: Column, replicas: Column, sync_steps: Column, per_doubling: Column, measured_over_fitted: Column = 1.0
) -> LossRatio:
    """Loss penalty of low-communication training. Broadcasts; raises nothing.

    Ratio of the two laws at the model's size, but no further out than the fit (beyond 10B parameters the ratio there is
    kept, because the laws cross and would promise ever larger gains); times ``measured_over_fitted``, its error; a
    ratio below 1 counts as 1; times (1 + ``per_doubling``) for each doubling of the steps beyond 30. Outside the range
    of sizes the error counts once more for each factor of ten.
    """
    size = np.clip(parameters, LEAST_PARAMETERS, MOST_PARAMETERS)
    many, steps = np.asarray(replicas, dtype=np.float64), np.asarray(sync_steps, dtype=np.float64)
    beyond = np.abs(np.log10(np.asarray(parameters, dtype=np.float64) / size))
    error = np.asarray(measured_over_fitted, dtype=np.float64) ** (1.0 + beyond)
    laws = np.asarray(diloco_loss(size, many)) / data_parallel_loss(size) * error
    doublings = np.maximum(np.log2(steps / FITTED_STEPS), 0.0)
    return LossRatio(
        ratio=np.maximum(laws, 1.0) * (1.0 + np.asarray(per_doubling)) ** doublings,
        valid=(beyond == 0.0) & (many <= MOST_REPLICAS) & (steps <= FITTED_STEPS),
    )


def chinchilla_loss(parameters: Column, tokens: Column) -> Column:
    """Loss of a model of N parameters on D tokens, nats. Broadcasts; raises nothing."""
    return loss_nats(_LAW, parameters, tokens)


def tokens_by_data_term(ratio: Column, parameters: Column, tokens: Column) -> Column:
    """Tokens over those asked for that undo a loss ratio with the model as it is, by the data term.

    (B/(L/r − E − A/N^α))^(1/β)/D: steep where the data term is a small part of the loss, as in runs far beyond 20
    tokens for each parameter; infinite where no amount of data would do. Broadcasts; raises nothing.
    """
    wanted = np.asarray(chinchilla_loss(parameters, tokens)) / np.asarray(ratio)
    data_part = wanted - chinchilla_loss(parameters, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(data_part > 0.0, _LAW.data_scale / data_part, np.inf) ** (1.0 / _LAW.data_power)
    return np.where(np.asarray(ratio) == 1.0, 1.0, needed / tokens)


def tokens_by_compute(ratio: Column, parameters: Column, tokens: Column) -> Column:
    """Compute over that asked for that undoes a loss ratio where model and tokens grow together: r^(2/0.0953).

    The penalty and the law are then from the same runs. Broadcasts; raises nothing.
    """
    shape = np.broadcast_shapes(np.shape(ratio), np.shape(parameters), np.shape(tokens))
    return np.broadcast_to(np.asarray(ratio, dtype=np.float64) ** (2.0 / _DP_POWER), shape)


EQUAL_LOSS: Mapping[str, Callable[[Column, Column, Column], Column]] = MappingProxyType(
    {"data-term": tokens_by_data_term, "compute": tokens_by_compute}
)
"""Rival ways to undo a loss penalty by name: (ratio, parameters, tokens) → factor on tokens or compute."""
