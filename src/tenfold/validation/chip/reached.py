"""What stands between a constant of a calibration and what a chip reaches: age of software, power, long runs.

``performance.calibrated`` multiplies an efficiency by what young software reaches of it, by what a part with less power
keeps, and products by what is left of a burst over a long run. A measured efficiency has all of that in it, so that it
is divided out again: constants that are looked up for the chip on the day of measuring then give what was measured.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from tenfold.catalog import Catalog, Chip, age_years, default_software
from tenfold.performance import Kernels, kernels_for, watts_per_flop_per_s, width_name


def without_stacks(constants: Mapping[str, float]) -> dict[str, float]:
    """Constants but for those of software stacks: what kernels do that nobody's software slows."""
    return {key: value for key, value in constants.items() if not key.startswith("software.")}


def kernels_measured(
    constants: Mapping[str, float], catalog: Catalog, chip: Chip, weight_bytes: float, day: datetime.date
) -> Kernels:
    """Kernel constants of a chip on a day, without a stack's factors. Raises ``MissingFigureError`` for one missing."""
    stack = default_software(chip.vendor, catalog.software, day)
    return kernels_for(
        without_stacks(constants),
        family=chip.family,
        weight_bytes=weight_bytes,
        software=stack,
        age_years=age_years(stack, chip.kernels_since, day),
        watts_per_flop_per_s=watts_per_flop_per_s(chip),
    )


def product_factor(
    constants: Mapping[str, float], catalog: Catalog, chip: Chip, weight_bytes: float, day: datetime.date
) -> float:
    """What a constant for products of a width is multiplied by before it is what a long run reaches."""
    key = f"{chip.family}.matmul_efficiency.{width_name(weight_bytes)}"
    found = kernels_measured({**constants, key: 1.0}, catalog, chip, weight_bytes, day)
    return float(found.matmul_efficiency)


def attention_factor(constants: Mapping[str, float], catalog: Catalog, chip: Chip, day: datetime.date) -> float:
    """What a constant for attention is multiplied by before it is what is reached."""
    key = f"{chip.family}.attention_efficiency"
    found = kernels_measured({**constants, key: 1.0}, catalog, chip, 2.0, day)
    return float(found.attention_efficiency)
