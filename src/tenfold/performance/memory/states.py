"""Weights, gradients and optimizer state of one chip, sharded by ZeRO stage.

Rajbhandari et al. 2020 (ZeRO), section 3: stage 1 divides the optimizer state by the data-parallel degree, stage 2
the gradients too, stage 3 the weights too. Mixed precision keeps 2 bytes of weight, 2 or 4 of gradient and 12 of
master weight and two moments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class StateBytes:
    """Bytes per chip."""

    weights: Column
    gradients: Column
    optimizer: Column


def state_bytes(
    parameters: Column,
    shards: Column,
    zero_stage: Column,
    *,
    whole_weights: Column = 0.0,
    whole_gradients: Column = 0.0,
    weight_bytes: Column,
    gradient_bytes: Column,
    optimizer_bytes: Column,
) -> StateBytes:
    """State of ``parameters`` held by each of ``shards`` data-parallel ranks; arguments broadcast.

    ``whole_weights`` and ``whole_gradients`` are the parameters gathered, or not yet reduced, at one time.
    """
    stage = np.asarray(zero_stage)

    def held(sharded_from: int, whole: Column) -> Column:
        ranks = np.where(stage >= sharded_from, shards, 1.0)
        return parameters / ranks + np.minimum(whole, parameters) * (1.0 - 1.0 / ranks)

    return StateBytes(
        weights=weight_bytes * held(3, whole_weights),
        gradients=gradient_bytes * held(2, whole_gradients),
        optimizer=optimizer_bytes * held(1, 0.0),
    )
