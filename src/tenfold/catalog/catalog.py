"""The catalog: everything that is known about chips, systems, models, sites and prices, read when asked for.

A folder is read at its first use, and every problem of it is raised together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tenfold.catalog import reading
from tenfold.catalog.hazards import hazards_key
from tenfold.catalog.names import NameIndex, normal, unknown_key
from tenfold.catalog.reading import FOLDERS, Entry, Layer
from tenfold.catalog.things import Things
from tenfold.quantities import CatalogError, Figure, Made, MissingFigureError, Problem, shown, tenfold_version

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TypeVar

    from tenfold.catalog.deals import Deal, Player
    from tenfold.catalog.engines import Engine
    from tenfold.catalog.export_rules import ExportRule
    from tenfold.catalog.hazards import Hazards
    from tenfold.catalog.models import ModelRecord
    from tenfold.catalog.observations import Observation
    from tenfold.catalog.overrides import Override
    from tenfold.catalog.places import Link, Site
    from tenfold.catalog.prices import Availability, PastPrice, PurchasePrice, RentalPrice
    from tenfold.catalog.published import PublishedEttr
    from tenfold.catalog.records import Calibration, Chip, Fabric, Source, System
    from tenfold.catalog.services import Service
    from tenfold.catalog.software import Software
    from tenfold.catalog.technologies import Technology

    Price = TypeVar("Price", RentalPrice, PurchasePrice, Availability)

_READERS: Mapping[str, Callable[[Sequence[Layer], str, list[Problem]], dict[str, Entry]]] = {
    "sources": reading.read_tables,
    "assumptions": reading.read_figures,
}


class Catalog:
    """Everything known, by key; see ``load_catalog``. Equal content has an equal ``version``."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = tuple(layers)
        self._indexes: dict[str, NameIndex] = {}
        self._entries: dict[str, dict[str, Entry]] = {}

    def __repr__(self) -> str:
        return f"Catalog({', '.join(layer.shown for layer in self._layers)}; version {self.version})"

    @cached_property
    def version(self) -> str:
        """Hash of the content of all files, 12 hexadecimal digits."""
        return reading.content_hash(self._layers)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Where figures are from, by key."""
        from tenfold.catalog.building import build_source

        entries = self._entries_of("sources")
        return Things(entries, lambda key, problems: build_source(key, entries[key], problems))

    @cached_property
    def chips(self) -> Mapping[str, Chip]:
        """Chips by key."""
        return self._things("chips")

    @cached_property
    def systems(self) -> Mapping[str, System]:
        """Systems by key."""
        return self._things("systems")

    @cached_property
    def fabrics(self) -> Mapping[str, Fabric]:
        """Fabrics by key."""
        return self._things("fabrics")

    @cached_property
    def models(self) -> Mapping[str, ModelRecord]:
        """Models by key."""
        return self._things("models")

    @cached_property
    def sites(self) -> Mapping[str, Site]:
        """Sites by key."""
        return self._things("sites")

    @cached_property
    def links(self) -> Mapping[str, Link]:
        """Classes of fibre between sites by key."""
        return self._things("links")

    @cached_property
    def players(self) -> Mapping[str, Player]:
        """Players of the financing network by key."""
        return self._things("players")

    @cached_property
    def deals(self) -> Mapping[str, Deal]:
        """Deals between players by key, players by theirs."""
        return {key: deal for rows in self.deal_layers for key, deal in rows.items()}

    @cached_property
    def observations(self) -> Mapping[str, Observation]:
        """What was observed of the race, by name."""
        from tenfold.catalog.observations import read_observations

        problems: list[Problem] = []
        found = read_observations(self._layers, problems)
        if problems:
            raise CatalogError(problems)
        return found

    @cached_property
    def calibrations(self) -> Mapping[str, Calibration]:
        """Fitted constants by key of their file."""
        return self._things("calibrations")

    def calibrations_about(self, topic: str) -> tuple[Calibration, ...]:
        """Those of a topic; files of other topics are not read into records."""
        known = self.calibrations
        return tuple(
            known[key] for key, entry in self._entries["calibrations"].items() if entry.tree.get("topic") == topic
        )

    @cached_property
    def software(self) -> Mapping[str, Software]:
        """Training stacks by key."""
        return self._things("software")

    @cached_property
    def engines(self) -> Mapping[str, Engine]:
        """Serving engines by key, one for each vintage."""
        return self._things("engines")

    @cached_property
    def hazards(self) -> Mapping[str, Hazards]:
        """Hazards by key: a chip family, its stem, or ``default``."""
        return self._things("hazards")

    @cached_property
    def export_rules(self) -> Mapping[str, ExportRule]:
        """Export rules by key."""
        return self._things("export_rules")

    def export_rule(self, name: str) -> ExportRule:
        """Give the export rule with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.export_rules[self.index("export_rules").key(name)]

    @cached_property
    def technologies(self) -> Mapping[str, Technology]:
        """Technologies that people name, by key."""
        return self._things("technologies")

    @cached_property
    def services(self) -> Mapping[str, Service]:
        """Models that are paid for by the token, by key."""
        return self._things("services")

    @cached_property
    def published_ettr(self) -> tuple[PublishedEttr, ...]:
        """What others reached, to compare with."""
        from tenfold.catalog.published import read_published_ettr

        problems: list[Problem] = []
        found = read_published_ettr(self._layers, self.sources, problems)
        if problems:
            raise CatalogError(problems)
        return found

    @cached_property
    def assumptions(self) -> Mapping[str, Figure]:
        """Inputs that no file of the user gives, by dotted key: stem of the file, then path in it."""
        from tenfold.catalog.building import build_assumption

        entries = self._entries_of("assumptions")
        return Things(entries, lambda key, problems: build_assumption(key, entries[key], self.sources, problems))

    def chip(self, name: str) -> Chip:
        """Give the chip with this key, name or alias. Raises ``CatalogError`` with the nearest when unknown."""
        return self.chips[self.index("chips").key(name)]

    def system(self, name: str) -> System:
        """Give the system with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.systems[self.index("systems").key(name)]

    def fabric(self, name: str) -> Fabric:
        """Give the fabric with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.fabrics[self.index("fabrics").key(name)]

    def model(self, name: str) -> ModelRecord:
        """Give the model with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.models[self.index("models").key(name)]

    def site(self, name: str) -> Site:
        """Give the site with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.sites[self.index("sites").key(name)]

    def hazards_of(self, chip: str | Chip) -> Hazards:
        """Give the hazards of a chip: of its family, or the general ones."""
        record = self.chip(chip) if isinstance(chip, str) else chip
        return self.hazards[hazards_key(record.family, self.hazards)]

    def link(self, name: str) -> Link:
        """Give the class of link with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.links[self.index("links").key(name)]

    def player(self, name: str) -> Player:
        """Give the player with this key, name or alias. Raises ``CatalogError`` when unknown."""
        return self.players[self.index("players").key(name)]

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
        from tenfold.catalog.prices import RENTAL_TERMS

        key = self.chip(chip).key
        if term is not None and term not in RENTAL_TERMS:
            wrong = f"unknown rental term {shown(term)}"
            raise CatalogError(Problem(file="", key="", wrong=wrong, remedy=f"Use one of {', '.join(RENTAL_TERMS)}"))
        found = self._rental_by_chip.get(key, ())
        return found if term is None else tuple(price for price in found if price.term == term)

    def availability_of(self, chip: str) -> tuple[Availability, ...]:
        """Who offers how many of a chip. Raises ``CatalogError`` for an unknown chip."""
        key = self.chip(chip).key
        return tuple(offer for offer in self._availability if offer.chip == key)

    @cached_property
    def price_history(self) -> tuple[PastPrice, ...]:
        """What chips were offered for in past months; see ``tenfold.catalog.prices.history``."""
        from tenfold.catalog.prices import read_price_history

        problems: list[Problem] = []
        found = read_price_history(self._layers, problems)
        if problems:
            raise CatalogError(problems)
        return found

    @cached_property
    def past_figures(self) -> Mapping[str, Figure]:
        """Prices of the past by name; see ``tenfold.catalog.prices``."""
        from tenfold.catalog.prices import past_figures

        return past_figures(self.price_history)

    def purchase_price(self, chip: str) -> PurchasePrice:
        """Give the latest price to buy a chip. Raises ``MissingFigureError`` when none is recorded."""
        record = self.chip(chip)
        found = [price for price in self._purchase if price.chip == record.key]
        if not found:
            wrong = f"{record.key} has no purchase price"
            remedy = "Add a row with a source to prices/purchase.csv of your overlay"
            raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
        return max(found, key=lambda price: price.as_of)

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
        """Key of a thing by key or alias. Raises ``CatalogError`` with the nearest when unknown."""
        return self.index(folder).key(name)

    def figure_of(self, path: str) -> Figure:
        """Give the figure at ``folder/key/figure``, such as ``chips/h100-sxm/peak.bf16``, or ``assumptions/key``.

        Raises ``CatalogError`` for a path that leads nowhere, ``MissingFigureError`` for a figure not recorded.
        """
        folder, _, rest = path.partition("/")
        name, _, figure = rest.partition("/")
        find: Mapping[str, Callable[[str], Any]] = {
            "chips": self.chip,
            "systems": self.system,
            "fabrics": self.fabric,
            "sites": self.site,
            "links": self.link,
            "players": self.player,
            "calibrations": self.calibration,
            "hazards": lambda key: self.hazards[self.index("hazards").key(key)],
            "export_rules": self.export_rule,
            "services": lambda key: self.services[self.index("services").key(key)],
        }
        if folder == "assumptions":
            return self.assumption(rest)
        if folder == "models":
            return _published(self.model(name), figure)
        if folder == "prices":
            from tenfold.catalog.prices.pooled import price_figure

            return price_figure(self, name, figure)
        if folder == "availability":
            from tenfold.catalog.prices.supply import lead_time_figure

            return lead_time_figure(self, path)
        if folder == "price_months":
            from tenfold.catalog.prices.series import month_figure

            return month_figure(self, path)
        if folder == "price_history":
            return _listed(self.past_figures, path)
        if folder == "deals":
            return _amount(self.deals, name)
        if folder == "observations":
            from tenfold.catalog.observations import observation_figure

            return observation_figure(self.observations, path)
        if folder not in find:
            wrong, remedy = f"no figure at {shown(path)}", "Write folder/key/figure, such as chips/h100-sxm/peak.bf16"
            raise CatalogError(Problem(file="", key="", wrong=wrong, remedy=remedy))
        found: Figure = find[folder](name).figure(figure)
        return found

    @cached_property
    def overrides(self) -> tuple[Override, ...]:
        """What the overlays added or overrode, by kind, key and file."""
        from tenfold.catalog.overrides import overrides_of

        return overrides_of(self)

    def made(self, seed: int) -> Made:
        """What an answer from this catalog is made with."""
        from tenfold.catalog.overrides import overrides_in_words

        count = len(self.imported_prices)
        imported = (f"the price store adds {count:,} prices",) if count else ()
        return Made(
            tenfold=tenfold_version(),
            catalog=self.version,
            overrides=(*overrides_in_words(self.overrides), *imported),
            seed=seed,
        )

    @property
    def overlays(self) -> tuple[Path, ...]:
        """Folders over the shipped one, the last one winning."""
        return tuple(layer.root for layer in self._layers[1:])

    @property
    def touched(self) -> tuple[str, ...]:
        """Folders that an overlay holds files for."""
        return tuple(folder for folder in FOLDERS if any(layer.holds(folder) for layer in self._layers[1:]))

    def check(self, folder: str) -> None:
        """Read every file of a folder. Raises one ``CatalogError`` with every problem of them."""
        things = getattr(self, folder)
        if isinstance(things, Things):
            things.check()

    def entries(self, folder: str) -> Mapping[str, Entry]:
        """Give the merged tables of a folder with the files they came from.

        Raises ``CatalogError`` with every problem of the folder.
        """
        getattr(self, folder)
        return self._entries[folder]

    @cached_property
    def rental_layers(self) -> tuple[tuple[RentalPrice, ...], ...]:
        """Rental prices of each layer, chips by key."""
        from tenfold.catalog.prices import read_rental_prices

        return self._prices(read_rental_prices)

    @cached_property
    def purchase_layers(self) -> tuple[tuple[PurchasePrice, ...], ...]:
        """Purchase prices of each layer, chips by key."""
        from tenfold.catalog.prices import read_purchase_prices

        return self._prices(read_purchase_prices)

    @cached_property
    def availability_layers(self) -> tuple[tuple[Availability, ...], ...]:
        """Who offers how many chips, of each layer, chips by key."""
        from tenfold.catalog.prices import read_availability

        return self._prices(read_availability)

    @cached_property
    def deal_layers(self) -> tuple[Mapping[str, Deal], ...]:
        """Deals of each layer, players by key. Raises ``CatalogError`` with every problem of them."""
        from tenfold.catalog.deal_rows import read_deals

        problems: list[Problem] = []
        layers = [read_deals(layer, problems) for layer in self._layers]
        if problems:
            raise CatalogError(problems)
        keys = self.index("players").keys
        return tuple(
            {
                key: replace(
                    row,
                    payer=keys.get(normal(row.payer), row.payer),
                    payee=keys.get(normal(row.payee), row.payee),
                )
                for key, row in rows.items()
            }
            for rows in layers
        )

    @cached_property
    def _rental(self) -> tuple[RentalPrice, ...]:
        from tenfold.catalog.prices.rows import top_rows

        return (*top_rows(self.rental_layers, lambda price: (price.chip, price.term)), *self.imported_prices)

    @cached_property
    def imported_prices(self) -> tuple[RentalPrice, ...]:
        """Prices of chips that the user imported, which stand beside the recorded ones; a contract alone counts.

        Raises ``InputError`` where they cannot be read.
        """
        from tenfold.catalog.prices.store import stored_rentals

        return stored_rentals(self.chips)

    @cached_property
    def _rental_by_chip(self) -> Mapping[str, tuple[RentalPrice, ...]]:
        """Rental prices of each chip, the latest first."""
        found: dict[str, list[RentalPrice]] = {}
        for price in sorted(self._rental, key=lambda price: price.as_of, reverse=True):
            found.setdefault(price.chip, []).append(price)
        return {chip: tuple(prices) for chip, prices in found.items()}

    @cached_property
    def stated_prices(self) -> frozenset[tuple[str, str]]:
        """Chips and terms of rent that an overlay states prices for, or the user imported a contract for."""
        signed = {(price.chip, price.term) for price in self.imported_prices if price.kind == "contract"}
        return frozenset((price.chip, price.term) for layer in self.rental_layers[1:] for price in layer) | signed

    @cached_property
    def _availability(self) -> tuple[Availability, ...]:
        from tenfold.catalog.prices.rows import top_rows

        return top_rows(self.availability_layers, lambda offer: offer.chip)

    @cached_property
    def _purchase(self) -> tuple[PurchasePrice, ...]:
        from tenfold.catalog.prices.rows import top_rows

        return top_rows(self.purchase_layers, lambda price: price.chip)

    def _prices(
        self, read: Callable[[Sequence[Layer], list[Problem]], tuple[tuple[Price, ...], ...]]
    ) -> tuple[tuple[Price, ...], ...]:
        problems: list[Problem] = []
        layers = read(self._layers, problems)
        if problems:
            raise CatalogError(problems)
        keys = self.index("chips").keys
        return tuple(tuple(replace(row, chip=keys.get(normal(row.chip), row.chip)) for row in rows) for rows in layers)

    def index(self, folder: str) -> NameIndex:
        """Give the names of everything in a folder; things of rows have only their keys."""
        known = getattr(self, folder)
        if folder not in self._indexes:
            self._indexes[folder] = NameIndex(FOLDERS[folder], folder, {normal(key): key for key in known})
        return self._indexes[folder]

    def _things(self, folder: str) -> Things[Any]:
        entries = self._entries_of(folder)
        if folder != "calibrations":
            files = {key: entry.parts[-1][1] for key, entry in entries.items()}
            names = {key: reading.names_in(entry.tree) for key, entry in entries.items()}
            index = NameIndex.of(FOLDERS[folder], folder, names, files)
            if index.problems:
                raise CatalogError(index.problems)
            self._indexes[folder] = index

        def build(key: str, problems: list[Problem]) -> Any:  # noqa: ANN401  (a record of the folder)
            from tenfold.catalog.building import build_thing

            return build_thing(folder, key, entries[key], self.sources, problems)

        return Things(entries, build)

    def _entries_of(self, folder: str) -> Mapping[str, Entry]:
        problems: list[Problem] = []
        entries = _READERS.get(folder, reading.read_things)(self._layers, folder, problems)
        if problems:
            raise CatalogError(problems)
        self._entries[folder] = entries
        return entries


def _amount(deals: Mapping[str, Deal], key: str) -> Figure:
    """Give the amount of a deal by its key."""
    if key not in deals:
        raise CatalogError(unknown_key("deal", "deals", key, deals))
    amount = deals[key].figure
    if amount is None:
        wrong, remedy = f"the amount of deal '{key}' was not disclosed", "Add it to deals/ of your overlay"
        raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
    return amount


def _listed(past: Mapping[str, Figure], path: str) -> Figure:
    """Give a price of the past by its name."""
    if path not in past:
        raise CatalogError(unknown_key("price", "prices/history.csv", path, past))
    return past[path]


def _published(model: ModelRecord, key: str) -> Figure:
    """Give a published count of a model by its key in the file."""
    found = {"published.parameters": model.parameters, "published.active_parameters": model.active_parameters}.get(key)
    if found is None:
        wrong = f"{model.key} has no '{key}'. Known: published.parameters, published.active_parameters"
        remedy = f"Add [{key}] with a source to catalog/data/models/{model.key}.toml or your overlay"
        raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
    return found
