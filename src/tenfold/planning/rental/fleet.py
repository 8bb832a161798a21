"""What the file of a GPU cloud says of a fleet: chips of one vintage, what they cost, draw and fetch."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from tenfold.quantities import YEAR_S, Amount, Day, Key, Named, Problem, Ranged, RangedAmount, Text, Whole, fields_of

FIRST_YEAR, LAST_YEAR = 1990, 2100
Name = Annotated[str, Text(longest=200)]
DATE = Day(first_year=FIRST_YEAR, last_year=LAST_YEAR)
USD = RangedAmount(Amount("USD", most=1e14))
SHARE = RangedAmount(Amount("1", most=1.0))
CHANGE = RangedAmount(Amount("1", least=-0.99, most=10.0))
LIFE = RangedAmount(Amount("s", least=0.5 * YEAR_S, most=30.0 * YEAR_S))
CHIPS = RangedAmount(Amount("1", least=1.0, most=1e8))
PRICE = RangedAmount(Amount("USD/h", most=1e4))


@dataclass(frozen=True, slots=True, kw_only=True)
class CapexPerChip:
    """What a chip costs to buy, by line."""

    all_in_usd: Annotated[Ranged | None, USD] = None
    """Everything together; leave the other lines out."""
    chips_usd: Annotated[Ranged | None, USD] = None
    """The chip."""
    hosts_usd: Annotated[Ranged | None, USD] = None
    """Its share of hosts."""
    network_usd: Annotated[Ranged | None, USD] = None
    """Its share of the network."""
    storage_usd: Annotated[Ranged | None, USD] = None
    """Its share of storage."""
    installation_usd: Annotated[Ranged | None, USD] = None
    """Putting it up."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when nothing is there, and when the whole stands beside its parts."""
        if not said:
            yield _problem("", "holds no amount", "Give all_in, or chips, hosts, network and so on")
        if "all_in_usd" in said and len(said) > 1:
            yield _problem(
                "all_in", "stands beside lines it already holds", "Give all_in alone, or the lines without it"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpexPerChipYear:
    """What a chip costs a year, by line."""

    staff_usd: Annotated[Ranged | None, USD] = None
    """People."""
    maintenance_usd: Annotated[Ranged | None, USD] = None
    """Repairs and spares."""
    software_usd: Annotated[Ranged | None, USD] = None
    """Licences."""
    insurance_usd: Annotated[Ranged | None, USD] = None
    """Insurance."""
    network_usd: Annotated[Ranged | None, USD] = None
    """Transit and links."""
    other_usd: Annotated[Ranged | None, USD] = None
    """All else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpexShareOfCapexPerYear:
    """Yearly costs as shares of all capex but the shell."""

    staff: Annotated[Ranged | None, SHARE] = None
    """People."""
    maintenance: Annotated[Ranged | None, SHARE] = None
    """Repairs and spares."""
    software: Annotated[Ranged | None, SHARE] = None
    """Licences."""
    insurance: Annotated[Ranged | None, SHARE] = None
    """Insurance."""


NEEDS: Mapping[str, tuple[str, ...]] = {
    "rated_power_w": ("colocation_usd_per_kw_month", "shell_usd_per_w", "power_price_usd_per_kwh", "water_usd_per_m3"),
    "drawn_share": ("power_price_usd_per_kwh", "water_usd_per_m3"),
    "pue": ("power_price_usd_per_kwh",),
    "shell_life_s": ("shell_usd_per_w",),
    "wue_l_per_kwh": ("water_usd_per_m3",),
}
"""What a line of ``Space`` cannot be counted without."""
OF_A_SITE: Mapping[str, str] = {
    "power_price_usd_per_kwh": "power.price",
    "pue": "power.pue",
    "wue_l_per_kwh": "water.wue",
}
"""Fields of ``Space`` that a site of the catalog gives, and its figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Where the chips stand and what they draw."""

    rated_power_w: Annotated[Ranged | None, RangedAmount(Amount("W", least=1.0, most=1e6))] = None
    """A chip with its share of host and network, such as '1.275 kW'."""
    colocation_usd_per_kw_month: Annotated[Ranged | None, USD, Key("colocation_per_kw_month")] = None
    """Rent per rated kW, such as '$184.06'."""
    shell_usd_per_w: Annotated[Ranged | None, RangedAmount(Amount("USD/W", most=1000.0))] = None
    """Building, power and cooling per rated watt, such as '$11.55M/MW'."""
    shell_life_s: Annotated[Ranged | None, RangedAmount(Amount("s", least=YEAR_S, most=60.0 * YEAR_S))] = None
    """Life of the building, such as '20 years'."""
    power_price_usd_per_kwh: Annotated[Ranged | None, RangedAmount(Amount("USD/kWh", most=10.0))] = None
    """Such as '$89/MWh'."""
    pue: Annotated[Ranged | None, RangedAmount(Amount("1", least=1.0, most=4.0))] = None
    """Power at the meter over power of IT."""
    drawn_share: Annotated[Ranged | None, SHARE] = None
    """Average draw over rated power."""
    wue_l_per_kwh: Annotated[Ranged | None, RangedAmount(Amount("L/kWh", most=20.0))] = None
    """Water over energy of IT, such as '0.27 L/kWh'."""
    water_usd_per_m3: Annotated[Ranged | None, USD, Key("water_price_per_m3")] = None
    """Price of water per cubic metre."""
    site: Annotated[str | None, Named("sites")] = None
    """Site of the catalog whose tariff, PUE and WUE hold where none is given."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say what is missing for a line to be counted."""
        has = {*said, *(OF_A_SITE if "site" in said else ())}
        for name, users in NEEDS.items():
            counted = sorted(space_key(user) for user in users if user in has)
            if counted and name not in has:
                wrong, remedy = "is missing", f"Add it: {', '.join(counted)} is counted with it"
                yield _problem(space_key(name), wrong, remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Chips under no contract."""

    price_usd_per_chip_hour: Annotated[Ranged, PRICE, Key("price")]
    """When the fleet enters service, such as '$1.99/h'."""
    utilisation: Annotated[Ranged, SHARE]
    """Share of their hours that is sold."""
    change_per_year: Annotated[Ranged | None, CHANGE] = None
    """Of the price, such as '-10 %'."""
    repriced: Literal["yearly", "quarterly"] = "yearly"
    """How often the price changes."""
    volatility: Annotated[Ranged | None, RangedAmount(Amount("1", most=5.0))] = None
    """Of the price, per square root of a year; as fitted to the price history when left out, none at 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resale:
    """What the machines fetch on retirement."""

    share: Annotated[Ranged | None, SHARE] = None
    """Of their price; leave the other key out."""
    wear_per_year: Annotated[Ranged | None, RangedAmount(Amount("1", most=5.0))] = None
    """Decline with age alone; [[arrivals]] divide it further."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when both ways are given."""
        if len(said) > 1:
            yield _problem("share", "stands beside wear_per_year", "Give one of share and wear_per_year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Chips of one vintage."""

    name: Name
    """What contracts and loans call it."""
    chips: Annotated[Ranged, CHIPS]
    """How many, all deliveries together."""
    first_quarter: Annotated[datetime.date, DATE]
    """When the first delivery enters service, such as '2026Q2'."""
    life_s: Annotated[Ranged, LIFE]
    """Until the chips are retired, such as '5 years'."""
    book_life_s: Annotated[Ranged | None, LIFE] = None
    """Life in the books; that of service when left out."""
    book_residual_share: Annotated[Ranged | None, SHARE] = None
    """Share of the price that the books do not write off."""
    decommissioning_usd_per_chip: Annotated[Ranged | None, USD, Key("decommissioning_per_chip")] = None
    """Taking a chip out of service."""
    capex_per_chip: CapexPerChip
    """What a chip costs to buy."""
    opex_per_chip_year: OpexPerChipYear = OpexPerChipYear()
    """What a chip costs a year."""
    opex_share_of_capex_per_year: OpexShareOfCapexPerYear = OpexShareOfCapexPerYear()
    """The same as shares of capex."""
    space: Space = Space()
    """Where the chips stand and what they draw."""
    market: Market
    """Chips under no contract."""
    resale: Resale = Resale()
    """What the machines fetch on retirement."""
    chip: Annotated[str | None, Named("chips")] = None
    """Chip of the catalog by key or alias; for the reader."""
    delivery_quarters: Annotated[int, Whole(1, 40)] = 1
    """Equal deliveries, one a quarter."""
    paid_ahead_quarters: Annotated[int, Whole(0, 12)] = 0
    """Quarters paid before delivery."""
    depreciation: Literal["straight-line", "declining-balance", "sum-of-years", "macrs-5"] = "straight-line"
    """Schedule of the books."""


def space_key(name: str) -> str:
    """Key of a field of ``Space`` in files."""
    return next(field.key for field in fields_of(Space) if field.name == name)


def _problem(key: str, wrong: str, remedy: str) -> Problem:
    return Problem(file="", key=key, wrong=wrong, remedy=remedy)
