"""Chips of the catalog by the names price lists use.

In order: the name as it stands (a name with the memory behind it first, since one name may stand for two sizes), then
the patterns of ``prices/listed_names.csv``, in which ``#`` stands for a number. A chip whose memory is known to differ
from the listed one by more than a tenth is another chip.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tenfold.catalog.names import NameIndex, normal
from tenfold.catalog.records import Chip

PATTERNS = Path(__file__).parents[2] / "data" / "prices" / "listed_names.csv"
BYTES_PER_GB = 1e9
MEMORY_TOLERANCE = 0.1


class KnownChips(Protocol):
    """What price lists need of a catalog."""

    @property
    def chips(self) -> Mapping[str, Chip]:
        """Chips by key."""
        ...

    def index(self, folder: str) -> NameIndex:
        """Names of everything in a folder."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedName:
    """A name of a price list, with the chip it stands for and how many chips one of it is."""

    listed_as: str
    memory_gb: float | None
    chip: str
    """Key of the catalog; empty when no chip is known by the name."""
    chips_each: float = 1.0


def match_names(names: Sequence[tuple[str, float | None]], catalog: KnownChips) -> tuple[ListedName, ...]:
    """Find the chip of each name with its listed memory, GB."""
    patterns = tuple(_patterns())
    return tuple(_match(name, memory, catalog, patterns) for name, memory in names)


def _match(
    name: str, memory_gb: float | None, catalog: KnownChips, patterns: Sequence[tuple[re.Pattern[str], str, float]]
) -> ListedName:
    keys = catalog.index("chips").keys
    sized = "" if memory_gb is None else keys.get(normal(f"{name} {memory_gb:g}GB"), "")
    chip = sized or keys.get(normal(name), "")
    if chip and (sized or _holds(catalog, chip, memory_gb)):
        return ListedName(listed_as=name, memory_gb=memory_gb, chip=chip)
    for pattern, key, per_number in patterns:
        found = pattern.fullmatch(name.casefold())
        if found is not None:
            each = per_number * float(found[1]) if found.groups() else per_number
            return ListedName(listed_as=name, memory_gb=memory_gb, chip=key, chips_each=each)
    return ListedName(listed_as=name, memory_gb=memory_gb, chip="")


def _holds(catalog: KnownChips, chip: str, memory_gb: float | None) -> bool:
    """Tell whether a chip may have the memory listed: nobody said, or about as much."""
    capacity = catalog.chips[chip].memory_capacity
    if memory_gb is None or capacity is None:
        return True
    return abs(memory_gb * BYTES_PER_GB / capacity.value - 1.0) <= MEMORY_TOLERANCE


def _patterns() -> Iterator[tuple[re.Pattern[str], str, float]]:
    with PATTERNS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            text = re.escape(row["listed_as"].casefold()).replace(r"\#", "([0-9]+)").replace("#", "([0-9]+)")
            yield re.compile(text), row["chip"], float(row["chips_each"])
