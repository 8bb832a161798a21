"""What a setting that was left out adds to the range: how far the answer moves between what it may be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tenfold.performance.serving import Replica, Speculation, closed_loop
from tenfold.planning.estimate_serving.asked import Asked
from tenfold.planning.estimate_serving.question import EstimateServingQuestion
from tenfold.workloads.serving import CACHE_BYTES, Traffic

USUAL = 0.8
"""Belief in an engine's habit where a setting is left out."""
LOOKED_AT = 16.0
"""Clients on a rank at which rates are compared when requests come on their own."""


def unstated_spreads(
    question: EstimateServingQuestion, asked: Asked, replica: Replica, traffic: Traffic, speculation: Speculation
) -> Mapping[str, float]:
    """Log standard deviation of a token's time by each setting that was left out; none for those given."""
    clients = float(question.concurrency or LOOKED_AT) / question.replicas
    found: dict[str, float] = {}

    def tpot(setting_replica: Replica, used: Speculation) -> float:
        return float(np.asarray(closed_loop(setting_replica, traffic, clients, used).tpot_s))

    usual = tpot(replica, speculation)
    if question.kv_precision is None:
        other = "bf16" if CACHE_BYTES[asked.cache_format] < CACHE_BYTES["bf16"] else "fp8"
        moved = tpot(asked.replica(replace(asked.setting, cache_bytes=CACHE_BYTES[other])), speculation)
        found["kv_precision"] = _two(usual, moved)
    return found


def _two(usual: float, other: float) -> float:
    """Standard deviation of a logarithm that is one of two values."""
    if not (usual > 0 and other > 0 and math.isfinite(usual) and math.isfinite(other)):
        return 0.0
    return math.sqrt(USUAL * (1.0 - USUAL)) * abs(math.log(other / usual))
