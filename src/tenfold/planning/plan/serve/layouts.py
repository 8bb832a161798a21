"""Every layout of every chip as columns, and what each gives: records that the steps of a plan hand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Chip, Engine, System
from tenfold.performance.serving import Labels, Replica, Setting, Speculation
from tenfold.quantities import Floats, Indices

BATCHES = tuple(float(2.0 ** (power / 6.0)) for power in range(-18, 61))
"""Sequences that decode at once on a rank, on average, that are tried: from an eighth to 1,024."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A chip in its system, with an engine that serves on it."""

    chip: Chip
    system: System | None
    """None for a card that stands alone."""
    engine: Engine
    labels: Labels

    @property
    def node_chips(self) -> int:
        """Chips of a node."""
        return self.system.chips_per_node if self.system else 1

    @property
    def domain_chips(self) -> int:
        """Chips of a scale-up domain."""
        return self.system.scaleup_domain_chips if self.system and self.system.scaleup_fabric else 1


def chips_of(machines: Sequence[Machine]) -> Indices:
    """Of each machine the first with the same chip: what tells chips apart, whatever engine serves on them."""
    keys = [each.chip.key for each in machines]
    return np.array([keys.index(key) for key in keys], dtype=np.intp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Layouts of all machines as columns, (settings,)."""

    machines: tuple[Machine, ...]
    settings: tuple[Setting, ...]
    machine: Indices
    """Of each setting."""
    replica: Replica
    speculation: Speculation
    """Of each setting."""
    accepted_spread: float
    """Log standard deviation of what a step with drafts gives; 0 without."""
    accepted_stated: bool
    """Whether the question says it."""
    factors: Mapping[str, float]
    """Of all serving calibrations."""
    room_bytes: Floats
    """Left for the cache of a chip; negative where the weights do not fit."""
    most: Floats
    """Sequences that fit a rank."""

    @property
    def roomy(self) -> Indices:
        """Settings that hold the weights and a request."""
        return np.flatnonzero((self.room_bytes > 0.0) & (self.most >= 1.0))

    def chips(self, setting: int) -> int:
        """Chips of a replica."""
        return round(float(self.settings[setting].layout.chips))

    def ranks(self, setting: int) -> float:
        """Attention ranks of a replica that share its load."""
        return float(self.settings[setting].layout.ranks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreads:
    """Log standard deviations by quantity, (machines,)."""

    of: Mapping[str, Floats]

    def at(self, quantity: str, machine: Indices) -> Floats:
        """Of rows of machines."""
        return self.of[quantity][machine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What of a conversation is still there at its next turn, by row."""

    known: Floats
    """Share of a prompt whose cache is there."""
    fetch_s: Floats
    """Time in which it comes back from where it waited; 0 where that is the chips' memory."""
    shares: Mapping[str, Floats]
    """Share of the caches by where they wait; empty where nobody says how long turns wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows: a setting at a batch."""

    setting: Indices
    machine: Indices
    rate_per_s: Floats
    """Requests that a replica finishes, predicted."""
    batch: Floats
    latency_s: Mapping[str, Floats]
    """By limit, as the percentile of requests asked for keeps it, predicted."""
    kept: Kept
    least_per_s: Floats
    """Rate below which tokens are taken to come no faster (``alone``), of each row."""
    breaks_at: Floats
    """z at which the first latency is missed; −∞ where the batch has no room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both sides at every load: a setting at a batch, and a setting at a share of busy time."""

    setting: Indices
    batch: Floats
    rate_per_s: Floats
    """Of a replica, 1/s; 0 where it does not fit."""
    tpot_s: Floats
    least_per_s: Floats
    """Rate of answers below which they are taken to come no faster (``alone``)."""
    first_setting: Indices
    busy: Floats
    first_rate_per_s: Floats
    ttft_s: Floats
    kept: Kept
    """Of prompts."""
