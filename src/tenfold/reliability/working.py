"""The share of wall time that works: hazards, checkpoint policy, recovery and detection, composed once.

    productive = e^{−Σ λ_i R_i} · m τ / U − Σ λ_i W_i                                 [``closed_forms``, exact]

λ_i is the rate of a class of failures, R_i its stall, W_i the work of missing replicas, U the uptime that m intervals τ
take. Whoever asks how much of the time a job trains asks here: a scalar, candidates × draws, or sites, since every
input is a column that broadcasts. The answer keeps where the rest of the time goes; its shares and ``productive`` add
up to 1. Holds for memoryless failures of constant rate; a young cluster needs the simulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.quantities import Column, Floats, Indices
from tenfold.reliability.checkpointing import PolicyInputs
from tenfold.reliability.closed_forms import (
    Saving,
    availability,
    missing_share,
    rates_back_per_s,
    stalled_share_to_first_order,
    uptime_per_useful,
)
from tenfold.reliability.components import CORRUPTION, JobHazards
from tenfold.reliability.policies import Applied, apply_policy, best_interval_s
from tenfold.reliability.policy import Policy
from tenfold.reliability.spares import SparePool, waiting_share
from tenfold.reliability.stops import Stops

LONGEST_S = np.finfo(np.float64).max
"""Interval of a job that nothing stops and whose run has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """Where wall time goes; the shares broadcast, and add up to 1."""

    interval_s: Floats
    """Useful work between saves."""
    rate_per_s: Floats
    """Rate at which anything stops the job."""
    productive: Floats
    """Useful time over wall time: goodput, ETTR."""
    checkpoint: Floats
    """Standing still for saves of work that was kept."""
    lost_work: Floats
    """Work that was done, lost with a failure, and done again, the saves in it included."""
    restart: Floats
    """Noticing, replacing, loading and warming up."""
    silent_corruption: Floats
    """Work that was void from the event until it was seen, and the restart after it."""
    missing_replicas: Floats
    """Work of replicas that the job went on without."""
    waiting_for_spares: Floats
    """Nothing to replace what failed with."""
    maintenance: Floats
    """Planned stops."""
    links: Floats
    """A link between sites is down."""

    @property
    def losses(self) -> Mapping[str, Floats]:
        """The shares that are not productive, by name."""
        return {name: getattr(self, name) for name in LOSSES}

    @property
    def wall_per_useful(self) -> Floats:
        """Wall seconds for each useful second; infinite where nothing gets done."""
        with np.errstate(divide="ignore", over="ignore"):
            return np.asarray(1.0 / self.productive)

    def halted(self, term: str, share: Column) -> Working:
        """The same job standing still for a further ``share`` of all time, which goes to ``term``. Broadcasts."""
        if not np.any(share):
            return self
        shares = {name: getattr(self, name) * (1.0 - np.asarray(share)) for name in SHARES}
        return replace(self, **(shares | {term: shares[term] + share}))

    def rows(self, index: Indices) -> Working:
        """The same for rows at places of the first axis, as often as they are named; what holds for all stays."""
        whole = np.shape(self.productive)

        def taken(name: str) -> Floats:
            column: Floats = np.asarray(getattr(self, name))
            if column.ndim != len(whole) or column.shape[0] != whole[0]:
                return column
            alike = name != "productive" and column.strides[0] == 0  # one row, seen as many
            return column[:1] if alike else column[index]

        return Working(**{name: taken(name) for name in Working.__slots__})

    def together(self, weights: Column, axis: int = 0) -> Working:
        """Parts along an axis that fail and go on alone, such as sites, by shares of the work that add up to 1."""
        shares = {name: np.sum(np.multiply(weights, getattr(self, name)), axis=axis) for name in SHARES}
        rate = np.sum(np.broadcast_to(self.rate_per_s, np.shape(self.productive)), axis=axis)
        interval = np.sum(np.multiply(weights, self.interval_s), axis=axis)
        return Working(interval_s=interval, rate_per_s=rate, **shares)


