"""The catalog: everything that is known about chips, systems, models, sites and prices, read when asked for.

A folder is read at its first use, and every problem of it is raised together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tenfold.catalog.figure_names import figure_of
from tenfold.catalog.folders import Folder, Folders
from tenfold.catalog.hazards import hazards_key
from tenfold.catalog.names import NameIndex, unknown_key
from tenfold.catalog.reading import Entry, Layer
from tenfold.catalog.things import Things
from tenfold.quantities import VERSION, CatalogError, Figure, Made, MissingFigureError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tenfold.catalog.deals import Deal, Player
    from tenfold.catalog.engines import Engine
    from tenfold.catalog.export_rules import ExportRule
    from tenfold.catalog.hazards import Hazards
    from tenfold.catalog.models import ModelRecord
    from tenfold.catalog.observations import Observation
    from tenfold.catalog.overrides import Override
    from tenfold.catalog.places import Link, Site
    from tenfold.catalog.prices import Availability, PastPrice, PurchasePrice, RentalPrice
    from tenfold.catalog.prices.recorded import RecordedPrices
    from tenfold.catalog.published import PublishedEttr
    from tenfold.catalog.records import Calibration, Chip, Fabric, Source, System
    from tenfold.catalog.services import Service
    from tenfold.catalog.software import Software
    from tenfold.catalog.technologies import Technology


class Catalog:
    """Everything known, by key; see ``load_catalog``. Equal content has an equal ``version``."""

    chips: Folder[Chip] = Folder()
    """Chips by key."""
    systems: Folder[System] = Folder()
    """Systems by key."""
    fabrics: Folder[Fabric] = Folder()
    """Fabrics by key."""
    models: Folder[ModelRecord] = Folder()
    """Models by key."""
    sites: Folder[Site] = Folder()
    """Sites by key."""
    links: Folder[Link] = Folder()
    """Classes of fibre between sites by key."""
    players: Folder[Player] = Folder()
    """Players of the financing network by key."""
    calibrations: Folder[Calibration] = Folder()
    """Fitted constants by key of their file."""
    software: Folder[Software] = Folder()
    """Training stacks by key."""
    engines: Folder[Engine] = Folder()
    """Serving engines by key, one for each vintage."""
    hazards: Folder[Hazards] = Folder()
    """Hazards by key: a chip family, its stem, or ``default``."""
    export_rules: Folder[ExportRule] = Folder()
    """Export rules by key."""
    technologies: Folder[Technology] = Folder()
    """Technologies that people name, by key."""
    services: Folder[Service] = Folder()
    """Models that are paid for by the token, by key."""

    def __init__(self, layers: Sequence[Layer], below: Folders | None = None) -> None:
        self.folders = Folders(layers, below)

    def __repr__(self) -> str:
        return f"Catalog({', '.join(layer.shown for layer in self.folders.layers)}; version {self.version})"

    @cached_property
    def version(self) -> str:
        """Hash of the content of all files, 12 hexadecimal digits."""
        return self.folders.version

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Where figures are from, by key."""
        return self.folders.sources

    @cached_property
    def deals(self) -> Mapping[str, Deal]:
        """Deals between players by key, players by theirs."""
        return {key: deal for rows in self.deal_layers for key, deal in rows.items()}

    @cached_property
    def observations(self) -> Mapping[str, Observation]:
        """What was observed of the race, by name."""
        from tenfold.catalog.observations import read_observations

        return self.folders.read(lambda problems: read_observations(self.folders.layers, problems))

    def calibrations_about(self, topic: str) -> tuple[Calibration, ...]:
        """Those of a topic; files of other topics are not read into records."""
        known = self.calibrations
        return tuple(
            known[key]
            for key, entry in self.folders.entries("calibrations").items()
            if entry.tree.get("topic") == topic
        )

    def export_rule(self, name: str) -> ExportRule:
        """Give the export rule with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.export_rules[self.key_of("export_rules", name)]

    @cached_property
    def published_ettr(self) -> tuple[PublishedEttr, ...]:
        """What others reached, to compare with."""
        from tenfold.catalog.published import read_published_ettr

        return self.folders.read(lambda problems: read_published_ettr(self.folders.layers, self.sources, problems))

    @cached_property
    def assumptions(self) -> Mapping[str, Figure]:
        """Inputs that no file of the user gives, by dotted key: stem of the file, then path in it."""
        return self.folders.assumptions

    def chip(self, name: str) -> Chip:
        """Give the chip with this key, name or alias. Raises ``CatalogError`` with the nearest when unknown."""
        return self.chips[self.key_of("chips", name)]

    def system(self, name: str) -> System:
        """Give the system with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.systems[self.key_of("systems", name)]

    def fabric(self, name: str) -> Fabric:
        """Give the fabric with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.fabrics[self.key_of("fabrics", name)]

    def model(self, name: str) -> ModelRecord:
        """Give the model with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.models[self.key_of("models", name)]

    def site(self, name: str) -> Site:
        """Give the site with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.sites[self.key_of("sites", name)]

    def hazards_of(self, chip: str | Chip) -> Hazards:
        """Give the hazards of a chip: of its family, or the general ones."""
        record = self.chip(chip) if isinstance(chip, str) else chip
        return self.hazards[hazards_key(record.family, self.hazards)]

    def link(self, name: str) -> Link:
        """Give the class of link with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.links[self.key_of("links", name)]

    def player(self, name: str) -> Player:
        """Give the player with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.players[self.key_of("players", name)]

    def source(self, key: str) -> Source:
        """Give the source with this key. Raises ``CatalogError`` when unknown."""
        found = self.sources.get(key)
        if found is None:
            raise CatalogError(unknown_key("source", "sources", key, self.sources))
        return found

    def system_of(self, chip: str | Chip) -> System:
        """Give the default system of a chip. Raises ``MissingFigureError`` when none is recorded."""
        record = self.chip(chip) if isinstance(chip, str) else chip
        if not record.system:
            wrong = f"{record.key} has no default system"
            remedy = f"Add system = '…' to {record.file or 'its file'} or your overlay, or name a system"
            raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
        return self.system(record.system)

    def rental_prices(self, chip: str, term: str | None = None) -> tuple[RentalPrice, ...]:
        """List the rental prices of a chip, of one term or of all, the latest first; empty when none is recorded.

        Raises ``CatalogError`` for an unknown chip or term.
        """
        return self.price_rows.rentals_of(self.chip(chip).key, term)

    def availability_of(self, chip: str) -> tuple[Availability, ...]:
        """Who offers how many of a chip. Raises ``CatalogError`` for an unknown chip."""
        return self.price_rows.offered_of.get(self.chip(chip).key, ())

    @cached_property
    def price_history(self) -> tuple[PastPrice, ...]:
        """What chips were offered for in past months; see ``tenfold.catalog.prices.history``."""
        return self.price_rows.history

    @cached_property
    def past_figures(self) -> Mapping[str, Figure]:
        """Prices of the past by name; see ``tenfold.catalog.prices``."""
        from tenfold.catalog.prices import past_figures

        return past_figures(self.price_history)

    def purchase_price(self, chip: str) -> PurchasePrice:
        """Give the latest price to buy a chip. Raises ``MissingFigureError`` when none is recorded."""
        return self.price_rows.purchase_of(self.chip(chip).key)

    def assumption(self, key: str, unit: str = "") -> Figure:
        """Give the assumption with a dotted key such as ``reliability.restart_time``.

        Raises ``CatalogError`` with the nearest key when unknown, and when it is not in ``unit``, if one is given.
        """
        found = self.assumptions.get(key)
        if found is None:
            raise CatalogError(unknown_key("assumption", "assumptions", key, self.assumptions))
        if unit and found.unit != unit:
            wrong, remedy = f"assumption '{key}' is in {found.unit}", f"Write it in {unit}"
            raise CatalogError(Problem(file="", key="", wrong=wrong, remedy=remedy))
        return found

    def calibration(self, key: str) -> Calibration:
        """Give the calibration with the key of its file. Raises ``CatalogError`` when unknown."""
        found = self.calibrations.get(key)
        if found is None:
            raise CatalogError(unknown_key("calibration", "calibrations", key, self.calibrations))
        return found

    def known(self, folder: str) -> tuple[str, ...]:
        """Keys of a folder."""
        return tuple(sorted(getattr(self, folder)))

    def key_of(self, folder: str, name: str) -> str:
        """Key of a thing by key or alias. Raises ``CatalogError`` with the nearest when unknown.

        A key is its own: only other names need those of the whole folder.
        """
        return name if name in getattr(self, folder) else self.index(folder).key(name)

    def figure_of(self, path: str) -> Figure:
        """Give the figure at ``folder/key/figure``, such as ``chips/h100-sxm/peak.bf16``, or ``assumptions/key``.

        Raises ``CatalogError`` for a path that leads nowhere, ``MissingFigureError`` for a figure not recorded.
        """
        return figure_of(self, path)

    @cached_property
    def overrides(self) -> tuple[Override, ...]:
        """What the overlays added or overrode, by kind, key and file."""
        from tenfold.catalog.overrides import overrides_of

        return overrides_of(self)

    def made(self, seed: int) -> Made:
        """What an answer from this catalog is made with."""
        from tenfold.catalog.overrides import overrides_in_words

        count = len(self.price_rows.imported)
        imported = (f"the price store adds {count:,} prices",) if count else ()
        return Made(
            tenfold=VERSION,
            catalog=self.version,
            overrides=(*overrides_in_words(self.overrides), *imported),
            seed=seed,
        )

    @property
    def overlays(self) -> tuple[Path, ...]:
        """Folders over the shipped one, the last one winning."""
        return tuple(layer.root for layer in self.folders.layers[1:])

    @property
    def touched(self) -> tuple[str, ...]:
        """Folders that an overlay holds files for."""
        return self.folders.touched

    def check(self, folder: str) -> None:
        """Read every file of a folder. Raises one ``CatalogError`` with every problem of them."""
        things = getattr(self, folder)
        if isinstance(things, Things):
            things.check()

    def entries(self, folder: str) -> Mapping[str, Entry]:
        """Give the merged tables of a folder with the files they came from.

        Raises ``CatalogError`` with every problem of the folder.
        """
        return self.folders.entries(folder)

    @cached_property
    def price_rows(self) -> RecordedPrices:
        """Recorded prices and offers, layer by layer."""
        from tenfold.catalog.prices.recorded import RecordedPrices

        return RecordedPrices(self.folders, self)

    @cached_property
    def deal_layers(self) -> tuple[Mapping[str, Deal], ...]:
        """Deals of each layer, players by key. Raises ``CatalogError`` with every problem of them."""
        from tenfold.catalog.deal_rows import read_deal_layers

        return self.folders.read(
            lambda problems: read_deal_layers(self.folders.layers, self.index("players").keys, problems)
        )

    def index(self, folder: str) -> NameIndex:
        """Give the names of everything in a folder; things of rows have only their keys."""
        return self.folders.index(folder, getattr(self, folder))
