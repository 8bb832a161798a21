"""Opening a catalog: the shipped data and overlays, folders of the same layout that add to it or override it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from tenfold.catalog.catalog import Catalog
from tenfold.catalog.folders import Folders
from tenfold.catalog.reading import FOLDERS, Layer
from tenfold.catalog.references import check_catalog
from tenfold.quantities import CatalogError, Problem

SHIPPED = Layer(Path(__file__).parent / "data", "catalog/data")


def load_catalog(overlays: Sequence[Path] = ()) -> Catalog:
    """Open the shipped catalog with overlays over it, the last one winning.

    Shipped folders are read when first asked for, and without overlays once in a process. Folders that an overlay
    touches are read, and the references from them followed, at once. Raises one ``CatalogError`` with every problem of
    them.
    """
    layers = [Layer(Path(overlay), Path(overlay).as_posix().rstrip("/")) for overlay in overlays]
    problems = [problem for layer in layers for problem in _layout_problems(layer)]
    catalog = Catalog((SHIPPED, *layers), below=shipped_folders())
    try:
        check_catalog(catalog, catalog.touched)
    except CatalogError as error:
        problems += error.problems
    if problems:
        raise CatalogError(problems)
    return catalog


@cache
def shipped_folders() -> Folders:
    """What ships. Nobody writes there while a process runs, so all its catalogs share what was read."""
    return Folders((SHIPPED,))


def _layout_problems(layer: Layer) -> Iterator[Problem]:
    """Refuse a folder that is not there, unknown folders in it, and data files outside of them."""
    if not layer.root.is_dir():
        remedy = f"Give a folder with {', '.join(FOLDERS)} inside"
        yield Problem(file=layer.shown, key="", wrong="no such folder", remedy=remedy)
        return
    for path in sorted(layer.root.iterdir()):
        file = f"{layer.shown}/{path.name}"
        if path.is_dir() and path.name not in FOLDERS and not path.name.startswith((".", "_")):
            close = difflib.get_close_matches(path.name, FOLDERS, n=1)
            hint = f"Did you mean '{close[0]}'? " if close else ""
            yield Problem(file=file, key="", wrong="unknown folder", remedy=f"{hint}Known: {', '.join(FOLDERS)}")
        elif path.suffix in (".toml", ".csv") and path.is_file():
            yield Problem(
                file=file, key="", wrong="a data file outside the folders", remedy="Put it in chips/ or the like"
            )
