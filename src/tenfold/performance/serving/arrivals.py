"""Open arrivals by the batch they settle at: rate, TPOT and TTFT without iteration. Pure functions over columns.

``open_loop`` finds the batch of a rate; here the batch is given, which is a closed form, so that a search may look at
every batch of every layout at once. Latencies are those that a share of the requests keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance.serving.load import NO_SPECULATION, Speculation, first_token_s, streamed_token_s
from tenfold.performance.serving.prefill import prefill_work_s
from tenfold.performance.serving.replica import Replica, most_sequences
from tenfold.quantities import standard_normal_ppf
from tenfold.workloads.serving import Traffic

if TYPE_CHECKING:
    from tenfold.quantities import Column, Flags

MOSTLY_BUSY = 0.98
"""Share of the time that prompts may take of a rank: beyond it the wait for a turn has no end in any trace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How uneven requests are: standard deviation over mean, of new tokens and of answers."""

    prompt_spread: float = 0.0
    output_spread: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """What a replica gives when so many sequences decode at once on each rank, on average."""

    rate_per_s: Column
    """Requests that a rank finishes, 1/s."""
    tpot_s: Column
    """That the share of requests keeps."""
    ttft_s: Column
    e2e_s: Column
    busy: Column
    """Share of its time that prompts take."""
    fits: Flags
    """Whether the batch at its busiest has room, and prompts leave time."""


def steady(
    replica: Replica,
    traffic: Traffic,
    batch: Column,
    share: float,
    lengths: Lengths,
    speculation: Speculation = NO_SPECULATION,
) -> Steady:
    """Independent arrivals that keep ``batch`` sequences decoding on each rank, latencies kept by ``share`` of them.

    λ = b/(O·step(b) + φ·b·W): Little's law, b = λ·O·TPOT, with TPOT = step/(1 − φ·λ·W) solved for λ [as ``open_loop``].
    The number in service is Poisson, so the busiest share of requests meets b + z·√b others. The wait for a turn is
    that of M/G/1 with an exponential tail: t(q) = W(1 + c²)/(2(1 − ρ))·ln(ρ/(1 − q)) [Kingman 1970]. Answers are
    log-normal. Broadcasts; raises nothing.
    """
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    known = traffic.prompt_tokens * traffic.prefix_share
    work = prefill_work_s(replica, traffic.new_tokens, known) / replica.layout.pipeline
    busiest = batch + max(float(standard_normal_ppf(share)), 0.0) * np.sqrt(batch)
    delay = replica.constants.mixed_share * work
    step = streamed_token_s(replica, np.maximum(batch, 1.0), traffic, speculation)
    rate = batch / (traffic.output_tokens * step + delay * batch)
    crowded = streamed_token_s(replica, np.maximum(busiest, 1.0), traffic, speculation)
    tpot = crowded / np.maximum(1.0 - delay * rate, 1.0 - MOSTLY_BUSY)
    busy = rate * work
    queued = wait_s(work, busy, share, lengths.prompt_spread)
    ttft = (
        first_with_queue_s(replica, traffic, queued, share, lengths)
        + replica.constants.lag_steps * step * speculation.accepted
    )
    longest = traffic.output_tokens * quantile_over_mean(lengths.output_spread, share)
    return Steady(
        rate_per_s=rate,
        tpot_s=tpot,
        ttft_s=ttft,
        e2e_s=ttft + np.maximum(longest - 1.0, 0.0) * tpot,
        busy=busy,
        fits=np.asarray((busiest <= most) & (busy <= MOSTLY_BUSY)),
    )


def first_with_queue_s(replica: Replica, traffic: Traffic, queued_s: Column, share: float, lengths: Lengths) -> Column:
    """First token of a mean prompt, and what a long one takes beyond it beside a long queue, √(queue² + longer²), s.

    Either alone is that of the share; independent excesses add up in their squares.
    """
    mean = first_token_s(replica, traffic)
    long = replace(traffic, prompt_tokens=traffic.prompt_tokens * quantile_over_mean(lengths.prompt_spread, share))
    longer = np.maximum(first_token_s(replica, long) - mean, 0.0)
    return np.asarray(mean + np.hypot(queued_s, longer))


def wait_s(work_s: Column, busy: Column, share: float, spread: float) -> Column:
    """Wait for a turn that a share of prompts does not exceed, s: W(1 + c²)/(2(1 − ρ))·ln(ρ/(1 − q)), 0 below it."""
    left = np.maximum(1.0 - np.asarray(busy), 1.0 - MOSTLY_BUSY)
    beyond = np.log(np.maximum(np.asarray(busy) / (1.0 - share), 1.0))
    return np.asarray(work_s * (1.0 + spread**2) / (2.0 * left) * beyond)


def quantile_over_mean(spread: float, share: float) -> float:
    """Quantile of a log-normal over its mean, exp(σz − σ²/2) with σ² = ln(1 + c²)."""
    variance = float(np.log1p(spread**2))
    return float(np.exp(np.sqrt(variance) * float(standard_normal_ppf(share)) - 0.5 * variance))
