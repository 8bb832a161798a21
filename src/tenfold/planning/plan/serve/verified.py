"""The winners simulated request by request: how many keep the latency, and what a replica carries so that enough do.

Rates are tried on a fixed grid from what the closed form allows downwards, so that a tighter limit, which fewer
requests keep at every rate, never ends at a higher one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from tenfold.performance.serving import (
    NO_SPECULATION,
    Replica,
    Requests,
    Run,
    Server,
    Speculation,
    even_places,
    most_sequences,
    poisson_arrivals,
    row_of,
    server_of,
    simulate,
    transfer_s,
)
from tenfold.planning.plan.serve.fleets import Candidate, Part, Waits
from tenfold.planning.plan.serve.question import QUANTITIES
from tenfold.planning.plan.serve.sized import Sized
from tenfold.quantities import Floats, quantile_of, standard_normal_ppf
from tenfold.workloads.serving import Traffic

GRID = 1.04
"""Ratio of one rate tried to the next."""
REQUESTS = 600
"""Requests that are looked at, at least."""
BEYOND = 5
"""Requests that are looked at beyond the percentile asked for, at least."""
LOWEST = 40
"""Steps of the grid below the closed form at which a layout is given up."""
SEED = 20_261_127
"""Of arrivals and lengths: every layout is simulated under the same ones, whatever the seed of a plan."""


@dataclass(slots=True, kw_only=True)
class Verifier:
    """Simulations of the layouts of a service, each done once."""

    sized: Sized
    seen: dict[tuple[float, ...], Waits] = field(default_factory=dict)
    found: dict[Candidate, Candidate | None] = field(default_factory=dict)
    """Candidates that were simulated, and what became of them."""
    rows: dict[int, Replica] = field(default_factory=dict)
    """Replicas of settings."""
    ready: dict[tuple[object, ...], tuple[Server, Server | None]] = field(default_factory=dict)
    """Ranks of candidates, which are the same at every rate."""

    def verified(self, candidate: Candidate) -> Candidate | None:
        """The candidate as far as its simulation carries it; None where that is nowhere."""
        if candidate.verified:
            return candidate
        if candidate not in self.found:
            self.found[candidate] = self._carried(candidate)
        return self.found[candidate]

    def _carried(self, candidate: Candidate) -> Candidate | None:
        """The candidate at the largest rate of the grid at which enough requests keep the latency; None below it."""
        slower = self._slower(candidate)
        top = _power(candidate.answers.rate_per_s * slower)
        for power in range(top, top - LOWEST, -1):
            if self.met_share(candidate, power, candidate.z) >= self.sized.service.percentile:
                return at_rate(candidate, min(GRID**power / slower, candidate.answers.rate_per_s))
            if power <= _least_power(candidate) and self._at_floor(candidate):
                return None
        return None

    def _at_floor(self, candidate: Candidate) -> bool:
        """Whether less load brings nothing: too few requests keep the TPOT at one at a time.

        Nor does it where prompts run apart: first tokens are those of replicas of their own.
        """
        most, least = self.sized.service.slo_tpot_s, candidate.answers.least_per_s
        if candidate.prompts is not None and least < self.sized.demand.peak_rate_per_s:
            return True
        if most is None:
            return False
        times = self._sure_s(candidate, _least_power(candidate), candidate.z)["slo_tpot_s"]
        return float(np.mean(times <= most)) < self.sized.service.percentile

    def met_share(self, candidate: Candidate, power: int, z: float) -> float:
        """Share of requests that keep every limit at a rate of the grid and a z."""
        seen = self._sure_s(candidate, power, z)
        kept = [times <= getattr(self.sized.service, name) for name, times in seen.items()]
        return float(np.logical_and.reduce(kept).mean()) if kept else 1.0

    def least_s(self, candidate: Candidate) -> Mapping[str, float]:
        """Each latency asked for as enough requests keep it at next to no load, at the z of a candidate, s."""
        seen = self._sure_s(candidate, _least_power(candidate) - LOWEST, candidate.z)
        return {name: quantile_of(times, self.sized.service.percentile) for name, times in seen.items()}

    def _sure_s(self, candidate: Candidate, power: int, z: float) -> Mapping[str, Floats]:
        """Latencies asked for that requests see at a rate of the grid and a z; tokens no faster than ``alone``."""
        waits, least = self._waits(candidate, power), self._waits(candidate, max(power, _least_power(candidate)))
        given = replace(waits, tpot_s=least.tpot_s, e2e_s=waits.ttft_s + least.e2e_s - least.ttft_s)
        return {
            name: getattr(given, name.removeprefix("slo_"))
            * math.exp(float(self.sized.spreads.of[quantity][candidate.machine]) * z)
            for name, quantity in QUANTITIES.items()
            if getattr(self.sized.service, name) is not None
        }

    def met_at(self, candidate: Candidate, rate_per_s: float, z: float) -> float:
        """The same at what one replica of answers is loaded with, which at a higher z is more for its pace."""
        sigma = float(self.sized.spreads.of["throughput"][candidate.machine])
        power = math.ceil(math.log(rate_per_s * math.exp(sigma * z), GRID) - 1e-9)
        return self.met_share(candidate, power, z)

    def waits_at(self, candidate: Candidate, rate_per_s: float) -> Waits:
        """What requests see at what one replica of answers is loaded with, with the pace predicted."""
        return self._waits(candidate, math.ceil(math.log(rate_per_s, GRID) - 1e-9))

    def _slower(self, candidate: Candidate) -> float:
        return math.exp(float(self.sized.spreads.of["throughput"][candidate.machine]) * candidate.z)

    def _waits(self, candidate: Candidate, power: int) -> Waits:
        prompts = candidate.prompts
        key = (candidate.answers.setting, -1 if prompts is None else prompts.setting, power, *_of_sides(candidate))
        if key not in self.seen:
            rate = GRID**power
            self.seen[key] = self._together(candidate, rate) if prompts is None else self._apart(candidate, rate)
        return self.seen[key]

    def replica(self, part: Part) -> Replica:
        """One replica of a side."""
        if part.setting not in self.rows:
            self.rows[part.setting] = row_of(self.sized.space.replica, part.setting)
        return self.rows[part.setting]

    def traffic(self, part: Part) -> Traffic:
        """Requests as a replica of a side sees them."""
        return replace(self.sized.demand.traffic, prefix_share=part.known)

    def speculation(self, candidate: Candidate) -> Speculation:
        """How the replicas of answers draft."""
        return row_of(self.sized.space.speculation, candidate.answers.setting)

    def servers(self, candidate: Candidate) -> tuple[Server, Server | None]:
        """A rank that gives tokens, and one of those that take prompts where they run apart."""
        sides = (part and (part.setting, part.known) for part in (candidate.answers, candidate.prompts))
        key = (candidate.machine, *sides)
        if key not in self.ready:
            self.ready[key] = self._servers(candidate)
        return self.ready[key]

    def _servers(self, candidate: Candidate) -> tuple[Server, Server | None]:
        answers, run = self.replica(candidate.answers), self._run(candidate)
        traffic = self.traffic(candidate.answers)
        server = server_of(answers, traffic, run, self.speculation(candidate), 1.0, _places(answers, traffic))
        if candidate.prompts is None:
            return server, None
        kept = 1.0 / float(answers.constants.side_share)
        new = self.traffic(candidate.prompts)
        first = server_of(self.replica(candidate.prompts), new, run, NO_SPECULATION, 1.0, 1)
        return _without_prompts(_slowed(server, kept)), _slowed(first, kept)

    def sent_s(self, candidate: Candidate) -> float:
        """Time in which the cache of a prompt goes from one side to the other; 0 where there is one side."""
        if candidate.prompts is None:
            return 0.0
        return float(np.asarray(transfer_s(self.replica(candidate.prompts), self.sized.demand.traffic.prompt_tokens)))

    def _run(self, candidate: Candidate) -> Run:
        engine = self.sized.space.machines[candidate.machine].engine
        return Run(token_budget=float(engine.token_budget), mixes_prompts=engine.mixes_prompts)

    def _together(self, candidate: Candidate, rate_per_s: float) -> Waits:
        """Prompts and answers in the same steps of one rank."""
        replica = self.replica(candidate.answers)
        rate = rate_per_s / float(replica.layout.ranks)
        return self._first_seen(self.servers(candidate)[0], candidate.answers, rate, candidate.answers.batch)

    def _apart(self, candidate: Candidate, rate_per_s: float) -> Waits:
        """Prompts through replicas of their own, answers through others, each at its share of the rate."""
        assert candidate.prompts is not None
        answers, prompts = self.replica(candidate.answers), self.replica(candidate.prompts)
        share = candidate.prompts.rate_per_s / candidate.answers.rate_per_s
        decode, prefill = self.servers(candidate)
        assert prefill is not None
        first = self._first_seen(
            prefill, candidate.prompts, rate_per_s * share / float(prompts.layout.ranks), 0.0, answered=False
        )
        rate = rate_per_s / float(answers.layout.ranks)
        later = self._first_seen(decode, candidate.answers, rate, candidate.answers.batch)
        sent = self.sent_s(candidate)
        count = min(len(first.ttft_s), len(later.tpot_s))
        ttft, given = first.ttft_s[:count] + sent, (later.e2e_s - later.ttft_s)[:count]
        return Waits(ttft_s=ttft, tpot_s=later.tpot_s[:count], e2e_s=ttft + given)

    def _first_seen(
        self, server: Server, part: Part, rate_per_s: float, batch: float, *, answered: bool = True
    ) -> Waits:
        """Requests of one rank after it has filled up: as many as decode on average are half done when they start."""
        there, lengths = round(batch), self.sized.demand.lengths
        replica, traffic = self.replica(part), self.traffic(part)
        fewest = max(REQUESTS, math.ceil(BEYOND / (1.0 - self.sized.service.percentile)))
        count = max(fewest, min(2 * there, 3 * REQUESTS))
        means = float(np.asarray(traffic.new_tokens)), float(np.asarray(traffic.output_tokens))
        prompts, answers = _lengths(means, (lengths.prompt_spread, lengths.output_spread), count)
        outputs = answers if answered else np.ones(count)
        left = np.maximum(np.resize(answers, there) * even_places(there), 1.0)
        done = simulate(
            server,
            Requests(
                prompt_tokens=np.concatenate([np.zeros(there), prompts]),
                output_tokens=np.concatenate([left, outputs]),
                arrival_s=np.concatenate([np.zeros(there), poisson_arrivals(rate_per_s, count, SEED)]),
            ),
        )
        new = slice(there, None)
        step = server.steps_s[min(max(there, 1), server.most)]
        floor = float(np.asarray(replica.constants.first_token_s)) + part.fetch_s
        ttft = done.ttft_s[new] + floor + float(np.asarray(replica.constants.lag_steps)) * step
        return Waits(ttft_s=ttft, tpot_s=done.tpot_s[new], e2e_s=ttft + done.last_s[new] - done.first_s[new])


def _of_sides(candidate: Candidate) -> tuple[int, float, float]:
    """What tells candidates apart: rates of the sides over each other, in millionths; what prompts find cached."""
    prompts = candidate.prompts
    side = prompts or candidate.answers
    ratio = 0 if prompts is None else round(1e6 * prompts.rate_per_s / candidate.answers.rate_per_s)
    return ratio, side.known, side.fetch_s


def _least_power(candidate: Candidate) -> int:
    """Rate of the grid below which tokens come no faster."""
    return _power(candidate.answers.least_per_s)


def _power(rate_per_s: float) -> int:
    """The largest rate of the grid that is no larger, as a power of ``GRID``."""
    return math.floor(math.log(rate_per_s, GRID) + 1e-9)


def at_rate(candidate: Candidate, rate_per_s: float) -> Candidate:
    """The candidate with both sides loaded less, in proportion, as far as a simulation carries them."""
    less = rate_per_s / candidate.answers.rate_per_s

    def at(part: Part) -> Part:
        return replace(part, rate_per_s=part.rate_per_s * less)

    prompts = None if candidate.prompts is None else at(candidate.prompts)
    return replace(candidate, answers=at(candidate.answers), prompts=prompts, kept=candidate.kept * less, verified=True)


def _places(replica: Replica, traffic: Traffic) -> int:
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    return max(int(np.asarray(most)), 1)


def _slowed(server: Server, factor: float) -> Server:
    """A server whose every time is longer."""
    return replace(
        server,
        steps_s=[each * factor for each in server.steps_s],
        prompt_s_per_token=server.prompt_s_per_token * factor,
        prompt_floor_s=server.prompt_floor_s * factor,
    )


def _without_prompts(server: Server) -> Server:
    return replace(server, prompt_s_per_token=0.0, prompt_floor_s=0.0)


@lru_cache(maxsize=64)
def _lengths(mean_tokens: tuple[float, ...], spreads: tuple[float, ...], count: int) -> tuple[Floats, ...]:
    """Log-normal lengths that fill their distribution evenly, in random order; of each mean (count,)."""
    rng, places = np.random.default_rng(SEED), standard_normal_ppf((np.arange(count) + 0.5) / count)
    drawn = list[Floats]()
    for mean, spread in zip(mean_tokens, spreads, strict=True):
        variance = math.log1p(spread**2)
        lengths = mean * np.exp(math.sqrt(variance) * places - 0.5 * variance)
        drawn.append(np.maximum(rng.permutation(lengths), 1.0))
    return tuple(drawn)
