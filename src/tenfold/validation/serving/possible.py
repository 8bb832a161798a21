"""Measured numbers that no server could have given: damage that a table does not name."""

from __future__ import annotations

import numpy as np

from tenfold.performance.serving import Replica, cache_tokens, dense_product_s
from tenfold.validation.serving.scenarios import Meaning
from tenfold.workloads.serving import Traffic


def sooner_than_room(meaning: Meaning, clients: float, traffic: Traffic, replica: Replica) -> bool:
    """Whether first tokens of a loop come before those that wait for room could have had it.

    Of N clients on a rank at most n = cache ÷ prompt are in the engine; the others wait for (N − n)/X [Little 1961],
    and X is at most one prompt in the time its products take at the dense peaks: TTFT ≥ (N − n)·FLOPs/peak.
    """
    if meaning.load != "closed" or meaning.quantity != "ttft":
        return False
    new = np.asarray(traffic.new_tokens)
    room = np.asarray(cache_tokens(replica, new)) / new
    products = dense_product_s(replica) + replica.counted.expert_flops / replica.hardware.peak_flop_per_s
    least_s = np.maximum(clients - room, 0.0) * new * products / replica.layout.pipeline
    return bool(meaning.measured < float(least_s[0]))
