"""Files of sites and links as pydantic reads them. Import this module late: pydantic is slow to load."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tenfold.catalog.file_parts import FigureFile, Name, Strict, ThingFile, figure_field


class SitePowerFile(Strict):
    """``[power]`` of a site."""

    price: FigureFile | None = figure_field("USD/kWh")
    pue: FigureFile | None = figure_field("1")
    carbon: FigureFile | None = figure_field("kg/kWh")
    available: FigureFile | None = figure_field("W")
    contracted: FigureFile | None = figure_field("W")
    stages: dict[Name, FigureFile] = Field(default={}, json_schema_extra={"unit": "W"})
    queue: FigureFile | None = figure_field("s")


class SiteLocationFile(Strict):
    """``[location]`` of a site, in degrees: north and east are positive."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    source: Name
    note: str = ""


class SiteCoolingFile(Strict):
    """``[cooling]`` of a site: PUE and WUE by the name of the cooling."""

    pue: dict[Name, FigureFile] = Field(default={}, json_schema_extra={"unit": "1"})
    wue: dict[Name, FigureFile] = Field(default={}, json_schema_extra={"unit": "L/kWh"})


class SiteBuildFile(Strict):
    """``[build]`` of a site."""

    time: FigureFile | None = figure_field("s")


Hours = Annotated[list[Annotated[float, Field(ge=0, allow_inf_nan=False)]], Field(min_length=24, max_length=24)]


class HourShapeFile(Strict):
    """Twenty-four values relative to each other, the first for the hour after midnight."""

    relative: Hours
    source: Name
    note: str = ""


class SiteHoursFile(Strict):
    """``[hours]`` of a site."""

    price: HourShapeFile | None = None
    carbon: HourShapeFile | None = None


class SiteWaterFile(Strict):
    """``[water]`` of a site."""

    wue: FigureFile | None = figure_field("L/kWh")


class SiteFile(ThingFile):
    """``sites/*.toml``."""

    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    power: SitePowerFile = SitePowerFile()
    water: SiteWaterFile = SiteWaterFile()
    location: SiteLocationFile | None = None
    cooling: SiteCoolingFile = SiteCoolingFile()
    build: SiteBuildFile = SiteBuildFile()
    hours: SiteHoursFile = SiteHoursFile()


class LinkFile(ThingFile):
    """``links/*.toml``."""

    latency: FigureFile | None = figure_field("s/m")
    bandwidth: FigureFile | None = figure_field("B/s")
    cost: FigureFile | None = figure_field("USD/h")
    availability: FigureFile | None = figure_field("1")
    route_factor: FigureFile | None = figure_field("1")
    reach: FigureFile | None = figure_field("m")
