"""When a setting cannot be, or cannot carry its load: what binds, and the nearest change that would do."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance.serving import (
    Replica,
    Speculation,
    cache_room_bytes,
    closed_loop,
    most_sequences,
    prefill_work_s,
)
from tenfold.planning.estimate_serving.answer import Shortage
from tenfold.quantities import format_quantity

if TYPE_CHECKING:
    from tenfold.planning.estimate_serving.asked import Asked
    from tenfold.planning.estimate_serving.question import EstimateServingQuestion
    from tenfold.workloads.serving import Traffic

WIDEST = 1024.0
BUSY = 0.9
"""Share of its capacity that a service is planned to."""


def shortage_of(
    question: EstimateServingQuestion, asked: Asked, replica: Replica, traffic: Traffic, speculation: Speculation
) -> Shortage | None:
    """What is short; None when everything fits."""
    room = float(np.asarray(cache_room_bytes(replica)))
    if room <= 0.0:
        need = float(np.asarray(replica.counted.held_bytes))
        have = float(np.asarray(replica.hardware.memory_bytes))
        short = f"weights take {format_quantity(need, 'B')} of the {format_quantity(have, 'B')} of {asked.chip.key}"
        return Shortage(limit="weights", short=short, nearest=_wider(question, asked, traffic))
    most = float(
        np.asarray(most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share))
    )
    if most < 1.0:
        short = f"the cache has room for {most:.2f} of one request of {question.isl + question.osl:,} tokens"
        return Shortage(limit="cache", short=short, nearest=_wider(question, asked, traffic))
    if question.rate_per_s is None:
        return None
    return _overload(question, replica, traffic, speculation, most)


def _overload(
    question: EstimateServingQuestion, replica: Replica, traffic: Traffic, speculation: Speculation, most: float
) -> Shortage | None:
    """Arrivals beyond what the service finishes: prompts take all of the time, or the cache is full."""
    full = closed_loop(replica, traffic, most, speculation)
    spread = question.replicas * (question.dp if replica.layout.ranks == 1.0 else 1)
    capacity = float(np.asarray(full.tokens_per_s)) / question.osl * spread
    rate = question.rate_per_s or 0.0
    if rate <= capacity:
        return None
    known = traffic.prompt_tokens * traffic.prefix_share
    work = float(np.asarray(prefill_work_s(replica, traffic.new_tokens, known))) / float(replica.layout.pipeline)
    busy = capacity / spread / float(replica.layout.ranks) * work
    limit = "prefill" if busy > 0.5 else "cache" if most < float(replica.max_sequences) / 2.0 else "decode"
    words = {"prefill": "prompts take the time", "cache": "the cache is full", "decode": "every place is taken"}
    needed = math.ceil(question.replicas * rate / (BUSY * capacity))
    served, come = format_quantity(capacity, "requests/s"), format_quantity(rate, "requests/s")
    return Shortage(
        limit=limit,
        short=f"{words[limit]}: {served} are served, {come} come",
        nearest=f"--replicas {needed}, or --rate {BUSY * capacity:.3g}/s",
    )


def _wider(question: EstimateServingQuestion, asked: Asked, traffic: Traffic) -> str:
    """The next width of the replica that holds its weights and a request."""
    layout, width = asked.setting.layout, float(asked.setting.layout.tensor)
    while width < WIDEST:
        width *= 2.0
        wider = asked.replica(replace(asked.setting, layout=replace(layout, tensor=width)))
        if float(np.asarray(most_sequences(wider, traffic.prompt_tokens, traffic.output_tokens, 0.0))) >= 1.0:
            return f"--tp {width:g}"
    return "a chip with more memory, a narrower format, or shorter requests"
