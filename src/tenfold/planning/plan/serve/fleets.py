"""What must be carried, replicas that carry it, and fleets of them: records that the steps of a plan hand on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.performance.serving import Lengths
from tenfold.planning.plan.serve.layouts import Machine
from tenfold.quantities import Flags, Floats, Indices, NamedFigure
from tenfold.workloads.serving import Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a fleet must carry."""

    traffic: Traffic
    lengths: Lengths
    peak_rate_per_s: float
    """Requests a second in the busiest hour at the end of the period."""
    mean_rate_per_s: float
    """On average over the period."""
    links: Mapping[str, float]
    """Bandwidth to a chip from where caches wait between turns, B/s, the fastest first."""
    figures: tuple[NamedFigure, ...]
    """Assumptions that stand for what was left out."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Replicas of one layout."""

    setting: int
    rate_per_s: float
    """Requests that one replica carries within the latency, at the z sized for."""
    batch: float
    """Sequences that decode at once on a rank, on average; of prompts the share of time they take."""
    known: float
    """Share of a prompt whose cache is there."""
    fetch_s: float
    """Time in which it comes back from where it waited."""
    least_per_s: float = 0.0
    """Rate below which its tokens are taken to come no faster (``alone``), with the pace predicted."""
    held: tuple[tuple[str, float], ...] = ()
    """Share of the caches of conversations by where they wait between turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """How one replica is laid out and loaded."""

    machine: int
    z: float
    """What it was sized for."""
    answers: Part
    prompts: Part | None = None
    """Replicas of their own for prompts."""
    limits_s: tuple[float, float] = (math.inf, math.inf)
    """TTFT and TPOT that the sides of such a service were sized to."""
    kept: float = 1.0
    """What the simulation left of what the closed form allows a replica."""
    verified: bool = False
    """Whether it was simulated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Replicas of a candidate under one class of supply."""

    candidate: Candidate
    supplied: str
    """One of ``CLASSES``."""
    needed: int
    """Replicas that carry the peak."""
    replicas: int
    """With spares."""
    prompts_needed: int = 0
    prompts_replicas: int = 0
    chips: int
    """In whole nodes where it is more than one, or bought."""
    load_per_s: float
    """Requests that a replica of answers carries at the peak with the spares gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleets:
    """Fleets that carry the load, as columns of equal length; a fleet does no steps."""

    setups: tuple[Machine, ...]
    fleets: tuple[Fleet, ...]
    chip: Indices
    """Index into ``setups``."""
    chips: Floats
    allowed: Flags
    """False beyond the most chips there may be."""

    @property
    def step_s(self) -> Floats:
        """None."""
        return np.zeros(len(self.chips))

    @property
    def steps(self) -> Floats:
        """None."""
        return np.zeros(len(self.chips))

    def __len__(self) -> int:
        return len(self.chips)


def fleets_of(machines: Sequence[Machine], fleets: Sequence[Fleet], most_chips: float) -> Fleets:
    """Columns of fleets."""
    chips = np.array([float(each.chips) for each in fleets])
    return Fleets(
        setups=tuple(machines),
        fleets=tuple(fleets),
        chip=np.array([each.candidate.machine for each in fleets], dtype=np.intp),
        chips=chips,
        allowed=np.asarray(chips <= most_chips),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """What requests see, (requests,), s."""

    ttft_s: Floats
    tpot_s: Floats
    e2e_s: Floats
