"""A fleet sized so that the trace keeps its latency too, however its requests come."""

from __future__ import annotations

import math
from dataclasses import replace

from tenfold.planning.plan.serve.counted import Fleet
from tenfold.planning.plan.serve.planned import ROUNDS, Chosen, Pool
from tenfold.planning.plan.serve.scenario import USUAL, Scenario, met_share, outcome_of, scenario_of, slower_at
from tenfold.planning.plan.serve.together import Candidate
from tenfold.planning.plan.serve.traced import Traced
from tenfold.planning.plan.serve.verified import at_rate

FARTHEST = 64
"""Times the replicas of the fleet up to which more are tried."""


def settle_with_trace(pool: Pool, chosen: Chosen, traced: Traced) -> Chosen:
    """Replay the best, and give it the replicas that the trace takes, until the best holds; each only costs more."""
    for _ in range(ROUNDS * ROUNDS):
        fleet = best_of(chosen)
        if fleet is None or traced.trace is None:
            break
        needed = replicas_that_hold(scenario_of(pool, fleet, traced))
        if needed == fleet.needed:
            break
        pool.gone.add(fleet.candidate)
        if needed is None:
            pool.failed.append(fleet.candidate)
        else:
            pool.add([at_rate(fleet.candidate, pool.sized.demand.peak_rate_per_s / needed)])
        chosen = pool.settle()
    return chosen


def best_of(chosen: Chosen) -> Fleet | None:
    """Fleet of the first design that was simulated."""
    return chosen.fleet_at(chosen.settled[0]) if chosen.settled else None


def if_independent(pool: Pool, fleet: Fleet) -> int:
    """Replicas of the fleet's layout, sized for the same z, that would do if requests came independently."""
    own, peak = _layout(fleet.candidate), pool.sized.demand.peak_rate_per_s
    made = (each for each in pool.sized.found.values() if each is not None and _layout(each) == own)
    return min((math.ceil(peak / each.answers.rate_per_s - 1e-9) for each in made), default=fleet.needed)


def _layout(candidate: Candidate) -> tuple[int, float, int, int]:
    prompts = -1 if candidate.prompts is None else candidate.prompts.setting
    return candidate.machine, candidate.z, candidate.answers.setting, prompts


def replicas_that_hold(scenario: Scenario) -> int | None:
    """Fewest replicas, from those there are, at which least load keeps enough requests in time as surely as asked.

    Doubled until they do, and halved between; None where so many would be needed that it is not their number.
    """
    if _holds(scenario, scenario.replicas):
        return scenario.fleet.needed
    few, many = scenario.replicas, 2 * scenario.replicas
    while not _holds(scenario, many):
        few, many = many, 2 * many
        if many > FARTHEST * scenario.replicas:
            return None
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _holds(scenario, middle) else (middle, many)
    return math.ceil(many * scenario.fleet.needed / scenario.replicas)


def _holds(scenario: Scenario, replicas: int) -> bool:
    z, slower = slower_at(scenario)
    more = replace(scenario, replicas=replicas, prompts=math.ceil(scenario.prompts * replicas / scenario.replicas))
    return met_share(more, outcome_of(more, USUAL, slower=slower), z) >= scenario.traced.service.percentile
