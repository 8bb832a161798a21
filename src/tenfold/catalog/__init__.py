"""Catalog: chips, systems, fabrics, models, sites, prices and fitted constants, each figure with its source.

Prices and what few commands need are loaded when first asked for: reading them takes longer than listing chips.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.catalog.catalog import Catalog
from tenfold.catalog.deals import CANCELABLE, DEAL_KINDS, DEAL_STATUSES, Deal, Player
from tenfold.catalog.engines import Engine, default_engine, engine_named
from tenfold.catalog.export_rules import ExportRule, ExportStatus, export_licence, export_status
from tenfold.catalog.hazards import Component, Hazards
from tenfold.catalog.loader import load_catalog
from tenfold.catalog.models import ModelRecord, TransformerShape
from tenfold.catalog.places import HourShape, Link, Location, PowerStage, Site
from tenfold.catalog.records import Calibration, Chip, Fabric, Source, System
from tenfold.catalog.software import Software, age_years, default_software, software_named

if TYPE_CHECKING:
    from tenfold.catalog.overrides import Override, overrides_in_words
    from tenfold.catalog.prices import PRICE_KINDS, RENTAL_TERMS, Availability, PastPrice, PurchasePrice, RentalPrice
    from tenfold.catalog.prices.pooled import (
        MARKETS,
        OVER_ON_DEMAND,
        OWN,
        price_figure,
        price_name,
        purchase_figure,
        relative_rental_figure,
        rental_figure,
    )
    from tenfold.catalog.prices.supply import TIERS, KnownSupply, held_chips, known_supply, supply_tiers
    from tenfold.catalog.published import PublishedEttr
    from tenfold.catalog.references import check_catalog
    from tenfold.catalog.schema import json_schema

__all__ = [
    "CANCELABLE",
    "DEAL_KINDS",
    "DEAL_STATUSES",
    "MARKETS",
    "OVER_ON_DEMAND",
    "OWN",
    "PRICE_KINDS",
    "RENTAL_TERMS",
    "TIERS",
    "Availability",
    "Calibration",
    "Catalog",
    "Chip",
    "Component",
    "Deal",
    "Engine",
    "ExportRule",
    "ExportStatus",
    "Fabric",
    "Hazards",
    "HourShape",
    "KnownSupply",
    "Link",
    "Location",
    "ModelRecord",
    "Override",
    "PastPrice",
    "Player",
    "PowerStage",
    "PublishedEttr",
    "PurchasePrice",
    "RentalPrice",
    "Site",
    "Software",
    "Source",
    "System",
    "TransformerShape",
    "age_years",
    "check_catalog",
    "default_engine",
    "default_software",
    "engine_named",
    "export_licence",
    "export_status",
    "held_chips",
    "json_schema",
    "known_supply",
    "load_catalog",
    "overrides_in_words",
    "price_figure",
    "price_name",
    "purchase_figure",
    "relative_rental_figure",
    "rental_figure",
    "software_named",
    "supply_tiers",
]

_LATE = ("overrides", "prices", "prices.pooled", "prices.supply", "published", "references", "schema")
"""Modules that are searched for a name not found here."""


def __getattr__(name: str) -> object:
    """Load what few need when it is first asked for."""
    if name in __all__:
        from importlib import import_module

        for module in _LATE:
            found: object = getattr(import_module(f"tenfold.catalog.{module}"), name, None)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(f"module 'tenfold.catalog' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
