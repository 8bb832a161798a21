"""Prompts and answers on replicas of their own, each side for itself: what it finishes, and how long that takes.

``disaggregated`` follows clients through both; a search of the ratio needs only what each side carries within its part
of the latency. Pure functions over columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance.serving.arrivals import MOSTLY_BUSY, Lengths, first_with_queue_s, wait_s
from tenfold.performance.serving.disaggregated import transfer_s
from tenfold.performance.serving.load import NO_SPECULATION, Speculation, streamed_token_s
from tenfold.performance.serving.prefill import prefill_work_s
from tenfold.performance.serving.replica import Replica, most_sequences
from tenfold.quantities import standard_normal_ppf
from tenfold.workloads.serving import Traffic

if TYPE_CHECKING:
    from tenfold.quantities import Column, Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a service whose prompts run apart."""

    rate_per_s: Column
    """Requests that a rank finishes, 1/s."""
    time_s: Column
    """TPOT of the side of answers, TTFT of that of prompts, as a share of the requests keeps it."""
    fits: Flags


def decode_side(
    replica: Replica, traffic: Traffic, batch: Column, share: float, speculation: Speculation = NO_SPECULATION
) -> Side:
    """Answers alone at an average batch: λ = b/(O·step(b)), TPOT that of the busiest share, b + z·√b. Broadcasts."""
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    kept = replica.constants.side_share
    busiest = batch + max(float(standard_normal_ppf(share)), 0.0) * np.sqrt(batch)
    step = streamed_token_s(replica, np.maximum(batch, 1.0), traffic, speculation) / kept
    crowded = streamed_token_s(replica, np.maximum(busiest, 1.0), traffic, speculation) / kept
    return Side(rate_per_s=batch / (traffic.output_tokens * step), time_s=crowded, fits=np.asarray(busiest <= most))


def prefill_side(replica: Replica, traffic: Traffic, busy: Column, share: float, lengths: Lengths) -> Side:
    """Prompts alone at a utilisation ρ: λ = ρ/W; TTFT = prompt + wait for a turn + sending the cache. Broadcasts."""
    known = traffic.prompt_tokens * traffic.prefix_share
    kept = replica.constants.side_share
    work = prefill_work_s(replica, traffic.new_tokens, known) / replica.layout.pipeline / kept
    queued = wait_s(work, busy, share, lengths.prompt_spread)
    return Side(
        rate_per_s=busy / work,
        time_s=first_with_queue_s(replica, traffic, queued, share, lengths)
        + transfer_s(replica, traffic.prompt_tokens),
        fits=np.asarray((busy <= MOSTLY_BUSY) & (work > 0.0)),
    )
