"""Rent or own: a file becomes an answer."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike

from tenfold.catalog import Catalog
from tenfold.planning.rent_or_own.answer import RentOrOwnAnswer
from tenfold.planning.rent_or_own.file import read_rent_or_own
from tenfold.planning.rent_or_own.rent_or_own import make_rent_or_own

__all__ = ["RentOrOwnAnswer", "rent_or_own"]


def rent_or_own(
    file: str | PathLike[str], *, catalog: Catalog | None = None, seed: int | None = None
) -> RentOrOwnAnswer:
    """Compare the ways to get chips of a rent-or-own file. ``seed`` overrides the file's.

    Raises ``InputError`` with every problem of the file.
    """
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    asked = read_rent_or_own(str(file), known)
    return make_rent_or_own(asked if seed is None else replace(asked, seed=seed), known)
