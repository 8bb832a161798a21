"""What overlays changed: every key they added or overrode, and the file that did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.catalog.reading import FOLDERS, ROW_FOLDERS, Entry

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog
    from tenfold.catalog.prices import Availability, PurchasePrice, RentalPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Something an overlay gave: what it is, its key, the file, and whether it was known before."""

    kind: str
    key: str
    file: str
    replaces: bool
    """True when it overrides what was known, False when it adds."""

    def __str__(self) -> str:
        return f"{self.file} {'overrides' if self.replaces else 'adds'} {self.kind} '{self.key}'"


def overrides_of(catalog: Catalog) -> tuple[Override, ...]:
    """List what the overlays of a catalog gave: things, sources and assumptions by key, prices by chip and term."""
    found = [
        override
        for folder in catalog.touched
        if folder not in ROW_FOLDERS
        for key, entry in catalog.entries(folder).items()
        for override in _of_entry(FOLDERS[folder], key, entry)
    ]
    if "deals" in catalog.touched:
        found += _of_deals(catalog)
    if "prices" not in catalog.touched:
        return tuple(found)
    prices = catalog.price_rows
    rented = [[(f"{row.chip}, {row.term}", row) for row in rows] for rows in prices.rental_layers]
    bought = [[(row.chip, row) for row in rows] for rows in prices.purchase_layers]
    offered = [[(f"{row.chip}, {row.provider}", row) for row in rows] for rows in prices.availability_layers]
    return (
        *found,
        *_of_prices("rental price", rented),
        *_of_prices("purchase price", bought),
        *_of_prices("availability", offered),
    )


def overrides_in_words(overrides: Sequence[Override]) -> tuple[str, ...]:
    """Say what overlays changed, one sentence each."""
    return tuple(str(override) for override in overrides)


def _of_entry(kind: str, key: str, entry: Entry) -> Iterator[Override]:
    for place, (layer, file, _) in enumerate(entry.parts):
        if layer > 0:
            yield Override(kind=kind, key=key, file=file, replaces=place > 0)


def _of_deals(catalog: Catalog) -> Iterator[Override]:
    shipped, given = catalog.deal_layers[0], {key: row for rows in catalog.deal_layers[1:] for key, row in rows.items()}
    for key, row in given.items():
        yield Override(kind="deal", key=key, file=row.file, replaces=key in shipped)


def _of_prices(
    kind: str, layers: Sequence[Sequence[tuple[str, RentalPrice | PurchasePrice | Availability]]]
) -> Iterator[Override]:
    known: set[str] = set()
    for number, rows in enumerate(layers):
        files = {key: row.file for key, row in rows}
        if number > 0:
            for key, file in files.items():
                yield Override(kind=kind, key=key, file=file, replaces=key in known)
        known |= files.keys()
