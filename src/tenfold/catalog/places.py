"""Records of places: sites with their power, cooling and location, and links of fibre between them.

Properties give a figure's value in the unit they are named after, and raise ``MissingFigureError`` where
nobody has recorded it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from tenfold.catalog.countries import Country
from tenfold.catalog.figure_files import FigureIn, SourceKey
from tenfold.catalog.figured import Figured, Own
from tenfold.catalog.records import Name
from tenfold.quantities import Amount, Day, Figure, Key, Place, Series, parse_date, shown

HOURS = 24


@dataclass(frozen=True, slots=True)
class StageDay(Day):
    """The day a stage of power begins, kept as it is written."""

    def read(self, raw: Any, place: Place) -> Any:  # noqa: ANN401
        """Give the text back when it is a date."""
        Day.read(self, raw, place)
        return raw


@dataclass(frozen=True, slots=True)
class DayOfHours:
    """Twenty-four values, the first for the hour after midnight."""

    def read(self, raw: Any, place: Place) -> tuple[float, ...]:  # noqa: ANN401
        """Read every value."""
        if not isinstance(raw, list) or len(raw) != HOURS:
            raise place.refusal(f"{shown(raw)} is no day of hours", f"Write a list of {HOURS} numbers")
        values: tuple[float, ...] = Series(Amount("1")).read(raw, place)
        return values

    def schema(self) -> dict[str, Any]:
        """A list of numbers."""
        return {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": HOURS, "maxItems": HOURS}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A point on the earth, degrees; north and east are positive."""

    latitude: Annotated[float, Amount("1", least=-90.0, most=90.0)]
    longitude: Annotated[float, Amount("1", least=-180.0, most=180.0)]
    source: Annotated[str, SourceKey()]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerStage:
    """What a site can draw in all from a day on."""

    date: datetime.date
    power: Figure


@dataclass(frozen=True, slots=True)
class HourShape:
    """Twenty-four values relative to each other, by hour of the local day."""

    relative: Annotated[tuple[float, ...], DayOfHours()]
    source: Annotated[str, SourceKey()]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Figured):
    """A place to run chips: price of power, overhead, carbon, water, and what is known of its connection and place."""

    key: Own = ""
    name: Name
    country: Annotated[str, Country()]
    """ISO 3166-1 alpha-2."""
    regions: tuple[Name, ...] = ()
    """Regions of providers that are here, by their names; rows of prices hold at them."""
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""
    power_price: Annotated[Figure | None, FigureIn("USD/kWh"), Key("power.price")] = None
    power_usage_effectiveness: Annotated[Figure | None, FigureIn("1"), Key("power.pue")] = None
    carbon: Annotated[Figure | None, FigureIn("kg/kWh"), Key("power.carbon")] = None
    """Average of the grid at the place, with building plants and supplying fuel where the note says life cycle."""
    available_power: Annotated[Figure | None, FigureIn("W"), Key("power.available")] = None
    contracted_power: Annotated[Figure | None, FigureIn("W"), Key("power.contracted")] = None
    """Of the connection when every stage is energised."""
    queue: Annotated[Figure | None, FigureIn("s"), Key("power.queue")] = None
    """Wait for a connection to the grid."""
    build_time: Annotated[Figure | None, FigureIn("s"), Key("build.time")] = None
    water_usage_effectiveness: Annotated[Figure | None, FigureIn("L/kWh"), Key("water.wue")] = None
    location: Location | None = None
    power_stages: Annotated[
        Mapping[Annotated[str, StageDay()], Annotated[Figure, FigureIn("W")]], Key("power.stages")
    ] = field(default_factory=dict)
    """By date; each is the total from then on."""
    cooling_pue: Annotated[Mapping[str, Annotated[Figure, FigureIn("1")]], Key("cooling.pue")] = field(
        default_factory=dict
    )
    """Alternatives by the name of the cooling."""
    cooling_wue: Annotated[Mapping[str, Annotated[Figure, FigureIn("L/kWh")]], Key("cooling.wue")] = field(
        default_factory=dict
    )
    price_by_hour: Annotated[HourShape | None, Key("hours.price")] = None
    carbon_by_hour: Annotated[HourShape | None, Key("hours.carbon")] = None

    @property
    def stages(self) -> tuple[PowerStage, ...]:
        """Stages of power by date; each is the total from then on."""
        found = [PowerStage(date=parse_date(day), power=figure) for day, figure in self.power_stages.items()]
        return tuple(sorted(found, key=lambda stage: stage.date))

    @property
    def power_price_usd_per_kwh(self) -> float:
        """Price of electricity, USD/kWh."""
        return self.figure("power.price").value

    @property
    def pue(self) -> float:
        """Power usage effectiveness: site power over IT power."""
        return self.figure("power.pue").value

    @property
    def carbon_kg_per_kwh(self) -> float:
        """Carbon dioxide equivalent of a kWh at the meter, kg/kWh."""
        return self.figure("power.carbon").value

    @property
    def available_power_w(self) -> float:
        """Power the site can get, W."""
        return self.figure("power.available").value

    @property
    def wue_l_per_kwh(self) -> float:
        """Water usage effectiveness: litres per kWh of IT energy."""
        return self.figure("water.wue").value


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Figured):
    """A class of fibre between sites."""

    key: Own = ""
    name: Name
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""
    latency: Annotated[Figure | None, FigureIn("s/m")] = None
    """One way, for each metre of fibre."""
    bandwidth: Annotated[Figure | None, FigureIn("B/s")] = None
    """Of one fibre pair, one way."""
    cost: Annotated[Figure | None, FigureIn("USD/h")] = None
    """Of one fibre pair."""
    available_share: Annotated[Figure | None, FigureIn("1"), Key("availability")] = None
    route: Annotated[Figure | None, FigureIn("1"), Key("route_factor")] = None
    """Length of the fibre over the great circle."""
    reach: Annotated[Figure | None, FigureIn("m")] = None
    """Longest distance the class is for."""

    @property
    def latency_s_per_km(self) -> float:
        """One-way latency of a kilometre of fibre, s."""
        return self.figure("latency").value * 1e3

    @property
    def bytes_per_s_per_pair_one_way(self) -> float:
        """Bandwidth of a fibre pair in one direction, bytes/s."""
        return self.figure("bandwidth").value

    @property
    def availability(self) -> float:
        """Share of the time the link is up."""
        return self.figure("availability").value

    @property
    def route_factor(self) -> float:
        """Length of the fibre over the great circle."""
        return self.figure("route_factor").value
