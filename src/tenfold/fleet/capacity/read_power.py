"""Power caps in steps from a table of from_s and mw, of the fleet and of domains."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tenfold.fleet.capacity.domains import ANYWHERE, Domains
from tenfold.fleet.traces.columns import named, numbers, times_s, words
from tenfold.fleet.traces.table import Table, read_table
from tenfold.quantities import InputError, Problem, shown

FROM, CAP = ("from_s", "from"), ("mw",)
W_PER_MW = 1e6
Capped = tuple[int, int]
"""Level and domain that a cap is of."""
FLEET: Capped = (ANYWHERE, 0)
PowerSteps = tuple[tuple[float, float], ...]
"""From when on how much may be drawn, (s, W), in order of time."""


def read_power(path: Path, domains: Domains | None = None) -> Mapping[Capped, PowerSteps]:
    """PowerSteps of the fleet, and of each domain that has a cap of its own.

    Columns beside from_s and mw are levels; a row without a domain is about the fleet. Raises ``InputError`` for what
    means nothing.
    """
    table = read_table(path)
    begins, caps = named(table, *FROM), named(table, *CAP)
    levels = [name for name in table.columns if name not in (begins, caps)]
    known = () if domains is None else domains.levels
    unknown = [name for name in levels if name not in known]
    if begins is None or caps is None or not len(table) or unknown:
        wrong = f"has the columns {shown(', '.join(table.columns))} and {len(table)} rows"
        remedy = "Give rows of from_s and mw" + (f", and of {', '.join(known)} for domains" if known else "")
        raise InputError(Problem(file=str(path), key="", wrong=wrong, remedy=remedy))
    places, problems = _places(path, table, levels, domains)
    rows = zip(table.line.tolist(), places, times_s(table.columns[begins]), numbers(table.columns[caps]), strict=True)
    found = dict[Capped, list[tuple[float, float]]]()
    for line, place, from_s, cap in rows:
        if not (cap >= 0.0 and from_s == from_s):
            wrong = "has no time and power of 0 or more"
            problems.append(Problem(file=str(path), key=f"line {line}", wrong=wrong, remedy="Mend the row"))
        found.setdefault(place, []).append((float(from_s), float(cap) * W_PER_MW))
    if problems or table.ragged:
        raise InputError([*table.ragged, *problems])
    return {place: tuple(sorted(steps)) for place, steps in found.items()}


def _places(path: Path, table: Table, levels: list[str], domains: Domains | None) -> tuple[list[Capped], list[Problem]]:
    """Domain that each row is about, and rows that name none, or several."""
    cells = zip(*(words(table.columns[name]).tolist() for name in levels), strict=True) if levels else ()
    rows = list(cells) if levels else [()] * len(table)
    found, problems = [], list[Problem]()
    for line, row in zip(table.line.tolist(), rows, strict=True):
        wanted = {name: cell for name, cell in zip(levels, row, strict=True) if cell}
        place = FLEET
        if wanted and domains is not None:
            there = _named_by(wanted, domains)
            place = next(iter(there), FLEET)
            if len(there) != 1:
                wrong = f"names {len(there)} domains by {shown(', '.join(wanted.values()))}"
                remedy = "Name one domain of a level, with the wider levels where names come twice"
                problems.append(Problem(file=str(path), key=f"line {line}", wrong=wrong, remedy=remedy))
        found.append(place)
    return found, problems


def _named_by(wanted: Mapping[str, str], domains: Domains) -> set[Capped]:
    """Domains of the narrowest level that is named, which have all the names."""
    at = {domains.levels.index(name): cell for name, cell in wanted.items()}
    level = max(at) + 1
    return {
        (level, domains.domain_of[level][node])
        for node, path in enumerate(domains.paths)
        if all(path[place] == cell for place, cell in at.items())
    }
