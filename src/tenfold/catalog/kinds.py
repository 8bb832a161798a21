"""Kinds of things the catalog holds: one row a folder. A new kind is a record and a row."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.catalog.deals import Player
from tenfold.catalog.engines import Engine
from tenfold.catalog.export_rules import ExportRule
from tenfold.catalog.hazards import Hazards
from tenfold.catalog.models import ModelRecord
from tenfold.catalog.places import Link, Site
from tenfold.catalog.records import Calibration, Chip, Fabric, System
from tenfold.catalog.services import Service
from tenfold.catalog.software import Software
from tenfold.catalog.technologies import Technology

RECORDS: Mapping[str, type] = {
    "chips": Chip,
    "systems": System,
    "fabrics": Fabric,
    "models": ModelRecord,
    "sites": Site,
    "links": Link,
    "calibrations": Calibration,
    "software": Software,
    "engines": Engine,
    "hazards": Hazards,
    "players": Player,
    "export_rules": ExportRule,
    "technologies": Technology,
    "services": Service,
}
"""Record that a file of each folder is read into."""
