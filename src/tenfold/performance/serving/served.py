"""From one replica and its load to a simulation of its requests, large loads in groups.

A loop of thousands of clients is simulated as a few dozen groups that arrive, run and end together; a group's first
tokens come while its prompts are taken, on average half of that time before the last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.performance.serving.decode import decode_step_s, streamed_step_s
from tenfold.performance.serving.load import Speculation, missed_steps
from tenfold.performance.serving.prefill import prefill_s, prefill_work_s
from tenfold.performance.serving.replica import Replica, most_sequences
from tenfold.performance.serving.simulate import Requests, Server, Simulated, even_lengths, poisson_arrivals, simulate
from tenfold.quantities import Floats
from tenfold.workloads.serving import Traffic

MOST_GROUPS = 48
"""Groups of clients that are told apart."""
LONGEST_RUN = 700
"""Requests, or groups of them, that are simulated at most."""
WARM_UP = 0.25
"""Share of open arrivals that are not looked at: the replica starts empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How requests come, beside their number at once or their rate: what a benchmark does."""

    token_budget: float = 8192.0
    length_spread: float = 0.1
    """Lengths are even between mean × (1 ± this)."""
    waves: float = 10.0
    """Requests over clients in a loop."""
    mixes_prompts: bool = True
    """Whether the engine takes prompts and gives tokens in the same step."""
    polled_steps: float = 1.0
    """Steps after which the engine looks for new requests again."""
    burst: bool = False
    """Whether everything comes at once and nothing after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What requests saw; (requests,), s."""

    ttft_s: Floats
    tpot_s: Floats
    e2e_s: Floats
    tokens_per_s: float
    """Of the rank."""


def simulate_loop(replica: Replica, traffic: Traffic, clients: float, run: Run, speculation: Speculation) -> Seen:
    """``clients`` on the rank that ask again when they are answered, all at once first."""
    group = max(clients / MOST_GROUPS, 1.0)
    groups = max(round(clients / group), 1)
    group = clients / groups
    count = max(min(round(groups * run.waves), LONGEST_RUN), groups)
    server = server_of(replica, traffic, run, speculation, group, groups)
    done = simulate(server, _requests(traffic, run, group, count, clients=groups))
    missed = 0.0 if run.burst else float(missed_steps(clients, run.polled_steps))
    return _seen(replica, done, server, traffic, group, np.arange(count) >= 0, missed)


def simulate_arrivals(
    replica: Replica, traffic: Traffic, rate: float, run: Run, speculation: Speculation, seed: int
) -> Seen:
    """Independent arrivals, ``rate`` a second on the rank; what came while it filled up is left out."""
    most = float(
        np.asarray(most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share))
    )
    server = server_of(replica, traffic, run, speculation, 1.0, int(min(most, 4 * LONGEST_RUN)))
    requests = _requests(traffic, run, 1.0, LONGEST_RUN, arrival_s=poisson_arrivals(rate, LONGEST_RUN, seed))
    done = simulate(server, requests)
    kept = np.arange(LONGEST_RUN) >= WARM_UP * LONGEST_RUN
    return _seen(replica, done, server, traffic, 1.0, kept, 0.0)


def server_of(
    replica: Replica, traffic: Traffic, run: Run, speculation: Speculation, group: float, groups: int
) -> Server:
    """A rank as the loop sees it, up to ``groups`` of so many sequences at once."""
    most = float(
        np.asarray(most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share))
    )
    held = max(min(groups, int(most / group + 1e-9)), 1)
    batches = np.maximum(np.arange(held + 1) * group, 1e-9)
    steps = np.asarray(decode_step_s(replica, batches, traffic.mean_context, speculation.verified))
    accepted = float(np.asarray(speculation.accepted))
    whole = streamed_step_s(replica, steps * (1.0 + float(np.asarray(speculation.cost))), batches * accepted)
    known = traffic.prompt_tokens * traffic.prefix_share
    work = float(np.asarray(prefill_work_s(replica, traffic.new_tokens, known)))
    alone = float(np.asarray(prefill_s(replica, traffic.new_tokens, known)))
    pipeline = float(np.asarray(replica.layout.pipeline))
    slower = 1.0 / float(np.asarray(replica.constants.burst_share)) if run.burst else 1.0
    return Server(
        steps_s=(np.asarray(whole) * slower).tolist(),
        prompt_s_per_token=slower * work / pipeline / float(np.asarray(traffic.new_tokens)),
        prompt_floor_s=float(np.sqrt(max(alone**2 - (work / pipeline) ** 2, 0.0))),
        mixed_share=float(np.asarray(replica.constants.mixed_share)),
        token_budget=run.token_budget,
        tokens_per_step=accepted,
        mixes_prompts=run.mixes_prompts,
    )


def _requests(
    traffic: Traffic, run: Run, group: float, count: int, *, clients: int = 0, arrival_s: Floats | None = None
) -> Requests:
    return Requests(
        prompt_tokens=group * even_lengths(float(np.asarray(traffic.new_tokens)), run.length_spread, count),
        output_tokens=even_lengths(float(np.asarray(traffic.output_tokens)), run.length_spread, count, 0.25),
        clients=clients,
        arrival_s=arrival_s,
    )


def _seen(
    replica: Replica,
    done: Simulated,
    server: Server,
    traffic: Traffic,
    group: float,
    kept: np.ndarray,
    missed: float,
) -> Seen:
    decoding = done.tokens_per_s * float(done.tpot_s.mean()) if len(done.tpot_s) else 0.0
    step = server.steps_s[min(max(round(decoding), 1), server.most)]
    lag = (float(np.asarray(replica.constants.lag_steps)) + missed) * step
    extra = float(np.asarray(replica.constants.first_token_s)) + lag
    taken = server.prompt_s_per_token * float(np.asarray(traffic.new_tokens)) * group
    sooner = 0.5 * (1.0 - 1.0 / group) * taken
    ttft = np.maximum(done.ttft_s - sooner, 0.0) + extra
    return Seen(
        ttft_s=ttft[kept],
        tpot_s=done.tpot_s[kept],
        e2e_s=(ttft + done.last_s - done.first_s)[kept],
        tokens_per_s=done.tokens_per_s * group,
    )
