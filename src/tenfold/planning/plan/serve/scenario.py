"""The trace through a part of a fleet with its part of the traffic: what its requests see."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from tenfold.catalog import OWN, Catalog
from tenfold.fleet import (
    Affinity,
    Incoming,
    Ranks,
    ReplayedRequests,
    RequestTrace,
    ScaleRule,
    Stand,
    replay_requests,
    stand_of,
)
from tenfold.performance.serving import Replica, Server, cache_tokens
from tenfold.planning.plan.serve.counted import WAIT
from tenfold.planning.plan.serve.fleets import Candidate, Fleet, Part, Waits
from tenfold.planning.plan.serve.pace import sure_z
from tenfold.planning.plan.serve.question import QUANTITIES
from tenfold.planning.plan.serve.sized import Sized
from tenfold.planning.plan.serve.traced import Traced
from tenfold.quantities import Flags, Floats
from tenfold.workloads import find_model

USUAL = "least-load"
RESTART = "reliability.restart_s"
AFFINITY = ("prefix_least_share", "prefix_far_ahead", "prefix_times_ahead")
RULE = ("interval_s", "window_s", "up_s", "down_s", "tolerance")
FEW = 8
"""Replicas up to which all are replayed: a router needs some to choose from."""


class Simulator(Protocol):
    """What simulates the layouts of a service."""

    def replica(self, part: Part) -> Replica:
        """One replica of a side."""
        ...

    def servers(self, candidate: Candidate) -> tuple[Server, Server | None]:
        """A rank that gives tokens, and one of those that take prompts where they run apart."""
        ...

    def sent_s(self, candidate: Candidate) -> float:
        """Time in which the cache of a prompt goes from one side to the other."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A part of a fleet that is replayed with its part of the traffic."""

    catalog: Catalog
    sized: Sized
    simulator: Simulator
    confidence: float
    fleet: Fleet
    traced: Traced
    trace: RequestTrace
    replicas: int
    prompts: int
    pace: float
    longest_tokens: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What requests saw."""

    waits: Waits
    held: Flags
    cached_share: float


def scenario_of(
    catalog: Catalog, sized: Sized, simulator: Simulator, confidence: float, fleet: Fleet, traced: Traced
) -> Scenario:
    """As many replicas as let the trace go at its own pace, all where they are few; the pace is what is left.

    The rate on m of n replicas is peak·m/n: pace = peak·m/n ÷ rate of the trace's busiest hour.
    """
    trace, fitted = traced.trace, traced.fitted
    assert trace is not None
    assert fitted is not None
    peak, count = sized.demand.peak_rate_per_s, fleet.needed
    replicas = min(max(round(count * fitted.busiest_hour_per_s / peak), FEW), count)
    model = find_model(catalog, traced.service.model)
    return Scenario(
        catalog=catalog,
        sized=sized,
        simulator=simulator,
        confidence=confidence,
        fleet=fleet,
        traced=traced,
        trace=trace,
        replicas=replicas,
        prompts=math.ceil(fleet.prompts_needed * replicas / count),
        pace=peak * replicas / count / fitted.busiest_hour_per_s,
        longest_tokens=float(model.max_sequence) if model.max_sequence > 0 else math.inf,
    )


def slower_at(scenario: Scenario) -> tuple[float, float]:
    """Z that the fleet was sized at, at most that of the confidence asked for, and the factor of its pace there."""
    candidate, sized = scenario.fleet.candidate, scenario.sized
    z = min(sure_z(scenario.confidence), candidate.z)
    return z, math.exp(float(sized.spreads.of["throughput"][candidate.machine]) * z)


def stands_of(scenario: Scenario, scaler: str) -> tuple[Stand, Stand]:
    """How many replicas of answers and of prompts a rule keeps; as many as stand at most."""
    candidate, arrival = scenario.fleet.candidate, scenario.trace.arrival_s / scenario.pace
    answers = stand_of(_rule(scenario, scaler, candidate.answers, scenario.replicas), scaler, arrival)
    if candidate.prompts is None:
        return answers, Stand(first=0)
    return answers, stand_of(_rule(scenario, scaler, candidate.prompts, scenario.prompts), scaler, arrival)


def _rule(scenario: Scenario, scaler: str, part: Part, most: int) -> ScaleRule:
    catalog = scenario.catalog
    interval, window, up, down, tolerance = (catalog.assumption(f"routing.{scaler}_{key}").value for key in RULE)
    waits = 0.0 if scenario.fleet.supplied == OWN else catalog.assumption(WAIT).value
    start = catalog.assumption(RESTART).value + waits
    return ScaleRule(
        rate_per_unit=part.rate_per_s,
        most=most,
        start_s=start,
        interval_s=interval,
        window_s=window,
        up_s=up,
        down_s=down,
        tolerance=tolerance,
    )


def outcome_of(
    scenario: Scenario, router: str, *, slower: float = 1.0, stands: tuple[Stand, Stand] | None = None
) -> Outcome:
    """Replay; a slower machine is one that sees requests sooner after each other, all times in its own pace."""
    trace, candidate = scenario.trace, scenario.fleet.candidate
    answers, prompts = scenario.simulator.servers(candidate)
    standing = stands or (Stand(first=scenario.replicas), Stand(first=scenario.prompts))
    known = 0.0 if trace.blocks is not None else _known(scenario)
    incoming = Incoming(
        arrival_s=trace.arrival_s / scenario.pace / slower,
        prompt_tokens=trace.prompt_tokens,
        new_tokens=trace.prompt_tokens * (1.0 - known),
        output_tokens=trace.output_tokens,
        blocks=trace.blocks,
    )
    if prompts is None or candidate.prompts is None:
        done = replay_requests(incoming, _ranks(scenario, candidate.answers, answers, standing[0]), router)
        return _seen(scenario, candidate.answers, incoming, done, answers, done.first_s, done.last_s)
    one = replace(incoming, output_tokens=np.ones(len(trace)))
    first = replay_requests(one, _ranks(scenario, candidate.prompts, prompts, standing[1]), router)
    sent = first.first_s + scenario.simulator.sent_s(candidate)
    order = np.argsort(sent, kind="stable")[: int((first.unit >= 0).sum())]
    arriving = Incoming(
        arrival_s=sent[order],
        prompt_tokens=trace.prompt_tokens[order],
        new_tokens=trace.prompt_tokens[order],
        output_tokens=trace.output_tokens[order],
    )
    takes_all = replace(answers, token_budget=math.inf)
    given = replay_requests(arriving, _ranks(scenario, candidate.answers, takes_all, standing[0]), USUAL)
    last = np.full(len(trace), np.inf)
    last[order] = given.last_s
    return _seen(scenario, candidate.prompts, incoming, first, prompts, sent, last)


def _known(scenario: Scenario) -> float:
    """Share of a prompt that the side which takes prompts has in its cache."""
    candidate = scenario.fleet.candidate
    return (candidate.prompts or candidate.answers).known


def _seen(
    scenario: Scenario,
    part: Part,
    incoming: Incoming,
    done: ReplayedRequests,
    server: Server,
    first_s: Floats,
    last_s: Floats,
) -> Outcome:
    """Waits from when first and last tokens come; the first is later by what the host and its stream take."""
    replica = scenario.simulator.replica(part)
    held = np.isfinite(last_s)
    given = np.where(held, last_s, 0.0) - np.where(held, first_s, 0.0)
    units = scenario.replicas * float(replica.layout.ranks)
    batch = given.sum() * scenario.pace / scenario.trace.span_s / units
    step = server.steps_s[min(max(round(batch), 1), server.most)]
    later = float(np.asarray(replica.constants.first_token_s)) + float(np.asarray(replica.constants.lag_steps)) * step
    ttft = first_s - incoming.arrival_s + later
    tpot = np.where(held, given / np.maximum(incoming.output_tokens - 1.0, 1.0), np.inf)
    prompt = incoming.prompt_tokens[held].sum()
    return Outcome(
        waits=Waits(ttft_s=np.where(held, ttft, np.inf), tpot_s=tpot, e2e_s=np.where(held, ttft + given, np.inf)),
        held=held,
        cached_share=float(1.0 - done.new_tokens[held].sum() / prompt) if prompt else 0.0,
    )


def met_share(scenario: Scenario, outcome: Outcome, z: float = 0.0) -> float:
    """Share of requests that keep every limit."""
    sized = scenario.sized
    kept = outcome.held.copy()
    for name, quantity in QUANTITIES.items():
        most = getattr(sized.service, name)
        if most is not None:
            later = math.exp(float(sized.spreads.of[quantity][scenario.fleet.candidate.machine]) * z)
            kept &= getattr(outcome.waits, name.removeprefix("slo_")) * later <= most
    return float(kept.mean())


def _ranks(scenario: Scenario, part: Part, server: Server, stand: Stand) -> Ranks:
    replica, catalog = scenario.simulator.replica(part), scenario.catalog
    traffic = scenario.sized.demand.traffic
    least, far, times = (catalog.assumption(f"routing.{name}").value for name in AFFINITY)
    return Ranks(
        server=server,
        cache_tokens=float(np.asarray(cache_tokens(replica, traffic.prompt_tokens + traffic.output_tokens))),
        cache_growth=float(np.asarray(replica.constants.cache_growth)),
        stand=stand.times(round(float(replica.layout.ranks))),
        affinity=Affinity(least_share=least, far_ahead=far, times_ahead=times),
        longest_tokens=scenario.longest_tokens,
    )
