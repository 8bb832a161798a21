"""What a site has beside plain figures: location, stages of power, alternatives of cooling, shapes of the day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenfold.catalog.place_files import HourShapeFile, SiteFile
from tenfold.catalog.places import HourShape, Location, PowerStage, Site
from tenfold.quantities import Figure, parse_date

STAGES, PUE, WUE = "power.stages.", "cooling.pue.", "cooling.wue."


def place_of(file: str, parsed: SiteFile, figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Give the fields of a ``Site``. Raises ``InputError`` for a stage whose name is no date."""
    where, hours = parsed.location, parsed.hours
    plain = {name: figures.get(key) for key, name in Site.figure_fields.items()}
    return plain | {
        "location": None if where is None else Location(**where.model_dump()),
        "stages": _stages(file, figures),
        "cooling_pue": _below(figures, PUE),
        "cooling_wue": _below(figures, WUE),
        "price_by_hour": _by_hour(hours.price),
        "carbon_by_hour": _by_hour(hours.carbon),
    }


def named_sources(site: SiteFile) -> list[tuple[str, str]]:
    """Sources of what is no figure, with the keys they stand at."""
    found = {"location": site.location, "hours.price": site.hours.price, "hours.carbon": site.hours.carbon}
    return [(key, each.source) for key, each in found.items() if each is not None]


def _stages(file: str, figures: Mapping[str, Figure]) -> tuple[PowerStage, ...]:
    """Order the stages by date."""
    found = [
        PowerStage(date=parse_date(date, file=file, key=f"{STAGES}{date}"), power=figure)
        for date, figure in _below(figures, STAGES).items()
    ]
    return tuple(sorted(found, key=lambda stage: stage.date))


def _by_hour(shape: HourShapeFile | None) -> HourShape | None:
    return None if shape is None else HourShape(tuple(shape.relative), source=shape.source, note=shape.note)


def _below(figures: Mapping[str, Figure], prefix: str) -> dict[str, Figure]:
    return {key.removeprefix(prefix): figure for key, figure in figures.items() if key.startswith(prefix)}
