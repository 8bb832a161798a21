"""Hazards: how often the parts of a system fail, how many chips stop with each, and how the rates change with age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tenfold.catalog.figured import Figured
from tenfold.quantities import Figure

DEFAULT_HAZARDS = "default"
"""Key of the record for families without one of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component(Figured):
    """A kind of part that fails: chips, cables, hosts, racks."""

    figure_fields: ClassVar[Mapping[str, str]] = {
        "rate_per_1000_unit_days": "rate",
        "chips_per_unit": "unit_chips",
        "chips_stopped": "stopped_chips",
    }

    key: str
    name: str
    restart: str
    """What replaces it: ``node`` or ``rack`` for a spare one, ``reconfigure`` for a path around it."""
    least_domain_chips: int = 0
    """Smallest scale-up domain that has such a part."""
    file: str = ""
    rate: Figure | None = None
    unit_chips: Figure | None = None
    stopped_chips: Figure | None = None

    @property
    def rate_per_1000_unit_days(self) -> float:
        """Failures of 1,000 units in a day."""
        return self.figure("rate_per_1000_unit_days").value

    @property
    def chips_per_unit(self) -> float:
        """Chips of the system for each unit of it."""
        return self.figure("chips_per_unit").value

    @property
    def chips_stopped(self) -> float:
        """Blast radius: chips that stop with one unit; 0 where the system works around it."""
        return self.figure("chips_stopped").value


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards(Figured):
    """Hazards of a chip family: components, the job itself, age, lemon nodes, silent data corruption."""

    figure_fields: ClassVar[Mapping[str, str]] = {
        "job.rate_per_1000_node_days": "job",
        "infant_mortality.factor": "infant_factor",
        "infant_mortality.decay": "infant_decay",
        "lemon_nodes.share": "lemon_share",
        "lemon_nodes.factor": "lemon_factor",
        "lemon_nodes.decay": "lemon_decay",
        "silent_corruption.events_per_chip_day": "corruption",
        "silent_corruption.detection": "corruption_detection",
    }

    key: str
    name: str
    components: tuple[Component, ...]
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    job: Figure | None = None
    """Failures of the job for its own reasons, per 1,000 days of nodes of eight."""
    infant_factor: Figure | None = None
    """Failure rate on the first day over that of a settled cluster."""
    infant_decay: Figure | None = None
    """Time until the excess has fallen by e."""
    lemon_share: Figure | None = None
    lemon_factor: Figure | None = None
    """Failure rate of a lemon node over that of another."""
    lemon_decay: Figure | None = None
    """Time until lemons have been found and removed, but for one in e."""
    corruption: Figure | None = None
    corruption_detection: Figure | None = None

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Every figure recorded, by its dotted key; components first."""
        parts = {
            f"components.{component.key}.{key}": figure
            for component in self.components
            for key, figure in component.figures.items()
        }
        found = ((key, getattr(self, name)) for key, name in self.figure_fields.items())
        return parts | {key: figure for key, figure in found if figure is not None}


def hazards_key(family: str, known: Mapping[str, Hazards]) -> str:
    """Key of the hazards of a chip family: its own, that of its stem ("tpu" of "tpu-v5p"), or the general one."""
    return next((key for key in (family, family.partition("-")[0]) if key in known), DEFAULT_HAZARDS)
