"""Assumptions of the catalog with the names they are known by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.quantities import NamedFigure

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog


def assumption_named(catalog: Catalog, name: str) -> NamedFigure:
    """Give an assumption with its place. Raises ``MissingFigureError`` for one that is not recorded."""
    return NamedFigure(name=f"assumptions/{name}", figure=catalog.assumption(name))
