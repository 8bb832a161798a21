"""Which files of a catalog say how quick chips are: a price, a tariff or a cost of capital moves none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.catalog.reading import content_hash

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog

PHYSICS = (
    *("chips/", "systems/", "fabrics/", "models/", "software/", "calibrations/", "sources/"),
    "assumptions/unstated.toml",
)
"""What the places of those files begin with."""


def physics_version(catalog: Catalog) -> str:
    """Hash of those files: catalogs that have it alike time every step alike."""
    return content_hash(catalog.folders.layers, PHYSICS)
