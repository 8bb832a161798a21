"""Units of what checks find, and amounts as they are read: figures say theirs, values of answers by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tenfold.quantities import SUFFIXES, UNITS, NamedFigure, format_quantity

ENDINGS: Mapping[str, str] = {
    **{suffix: unit for unit, suffix in SUFFIXES.items()},
    "_usd_per_hour": "USD/h",
    "_usd_per_chip_hour": "USD/h",
    "_usd_per_h100e": "USD",
    "_h100e": "H100e",
    "_flop": "FLOP",
    "_months": "months",
    "_days": "days",
    "_years": "years",
    "_mw": "MW",
}
"""What names of values in answers end with, by their units."""
OBSERVED = "observations/"
_PLACES = re.compile(r"p10|p50|p90|\d+")
_POWER = re.compile(r"e\+?(-?)0*")


def unit_of_figure(named: NamedFigure) -> str:
    """Unit of a figure; of a count that was observed, what is counted: "model parameters"."""
    if named.figure.unit != "1":
        return named.figure.unit
    return named.name.split("/")[1].replace("-", " ") if named.name.startswith(OBSERVED) else ""


def unit_of_path(path: str) -> str:
    """Unit of the value at a path by the end of its name: ``rental_usd_per_hour.p50.3`` is USD/h. Empty for none."""
    steps = [step for step in path.split(".") if not _PLACES.fullmatch(step)]
    name = f"_{steps[-1]}" if steps else ""
    ending = max((each for each in ENDINGS if name.endswith(each)), key=len, default="")
    return "" if name.removesuffix(ending).endswith("_per") else ENDINGS.get(ending, "")


def amount(value: float, unit: str, digits: int = 3) -> str:
    """Print a value in its unit."""
    if unit in UNITS and unit != "1":
        return format_quantity(value, unit, digits)
    return f"{_plain(value, digits)} {unit}".rstrip()


def spread(value: float, low: float, high: float, unit: str) -> str:
    """Print a value with P10 and P90: a unit that figures have at each, what is counted once."""
    ends = f"{amount(low, unit)}–{amount(high, unit)}" if unit in UNITS else f"{_plain(low, 3)}–{_plain(high, 3)}"
    return f"{amount(value, unit)} ({ends})"


def _plain(value: float, digits: int) -> str:
    return _POWER.sub(r"e\1", f"{value:.{digits}g}")
