"""From the time of a step to what users see: closed forms of load. Pure functions over columns.

Little's law holds in all of them: sequences in service = rate × time in service [Little 1961].
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance.serving.decode import decode_step_s, streamed_step_s
from tenfold.performance.serving.prefill import prefill_s, prefill_work_s
from tenfold.performance.serving.replica import Replica, most_sequences
from tenfold.workloads.serving import Traffic

if TYPE_CHECKING:
    from tenfold.quantities import Column

ROUNDS = 30
"""Rounds in which the batch of open arrivals settles."""
BUSIEST = 0.999
"""Utilisation by prompts from which on a queue has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speculation:
    """Speculative decoding: tokens that pass at once, tokens that come out, time of the drafts over the step."""

    verified: Column = 1.0
    accepted: Column = 1.0
    cost: Column = 0.0


NO_SPECULATION = Speculation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a replica gives at a load. Rates are those of the whole replica."""

    batch: Column
    """Sequences that decode at once on a rank."""
    most_batch: Column
    """Sequences that fit a rank at once."""
    tpot_s: Column
    ttft_s: Column
    e2e_s: Column
    tokens_per_s: Column
    """Output tokens."""
    prefill_utilisation: Column
    """Share of the time that prompts take."""


def token_step_s(replica: Replica, batch: Column, traffic: Traffic, speculation: Speculation) -> Column:
    """Time of a step over the tokens it gives a sequence, s; nothing is streamed."""
    step = decode_step_s(replica, batch, traffic.mean_context, speculation.verified)
    return step * (1.0 + speculation.cost) / speculation.accepted


def streamed_token_s(replica: Replica, batch: Column, traffic: Traffic, speculation: Speculation) -> Column:
    """The same where clients are streamed to."""
    return streamed_step_s(replica, token_step_s(replica, batch, traffic, speculation), batch)


def closed_loop(
    replica: Replica,
    traffic: Traffic,
    concurrency: Column,
    speculation: Speculation = NO_SPECULATION,
    polled_steps: Column = 1.0,
) -> Service:
    """A number of clients on each rank that ask again when they are answered; the engine looks every so many steps.

    TPOT = step(b)/A + φ·(b − 1)·T_prompt/(O·P) for b = min(clients, room): while a sequence gives its O tokens, the
    b − 1 others are each replaced once, and each of their prompts holds it up by a share φ. Prompts one after another
    are the least that all of them take: rate ≤ 1/T_prompt, and what that leaves is waited for before the first token.
    """
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    batch = np.maximum(np.minimum(concurrency, most), 1e-9)
    known = traffic.prompt_tokens * traffic.prefix_share
    work = prefill_work_s(replica, traffic.new_tokens, known) / replica.layout.pipeline
    held_up = replica.constants.mixed_share * np.maximum(batch - 1.0, 0.0) * work / traffic.output_tokens
    step = streamed_token_s(replica, batch, traffic, speculation)
    tpot = step + held_up
    lag = replica.constants.lag_steps + missed_steps(batch, polled_steps)
    first = first_token_s(replica, traffic) + lag * step * speculation.accepted
    service = np.maximum(first + (traffic.output_tokens - 1.0) * tpot, batch * work)
    first = service - (traffic.output_tokens - 1.0) * tpot
    rate = batch / service
    waiting = np.maximum(concurrency - most, 0.0) / rate
    return Service(
        batch=batch,
        most_batch=most,
        tpot_s=tpot,
        ttft_s=first + waiting,
        e2e_s=service + waiting,
        tokens_per_s=rate * traffic.output_tokens * replica.layout.ranks,
        prefill_utilisation=np.minimum(rate * work, 1.0),
    )


def missed_steps(batch: Column, polled_steps: Column = 1.0) -> Column:
    """Steps that a client of a loop waits beyond the engine's own lag, (1 - 1/b)·(n + 1)/2.

    It asks again when the step after its last token has begun, if any of the others decodes; who comes on their own
    finds a step that is half over on average, and waits for the rest of it in the simulation. An engine that looks for
    requests every n steps (``--scheduler-recv-interval`` of SGLang) is found anywhere between two looks.
    """
    return np.maximum(1.0 - 1.0 / np.maximum(batch, 1e-9), 0.0) * 0.5 * (polled_steps + 1.0)


def open_loop(replica: Replica, traffic: Traffic, rate: Column, speculation: Speculation = NO_SPECULATION) -> Service:
    """Requests that come on their own, ``rate`` a second on each rank, independent of each other.

    TPOT = step(b)/A ÷ (1 − φ·λ·T_prompt), b = λ·O·TPOT [Little 1961]; the wait for the prompts before is
    that of M/D/1, ρ·T/(2(1 − ρ)) [Pollaczek 1930, Khinchine 1932]. Where b would exceed the room the replica is
    overloaded: it then gives what fits, and the wait is infinite.
    """
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    known = traffic.prompt_tokens * traffic.prefix_share
    work = prefill_work_s(replica, traffic.new_tokens, known) / replica.layout.pipeline
    busy = np.minimum(rate * work, BUSIEST)
    left = 1.0 - np.minimum(replica.constants.mixed_share * busy, BUSIEST)
    first = first_token_s(replica, traffic) + busy * work / (2.0 * (1.0 - busy))
    batch = np.minimum(np.ones_like(np.asarray(rate * most, dtype=np.float64)), most)
    for _ in range(ROUNDS):
        tpot = streamed_token_s(replica, np.maximum(batch, 1.0), traffic, speculation) / left
        batch = 0.5 * batch + 0.5 * np.minimum(rate * traffic.output_tokens * tpot, most)
    tpot = streamed_token_s(replica, np.maximum(batch, 1.0), traffic, speculation) / left
    first = first + replica.constants.lag_steps * tpot * left * speculation.accepted
    service = first + (traffic.output_tokens - 1.0) * tpot
    fits = (batch < most * BUSIEST) & (rate * work < BUSIEST)
    served = np.where(fits, rate, np.minimum(most / service, rate))
    first = np.where(fits, first, np.inf)
    return Service(
        batch=batch,
        most_batch=most,
        tpot_s=tpot,
        ttft_s=first,
        e2e_s=first + (traffic.output_tokens - 1.0) * tpot,
        tokens_per_s=served * traffic.output_tokens * replica.layout.ranks,
        prefill_utilisation=busy,
    )


def offline(
    replica: Replica, traffic: Traffic, speculation: Speculation = NO_SPECULATION, requests: Column = np.inf
) -> Service:
    """As many requests as fit at once, always: the most tokens a second.

    X = η·b·O/(φ·b·T_prompt/P + O·step(b)/A): a step takes prompts beside what it decodes, as in ``closed_loop``. Where
    each rank has but n ``requests``, they run in ⌊n/b⌋ waves of b = min(n, room) and one of the rest, which is smaller:
    X is then the mean of their rates by the time each takes.
    """
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    batch = np.maximum(np.minimum(most, requests), 1e-9)
    full = saturated(replica, traffic, batch, most, speculation)
    few = np.isfinite(requests)
    waves = np.where(few, np.floor(np.where(few, requests, batch) / batch), 1.0)
    rest = np.where(few, np.where(few, requests, 0.0) - waves * batch, 0.0)
    last = saturated(replica, traffic, np.maximum(rest, 1e-9), most, speculation)
    longer_s = np.where(rest > 0.0, last.tpot_s, 0.0)
    kept = (waves * batch + rest) / batch * full.tpot_s / (waves * full.tpot_s + longer_s)
    return replace(full, tokens_per_s=full.tokens_per_s * kept)


def saturated(
    replica: Replica, traffic: Traffic, batch: Column, most: Column, speculation: Speculation = NO_SPECULATION
) -> Service:
    """``offline`` at a batch of its own, ``most`` of which would fit."""
    batch, busy = np.maximum(batch, 1e-9), _when_full(replica)
    known = traffic.prompt_tokens * traffic.prefix_share
    work = prefill_work_s(busy, traffic.new_tokens, known) / replica.layout.pipeline
    steps = traffic.output_tokens * token_step_s(busy, batch, traffic, speculation)
    rate = replica.constants.offline_share * batch / (replica.constants.mixed_share * batch * work + steps)
    service = batch / rate
    return Service(
        batch=batch,
        most_batch=most,
        tpot_s=service / traffic.output_tokens,
        ttft_s=np.full_like(np.asarray(service, dtype=np.float64), np.inf),
        e2e_s=np.full_like(np.asarray(service, dtype=np.float64), np.inf),
        tokens_per_s=rate * traffic.output_tokens * replica.layout.ranks,
        prefill_utilisation=np.minimum(rate * work, 1.0),
    )


def _when_full(replica: Replica) -> Replica:
    """The replica with what is left of its bandwidth and peaks when it runs at its largest batches for long."""
    kept = replica.constants
    return replace(
        replica,
        constants=replace(
            kept,
            weight_share=kept.weight_share * kept.offline_memory,
            cache_share=kept.cache_share * kept.offline_memory,
            decode_share=kept.decode_share * kept.offline_compute,
            prefill_share=kept.prefill_share * kept.offline_compute,
        ),
    )


def burst(replica: Replica, traffic: Traffic, requests: Column, speculation: Speculation = NO_SPECULATION) -> Service:
    """So many requests on each rank at once and none after them.

    They take as long as their prompts, their steps at the batch that fits, and the drain of the last of them.
    """
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    batch = np.maximum(np.minimum(requests, most), 1e-9)
    known = traffic.prompt_tokens * traffic.prefix_share
    work = prefill_work_s(replica, traffic.new_tokens, known) / replica.layout.pipeline
    step = streamed_token_s(replica, batch, traffic, speculation)
    last = streamed_token_s(replica, np.maximum(batch / 4.0, 1.0), traffic, speculation)
    outlast = replica.constants.drain_share * traffic.output_tokens * last
    first = first_token_s(replica, traffic)
    waves = np.maximum(requests / batch, 1.0)
    kept = replica.constants.burst_share
    work, step, outlast = work / kept, step / kept, outlast / kept
    total = first + (requests - 1.0) * work + waves * traffic.output_tokens * step + outlast
    held_up = replica.constants.mixed_share * np.maximum(batch - 1.0, 0.0) * work / traffic.output_tokens
    tpot = step + held_up * np.where(waves > 1.0, 1.0, 0.5)
    queue = np.where(waves > 1.0, 0.5 * (1.0 - 1.0 / waves) * (total - outlast), 0.0)
    ttft = first + 0.5 * np.minimum(requests, batch) * work + queue
    return Service(
        batch=batch,
        most_batch=most,
        tpot_s=tpot,
        ttft_s=ttft,
        e2e_s=ttft + (traffic.output_tokens - 1.0) * tpot,
        tokens_per_s=requests * traffic.output_tokens / total * replica.layout.ranks,
        prefill_utilisation=np.minimum(requests * work / total, 1.0),
    )


def static_batch(
    replica: Replica, traffic: Traffic, requests: Column, speculation: Speculation = NO_SPECULATION
) -> Service:
    """A batch that starts and ends together, in as many waves as its cache needs."""
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    batch = np.maximum(np.minimum(requests, np.maximum(most, 1.0)), 1e-9)
    waves = np.maximum(requests / batch, 1.0)
    first = prefill_s(replica, traffic.new_tokens, 0.0, batch) / replica.constants.static_share
    tpot = token_step_s(replica, batch, traffic, speculation) / replica.constants.static_share
    total = waves * (first + (traffic.output_tokens - 1.0) * tpot)
    return Service(
        batch=batch,
        most_batch=most,
        tpot_s=tpot,
        ttft_s=first,
        e2e_s=total,
        tokens_per_s=requests * traffic.output_tokens / total * replica.layout.ranks,
        prefill_utilisation=first * waves / total,
    )


def first_token_s(replica: Replica, traffic: Traffic) -> Column:
    """Time to the first token of a request that meets nobody, s."""
    known = traffic.prompt_tokens * traffic.prefix_share
    return replica.constants.first_token_s + prefill_s(replica, traffic.new_tokens, known)
