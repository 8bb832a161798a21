"""Hazards: how often the parts of a system fail, how many chips stop with each, and how the rates change with age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from tenfold.catalog.figure_files import FigureIn
from tenfold.catalog.figured import Figured, Own
from tenfold.catalog.records import Name
from tenfold.quantities import Figure, Key, Whole

DEFAULT_HAZARDS = "default"
"""Key of the record for families without one of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component(Figured):
    """A kind of part that fails: chips, cables, hosts, racks."""

    key: Own = ""
    name: Name
    restart: Literal["node", "rack", "reconfigure"]
    """What replaces it: ``node`` or ``rack`` for a spare one, ``reconfigure`` for a path around it."""
    least_domain_chips: Annotated[int, Whole(0)] = 0
    """Smallest scale-up domain that has such a part."""
    file: Own = ""
    rate: Annotated[Figure | None, FigureIn("1"), Key("rate_per_1000_unit_days")] = None
    unit_chips: Annotated[Figure | None, FigureIn("1"), Key("chips_per_unit")] = None
    stopped_chips: Annotated[Figure | None, FigureIn("1"), Key("chips_stopped")] = None

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

    key: Own = ""
    name: Name
    parts: Annotated[Mapping[Name, Component], Key("components")]
    """What fails, by its key."""
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""
    job: Annotated[Figure | None, FigureIn("1"), Key("job.rate_per_1000_node_days")] = None
    """Failures of the job for its own reasons, per 1,000 days of nodes of eight."""
    infant_factor: Annotated[Figure | None, FigureIn("1"), Key("infant_mortality.factor")] = None
    """Failure rate on the first day over that of a settled cluster."""
    infant_decay: Annotated[Figure | None, FigureIn("s"), Key("infant_mortality.decay")] = None
    """Time until the excess has fallen by e."""
    lemon_share: Annotated[Figure | None, FigureIn("1"), Key("lemon_nodes.share")] = None
    lemon_factor: Annotated[Figure | None, FigureIn("1"), Key("lemon_nodes.factor")] = None
    """Failure rate of a lemon node over that of another."""
    lemon_decay: Annotated[Figure | None, FigureIn("s"), Key("lemon_nodes.decay")] = None
    """Time until lemons have been found and removed, but for one in e."""
    corruption: Annotated[Figure | None, FigureIn("1"), Key("silent_corruption.events_per_chip_day")] = None
    corruption_detection: Annotated[Figure | None, FigureIn("s"), Key("silent_corruption.detection")] = None

    @property
    def components(self) -> tuple[Component, ...]:
        """What fails, each with its key."""
        return tuple(replace(part, key=key, file=self.file) for key, part in self.parts.items())


def hazards_key(family: str, known: Mapping[str, Hazards]) -> str:
    """Key of the hazards of a chip family: its own, that of its stem ("tpu" of "tpu-v5p"), or the general one."""
    return next((key for key in (family, family.partition("-")[0]) if key in known), DEFAULT_HAZARDS)
