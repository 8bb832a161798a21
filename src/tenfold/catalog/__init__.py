"""Catalog: chips, systems, fabrics, models, sites, prices and fitted constants, each figure with its source."""

from __future__ import annotations

from tenfold.catalog.catalog import Catalog
from tenfold.catalog.hazards import Component, Hazards
from tenfold.catalog.loader import load_catalog
from tenfold.catalog.models import Column, ModelRecord, TransformerShape
from tenfold.catalog.overrides import Override
from tenfold.catalog.places import HourShape, Link, Location, PowerStage, Site
from tenfold.catalog.prices import PRICE_KINDS, RENTAL_TERMS, PurchasePrice, RentalPrice
from tenfold.catalog.published import PublishedEttr
from tenfold.catalog.records import Calibration, Chip, Fabric, Source, System
from tenfold.catalog.references import check_catalog
from tenfold.catalog.schema import json_schema
from tenfold.catalog.software import Software, age_years, default_software, software_named

__all__ = [
    "PRICE_KINDS",
    "RENTAL_TERMS",
    "Calibration",
    "Catalog",
    "Chip",
    "Column",
    "Component",
    "Fabric",
    "Hazards",
    "HourShape",
    "Link",
    "Location",
    "ModelRecord",
    "Override",
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
    "default_software",
    "json_schema",
    "load_catalog",
    "software_named",
]
