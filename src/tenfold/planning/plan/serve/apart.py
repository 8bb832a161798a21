"""Candidates whose prompts run on replicas of their own: layouts of both sides, in the ratio of fewest chips."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tenfold.performance.serving import (
    Side,
    decode_side,
    prefill_side,
    quantile_over_mean,
    taken,
)
from tenfold.planning.plan.serve.alone import least_rate_per_s, no_faster_s
from tenfold.planning.plan.serve.counted import chips_for
from tenfold.planning.plan.serve.fleets import Candidate, Demand, Part
from tenfold.planning.plan.serve.layouts import BATCHES, Kept, Sides, Space, Spreads
from tenfold.planning.plan.serve.question import Service, tokens_of
from tenfold.planning.plan.serve.tiers import kept_all, kept_at, kept_by
from tenfold.quantities import Floats, Indices
from tenfold.workloads.serving import Traffic

BUSY = tuple(float(each) for each in np.arange(0.02, 0.981, 0.03))
"""Shares of their time that prompts may take of a replica of their own, that are tried."""
FIRST_SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Shares of the time of a whole request that the first token may take, that are tried."""


def sides_of(space: Space, service: Service, demand: Demand) -> Sides:
    """Time both sides of every roomy setting."""
    roomy, stages = space.roomy, np.asarray(space.replica.layout.pipeline)
    one = roomy[stages[roomy] == 1.0]  # a prompt that passes stages one after another is not simulated
    setting, batch = np.repeat(roomy, len(BATCHES)), np.tile(np.array(BATCHES), len(roomy))
    first, busy = np.repeat(one, len(BUSY)), np.tile(np.array(BUSY), len(one))
    drafts, decoding = taken(space.speculation, setting), taken(space.replica, setting)
    answers = decode_side(decoding, demand.traffic, batch, service.percentile, drafts)

    def prompts_of(traffic: Traffic) -> Side:
        return prefill_side(taken(space.replica, first), traffic, busy, service.percentile, demand.lengths)

    prompts = prompts_of(demand.traffic)
    kept = kept_by(space, service, demand, first, np.asarray(prompts.rate_per_s), np.zeros(len(first)))
    prompts = prompts_of(replace(demand.traffic, prefix_share=kept.known)) if kept.shares else prompts
    rate = np.asarray(answers.rate_per_s * decoding.layout.ranks).reshape(-1, len(BATCHES))
    at_once = np.reshape(batch * decoding.layout.ranks, rate.shape)
    least = least_rate_per_s(rate, at_once, demand.peak_rate_per_s)
    return Sides(
        setting=setting,
        batch=batch,
        rate_per_s=_of_replica(space, answers, setting),
        tpot_s=no_faster_s(np.reshape(answers.time_s, rate.shape), rate, least).ravel(),
        least_per_s=np.repeat(least, len(BATCHES)),
        first_setting=first,
        busy=busy,
        first_rate_per_s=_of_replica(space, prompts, first),
        ttft_s=np.asarray(prompts.time_s) + kept.fetch_s,
        kept=kept,
    )


def _of_replica(space: Space, side: Side, setting: Indices) -> Floats:
    ranks = np.array([space.ranks(each) for each in range(len(space.settings))])[setting]
    return np.where(np.asarray(side.fits), np.asarray(side.rate_per_s) * ranks, 0.0)


def apart(space: Space, spreads: Spreads, sides: Sides, service: Service, demand: Demand, z: float) -> list[Candidate]:
    """Of each chip the two layouts that carry the rate on the fewest chips together, where there are any."""
    best: dict[int, tuple[int, Candidate]] = {}
    whole = kept_all(demand, len(sides.setting))
    for ttft_s, tpot_s in _limits(service, demand):
        answers = _fewest(space, spreads, z, demand, "tpot", tpot_s, sides.setting, sides.rate_per_s, sides.tpot_s)
        prompts = _fewest(
            space, spreads, z, demand, "ttft", ttft_s, sides.first_setting, sides.first_rate_per_s, sides.ttft_s
        )
        for machine in answers.keys() & prompts.keys():
            chips = answers[machine][0] + prompts[machine][0]
            if machine not in best or chips < best[machine][0]:
                least = float(sides.least_per_s[answers[machine][2]])
                pair = (
                    replace(_part(answers[machine], sides.setting, sides.batch, whole), least_per_s=least),
                    _part(prompts[machine], sides.first_setting, sides.busy, sides.kept),
                )
                found = Candidate(machine=machine, z=z, answers=pair[0], prompts=pair[1], limits_s=(ttft_s, tpot_s))
                best[machine] = chips, found
    return [best[machine][1] for machine in sorted(best)]


def _limits(service: Service, demand: Demand) -> Iterator[tuple[float, float]]:
    """Limits of TTFT and TPOT that together keep all that are asked."""
    ttft, tpot = service.slo_ttft_s or math.inf, service.slo_tpot_s or math.inf
    if service.slo_e2e_s is None:
        yield ttft, tpot
        return
    longest = tokens_of(service)[1] * quantile_over_mean(demand.lengths.output_spread, service.percentile)
    for share in FIRST_SHARES:
        left = (1.0 - share) * service.slo_e2e_s / max(longest - 1.0, 1.0)
        yield min(ttft, share * service.slo_e2e_s), min(tpot, left)


Found = tuple[int, float, int]
"""Chips that carry the rate, what one replica carries, and the row."""


def _fewest(
    space: Space,
    spreads: Spreads,
    z: float,
    demand: Demand,
    quantity: str,
    limit_s: float,
    setting: Indices,
    rate_per_s: Floats,
    time_s: Floats,
) -> dict[int, Found]:
    """Of each machine the setting that carries the rate within a limit on the fewest chips."""
    machine = space.machine[setting]
    within = time_s * np.exp(spreads.at(quantity, machine) * z) <= limit_s
    capacity = np.where(within, rate_per_s, 0.0) * np.exp(-spreads.at("throughput", machine) * z)
    found: dict[int, Found] = {}
    order = np.argsort(-capacity, kind="stable")
    _, first = np.unique(setting[order], return_index=True)
    for row in order[np.sort(first)].tolist():
        if capacity[row] <= 0.0:
            break
        chips = chips_for(space, int(setting[row]), float(capacity[row]), demand.peak_rate_per_s)
        own = int(machine[row])
        if own not in found or chips < found[own][0]:
            found[own] = chips, float(capacity[row]), row
    return found


def _part(found: Found, setting: Indices, load: Floats, kept: Kept) -> Part:
    _, rate, row = found
    return Part(setting=int(setting[row]), rate_per_s=rate, batch=float(load[row]), **kept_at(kept, row))
