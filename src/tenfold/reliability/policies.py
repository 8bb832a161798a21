"""Policies as rows: every checkpoint policy with every recovery and detection, each at its best interval.

The best interval maximises the exact goodput: Lambert's W where every save reaches storage (``intervals``), a search
over a geometric grid, refined once, where several saves in memory go to one in storage.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tenfold.reliability.checkpointing import CHECKPOINTS, Checkpointing, PolicyInputs
from tenfold.reliability.closed_forms import ClosedForm, Saving, exact_goodput, rates_back_per_s
from tenfold.reliability.components import JobHazards
from tenfold.reliability.intervals import optimal_interval_s
from tenfold.reliability.recoveries import DETECTIONS, RECOVERIES, Recovery
from tenfold.reliability.stops import Stops, stops

POINTS = 256
SHORTEST_S = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A row of the table of policies, by names."""

    checkpointing: str
    recovery: str
    detection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A policy applied to a job."""

    policy: Policy
    stops: Stops
    checkpointing: Checkpointing
    recovery: Recovery

    def saving(self, interval_s: npt.ArrayLike) -> Saving:
        """Saves at an interval, with as many to one in storage as reach it in time. Broadcasts."""
        interval = np.asarray(interval_s, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            several = np.ceil(np.where(interval > 0, self.checkpointing.durable_interval_s / interval, 1.0) - 1e-9)
        return Saving(
            interval_s=interval, stall_s=self.checkpointing.stall_s, intervals_per_durable=np.maximum(several, 1.0)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyGoodput:
    """What a policy reaches at its best interval."""

    policy: Policy
    interval_s: float
    goodput: float
    valid: bool
    why_not: str


def apply_policy(policy: Policy, hazards: JobHazards, inputs: PolicyInputs) -> Applied:
    """Look the names up and apply them."""
    checkpointing = CHECKPOINTS[policy.checkpointing](inputs)
    recovery = RECOVERIES[policy.recovery](inputs)
    found = stops(hazards, checkpointing, recovery, DETECTIONS[policy.detection](inputs), inputs)
    return Applied(policy=policy, stops=found, checkpointing=checkpointing, recovery=recovery)


def best_interval_s(applied: Applied, longest_s: float) -> float:
    """Interval with the highest exact goodput, between the shortest the policy can do and ``longest_s``."""
    checkpointing, found = applied.checkpointing, applied.stops
    back = sum(rates_back_per_s(found))
    once = float(optimal_interval_s(checkpointing.stall_s, 1.0 / back)) if back > 0 else longest_s
    shortest = min(checkpointing.shortest_interval_s, longest_s)
    best = float(np.clip(once, shortest, longest_s))
    if checkpointing.durable_interval_s <= shortest:
        return best
    grid = np.geomspace(max(shortest, SHORTEST_S), max(longest_s, shortest, SHORTEST_S), POINTS)
    for _ in range(2):
        place = int(np.argmax(exact_goodput(found, applied.saving(grid)).goodput))
        best = float(grid[place])
        grid = np.geomspace(grid[max(place - 1, 0)], grid[min(place + 1, POINTS - 1)], POINTS)
    return best


def compare_policies(hazards: JobHazards, inputs: PolicyInputs, longest_s: float) -> tuple[PolicyGoodput, ...]:
    """Every policy that the job has the replicas for, the best first."""
    found = []
    for names in itertools.product(CHECKPOINTS, RECOVERIES, DETECTIONS):
        checkpointing, recovery, detection = names
        policy = Policy(checkpointing=checkpointing, recovery=recovery, detection=detection)
        applied = apply_policy(policy, hazards, inputs)
        if inputs.replicas >= applied.recovery.replicas:
            interval_s = best_interval_s(applied, longest_s)
            found.append(_row(policy, interval_s, exact_goodput(applied.stops, applied.saving(interval_s))))
    return tuple(sorted(found, key=lambda row: -row.goodput))


def _row(policy: Policy, interval_s: float, form: ClosedForm) -> PolicyGoodput:
    return PolicyGoodput(
        policy=policy, interval_s=interval_s, goodput=float(form.goodput), valid=form.valid, why_not=form.why_not
    )
