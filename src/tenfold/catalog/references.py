"""References between the folders of a catalog: every key that a file names must be there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from tenfold.catalog.catalog import Catalog
from tenfold.catalog.names import normal
from tenfold.catalog.reading import FOLDERS
from tenfold.quantities import CatalogError, Problem


def check_catalog(catalog: Catalog, folders: Iterable[str] = tuple(FOLDERS)) -> None:
    """Read the folders and follow their references.

    Raises one ``CatalogError`` with every problem of every folder.
    """
    problems: list[Problem] = []
    for folder in folders:
        try:
            if folder == "prices":
                prices = catalog.price_rows
                _ = prices.rental_layers, prices.purchase_layers, prices.availability_layers
            elif folder == "deals":
                _ = catalog.deal_layers
            elif folder == "observations":
                _ = catalog.observations
            else:
                catalog.check(folder)
            if folder == "hazards":
                _ = catalog.published_ettr
            problems += _REFERENCES.get(folder, _nothing)(catalog)
        except CatalogError as error:
            problems += error.problems
    if problems:
        raise CatalogError(dict.fromkeys(problems))


def _nothing(_: Catalog) -> Iterator[Problem]:
    return iter(())


def _of_chips(catalog: Catalog) -> Iterator[Problem]:
    for chip in catalog.chips.values():
        yield from _unknown(catalog, "systems", chip.system, chip.file, "system")


def _of_systems(catalog: Catalog) -> Iterator[Problem]:
    for system in catalog.systems.values():
        yield from _unknown(catalog, "chips", system.chip, system.file, "chip")
        yield from _unknown(catalog, "fabrics", system.scaleup_fabric, system.file, "scaleup.fabric")
        yield from _unknown(catalog, "fabrics", system.scaleout_fabric, system.file, "scaleout.fabric")


def _of_prices(catalog: Catalog) -> Iterator[Problem]:
    rented = {(row.chip, row.file) for rows in catalog.price_rows.rental_layers for row in rows}
    bought = {(row.chip, row.file) for rows in catalog.price_rows.purchase_layers for row in rows}
    offered = {(row.chip, row.file) for rows in catalog.price_rows.availability_layers for row in rows}
    for chip, file in sorted(rented | bought | offered):
        yield from _unknown(catalog, "chips", chip, file, "chip")


def _of_deals(catalog: Catalog) -> Iterator[Problem]:
    for deal in (deal for rows in catalog.deal_layers for deal in rows.values()):
        yield from _unknown(catalog, "players", deal.payer, deal.file, f"{deal.key}: from")
        yield from _unknown(catalog, "players", deal.payee, deal.file, f"{deal.key}: to")
        if deal.part_of and deal.part_of not in catalog.deals:
            yield Problem(
                file=deal.file,
                key=f"{deal.key}: part_of",
                wrong=f"no deal has the key '{deal.part_of}'",
                remedy="Name the deal that counts the amount",
            )


def _of_services(catalog: Catalog) -> Iterator[Problem]:
    for service in catalog.services.values():
        yield from _unknown(catalog, "models", service.model, service.file, "model")


def _of_observations(catalog: Catalog) -> Iterator[Problem]:
    unknown = {(row.source, row.file) for row in catalog.observations.values() if row.source not in catalog.sources}
    for source, file in sorted(unknown):
        wrong = f"no source has the key '{source}'"
        yield Problem(file=file, key="source", wrong=wrong, remedy="Add it to sources/ of the same folder")


def _of_software(catalog: Catalog) -> Iterator[Problem]:
    for stack in catalog.software.values():
        for number, recipe in enumerate(stack.recipes):
            for folder, names in (("models", recipe.models), ("chips", recipe.chips)):
                for name in names:
                    yield from _unknown(catalog, folder, name, stack.file, f"recipes.{number}.{folder}")


def _unknown(catalog: Catalog, folder: str, name: str, file: str, key: str) -> Iterator[Problem]:
    index = catalog.index(folder)
    if name and normal(name) not in index.keys:
        yield index.unknown(name, file=file, key=key)


_REFERENCES: Mapping[str, Callable[[Catalog], Iterable[Problem]]] = {
    "chips": _of_chips,
    "systems": _of_systems,
    "prices": _of_prices,
    "deals": _of_deals,
    "observations": _of_observations,
    "services": _of_services,
    "software": _of_software,
}
