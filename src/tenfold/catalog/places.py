"""Records of places: sites with their power, cooling and location, and links of fibre between them.

Properties give a figure's value in the unit they are named after, and raise ``MissingFigureError`` where
nobody has recorded it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tenfold.catalog.figured import Figured
from tenfold.quantities import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A point on the earth, degrees; north and east are positive."""

    latitude: float
    longitude: float
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerStage:
    """What a site can draw in all from a day on."""

    date: datetime.date
    power: Figure


@dataclass(frozen=True, slots=True)
class HourShape:
    """Twenty-four values relative to each other, by hour of the local day."""

    relative: tuple[float, ...]
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Figured):
    """A place to run chips: price of power, overhead, carbon, water, and what is known of its connection and place."""

    figure_fields: ClassVar[Mapping[str, str]] = {
        "power.price": "power_price",
        "power.pue": "power_usage_effectiveness",
        "power.carbon": "carbon",
        "power.available": "available_power",
        "power.contracted": "contracted_power",
        "power.queue": "queue",
        "build.time": "build_time",
        "water.wue": "water_usage_effectiveness",
    }

    key: str
    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    power_price: Figure | None = None
    power_usage_effectiveness: Figure | None = None
    carbon: Figure | None = None
    """Location-based grid average."""
    available_power: Figure | None = None
    contracted_power: Figure | None = None
    """Of the connection when every stage is energised."""
    queue: Figure | None = None
    """Wait for a connection to the grid."""
    build_time: Figure | None = None
    water_usage_effectiveness: Figure | None = None
    location: Location | None = None
    stages: tuple[PowerStage, ...] = ()
    """By date; each is the total from then on."""
    cooling_pue: Mapping[str, Figure] = field(default_factory=dict)
    """Alternatives by the name of the cooling."""
    cooling_wue: Mapping[str, Figure] = field(default_factory=dict)
    price_by_hour: HourShape | None = None
    carbon_by_hour: HourShape | None = None

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Every figure recorded, by its dotted key; stages and alternatives of cooling last."""
        found = ((key, getattr(self, name)) for key, name in self.figure_fields.items())
        stages = {f"power.stages.{stage.date.isoformat()}": stage.power for stage in self.stages}
        pue = {f"cooling.pue.{name}": figure for name, figure in self.cooling_pue.items()}
        wue = {f"cooling.wue.{name}": figure for name, figure in self.cooling_wue.items()}
        return {key: figure for key, figure in found if figure is not None} | stages | pue | wue

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

    figure_fields: ClassVar[Mapping[str, str]] = {
        "latency": "latency",
        "bandwidth": "bandwidth",
        "cost": "cost",
        "availability": "available_share",
        "route_factor": "route",
        "reach": "reach",
    }

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    latency: Figure | None = None
    """One way, for each metre of fibre."""
    bandwidth: Figure | None = None
    """Of one fibre pair, one way."""
    cost: Figure | None = None
    """Of one fibre pair."""
    available_share: Figure | None = None
    route: Figure | None = None
    """Length of the fibre over the great circle."""
    reach: Figure | None = None
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
