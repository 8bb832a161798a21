"""The constants that predictions of measured runs rest on, as figures of the catalog."""

from __future__ import annotations

from collections.abc import Iterable

from tenfold.catalog import Catalog
from tenfold.performance import KernelKey, stacks_of
from tenfold.performance.training import training_calibrations
from tenfold.quantities import NamedFigure

ABOUT_ALL = ("all", "spread")
BESIDE_A_NAME = ("software", "rows", "stacks", "largest")
"""First words of keys whose second word says what they are about."""


def constants_behind(catalog: Catalog, keys: Iterable[KernelKey]) -> tuple[NamedFigure, ...]:
    """Constants for these chip families and stacks; of one key that of the last training calibration."""
    about = set(ABOUT_ALL)
    for key in keys:
        about |= {key.family, *stacks_of(key.software)}
    found = {
        name: NamedFigure(name=f"calibrations/{record.key}/constants.{name}", figure=figure)
        for record in training_calibrations(catalog)
        for name, figure in record.constants.items()
        if subject_of(name) in about
    }
    return tuple(found.values())


def subject_of(name: str) -> str:
    """What a constant is about: a chip family, a software stack, ``all``, ``spread``."""
    first, _, rest = name.partition(".")
    return rest.partition(".")[0] if first in BESIDE_A_NAME else first
