"""How far a prediction is from what was measured, and what that adds to its spread.

A group of runs (a chip family, a kind of model on it, a number width on it, a software stack) has an offset of its own,
normal with standard deviation τ. After n of its runs, each with standard deviation σ about the group, what is left of
it is τ² σ²/(σ² + n τ²) [random effects: Searle, Casella, McCulloch, Variance Components, 1992, chapter 7]: all of τ²
for a group that nobody measured, none for one that many did. Beyond the largest measured run the error of each doubling
of the chips is its own, so variances add up. Few runs say little of σ itself, which widens all of it as Student's t.
Every part falls with every row: removing rows never narrows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Z90 = 1.2815515655446006
ONE_NODE = 8.0
"""Chips up to which scale is known without a run of the family: one node of any."""
LEAST_FREEDOM = 2.0
"""Degrees of freedom without any run: heavy tails, but a variance that is finite in what is computed from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was measured near a prediction."""

    of_family: int
    """Runs on the chip family."""
    of_kind: int
    """Those of them with the same kind of model."""
    of_width: int
    """Those of the family at the same number width."""
    largest_chips: float
    """Chips of the largest run of the kind on the family; 0 where there is none."""
    known_software: bool = True
    years_ahead: float = 0.0
    """Years from the last measurement to the run."""


def seen_of(constants: Mapping[str, float], family: str, arch: str, width: str) -> Seen:
    """Count the runs behind the constants of a calibration. Raises nothing."""
    rows = {key: int(value) for key, value in constants.items() if key.startswith(f"rows.{family}.")}
    return Seen(
        of_family=sum(rows.values()),
        of_kind=sum(count for key, count in rows.items() if key.startswith(f"rows.{family}.{arch}.")),
        of_width=sum(count for key, count in rows.items() if key.endswith(f".{width}")),
        largest_chips=constants.get(f"largest.{family}.{arch}", 0.0),
    )


def left_of_offset(tau: float, rows: int, sigma: float) -> float:
    """Variance of a group's offset after so many of its rows: τ² σ²/(σ² + n τ²). 0 where σ is 0 and there are rows."""
    if tau == 0.0:
        return 0.0
    return tau**2 if rows == 0 else tau**2 * sigma**2 / (sigma**2 + rows * tau**2)


def beyond_measured(constants: Mapping[str, float], seen: Seen, arch: str, sigma: float, chips: float) -> float:
    """Variance that distance from what was measured adds to σ²."""

    def tau(name: str) -> float:
        return constants.get(f"novelty.{arch}.{name}", constants.get(f"novelty.dense.{name}", 0.0))

    groups = (("chip", seen.of_family), ("kind", seen.of_kind), ("width", seen.of_width))
    offsets = sum(left_of_offset(tau(name), rows, sigma) for name, rows in groups)
    stack = 0.0 if seen.known_software else tau("software") ** 2
    later = (constants.get("novelty.all.year", 0.0) * max(seen.years_ahead, 0.0)) ** 2
    return offsets + stack + later + scale_variance(constants, seen, chips)


def scale_variance(constants: Mapping[str, float], seen: Seen, chips: float) -> float:
    """Variance of the errors of the doublings beyond the largest measured run."""
    doublings = max(math.log2(chips / max(seen.largest_chips, ONE_NODE)), 0.0)
    fitted = (constants.get("spread.doubling", 0.0) * doublings) ** 2
    return fitted + constants.get("novelty.all.doubling", 0.0) ** 2 * doublings


def student_factor(rows: int) -> float:
    """P90 of Student's t with 2 + n degrees of freedom over that of a normal; falls to 1 as n grows.

    Expansion in 1/ν to the third order [Abramowitz and Stegun 26.7.5]; within 0.4 % for ν of 2, 0.01 % from 5 on.
    """
    z, nu = Z90, LEAST_FREEDOM + rows
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    return 1.0 + (first / nu + second / nu**2 + third / nu**3) / z
