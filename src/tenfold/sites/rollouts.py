"""Reinforcement learning over sites: one site trains, others generate rollouts with its weights.

A step goes round a loop: new weights are broadcast (B), sites generate with them (G), rollouts travel back (R), the
trainer takes its step (T). With rollouts of weights up to k steps old allowed, k + 1 steps are under way at once, and
each stage works on one of them:

    step = max(T, G, B, R, (T + B + G + R)/(k + 1))

k = 0 waits for everything; from k = (B + G + R)/T on the trainer never waits. Weights go out along a tree in which each
site passes them on to f others, cut into shards that follow one another, so the tree's depth d adds latency alone. All
rollouts come in over the one link of the trainer:

    B = f·bytes/W + d·latency, with the least d of f + f² + … + f^d ≥ sites;    R = 8·tokens/W + latency

Source: the largest ratio of time to items over the loops of a pipeline [Reiter 1968, Scheduling Parallel Computations,
J. ACM 15(4)]; INTELLECT-2 trains so over continents, with weights broadcast by a tree (SHARDCAST). Holds for stages of
even duration; what old rollouts cost in quality is not in it, and no fit of that is published.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column, Floats
from tenfold.sites.wan import latency_s, transfer_s

ROLLOUT_BYTES_PER_TOKEN = 8.0
"""A token and the logarithm of its probability, four bytes each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutWork:
    """A step of reinforcement learning over sites. All fields broadcast."""

    train_s: Column
    """One optimizer step on the training site."""
    generate_s: Column
    """Rollouts of one step, on the sites that generate."""
    weights_bytes: Column
    """What is broadcast."""
    tokens: Column
    """Of the rollouts of a step."""
    sites: Column
    """That generate."""
    bytes_per_s: Column
    """Bandwidth of a site, one way."""
    fibre_km: Column = 0.0
    """Of the longest hop."""
    fan_out: Column = 2.0
    """Sites that each passes the weights on to."""
    steps_old: Column = 0.0
    """How many steps old the weights of a rollout may be: k."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutPace:
    """How fast the steps follow one another. All fields broadcast."""

    step_s: Floats
    broadcast_s: Floats
    return_s: Floats
    compute_use: Floats
    """Share of the time the trainer trains."""
    steps_old_needed: Floats
    """Least k with which the trainer never waits for the loop; infinite where a stage takes longer than its step."""


def broadcast_s(weights_bytes: Column, bytes_per_s: Column, sites: Column, fan_out: Column, hop_s: Column) -> Floats:
    """Time until the last site has the weights, s, by the second formula above. Broadcasts; fan_out is above one."""
    below = np.maximum(sites, 1.0) * (np.asarray(fan_out) - 1.0) / fan_out + 1.0
    depth = np.ceil(np.log(below) / np.log(fan_out) - 1e-9)
    fan = np.minimum(fan_out, np.maximum(sites, 1.0))
    return np.asarray(transfer_s(np.multiply(fan, weights_bytes), bytes_per_s, np.multiply(depth, hop_s)))


def rollout_pace(work: RolloutWork) -> RolloutPace:
    """Time the loop by the first formula above. Broadcasts; raises nothing."""
    hop = latency_s(work.fibre_km)
    out = broadcast_s(work.weights_bytes, work.bytes_per_s, work.sites, work.fan_out, hop)
    back = np.asarray(transfer_s(np.multiply(work.tokens, ROLLOUT_BYTES_PER_TOKEN), work.bytes_per_s, hop))
    train, generate = np.asarray(work.train_s, dtype=np.float64), np.asarray(work.generate_s, dtype=np.float64)
    loop = train + out + generate + back
    slowest = np.maximum(np.maximum(train, generate), np.maximum(out, back))
    step = np.maximum(slowest, loop / (1.0 + np.asarray(work.steps_old)))
    needed = np.where(slowest > train, np.inf, np.ceil(loop / train - 1.0 - 1e-9))
    return RolloutPace(
        step_s=step, broadcast_s=out, return_s=back, compute_use=train / step, steps_old_needed=np.asarray(needed)
    )
