"""What every cause does to the job under a policy: columns that closed forms and the simulation both read.

A cause becomes one outcome, or two where sensors announce a share of its failures. Outcomes with the same effect are
merged into classes; ``cause_rate_per_s`` remembers which causes they came from, so that losses can be told apart again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats
from tenfold.reliability.checkpointing import Checkpointing, PolicyInputs
from tenfold.reliability.components import CORRUPTION, HARDWARE, JobHazards
from tenfold.reliability.recoveries import Detection, Recovery

KEEPS, LATEST, DURABLE = 0.0, 1.0, 2.0
"""Where a failure sends the job back to: nowhere, the latest save, the latest save in storage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """Classes of failures, as columns of equal length."""

    rate_per_s: Floats
    stall_s: Floats
    """Time the whole job stands still, or works in vain, after one."""
    waits_s: Floats
    """Work of the whole job, in seconds, lost to replicas that are missing afterwards."""
    rollback: Floats
    """``KEEPS``, ``LATEST`` or ``DURABLE``."""
    causes: tuple[str, ...]
    cause_rate_per_s: Floats
    """Rate of each cause in each class, shape (causes, classes)."""

    @property
    def total_per_s(self) -> float:
        """Rate of all classes together, 1/s."""
        return float(self.rate_per_s.sum())

    def rate_back_to(self, tier: float) -> float:
        """Rate of the classes that go back to a tier, 1/s."""
        return float(self.rate_per_s[self.rollback == tier].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """One cause, or the announced share of it."""

    cause: int
    rate_per_s: float
    effect: tuple[float, float, float]
    """Stall, waits, rollback."""


def stops(
    hazards: JobHazards,
    checkpointing: Checkpointing,
    recovery: Recovery,
    detection: Detection,
    inputs: PolicyInputs,
) -> Stops:
    """Apply a policy to the hazards of a job."""
    found = [
        outcome
        for place in range(len(hazards.causes))
        for outcome in _outcomes(place, hazards, checkpointing, recovery, detection, inputs)
        if outcome.rate_per_s > 0
    ]
    effects = list(dict.fromkeys(outcome.effect for outcome in found))
    by_cause = np.zeros((len(hazards.causes), len(effects)))
    for outcome in found:
        by_cause[outcome.cause, effects.index(outcome.effect)] += outcome.rate_per_s
    stall, waits, rollback = np.array(effects).reshape(-1, 3).T
    return Stops(
        rate_per_s=by_cause.sum(axis=0),
        stall_s=stall,
        waits_s=waits,
        rollback=rollback,
        causes=hazards.causes,
        cause_rate_per_s=by_cause,
    )


def _outcomes(
    place: int,
    hazards: JobHazards,
    checkpointing: Checkpointing,
    recovery: Recovery,
    detection: Detection,
    inputs: PolicyInputs,
) -> Iterator[_Outcome]:
    """Split a cause into what strikes unannounced and what sensors announce."""
    kind, rate = hazards.kinds[place], float(hazards.rate_per_s[place])
    announced = detection.pre_empted_share if kind in HARDWARE else 0.0
    stopped = float(hazards.chips_stopped[place])
    tier = _tier(kind, stopped, checkpointing, recovery)
    load = {KEEPS: 0.0, LATEST: checkpointing.load_s, DURABLE: checkpointing.durable_load_s}
    stall = recovery.stalls_job_s if kind in HARDWARE else recovery.whole_job_s
    noticing = detection.detection_s if tier != KEEPS else 0.0
    waits = _waits_s(stopped, recovery, inputs) if kind in HARDWARE else 0.0
    struck = stall + noticing + load[tier] + float(hazards.unseen_s[place])
    drained = stall + checkpointing.stall_s + (checkpointing.load_s if recovery.rolls_back else 0.0)
    yield _Outcome(cause=place, rate_per_s=rate * (1.0 - announced), effect=(struck, waits, tier))
    yield _Outcome(cause=place, rate_per_s=rate * announced, effect=(drained, waits, KEEPS))


def _tier(kind: str, stopped: float, checkpointing: Checkpointing, recovery: Recovery) -> float:
    """Where a failure sends the job back to; copies in memory hold corrupted numbers too."""
    if kind in HARDWARE and not recovery.rolls_back:
        return KEEPS
    if kind == CORRUPTION or stopped > checkpointing.survives_chips:
        return DURABLE
    return LATEST


def _waits_s(stopped: float, recovery: Recovery, inputs: PolicyInputs) -> float:
    """R/D for each replica hit [formula of FT-HSDP, arXiv:2602.00277]; a part may reach into several."""
    hit = np.ceil(stopped / inputs.chips_per_replica)
    return float(recovery.waits_replica_s * min(hit / inputs.replicas, 1.0))
