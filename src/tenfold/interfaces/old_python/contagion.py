"""Contagion: who cannot pay whom when somebody misses, from a file or for the deals of the catalog."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike

from tenfold.catalog import Catalog, overrides_in_words
from tenfold.planning.contagion.answer import ContagionAnswer
from tenfold.planning.contagion.contagion import make_contagion
from tenfold.quantities import tenfold_version


def contagion(
    file: str | PathLike[str] | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> ContagionAnswer:
    """Clear the payments of a year under shocks: losses by player, order of failing, reverse stress, circularity.

    ``file`` is a contagion file; without one the deals of the catalog are asked the default question. ``seed``
    overrides the file's; the same file, catalog and seed give the same answer. ``progress`` is told the share done.
    Raises ``InputError`` with every problem of the file.
    """
    from dataclasses import replace

    from tenfold.catalog import load_catalog
    from tenfold.planning.contagion.file import read_contagion

    known = catalog or load_catalog()
    question = read_contagion(None if file is None else str(file), known)
    return make_contagion(
        question if seed is None else replace(question, seed=seed),
        catalog_version=known.version,
        catalog_overrides=overrides_in_words(known.overrides),
        tenfold_version=tenfold_version(),
        progress=progress,
    )
