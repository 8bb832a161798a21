"""A fleet sized so that the trace keeps its latency too, however its requests come."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from tenfold.planning.plan.serve.fleets import Candidate, Fleet
from tenfold.planning.plan.serve.scenario import USUAL, Scenario, met_share, outcome_of, slower_at

FARTHEST = 64
"""Times the replicas of the fleet up to which more are tried."""


def if_independent(simulated: Iterable[Candidate | None], peak: float, fleet: Fleet) -> int:
    """Replicas of the fleet's layout, sized for the same z, that would do if requests came independently."""
    own = _layout(fleet.candidate)
    made = (each for each in simulated if each is not None and _layout(each) == own)
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
