"""Weights, gradients and optimizer state of one chip, sharded by ZeRO stage.

Rajbhandari et al. 2020 (ZeRO), section 3: stage 1 divides the optimizer state by the data-parallel degree, stage 2
the gradients too, stage 3 the weights too. Mixed precision keeps 2 bytes of weight, 2 or 4 of gradient and 12 of
master weight and two moments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog.models import Column


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
    weight_bytes: Column,
    gradient_bytes: Column,
    optimizer_bytes: Column,
) -> StateBytes:
    """State of ``parameters`` held by each of ``shards`` data-parallel ranks; arguments broadcast."""
    stage = np.asarray(zero_stage)
    return StateBytes(
        weights=parameters * weight_bytes / np.where(stage >= 3, shards, 1.0),
        gradients=parameters * gradient_bytes / np.where(stage >= 2, shards, 1.0),
        optimizer=parameters * optimizer_bytes / np.where(stage >= 1, shards, 1.0),
    )