LOSSES = (
    "checkpoint",
    "lost_work",
    "restart",
    "silent_corruption",
    "missing_replicas",
    "waiting_for_spares",
    "maintenance",
    "links",
)
SHARES = ("productive", *LOSSES)


def working(
    hazards: JobHazards,
    policy: Policy,
    inputs: PolicyInputs,
    *,
    interval_s: Column | None = None,
    shortest_interval_s: Column = 0.0,
    longest_interval_s: Column = LONGEST_S,
    spares: SparePool | None = None,
    maintenance_share: Column = 0.0,
    links_down_share: Column = 0.0,
) -> Working:
    """Share of wall time that works under a policy, with its terms.

    ``hazards`` hold what stops the job, causes on their first axis; the other axes, every field of ``inputs`` and the
    intervals broadcast together, and the shares have the shape that comes of it. ``interval_s`` is useful work between
    saves, s, None for the interval that loses least at the inputs given; it is raised to what the policy can do and to
    ``shortest_interval_s`` (a training step), and is ``longest_interval_s`` (the run) at most when it is chosen here.
    ``spares`` are what the recovery draws on, None for as many as are needed; the job waits while there is none.
    ``maintenance_share`` and ``links_down_share`` are shares of wall time in which all stands still beside that.
    ``policy`` names rows of ``CHECKPOINTS``, ``RECOVERIES`` and ``DETECTIONS``: ``KeyError`` for a name that none has.
    """
    applied = apply_policy(policy, hazards, inputs)
    shortest = np.maximum(applied.checkpointing.shortest_interval_s, shortest_interval_s)
    if interval_s is None:
        found = working_at(applied, best_interval_s(applied, longest_interval_s, shortest))
    else:
        found = working_at(applied, np.maximum(interval_s, shortest))
    if spares is not None:
        waits = waiting_share(hazards, applied.recovery, inputs.replicas, spares)
        found = found.halted("waiting_for_spares", waits)
    return found.halted("links", links_down_share).halted("maintenance", maintenance_share)


def working_at(applied: Applied, interval_s: Column) -> Working:
    """The same of a policy that was applied, at an interval it can do."""
    stops, saving = applied.stops, applied.saving(interval_s)
    up, missing = availability(stops), missing_share(stops)
    spent = uptime_per_useful(*rates_back_per_s(stops), saving)
    done = up / spent
    saved = done * _saving_per_useful(saving)
    missing = np.minimum(missing, done)
    void = _void_share(stops)
    shares = {
        "productive": done - missing,
        "checkpoint": saved,
        "lost_work": np.maximum(up - done - saved, 0.0),
        "restart": (1.0 - up) * (1.0 - void),
        "silent_corruption": (1.0 - up) * void,
        "missing_replicas": missing,
        "waiting_for_spares": np.zeros(()),
        "maintenance": np.zeros(()),
        "links": np.zeros(()),
    }
    shape = np.broadcast_shapes(*(np.shape(share) for share in shares.values()))
    whole = {name: np.broadcast_to(share, shape) for name, share in shares.items()}
    return Working(interval_s=np.asarray(interval_s), rate_per_s=stops.rate_per_s.sum(axis=0), **whole)


def _saving_per_useful(saving: Saving) -> Floats:
    """w/τ; 0 where saves take no time."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(saving.stall_s) == 0.0, 0.0, np.divide(saving.stall_s, saving.interval_s))


def _void_share(stops: Stops) -> Floats:
    """Share of the stalls that silent corruption causes."""
    void = sum(
        (
            np.multiply(part.get(CORRUPTION, 0.0), stall)
            for part, stall in zip(stops.parts_per_s, stops.stall_s, strict=True)
        ),
        start=np.zeros(()),
    )
    stalled = stalled_share_to_first_order(stops)
    return np.divide(void, stalled, out=np.zeros(np.broadcast_shapes(void.shape, stalled.shape)), where=stalled > 0)
