"""Where gangs can start in a capacity, by level and kind of chip: how large they could be, and what is free beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.capacity.tree import Tree
from tenfold.quantities import Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A kind of chip and a level, of which a gang stays in one domain; both empty where there is but one."""

    kind: str
    level: str
    gang: int
    """Place in what a capacity says of gangs of whole nodes."""
    part: int
    """Place in what it says of parts of nodes."""


def spots_of(capacity: Any) -> tuple[Spot, ...]:  # noqa: ANN401  (any capacity)
    """Where gangs can start in a capacity, wide levels first."""
    there = bare(capacity)
    if not isinstance(there, Tree):
        return (Spot(kind="", level="", gang=0, part=0),)
    levels = ("", *there.domains.levels)
    return tuple(
        Spot(kind=kind, level=name, gang=part * len(levels) + level, part=part)
        for level, name in enumerate(levels)
        for part, kind in enumerate(there.kinds)
    )


def largest_gangs(gang: Integers, part: Integers, spots: Sequence[Spot]) -> Integers:
    """Largest gang at each spot, of whole nodes or in part of one, (instants, spots)."""
    return np.maximum(gang[:, [each.gang for each in spots]], part[:, [each.part for each in spots]])


def stranded_chips(free: Integers, gang: Integers, part: Integers, spots: Sequence[Spot]) -> Integers:
    """Free chips less those of the largest gangs that could start anywhere, one of each kind, (instants,)."""
    anywhere = [each for each in spots if not each.level]
    return np.asarray(free - largest_gangs(gang, part, anywhere).sum(axis=1))
