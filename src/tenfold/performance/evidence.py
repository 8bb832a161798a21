"""How far a prediction is from what was measured, and what that adds to its spread.

A group of runs (a chip family, a kind of model, a number width or a stack on it, a software stack) has an offset of its
own, normal with standard deviation τ. After n of its runs, each with standard deviation σ about the group, what is left
of it is τ² σ²/(σ² + n τ²) [random effects: Searle, Casella, McCulloch, Variance Components, 1992, chapter 7]: all of τ²
for a group that nobody measured, none for one that many did. Beyond the largest measured run the error of each doubling
of the chips is its own, so variances add up. Few runs say little of σ itself, which widens all of it as Student's t.
Every part falls with every row: removing rows never narrows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Z90, Column

ONE_NODE = 8.0
"""Chips up to which scale is known without a run of the family: one node of any."""
LEAST_FREEDOM = 2.0
"""Degrees of freedom without any run: heavy tails, but a variance that is finite in what is computed from it."""
OPEN_LAYOUTS = 12
"""Candidate layouts beyond which a layout counts as chosen among many."""
NOVELTIES = ("chip", "kind", "width", "software", "stack-on-chip", "layout")
"""What may be new of a run, as calibrations write it: ``novelty.<kind of model>.<what>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was measured near a prediction, or near each of a column of them."""

    of_family: Column
    """Runs on the chip family."""
    of_kind: Column
    """Those of them with the same kind of model."""
    of_width: Column
    """Those of the family at the same number width."""
    largest_chips: Column
    """Chips of the largest run of the kind on the family; 0 where there is none."""
    of_stack: Column = 0.0
    """Runs of its stack, or of the one whose kernels it was built from, on the chip family."""
    known_software: Column = 1.0
    """1 where runs of its stack were measured on any chip."""
    free_layout: Column = 0.0
    """1 where the layout is not stated but chosen among many."""
    years_ahead: Column = 0.0
    """Years from the last measurement to the run."""


def seen_of(constants: Mapping[str, float], family: str, arch: str, width: str, stacks: Iterable[str] = ()) -> Seen:
    """Count the runs behind the constants of a calibration; ``stacks`` are those a run's is built from, its own first.

    Raises nothing.
    """
    rows = {key: int(value) for key, value in constants.items() if key.startswith(f"rows.{family}.")}
    return Seen(
        of_family=sum(rows.values()),
        of_kind=sum(count for key, count in rows.items() if key.startswith(f"rows.{family}.{arch}.")),
        of_width=sum(count for key, count in rows.items() if key.endswith(f".{width}")),
        largest_chips=constants.get(f"largest.{family}.{arch}", 0.0),
        of_stack=sum(int(constants.get(f"stacks.{family}.{stack}", 0.0)) for stack in stacks),
    )


def left_of_offset(tau: Column, rows: Column, sigma: Column) -> Column:
    """Variance of a group's offset after so many of its rows: τ² · σ²/(σ² + n τ²). 0 where σ is 0 and there are rows.

    The share is taken first, so that no rounding lets the variance grow with rows.
    """
    count, within = np.asarray(rows, dtype=np.float64), np.square(np.asarray(sigma, dtype=np.float64))
    between = np.square(np.asarray(tau, dtype=np.float64))
    total = within + count * between
    return np.where(count == 0, between, between * (within / np.where(total > 0, total, 1.0)))


def taus_of(constants: Mapping[str, float], arch: str) -> dict[str, float]:
    """Standard deviations of what may be new, for a kind of model; those of dense models where it has none."""
    return {
        name: constants.get(f"novelty.{arch}.{name}", constants.get(f"novelty.dense.{name}", 0.0)) for name in NOVELTIES
    }


def beyond_measured(taus: Mapping[str, Column], seen: Seen, sigma: Column) -> Column:
    """Variance that distance from what was measured adds to σ², but for scale and time."""
    groups = (
        ("chip", seen.of_family),
        ("kind", seen.of_kind),
        ("width", seen.of_width),
        ("stack-on-chip", seen.of_stack),
    )
    offsets: Column = sum((left_of_offset(taus[name], rows, sigma) for name, rows in groups), start=np.zeros(()))
    unknown, free = 1.0 - np.asarray(seen.known_software), np.asarray(seen.free_layout)
    return np.asarray(offsets + unknown * np.square(taus["software"]) + free * np.square(taus["layout"]))


def later_variance(constants: Mapping[str, float], years_ahead: Column) -> Column:
    """Variance of what a year of software nobody measured changes."""
    return np.square(constants.get("novelty.all.year", 0.0) * np.maximum(years_ahead, 0.0))


def scale_variance(constants: Mapping[str, float], seen: Seen, chips: Column) -> Column:
    """Variance of the errors of the doublings beyond the largest measured run."""
    doublings = np.maximum(np.log2(chips / np.maximum(seen.largest_chips, ONE_NODE)), 0.0)
    fitted = np.square(constants.get("spread.doubling", 0.0) * doublings)
    return fitted + constants.get("novelty.all.doubling", 0.0) ** 2 * doublings


def student_factor(rows: Column) -> Column:
    """P90 of Student's t with 2 + n degrees of freedom over that of a normal; falls to 1 as n grows.

    Expansion in 1/ν to the third order [Abramowitz and Stegun 26.7.5]; within 0.4 % for ν of 2, 0.01 % from 5 on.
    """
    z, nu = Z90, LEAST_FREEDOM + np.asarray(rows, dtype=np.float64)
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    return 1.0 + (first / nu + second / nu**2 + third / nu**3) / z
