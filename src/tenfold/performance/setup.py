"""Putting hardware, software and calibrated kernels together, for training and serving alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tenfold.catalog import Calibration, Catalog, Chip, Software, age_years, default_software
from tenfold.performance.calibrated import kernels_for
from tenfold.performance.hardware_of import watts_per_flop_per_s
from tenfold.performance.kernels import Kernels
from tenfold.quantities import InputError, Problem
from tenfold.workloads import PRECISIONS


def calibrations_of(catalog: Catalog, topic: str, priors: str) -> tuple[Calibration, ...]:
    """Calibrations of a topic by their keys, ``priors`` first, so that fitted ones come over it."""
    found = catalog.calibrations_about(topic)
    return tuple(sorted(found, key=lambda record: (record.key != priors, record.key)))


def constants_of(calibrations: Iterable[Calibration]) -> dict[str, float]:
    """Values of the constants of calibrations, later ones winning."""
    return {key: figure.value for calibration in calibrations for key, figure in calibration.constants.items()}


def choose_software(catalog: Catalog, chip: Chip, software: str) -> Software:
    """The stack of that key, or the latest one that chips of this vendor are planned with.

    Raises ``InputError`` for an unknown key.
    """
    stacks = catalog.software
    if software and software not in stacks:
        known = ", ".join(sorted(stacks))
        raise InputError(
            Problem(file="", key="software", wrong=f"unknown software '{software}'", remedy=f"Use one of {known}")
        )
    return stacks[software] if software else default_software(chip.vendor, stacks)


def require_precision(precision: str) -> None:
    """Raise ``InputError`` for a precision no recipe is known for."""
    if precision not in PRECISIONS:
        wrong, remedy = f"unknown precision '{precision}'", f"Use one of {', '.join(PRECISIONS)}"
        raise InputError(Problem(file="", key="precision", wrong=wrong, remedy=remedy))


def kernels_on(constants: Mapping[str, float], chip: Chip, stack: Software, precision: str) -> Kernels:
    """Kernel constants of a stack on a chip, in a precision that ``require_precision`` lets through.

    Raises ``MissingFigureError`` for a constant that no calibration holds.
    """
    return kernels_for(
        constants,
        family=chip.family,
        weight_bytes=PRECISIONS[precision].weight_bytes,
        software=stack,
        age_years=age_years(stack, chip.kernels_since),
        watts_per_flop_per_s=watts_per_flop_per_s(chip),
        precision=precision,
    )
