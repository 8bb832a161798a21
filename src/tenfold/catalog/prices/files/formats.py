"""Which kind of price list a file is, by the names of its columns, and what its user has to say beside it.

``skypilot``  a catalog of SkyPilot, ``vms.csv`` of version 5 to 8: columns in any order, price per instance-hour and
              spot price beside it. https://github.com/skypilot-org/skypilot-catalog
``gpuhunt``   what gpuhunt writes, as CSV or JSON: price per instance-hour. https://github.com/dstackai/gpuhunt
``plain``     one price per chip-hour a row, with its date.
The first two say neither when nor, as SkyPilot's, whose prices they are.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tenfold.quantities import InputError, Problem, require_regular, shown

LONGEST_HEADER = 100_000
LARGEST_BYTES = 1_000_000_000
"""Of a price list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of price list."""

    name: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    """Columns that are read where they are; every other column is passed over."""
    dated: bool
    """True when its rows say when their prices held."""


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        form.name: form
        for form in (
            Format(
                name="plain",
                needed=("date", "provider", "chip", "term", "kind", "usd_per_chip_hour"),
                optional=("region", "count", "source"),
                dated=True,
            ),
            Format(
                name="skypilot",
                needed=("InstanceType", "AcceleratorName", "AcceleratorCount", "Price", "Region"),
                optional=("SpotPrice", "GpuInfo"),
                dated=False,
            ),
            Format(
                name="gpuhunt",
                needed=("instance_name", "location", "price", "gpu_count", "gpu_name", "spot"),
                optional=("gpu_memory", "provider"),
                dated=False,
            ),
        )
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a user says beside the files: when and whose prices, and a source to cite."""

    date: datetime.date | None = None
    provider: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFile:
    """A price list that can be read."""

    path: Path
    form: Format
    columns: tuple[str, ...]
    is_json: bool
    date: datetime.date | None
    """Day of all its prices; None where each row has its own."""
    provider: str
    """Whose all its prices are; empty where each row says it."""
    source: str


def price_file(path: Path, stated: Stated) -> PriceFile:
    """Tell the kind of a file. Raises ``InputError`` with everything that keeps it from being read."""
    columns, is_json = _columns(path)
    form = _format(path, columns)
    provider = "" if "provider" in columns else stated.provider or (path.parent.name if path.name == "vms.csv" else "")
    problems = []
    if not form.dated and stated.date is None:
        wrong, remedy = "the file does not say when its prices held", "Give --date, such as --date 2026-03-01"
        problems.append(Problem(file=str(path), key="", wrong=wrong, remedy=remedy))
    if not provider and "provider" not in columns:
        wrong, remedy = "the file does not say whose prices these are", "Give --provider, such as --provider aws"
        problems.append(Problem(file=str(path), key="", wrong=wrong, remedy=remedy))
    if problems:
        raise InputError(problems)
    return PriceFile(
        path=path,
        form=form,
        columns=columns,
        is_json=is_json,
        date=None if form.dated else stated.date,
        provider=provider.lower(),
        source=stated.source or f"{form.name}: {path.name}",
    )


def _columns(path: Path) -> tuple[tuple[str, ...], bool]:
    """Names of the columns, and whether the file is JSON. Reads the first line only, of CSV."""
    file = shown(str(path))[1:-1]
    require_regular(path, LARGEST_BYTES, "Name a CSV or JSON file")
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            opening = text.read(1)
            while opening.isspace():
                opening = text.read(1)
            if opening in ("[", "{"):
                text.seek(0)
                return _json_columns(path, opening + text.read().lstrip()[1:]), True
            line = opening + text.readline(LONGEST_HEADER)
    except (OSError, UnicodeDecodeError) as trouble:
        wrong = (
            "is not UTF-8 text" if isinstance(trouble, UnicodeDecodeError) else f"cannot be read: {trouble.strerror}"
        )
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy="Name a CSV or JSON file")) from None
    if not line.strip():
        raise InputError(Problem(file=file, key="", wrong="is empty", remedy="Name a file with prices"))
    return tuple(name.strip() for name in next(csv.reader([line]))), False


def _json_columns(path: Path, text: str) -> tuple[str, ...]:
    """Keys of the first object of a list, or of the first line."""
    decoder = json.JSONDecoder()
    try:
        first, _ = decoder.raw_decode(text[1:].lstrip() if text.startswith("[") else text)
        return tuple(first)
    except (ValueError, TypeError, RecursionError):
        remedy = "Write a list of objects, or an object a line"
        raise InputError(Problem(file=str(path), key="", wrong="is not JSON of prices", remedy=remedy)) from None


def _format(path: Path, columns: tuple[str, ...]) -> Format:
    for form in FORMATS.values():
        if set(form.needed) <= set(columns):
            return form
    nearest = max(FORMATS.values(), key=lambda form: len(set(form.needed) & set(columns)) / len(form.needed))
    missing = ", ".join(name for name in nearest.needed if name not in columns)
    if set(nearest.needed) & set(columns):
        wrong = f"looks like a {nearest.name} price list, but has no column {missing}; it has {_listed(columns)}"
        remedy = f"Add {missing}, or convert the file to the columns {','.join(FORMATS['plain'].needed)}"
    else:
        wrong = f"has the columns of no price list known: {_listed(columns)}"
        remedy = f"Convert it to the columns {','.join(FORMATS['plain'].needed)}"
    raise InputError(Problem(file=str(path), key="header", wrong=wrong, remedy=remedy))


def _listed(columns: tuple[str, ...]) -> str:
    return shown(", ".join(columns))
