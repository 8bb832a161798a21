"""Prices of a chip over time: what the catalog ships and what the user imported."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from tenfold.catalog import RENTAL_TERMS, Catalog
from tenfold.catalog.prices import FileImport, PriceSeries, Stated, price_series
from tenfold.catalog.prices import import_prices as add_to_store
from tenfold.quantities import InputError, Problem, parse_date, shown


def import_prices(
    files: Sequence[str | PathLike[str]],
    *,
    date: str = "",
    provider: str = "",
    source: str = "",
    catalog: Catalog | None = None,
) -> tuple[FileImport, ...]:
    """Add price lists to the store: all files or none. ``date`` and ``provider`` stand in for what a file does not say.

    Raises ``InputError`` with everything that is wrong with the files.
    """
    from tenfold.catalog import load_catalog

    day = parse_date(date, key="date") if date else None
    stated = Stated(date=day, provider=provider, source=source)
    return add_to_store([Path(file) for file in files], stated, catalog or load_catalog())


def show_prices(chip: str, *, term: str = "", since: str = "", catalog: Catalog | None = None) -> PriceSeries:
    """Prices of a chip by month. Raises ``InputError`` for an unknown chip, term or date."""
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    if term and term not in RENTAL_TERMS:
        remedy = f"Use one of {', '.join(RENTAL_TERMS)}"
        raise InputError(Problem(file="", key="term", wrong=f"{shown(term)} is no term of a price", remedy=remedy))
    start = parse_date(since, key="since") if since else datetime.date.min
    return price_series(known, known.chip(chip).key, term, start)
