"""The rent-or-own file: TOML that a person writes, read into ``RentOrOwn`` with every problem shown at once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.catalog import Catalog
from tenfold.catalog.reading import read_toml
from tenfold.quantities import (
    HOURS_PER_QUARTER,
    QUARTERS_PER_YEAR,
    YEAR_S,
    Floats,
    InputError,
    Problem,
    format_quantity,
    parse_date,
    parse_quantity,
    shown,
)

FEWEST_QUARTERS, MOST_QUARTERS = 1, 40
LIMITS: Mapping[str, tuple[str, float, float]] = {
    "chips": ("1", 1, 1e7),
    "utilisation": ("1", 1e-6, 1.0),
    "chip_hours": ("chip-h", 0, 1e12),
    "horizon": ("s", YEAR_S / 4.001, 10.001 * YEAR_S),
    "parameters": ("parameters", 1e6, 1e14),
    "job_chips": ("1", 1, 1e7),
    "price": ("USD/h", 0.001, 1000.0),
    "purchase": ("USD", 10.0, 1e7),
    "per_year": ("USD", 1.0, 1e14),
    "share": ("1", 0.001, 1.0),
    "spread": ("1", 0.0, 5.0),
    "service_level": ("1", 0.5, 0.999),
}
"""Unit of each value and the least and most that make sense."""
PRICED = ("on_demand", "spot", "reserved_1y", "reserved_3y", "long_run")


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm that could share chips."""

    name: str
    chips: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Firms that could share chips, and how well their demand must be met."""

    firms: tuple[Firm, ...]
    correlation: float
    service_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RentOrOwn:
    """What is asked: work by quarter, where, from what revenue."""

    file: str
    """Name of the file, the source of what it gives."""
    chip: str
    chips: int
    """Chips needed at the busiest."""
    work_hours: tuple[float, ...]
    """Chip-hours of work of each quarter."""
    parameters: float
    job_chips: int
    site: str
    supplies: tuple[str, ...]
    prices_usd: Mapping[str, float]
    """What the user says of prices: per chip-hour by term with ``long_run``, and ``purchase`` per chip."""
    prices_as_of: datetime.date
    """Day of the prices the user gives."""
    revenue_usd_per_year: float | None
    alert_share: float
    pool: Pool | None
    seed: int

    @property
    def utilisation(self) -> float:
        """Mean share of the chips' hours with work."""
        return sum(self.work_hours) / (len(self.work_hours) * self.chips * HOURS_PER_QUARTER)


@dataclass(slots=True)
class _Reader:
    """Reads values one by one and collects what is wrong."""

    file: str
    tree: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def at(self, *path: str | int) -> Any:  # noqa: ANN401  (any TOML value)
        """Raw value at a path; None where there is none."""
        found: Any = self.tree
        for part in path:
            if isinstance(found, Mapping):
                found = found.get(part)
            elif isinstance(found, list) and isinstance(part, int) and part < len(found):
                found = found[part]
            else:
                return None
        return found

    def number(self, name: str, default: float, *path: str | int) -> float:
        """Read a quantity within the limits of its name; the default where it is absent or wrong."""
        raw, key = self.at(*path), ".".join(map(str, path))
        if raw is None or any(problem.key == key for problem in self.problems):
            return default
        unit, least, most = LIMITS[name]
        try:
            value = parse_quantity(raw, unit, file=self.file, key=key)
        except InputError as trouble:
            self.problems.extend(trouble.problems)
            return default
        if not least <= value <= most:
            low, high = format_quantity(least, unit), format_quantity(most, unit)
            wrong = f"{shown(raw)} is too {'small' if value < least else 'large'}"
            self.say(key, wrong, f"Write a value from {low} to {high}")
            return default
        return value

    def say(self, key: str, wrong: str, remedy: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(file=self.file, key=key, wrong=wrong, remedy=remedy))

    def key_of(self, key: str, name: object, what: str, catalog: Catalog) -> str:
        """Key of a chip or site of the catalog."""
        if not isinstance(name, str) or not name:
            return ""
        try:
            return catalog.chip(name).key if what == "chip" else catalog.site(name).key
        except InputError as trouble:
            self.say(key, trouble.problems[0].wrong, trouble.problems[0].remedy)
            return ""


def read_rent_or_own(path: Path | str, catalog: Catalog) -> RentOrOwn:
    """Read a rent-or-own file. Raises one ``InputError`` with a ``Problem`` for everything that is wrong with it."""
    reader = _open(Path(path))
    quarters = round(reader.number("horizon", YEAR_S, "demand", "horizon") / YEAR_S * QUARTERS_PER_YEAR)
    chips, work = _demand(reader, quarters)
    asked = RentOrOwn(
        file=Path(path).name,
        chip=reader.key_of("demand.chip", reader.at("demand", "chip"), "chip", catalog),
        chips=chips,
        work_hours=tuple(work.tolist()),
        parameters=reader.number("parameters", 1e9, "demand", "parameters"),
        job_chips=round(reader.number("job_chips", chips, "demand", "job_chips")),
        site=reader.key_of("site", reader.tree.get("site", "us-texas"), "site", catalog),
        supplies=tuple(dict.fromkeys(reader.tree.get("supplies", _all_supplies()))),
        prices_usd=_prices(reader),
        prices_as_of=_as_of(reader),
        revenue_usd_per_year=reader.number("per_year", 0.0, "revenue", "per_year") or None,
        alert_share=reader.number("share", 0.3, "revenue", "alert_share"),
        pool=_pool(reader) if "pool" in reader.tree else None,
        seed=reader.tree.get("seed", 0),
    )
    if reader.problems:
        raise InputError(dict.fromkeys(reader.problems))
    return asked


