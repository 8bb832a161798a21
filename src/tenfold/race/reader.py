"""Reading values from the catalog while keeping the figures they came from."""

from __future__ import annotations

from collections.abc import Iterable

from tenfold.catalog import Catalog, Observation
from tenfold.quantities import NamedFigure
from tenfold.race.parameters import named_assumption


class Reader:
    """Gives values of the catalog and keeps the figures they came from."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.figures: dict[str, NamedFigure] = {}

    def assumed(self, name: str) -> float:
        """Value of an assumption of the race."""
        return self.keep(named_assumption(self.catalog, name)).figure.value

    def keep(self, named: NamedFigure) -> NamedFigure:
        """Remember a figure."""
        self.figures[named.name] = named
        return named

    def player(self, player: str, key: str) -> float | None:
        """Value of a figure of a player; None where nobody recorded it."""
        found = self.catalog.player(player).figures.get(key)
        return (
            None if found is None else self.keep(NamedFigure(name=f"players/{player}/{key}", figure=found)).figure.value
        )

    def observed(self, rows: Iterable[Observation]) -> None:
        """Remember rows of the history."""
        for row in rows:
            self.keep(NamedFigure(name=row.name, figure=row.figure))


def owners_in(catalog: Catalog) -> tuple[str, ...]:
    """Players that own chips in the race, by key: those whose fleet stands somewhere."""
    return tuple(key for key in catalog.known("players") if catalog.player(key).race_regions)
