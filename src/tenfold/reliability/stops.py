"""What every cause does to the job under a policy: columns that closed forms and the simulation both read.

A cause becomes one outcome, or two where sensors announce a share of its failures. Outcomes with the same effect are
merged into classes; each class remembers which causes it came from, so that losses can be told apart again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column, Floats
from tenfold.reliability.checkpointing import Checkpointing, PolicyInputs
from tenfold.reliability.components import CORRUPTION, HARDWARE, JobHazards
from tenfold.reliability.recoveries import Detection, Recovery

KEEPS, LATEST, DURABLE = 0.0, 1.0, 2.0
"""Where a failure sends the job back to: nowhere, the latest save, the latest save in storage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """Classes of failures, as columns: the first axis is the class, the others broadcast over jobs."""

    rate_per_s: Floats
    stall_s: Floats
    """Time the whole job stands still, or works in vain, after one."""
    waits_s: Floats
    """Work of the whole job, in seconds, lost to replicas that are missing afterwards."""
    rollback: Floats
    """``KEEPS``, ``LATEST`` or ``DURABLE``."""
    causes: tuple[str, ...]
    parts_per_s: tuple[Mapping[str, Column], ...]
    """For each class, the rate of every cause in it."""

    @property
    def total_per_s(self) -> float:
        """Rate of all classes of one job together, 1/s."""
        return float(self.rate_per_s.sum())

    @property
    def cause_rate_per_s(self) -> Floats:
        """Rate of each cause of one job in each class, shape (causes, classes)."""
        rates = [[float(part.get(cause, 0.0)) for part in self.parts_per_s] for cause in self.causes]
        return np.array(rates).reshape(len(self.causes), len(self.parts_per_s))

    def rate_back_to(self, tier: float) -> Floats:
        """Rate of the classes that go back to a tier, 1/s."""
        return np.asarray(np.where(self.rollback == tier, self.rate_per_s, 0.0).sum(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """One cause, or the announced share of it."""

    cause: str
    rate_per_s: Column
    effect: tuple[Column, Column, Column]
    """Stall, waits, rollback."""

    def does_as(self, other: _Outcome) -> bool:
        """Tell whether both have the same effect, in every job."""
        return all(np.array_equal(mine, its) for mine, its in zip(self.effect, other.effect, strict=True))


def stops(
    hazards: JobHazards,
    checkpointing: Checkpointing,
    recovery: Recovery,
    detection: Detection,
    inputs: PolicyInputs,
) -> Stops:
    """Apply a policy to the hazards of a job, or of many jobs: the columns broadcast behind the first axis."""
    found = [
        outcome
        for place in range(len(hazards.causes))
        for outcome in _outcomes(place, hazards, checkpointing, recovery, detection, inputs)
        if np.any(outcome.rate_per_s > 0)
    ]
    classes = _classes(found)
    rates = [sum((each.rate_per_s for each in alike), start=np.zeros(())) for alike in classes]
    stall, waits, rollback = ([alike[0].effect[column] for alike in classes] for column in range(3))
    shape = np.broadcast_shapes(*(np.shape(column) for column in (*rates, *stall, *waits, *rollback)))
    return Stops(
        rate_per_s=_stacked(rates, shape),
        stall_s=_stacked(stall, shape),
        waits_s=_stacked(waits, shape),
        rollback=_stacked(rollback, shape),
        causes=hazards.causes,
        parts_per_s=tuple(_by_cause(alike) for alike in classes),
    )


def _classes(found: Sequence[_Outcome]) -> list[list[_Outcome]]:
    """Outcomes with the same effect, together."""
    classes: list[list[_Outcome]] = []
    for outcome in found:
        alike = next((known for known in classes if known[0].does_as(outcome)), None)
        if alike is None:
            classes.append([outcome])
        else:
            alike.append(outcome)
    return classes


def _by_cause(outcomes: Sequence[_Outcome]) -> Mapping[str, Column]:
    rates: dict[str, Column] = {}
    for outcome in outcomes:
        rates[outcome.cause] = np.add(rates.get(outcome.cause, 0.0), outcome.rate_per_s)
    return rates


def _stacked(columns: Sequence[Column], shape: tuple[int, ...]) -> Floats:
    """The columns under one another, shape (columns, *shape)."""
    return np.array([np.broadcast_to(column, shape) for column in columns]).reshape(len(columns), *shape)


def _outcomes(
    place: int,
    hazards: JobHazards,
    checkpointing: Checkpointing,
    recovery: Recovery,
    detection: Detection,
    inputs: PolicyInputs,
) -> Iterator[_Outcome]:
    """Split a cause into what strikes unannounced and what sensors announce."""
    cause, kind, rate = hazards.causes[place], hazards.kinds[place], hazards.rate_per_s[place]
    hardware = kind in HARDWARE
    announced = detection.pre_empted_share if hardware else 0.0
    stopped = hazards.chips_stopped[place]
    tier = _tier(kind, stopped, checkpointing, recovery)
    stall = recovery.stalls_job_s if hardware else recovery.whole_job_s
    noticing = np.where(tier != KEEPS, detection.detection_s, 0.0)
    waits = _waits_s(stopped, recovery, inputs) if hardware else np.zeros(())
    struck = stall + noticing + _load_s(tier, checkpointing) + hazards.unseen_s[place]
    drained = stall + checkpointing.stall_s
    if recovery.rolls_back:
        drained = drained + checkpointing.drain_s + checkpointing.load_s
    yield _Outcome(cause=cause, rate_per_s=rate * (1.0 - announced), effect=(struck, waits, tier))
    yield _Outcome(cause=cause, rate_per_s=rate * announced, effect=(drained, waits, np.array(KEEPS)))


def _load_s(tier: Floats, checkpointing: Checkpointing) -> Column:
    """Time to load what a failure sends the job back to."""
    return np.where(tier == DURABLE, checkpointing.durable_load_s, np.where(tier == LATEST, checkpointing.load_s, 0.0))


def _tier(kind: str, stopped: Column, checkpointing: Checkpointing, recovery: Recovery) -> Floats:
    """Where a failure sends the job back to; copies in memory hold corrupted numbers too."""
    if kind in HARDWARE and not recovery.rolls_back:
        return np.array(KEEPS)
    if kind == CORRUPTION:
        return np.array(DURABLE)
    return np.where(np.asarray(stopped) > checkpointing.survives_chips, DURABLE, LATEST)


def _waits_s(stopped: Column, recovery: Recovery, inputs: PolicyInputs) -> Floats:
    """R/D for each replica hit [formula of FT-HSDP, arXiv:2602.00277]; a part may reach into several."""
    hit = np.ceil(np.asarray(stopped) / inputs.chips_per_replica)
    return np.asarray(recovery.waits_replica_s * np.minimum(hit / inputs.replicas, 1.0))
