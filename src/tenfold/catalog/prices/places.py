"""Which rows hold at a place: a row's names of regions against the names a site goes by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from tenfold.catalog.places import Site


class Placed(Protocol):
    """A row that may hold in some regions only."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the places; none for anywhere."""
        ...


Row = TypeVar("Row", bound=Placed)


def holding_at(rows: Sequence[Row], site: Site | None) -> list[Row]:
    """Take the rows that hold at a site: those without a region, and those naming it, its country or a region there.

    Without a site every row holds.
    """
    if site is None:
        return list(rows)
    names = {site.key, site.country, *site.regions}
    return [row for row in rows if not row.regions or not names.isdisjoint(row.regions)]
