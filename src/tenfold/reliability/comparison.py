"""Policies as rows: every checkpoint policy with every recovery and detection, each at its best interval."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tenfold.reliability.checkpointing import CHECKPOINTS, PolicyInputs
from tenfold.reliability.components import JobHazards
from tenfold.reliability.policy import Policy
from tenfold.reliability.recoveries import DETECTIONS, RECOVERIES
from tenfold.reliability.spares import SparePool
from tenfold.reliability.working import working

NO_POOLS: Mapping[str, SparePool] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyGoodput:
    """What a policy reaches at its best interval."""

    policy: Policy
    interval_s: float
    goodput: float


def compare_policies(
    hazards: JobHazards,
    inputs: PolicyInputs,
    longest_s: float,
    pools: Mapping[str, SparePool] = NO_POOLS,
    maintenance_share: float = 0.0,
) -> tuple[PolicyGoodput, ...]:
    """Every policy that one job has the replicas for, the best first.

    ``pools`` are the spares that stand ready, by the unit a recovery replaces; a unit without a pool is never short.
    """
    found = []
    for checkpointing, recovery, detection in itertools.product(CHECKPOINTS, RECOVERIES, DETECTIONS):
        policy = Policy(checkpointing=checkpointing, recovery=recovery, detection=detection)
        needed = RECOVERIES[recovery](inputs)
        if inputs.replicas >= needed.replicas:
            pool = pools.get(needed.spare_unit)
            share = working(
                hazards, policy, inputs, longest_interval_s=longest_s, spares=pool, maintenance_share=maintenance_share
            )
            row = PolicyGoodput(policy=policy, interval_s=float(share.interval_s), goodput=float(share.productive))
            found.append(row)
    return tuple(sorted(found, key=lambda row: -row.goodput))
