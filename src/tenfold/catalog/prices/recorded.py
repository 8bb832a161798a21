"""Recorded prices and offers of a catalog: what each layer holds, and which row stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from tenfold.catalog.names import normal
from tenfold.catalog.prices.availability import Availability, read_availability
from tenfold.catalog.prices.records import PurchasePrice, RentalPrice, read_purchase_prices, read_rental_prices
from tenfold.catalog.prices.rows import top_rows
from tenfold.catalog.prices.terms import RENTAL_TERMS, is_term
from tenfold.quantities import CatalogError, MissingFigureError, Problem, shown

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog
    from tenfold.catalog.folders import Folders
    from tenfold.catalog.prices.history import PastPrice
    from tenfold.catalog.reading import Layer

Price = TypeVar("Price", RentalPrice, PurchasePrice, Availability)


class RecordedPrices:
    """Rows of ``prices/``, read when first asked for, their chips by key."""

    def __init__(self, folders: Folders, catalog: Catalog) -> None:
        self._folders, self._catalog = folders, catalog

    @cached_property
    def rental_layers(self) -> tuple[tuple[RentalPrice, ...], ...]:
        """Rental prices of each layer."""
        return self._read(read_rental_prices)

    @cached_property
    def purchase_layers(self) -> tuple[tuple[PurchasePrice, ...], ...]:
        """Purchase prices of each layer."""
        return self._read(read_purchase_prices)

    @cached_property
    def availability_layers(self) -> tuple[tuple[Availability, ...], ...]:
        """Who offers how many chips, of each layer."""
        return self._read(read_availability)

    @cached_property
    def imported(self) -> tuple[RentalPrice, ...]:
        """Prices of chips that the user imported, which stand beside the recorded ones; a contract alone counts.

        Raises ``InputError`` where they cannot be read.
        """
        from tenfold.catalog.prices.store import stored_rentals

        return stored_rentals(self._catalog.chips)

    @cached_property
    def rented(self) -> Mapping[str, tuple[RentalPrice, ...]]:
        """Rental prices of each chip, the latest first."""
        recorded = top_rows(self.rental_layers, lambda price: (price.chip, price.term))
        found: dict[str, list[RentalPrice]] = {}
        for price in sorted((*recorded, *self.imported), key=lambda price: price.as_of, reverse=True):
            found.setdefault(price.chip, []).append(price)
        return {chip: tuple(prices) for chip, prices in found.items()}

    @cached_property
    def stated(self) -> frozenset[tuple[str, str]]:
        """Chips and terms of rent that an overlay states prices for, or the user imported a contract for."""
        signed = {(price.chip, price.term) for price in self.imported if price.kind == "contract"}
        return frozenset((price.chip, price.term) for layer in self.rental_layers[1:] for price in layer) | signed

    @cached_property
    def offered(self) -> tuple[Availability, ...]:
        """Who offers how many chips."""
        return top_rows(self.availability_layers, lambda offer: offer.chip)

    @cached_property
    def offered_of(self) -> Mapping[str, tuple[Availability, ...]]:
        """Who offers how many of each chip."""
        found: dict[str, list[Availability]] = {}
        for offer in self.offered:
            found.setdefault(offer.chip, []).append(offer)
        return {chip: tuple(offers) for chip, offers in found.items()}

    @cached_property
    def bought(self) -> tuple[PurchasePrice, ...]:
        """Prices to buy a chip."""
        return top_rows(self.purchase_layers, lambda price: price.chip)

    @cached_property
    def history(self) -> tuple[PastPrice, ...]:
        """What chips were offered for in past months."""
        from tenfold.catalog.prices.history import read_price_history

        return self._folders.read(lambda problems: read_price_history(self._folders.layers, problems))

    def rentals_of(self, chip: str, term: str | None) -> tuple[RentalPrice, ...]:
        """List the rental prices of a chip, by key, the latest first. Raises ``CatalogError`` for an unknown term."""
        if term is not None and not is_term(term):
            wrong = f"unknown rental term {shown(term)}"
            raise CatalogError(Problem(file="", key="", wrong=wrong, remedy=f"Use one of {', '.join(RENTAL_TERMS)}"))
        found = self.rented.get(chip, ())
        return found if term is None else tuple(price for price in found if price.term == term)

    def purchase_of(self, chip: str) -> PurchasePrice:
        """Give the latest price to buy a chip, by key. Raises ``MissingFigureError`` when none is recorded."""
        found = [price for price in self.bought if price.chip == chip]
        if not found:
            wrong = f"{chip} has no purchase price"
            remedy = "Add a row with a source to prices/purchase.csv of your overlay"
            raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
        return max(found, key=lambda price: price.as_of)

    def _read(
        self, read: Callable[[Sequence[Layer], list[Problem]], tuple[tuple[Price, ...], ...]]
    ) -> tuple[tuple[Price, ...], ...]:
        layers = self._folders.read(lambda problems: read(self._folders.layers, problems))
        keys = self._catalog.index("chips").keys
        return tuple(tuple(replace(row, chip=keys.get(normal(row.chip), row.chip)) for row in rows) for rows in layers)
