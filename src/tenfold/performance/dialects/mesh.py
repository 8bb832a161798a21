"""Degrees of parallelism dealt to the fast axes inside a slice and the slow ones between slices."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """Factors inside a slice and between slices; their products are the chips of a slice and the slices."""

    slices: int
    inside: Mapping[str, int]
    between: Mapping[str, int]


def chips_per_slice(chips: int, domain_chips: int) -> int:
    """The largest number of chips that divides ``chips`` and is one scale-up domain or part of one."""
    return next(size for size in range(min(chips, max(1, domain_chips)), 0, -1) if chips % size == 0)


def deal(degrees: Mapping[str, int], chips: int, domain_chips: int) -> Mesh | None:
    """Deal the axes, in their order of hunger for bandwidth; None when the factors do not fill a slice."""
    left = size = chips_per_slice(chips, domain_chips)
    inside, between = dict[str, int](), dict[str, int]()
    for axis, degree in degrees.items():
        inside[axis] = math.gcd(degree, left)
        between[axis] = degree // inside[axis]
        left //= inside[axis]
    return Mesh(slices=chips // size, inside=inside, between=between) if left == 1 else None