def _open(path: Path) -> _Reader:
    """Parse the file and judge its structure."""
    from tenfold.catalog.structure import read_structure
    from tenfold.planning.rent_or_own.schema import RentOrOwnDocument

    file, problems = str(path), list[Problem]()
    if "\0" in file or not path.is_file():
        remedy = "Start from examples/rent-or-own.toml"
        raise InputError(Problem(file=shown(file)[1:-1], key="", wrong="no such file", remedy=remedy))
    tree = read_toml(path, file, problems)
    if problems:
        raise InputError(problems)
    read_structure(RentOrOwnDocument, tree, lambda _: file, problems)
    if any(problem.key in ("demand", "prices", "revenue", "pool", "supplies", "seed") for problem in problems):
        raise InputError(problems)
    return _Reader(file=file, tree=tree, problems=problems)


def _all_supplies() -> Sequence[str]:
    from tenfold.planning.rent_or_own.schema import SUPPLY_NAMES

    return SUPPLY_NAMES


def _demand(reader: _Reader, quarters: int) -> tuple[int, Floats]:
    """Chips at the busiest and chip-hours of work by quarter, from either way of saying it."""
    share, listed = reader.at("demand", "utilisation"), reader.at("demand", "chip_hours")
    if (share is None) == (listed is None):
        wrong = "both utilisation and chip_hours are given" if share is not None else "the amount of work is missing"
        reader.say("demand", wrong, 'Write chips and utilisation, or chip_hours = ["200K chip-hours"] by quarter')
        return 1, np.zeros(quarters)
    if listed is not None:
        hours = np.array(
            [reader.number("chip_hours", 0.0, "demand", "chip_hours", k) for k in range(len(listed))] or [0.0]
        )
        work = hours[np.minimum(np.arange(quarters), len(hours) - 1)]
        busiest = max(float(work.max()) / HOURS_PER_QUARTER, 1.0)
        chips = round(reader.number("chips", np.ceil(busiest), "demand", "chips"))
        if chips < busiest - 0.5 and reader.at("demand", "chips") is not None:
            reader.say(
                "demand.chips", f"{chips:,} chips cannot do the busiest quarter", f"Write {busiest:,.0f} or more"
            )
        if work.max() <= 0.0:
            reader.say("demand.chip_hours", "there is no work in any quarter", "Write hours such as '200K chip-hours'")
        return chips, work
    if reader.at("demand", "chips") is None:
        reader.say("demand.chips", "is missing", "Add it: utilisation is a share of the hours of these chips")
    chips = round(reader.number("chips", 1.0, "demand", "chips"))
    busy = reader.number("utilisation", 0.5, "demand", "utilisation")
    return chips, np.full(quarters, chips * HOURS_PER_QUARTER * busy)


def _prices(reader: _Reader) -> Mapping[str, float]:
    given = {name: reader.number("price", 0.0, "prices", name) for name in PRICED}
    given["purchase"] = reader.number("purchase", 0.0, "prices", "purchase")
    return {name.replace("_", "-") if name != "long_run" else name: value for name, value in given.items() if value}


def _as_of(reader: _Reader) -> datetime.date:
    given, raw = reader.at("prices") or {}, reader.at("prices", "as_of")
    if raw is None:
        if given:
            reader.say(
                "prices.as_of", "is missing", "Say when these prices hold, such as '2026-11': they are nominal dollars"
            )
        return datetime.date.min
    try:
        return parse_date(raw, file=reader.file, key="prices.as_of")
    except InputError as trouble:
        reader.problems.extend(trouble.problems)
        return datetime.date.min


def _pool(reader: _Reader) -> Pool:
    tables = reader.at("pool", "firms") or []
    firms = tuple(
        Firm(
            name=str(reader.at("pool", "firms", k, "name")),
            chips=reader.number("chips", 1.0, "pool", "firms", k, "chips"),
            spread=reader.number("spread", 0.0, "pool", "firms", k, "spread"),
        )
        for k in range(len(tables))
    )
    correlation = reader.at("pool", "correlation")
    correlation = float(correlation) if isinstance(correlation, (int, float)) else 0.0
    if len(firms) > 1 and correlation <= -1.0 / (len(firms) - 1):
        wrong = f"{correlation:g} between any two of {len(firms)} firms cannot be"
        reader.say("pool.correlation", wrong, f"Write more than {-1.0 / (len(firms) - 1):.3g}")
    return Pool(
        firms=firms,
        correlation=correlation,
        service_level=reader.number("service_level", 0.95, "pool", "service_level"),
    )
