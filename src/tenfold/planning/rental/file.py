"""The file of a GPU cloud: TOML that a person writes, read into a ``RentalCase`` with every problem shown at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tenfold.catalog import Catalog
from tenfold.catalog.reading import read_toml
from tenfold.planning.rental.case import ArrivalCase, ContractCase, CovenantCase, FleetCase, LoanCase, RentalCase
from tenfold.planning.rental.case import RentalInput as Input
from tenfold.planning.rental.checks import contradictions
from tenfold.planning.rental.dates import contract_quarters, quarter_of, quarters_in, years_of
from tenfold.planning.rental.values import LIMITS, limits_of, made_input, ranged_input
from tenfold.quantities import InputError, Problem, parse_quantity, shown

Value = TypeVar("Value")
TEMPLATE_REMEDY = "Start from examples/rental-h100.toml; `tenfold schema rental` lists the keys"
CLOUD_KEYS = (
    "overhead_per_year",
    "opex_change_per_year",
    "tax_rate",
    "cash_at_start",
    "cost_of_equity",
)
FLEET_KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("chips", "life", "book_life", "book_residual_share", "decommissioning_per_chip"),
    "capex_per_chip": ("all_in", "chips", "hosts", "network", "storage", "installation"),
    "opex_per_chip_year": ("staff", "maintenance", "software", "insurance", "network", "other"),
    "opex_share_of_capex_per_year": ("staff", "maintenance", "software", "insurance"),
    "space": (
        "rated_power",
        "colocation_per_kw_month",
        "shell",
        "shell_life",
        "power_price",
        "pue",
        "drawn_share",
        "wue",
        "water_price_per_m3",
    ),
    "market": ("price", "utilisation", "change_per_year"),
    "resale": ("share", "wear_per_year"),
}
LABELS: Mapping[str, str] = {
    "capex_per_chip": "capex",
    "opex_per_chip_year": "opex",
    "opex_share_of_capex_per_year": "opex share",
    "market": "market",
    "resale": "resale",
}
"""What tables add to the names of their keys."""
SITE_FIGURES: Mapping[str, str] = {"power_price": "power.price", "pue": "power.pue", "wue": "water.wue"}


@dataclass(slots=True)
class _Reader:
    """Reads the amounts of a rental file one by one and collects what is wrong."""

    file: str
    catalog: Catalog
    tree: Mapping[str, Any]
    year: int
    problems: list[Problem]
    inputs: dict[str, Input] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def say(self, key: str, wrong: str, remedy: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(file=self.file, key=key, wrong=wrong, remedy=remedy))

    def read(self, key: str, parse: Callable[[], Value], default: Value) -> Value:
        """Parse a value; the default, with what is wrong kept, when it cannot be."""
        try:
            return parse()
        except InputError as trouble:
            self.problems += [
                Problem(
                    file=problem.file or self.file, key=problem.key or key, wrong=problem.wrong, remedy=problem.remedy
                )
                for problem in trouble.problems
            ]
            return default

    def amounts(self, table: Mapping[str, Any], place: str, names: tuple[str, ...], of: str = "") -> None:
        """Read the amounts of a table that are there."""
        for name in names:
            if table.get(name) is None:
                continue
            key, limits = f"{place}.{name}", limits_of(place, name)
            label = " ".join(part for part in (of, LABELS.get(place.rpartition(".")[2], ""), name) if part)
            made = self.read(key, lambda: self._input(table[name], limits, key, label), None)  # noqa: B023
            if made is not None:
                self.inputs[key] = made

    def _input(self, raw: object, limits: Any, key: str, label: str) -> Input:  # noqa: ANN401
        words = _words(label)
        return ranged_input(raw, limits, file=self.file, key=key, label=words, year=self.year)


def read_rental(path: Path | str, catalog: Catalog) -> RentalCase:
    """Read the file of a GPU cloud. Raises one ``InputError`` with a ``Problem`` for everything wrong with it."""
    reader = _open(Path(path), catalog)
    tree = reader.tree
    reader.amounts(tree["cloud"], "cloud", CLOUD_KEYS)
    fleets = tuple(_fleet(reader, table, f"fleets.{place}") for place, table in enumerate(tree["fleets"]))
    contracts = tuple(_contract(reader, *numbered) for numbered in _numbered(tree, "contracts"))
    loans = tuple(_loan(reader, place, table, fleets) for place, table in _numbered(tree, "loans"))
    arrivals = tuple(_arrival(reader, *numbered) for numbered in _numbered(tree, "arrivals"))
    covenants = tuple(_covenant(reader, *numbered) for numbered in _numbered(tree, "covenants"))
    case = RentalCase(
        name=tree["cloud"]["name"],
        currency=tree["money"]["currency"],
        year=reader.year,
        terms=tree["money"]["terms"],
        tax_depreciation=tree["cloud"].get("tax_depreciation", "books"),
        fleets=fleets,
        contracts=contracts,
        loans=loans,
        covenants=covenants,
        arrivals=arrivals,
        inputs=reader.inputs,
        recovery_shares=_recovery_shares(catalog),
        seed=tree.get("seed", 0),
        notes=tuple(reader.notes),
    )
    reader.problems += contradictions(case, reader.file, {problem.key for problem in reader.problems})
    if reader.problems:
        raise InputError(dict.fromkeys(reader.problems))
    return case


def _open(path: Path, catalog: Catalog) -> _Reader:
    """Parse the file and judge its structure; nothing more is read of a file whose structure is wrong."""
    from tenfold.catalog.structure import read_structure
    from tenfold.planning.rental.schema import RentalDocument

    file, problems = str(path), list[Problem]()
    if "\0" in file or not path.is_file():
        raise InputError(Problem(file=shown(file)[1:-1], key="", wrong="no such file", remedy=TEMPLATE_REMEDY))
    tree = read_toml(path, file, problems)
    if problems:
        raise InputError(problems)
    read_structure(RentalDocument, tree, lambda _: file, problems)
    if problems:
        raise InputError(problems)
    return _Reader(file=file, catalog=catalog, tree=tree, year=tree["money"]["year"], problems=problems)


def _fleet(reader: _Reader, table: Mapping[str, Any], place: str) -> FleetCase:
    for inner, names in FLEET_KEYS.items():
        below = table if not inner else table.get(inner, {})
        reader.amounts(below, f"{place}.{inner}" if inner else place, names, table["name"])
    _site_figures(reader, table, place)
    chip = table.get("chip", "")
    return FleetCase(
        place=place,
        name=table["name"],
        chip=reader.read(f"{place}.chip", lambda: reader.catalog.chip(chip).key, "") if chip else "",
        first_quarter=reader.read(
            f"{place}.first_quarter",
            lambda: quarter_of(table["first_quarter"], reader.file, f"{place}.first_quarter"),
            4 * reader.year,
        ),
        delivery_quarters=table.get("delivery_quarters", 1),
        paid_ahead_quarters=table.get("paid_ahead_quarters", 0),
        schedule=table.get("depreciation", "straight-line"),
        repriced=table["market"].get("repriced", "yearly"),
    )


def _site_figures(reader: _Reader, table: Mapping[str, Any], place: str) -> None:
    """Take tariff, PUE and WUE of the site named, where the file gives none of its own."""
    name = table.get("space", {}).get("site", "")
    site = reader.read(f"{place}.space.site", lambda: reader.catalog.site(name), None) if name else None
    if site is None:
        return
    for key, figure_name in SITE_FIGURES.items():
        full = f"{place}.space.{key}"
        if full in reader.inputs or any(problem.key == full for problem in reader.problems):
            continue
        figure = reader.read(full, lambda: site.figure(figure_name), None)  # noqa: B023
        if figure is not None:
            label = _words(f"{table['name']} {key} at {site.key}")
            reader.inputs[full] = made_input(figure, full, label, LIMITS[key])


def _contract(reader: _Reader, place: str, table: Mapping[str, Any]) -> ContractCase:
    reader.amounts(table, place, ("chips", "price", "take_or_pay", "utilisation"), table["name"])
    none: dict[int, float] = {}
    active = reader.read(place, lambda: contract_quarters(table, reader.file, place), none)
    return ContractCase(place=place, name=table["name"], fleet=table["fleet"], active=active)


def _loan(reader: _Reader, place: str, table: Mapping[str, Any], fleets: tuple[FleetCase, ...]) -> LoanCase:
    reader.amounts(table, place, ("share", "rate"), table["name"])
    key = f"{place}.term"
    return LoanCase(
        place=place,
        name=table["name"],
        kind=table["kind"],
        fleets=tuple(table.get("fleets") or (fleet.name for fleet in fleets)),
        term_quarters=reader.read(key, lambda: quarters_in(table["term"], reader.file, key), 1),
    )


def _arrival(reader: _Reader, place: str, table: Mapping[str, Any]) -> ArrivalCase:
    reader.amounts(table, place, ("performance_per_dollar",), "better chip")
    key = f"{place}.date"
    return ArrivalCase(place=place, years=reader.read(key, lambda: years_of(table["date"], reader.file, key), 0.0))


def _covenant(reader: _Reader, place: str, table: Mapping[str, Any]) -> CovenantCase:
    key, unit = f"{place}.limit", "USD" if table["kind"] == "cash" else "1"
    limit = reader.read(key, lambda: parse_quantity(table["limit"], unit, file=reader.file, key=key), 0.0)
    return CovenantCase(kind=table["kind"], limit=limit)


def _numbered(tree: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(f"{name}.{place}", table) for place, table in enumerate(tree.get(name, ()))]


def _recovery_shares(catalog: Catalog) -> tuple[float, ...]:
    return tuple(catalog.assumption(f"taxes.macrs_5_year_{year}", "1").value for year in range(1, 7))


def _words(label: str) -> str:
    return label.replace("_", " ")
