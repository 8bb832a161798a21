"""Services whose prompts and answers run on different chips, with the cache sent between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance.serving.load import (
    BUSIEST,
    NO_SPECULATION,
    Service,
    Speculation,
    first_token_s,
    streamed_token_s,
)
from tenfold.performance.serving.prefill import prefill_work_s
from tenfold.performance.serving.replica import Replica, most_sequences
from tenfold.workloads.serving import Traffic, cache_kept_bytes

if TYPE_CHECKING:
    from tenfold.quantities import Column

ROUNDS = 20
"""Rounds in which clients settle between the two sides."""


def transfer_s(prefill: Replica, tokens: Column) -> Column:
    """Time to send the cache of a prompt over the fabric between the sides, s: every chip sends its share.

    bytes per chip ÷ (scale-out bandwidth reached) + latency. Sending layer by layer hides most of it behind the
    prompt; this is the whole, an upper end.
    """
    sent = cache_kept_bytes(prefill.counted, tokens, prefill.layout.pipeline)
    hardware = prefill.hardware
    return sent / (hardware.scaleout_bytes_per_s * prefill.constants.link_share) + hardware.scaleout_latency_s


def prefill_rate(prefill: Replica, traffic: Traffic, replicas: Column) -> Column:
    """Prompts a second that the prefill side finishes at most."""
    known = traffic.prompt_tokens * traffic.prefix_share
    work = prefill_work_s(prefill, traffic.new_tokens, known) / prefill.layout.pipeline
    return replicas * prefill.layout.ranks * prefill.constants.side_share / work


def disaggregated(
    decode: Replica,
    prefill: Replica,
    traffic: Traffic,
    clients: Column,
    decode_replicas: Column,
    prefill_replicas: Column,
    speculation: Speculation = NO_SPECULATION,
) -> Service:
    """``clients`` in a loop over the whole service; tokens/s are the whole service's.

    Clients wait at the prefill side or decode: N = λ·(T_first + (O − 1)·TPOT(b)), with λ at most what the prefill
    side finishes [Little 1961; the slower side binds]. No prompt delays a step: what the sides lose to each other
    (``side_share``) is places that stand empty, not time of a step.
    """
    most = most_sequences(decode, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    ranks = decode_replicas * decode.layout.ranks
    fastest = prefill_rate(prefill, traffic, prefill_replicas)
    alone = first_token_s(prefill, traffic) + transfer_s(prefill, traffic.prompt_tokens)
    answer = np.maximum(traffic.output_tokens - 1.0, 1e-9)
    batch = np.minimum(clients / ranks, most)
    for _ in range(ROUNDS):
        tpot = streamed_token_s(decode, np.maximum(batch, 1.0), traffic, speculation)
        rate = np.minimum(clients / (alone + answer * tpot), fastest)
        batch = 0.5 * batch + 0.5 * np.minimum(rate * answer * tpot / ranks, most)
    tpot = streamed_token_s(decode, np.maximum(batch, 1.0), traffic, speculation)
    full = ranks * most * decode.constants.side_share / (answer * tpot)
    rate = np.minimum(np.minimum(clients / (alone + answer * tpot), fastest), full)
    ttft = np.maximum(clients / np.maximum(rate, 1e-12) - answer * tpot, alone)
    return Service(
        batch=batch,
        most_batch=most,
        tpot_s=tpot,
        ttft_s=ttft,
        e2e_s=ttft + answer * tpot,
        tokens_per_s=rate * traffic.output_tokens,
        prefill_utilisation=np.minimum(rate / fastest, BUSIEST),
    )
