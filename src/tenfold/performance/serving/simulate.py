"""Requests one by one through one rank of a replica, in a loop of engine steps; deterministic.

A step takes prompts first come first served up to the token budget, and one token (or what speculation gives) of every
sequence that decodes. Stretches in which nothing arrives, ends or waits are taken in one stride, so the work is a few
operations for each request whatever the lengths. Little's law [1961] holds by construction.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats

GOLDEN = 0.6180339887498949
"""Fractional part of the golden ratio: its multiples fill the unit interval evenly, whatever their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One rank as the loop sees it."""

    steps_s: Sequence[float]
    """Time of a step in which so many sequences decode, by their number; the last is the most that fit."""
    prompt_s_per_token: float
    """Work of a prompt for each of its new tokens, s."""
    prompt_floor_s: float
    """Time that a prompt takes at least when nothing decodes, s."""
    mixed_share: float
    """Share of that work by which a prompt delays a step that it shares."""
    token_budget: float
    tokens_per_step: float = 1.0
    """Tokens that a step gives each sequence."""
    mixes_prompts: bool = True
    """Whether what decodes goes on in a step that takes prompts."""

    @property
    def most(self) -> int:
        """Sequences that fit."""
        return len(self.steps_s) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What arrives, in order of arrival; (requests,)."""

    prompt_tokens: Floats
    """New ones."""
    output_tokens: Floats
    arrival_s: Floats | None = None
    """None for clients in a loop."""
    clients: int = 0
    """Clients that each ask again when they are answered, all at time 0 first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """When each request arrived, gave its first token and its last; (requests,), s."""

    arrival_s: Floats
    first_s: Floats
    last_s: Floats
    output_tokens: Floats

    @property
    def ttft_s(self) -> Floats:
        """Time to the first token."""
        return self.first_s - self.arrival_s

    @property
    def tpot_s(self) -> Floats:
        """Time per output token after the first; of one token, none."""
        return (self.last_s - self.first_s) / np.maximum(self.output_tokens - 1.0, 1.0)

    @property
    def e2e_s(self) -> Floats:
        """Time to the last token."""
        return self.last_s - self.arrival_s

    @property
    def tokens_per_s(self) -> float:
        """Output tokens over the time from the first arrival to the last token."""
        return float(self.output_tokens.sum() / max(self.last_s.max() - self.arrival_s.min(), 1e-12))


def even_places(count: int, offset: float = 0.5) -> Floats:
    """Probabilities that fill the unit interval evenly, in an order without clumps; (count,)."""
    return np.asarray(np.modf(offset + GOLDEN * np.arange(count))[0])


def even_lengths(mean_tokens: float, spread: float, count: int, offset: float = 0.5) -> Floats:
    """Lengths spread evenly over mean × (1 ± spread), in an order without clumps; (count,)."""
    places = even_places(count, offset)
    return np.asarray(np.maximum(mean_tokens * (1.0 + spread * (2.0 * places - 1.0)), 1.0))


def poisson_arrivals(rate_per_s: float, count: int, seed: int) -> Floats:
    """Arrival times of independent requests, (count,), s."""
    return np.cumsum(np.random.default_rng(seed).exponential(1.0 / rate_per_s, count))


def simulate(server: Server, requests: Requests) -> Simulated:
    """Run every request to its end."""
    loop = _Loop(server, requests)
    while loop.left:
        loop.turn()
    return Simulated(
        arrival_s=np.array(loop.arrival_s),
        first_s=np.array(loop.first_s),
        last_s=np.array(loop.last_s),
        output_tokens=requests.output_tokens,
    )


class _Loop:
    """The state of an engine between steps."""

    def __init__(self, server: Server, requests: Requests) -> None:
        self.server, self.steps = server, server.steps_s
        self.prompts, self.outputs = requests.prompt_tokens.tolist(), requests.output_tokens.tolist()
        count = self.left = len(self.prompts)
        self.closed = requests.arrival_s is None
        self.arrival_s = [0.0] * count if requests.arrival_s is None else requests.arrival_s.tolist()
        self.first_s, self.last_s = [0.0] * count, [0.0] * count
        self.now, self.taken_steps = 0.0, 0
        self.waiting: deque[int] = deque()
        self.decoding: list[tuple[int, int]] = []
        """A heap of the step after which a sequence ends, and its number."""
        self.prefilling, self.rest = -1, 0.0
        """The prompt in the engine whose tokens are not all taken, and how many are left."""
        self.upcoming = 0
        first = min(requests.clients, count) if self.closed else 0
        self.waiting.extend(range(first))
        self.upcoming = first

    def turn(self) -> None:
        """One step with a prompt, or a stride of steps without."""
        self._arrive()
        if self.prefilling < 0 and not self.waiting and not self.decoding:
            self.now = self.arrival_s[self.upcoming]
            return
        if self.prefilling >= 0 or (self.waiting and len(self.decoding) < self.server.most):
            self._mixed_step()
        else:
            self._stride()

    def _arrive(self) -> None:
        while not self.closed and self.upcoming < len(self.prompts) and self.arrival_s[self.upcoming] <= self.now:
            self.waiting.append(self.upcoming)
            self.upcoming += 1

    def _mixed_step(self) -> None:
        """Take prompts up to the budget; those taken whole have their first token when the step ends."""
        server, busy = self.server, len(self.decoding)
        budget = max(server.token_budget - busy, 1.0)
        taken = 0.0
        done: list[int] = []
        while budget - taken > 1e-9:
            if self.prefilling < 0:
                if not self.waiting or busy + len(done) >= server.most:
                    break
                self.prefilling = self.waiting.popleft()
                self.rest = self.prompts[self.prefilling]
            share = min(self.rest, budget - taken)
            taken += share
            self.rest -= share
            if self.rest <= 1e-9:
                done.append(self.prefilling)
                self.prefilling = -1
        work = server.prompt_s_per_token * taken
        alone = math.hypot(work, server.prompt_floor_s)
        if not busy:
            self.now += alone
        elif server.mixes_prompts:
            self.now += self.steps[busy] + server.mixed_share * work
            self._after_steps(1)
        else:
            self.now += math.hypot(server.mixed_share * work, server.prompt_floor_s)
        for request in done:
            self._begin(request)

    def _stride(self) -> None:
        """Steps until a sequence ends, or a request arrives that there is room for."""
        busy = len(self.decoding)
        step = self.steps[busy]
        count = self.decoding[0][0] - self.taken_steps
        if not self.closed and self.upcoming < len(self.prompts) and busy < self.server.most:
            until = self.arrival_s[self.upcoming] - self.now
            count = min(count, max(math.ceil(until / step), 1)) if step > 0 else count
        self.now += count * step
        self._after_steps(count)

    def _after_steps(self, count: int) -> None:
        self.taken_steps += count
        while self.decoding and self.decoding[0][0] <= self.taken_steps:
            self._end(heapq.heappop(self.decoding)[1])

    def _begin(self, request: int) -> None:
        self.first_s[request] = self.now
        more = math.ceil((self.outputs[request] - 1.0) / self.server.tokens_per_step)
        if more <= 0:
            self._end(request)
        else:
            heapq.heappush(self.decoding, (self.taken_steps + more, request))

    def _end(self, request: int) -> None:
        self.last_s[request] = self.now
        self.left -= 1
        if self.closed and self.upcoming < len(self.prompts):
            self.arrival_s[self.upcoming] = self.now
            self.waiting.append(self.upcoming)
            self.upcoming += 1
