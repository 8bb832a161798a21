"""The price store: prices a user imported, in a DuckDB file of the user's data folder.

One table, one price a row: the day it held, provider, region, chip, how many chips the offer is of, term, kind
(listing, contract or transaction), nominal USD per chip-hour, and the source. A chip the catalog does not know keeps
its listed name, and is looked up again with every import. Imports are transactions: all files of one, or nothing. A
price that is there already (equal in all but its source) is not stored twice. Shipped prices of the catalog are never
in it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.catalog.prices.files import KnownChips, ListedName, PriceFile, Stated, match_names, price_file
from tenfold.catalog.prices.files.checks import problems_of_staged
from tenfold.catalog.prices.files.readers import stage
from tenfold.catalog.prices.records import RentalPrice
from tenfold.catalog.store import Store, reading, writing
from tenfold.quantities import InputError, Problem

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PRICES = Store(
    name="price store",
    file_name="prices.duckdb",
    version=1,
    renew="import its price lists again",
    tables="""
CREATE TABLE prices (
    day DATE NOT NULL, provider VARCHAR NOT NULL, region VARCHAR NOT NULL, chip VARCHAR NOT NULL,
    listed_as VARCHAR NOT NULL, memory_gb DOUBLE, count DOUBLE NOT NULL, term VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    usd_per_chip_hour DOUBLE NOT NULL, source VARCHAR NOT NULL
)
""",
)
_NAMES = """
CREATE OR REPLACE TEMP TABLE names (listed_as VARCHAR, memory_gb DOUBLE, chip VARCHAR, chips_each DOUBLE)
"""
_CLEAN = """
CREATE OR REPLACE TEMP TABLE clean AS
SELECT DISTINCT ON (day, provider, region, listed_as, memory_gb, count, term, kind, usd_per_chip_hour) *
FROM (
    SELECT day::DATE AS day, lower(trim(provider)) AS provider, coalesce(region, '') AS region,
        CASE names.chip WHEN '' THEN staged.listed_as ELSE names.chip END AS chip, staged.listed_as, names.memory_gb,
        count::DOUBLE * chips_each AS count, term, kind, usd_per_hour::DOUBLE / CASE WHEN per_chip THEN 1 ELSE
        count::DOUBLE * chips_each END AS usd_per_chip_hour, source
    FROM staged JOIN names
        ON staged.listed_as = names.listed_as AND staged.memory_gb::DOUBLE IS NOT DISTINCT FROM names.memory_gb
    WHERE usd_per_hour::DOUBLE > 0
)
"""
_ADD = """
INSERT INTO prices SELECT * FROM clean WHERE NOT EXISTS (
    SELECT 1 FROM prices AS old
    WHERE old.day = clean.day AND old.provider = clean.provider AND old.region = clean.region
        AND old.listed_as = clean.listed_as AND old.memory_gb IS NOT DISTINCT FROM clean.memory_gb
        AND old.count = clean.count AND old.term = clean.term
        AND old.kind = clean.kind AND old.usd_per_chip_hour = clean.usd_per_chip_hour
)
"""
_MONTHS = """
SELECT date_trunc('month', day)::DATE AS month, term, kind, count(*), min(usd_per_chip_hour), median(usd_per_chip_hour),
    max(usd_per_chip_hour), string_agg(DISTINCT source, '; ' ORDER BY source), count(DISTINCT provider)
FROM prices WHERE chip = ? AND (? = '' OR term = ?) AND day >= ?
GROUP BY ALL ORDER BY term, kind, month
"""


_LATEST = """
SELECT chip, provider, region, term, arg_min(usd_per_chip_hour, (-epoch(day), usd_per_chip_hour)) AS usd,
    max(day) AS day, kind, any_value(source ORDER BY day DESC) AS source
FROM prices GROUP BY chip, provider, region, term, kind ORDER BY ALL
"""
IMPORTED = "price store"
"""File that rows of imported prices name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMonth:
    """Prices of one chip in one month, under one term and of one kind, nominal USD per chip-hour."""

    month: datetime.date
    term: str
    kind: str
    prices: int
    low: float
    median: float
    high: float
    sources: str
    providers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImport:
    """What an import took from one file."""

    file: str
    format: str
    rows: int
    """Rows of the file."""
    added: int
    """Prices that are new."""
    known: int
    """Prices that were there, or stand twice in the file."""
    left_out: int
    """Rows without an accelerator or a price, and prices of zero."""
    chips: tuple[str, ...]
    unmatched: tuple[str, ...]
    """Names that no chip of the catalog has; their prices are kept under them."""


def store_path() -> Path:
    """Where the store is, or will be."""
    return PRICES.path


def import_prices(paths: Sequence[Path], stated: Stated, catalog: KnownChips) -> tuple[FileImport, ...]:
    """Add the prices of files to the store, all of them or none.

    Raises ``InputError`` with everything that is wrong with the files, or when the store cannot be written.
    """
    files, problems = list[PriceFile](), list[Problem]()
    for path in paths:
        try:
            files.append(price_file(path, stated))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    with writing(PRICES) as connection:
        return tuple(_add(files, connection, catalog))


def stored_months(chip: str, term: str = "", since: datetime.date = datetime.date.min) -> tuple[StoredMonth, ...]:
    """Prices of a chip (by its key, or the listed name of an unknown one) by month; empty where nothing is stored."""
    with reading(PRICES) as connection:
        if connection is None:
            return ()
        rows = connection.execute(_MONTHS, [chip, term, term, max(since, datetime.date(1900, 1, 1))]).fetchall()
    names = ("month", "term", "kind", "prices", "low", "median", "high", "sources", "providers")
    return tuple(StoredMonth(**dict(zip(names, row, strict=True))) for row in rows)


def stored_rentals(chips: Iterable[str]) -> tuple[RentalPrice, ...]:
    """Prices of these chips as rows that plans are priced with: of each list the latest; none where nothing is stored.

    Who is not classed sells in the open market. Raises ``InputError`` for a store that cannot be read.
    """
    if not PRICES.path.exists():
        return ()
    known = set(chips)
    with reading(PRICES) as connection:
        rows = [] if connection is None else connection.execute(_LATEST).fetchall()
    return tuple(
        RentalPrice(
            chip=chip,
            provider=provider,
            region=region,
            term=term,
            usd_per_chip_hour=usd,
            as_of=day,
            kind=kind,
            source=source,
            note="imported by the user",
            file=IMPORTED,
        )
        for chip, provider, region, term, usd, day, kind, source in rows
        if chip in known
    )


def _add(files: Sequence[PriceFile], connection: DuckDBPyConnection, catalog: KnownChips) -> Iterator[FileImport]:
    """Stage, judge and add file by file, so that every problem of every file is said."""
    problems = list[Problem]()
    for file in files:
        try:
            rows = stage(file, connection)
        except InputError as error:
            problems += error.problems
            continue
        found = tuple(problems_of_staged(file, connection))
        problems += found
        if not found:
            yield _added(file, rows, connection, catalog)
    if problems:
        raise InputError(problems)
    _match_again(connection, catalog)


def _added(file: PriceFile, rows: int, connection: DuckDBPyConnection, catalog: KnownChips) -> FileImport:
    names = _staged_names(connection, catalog)
    connection.execute(_CLEAN)
    before = _count(connection, "prices")
    connection.execute(_ADD)
    staged, added = _count(connection, "staged"), _count(connection, "prices") - before
    priced = _count(connection, "staged WHERE usd_per_hour::DOUBLE > 0")
    lines = connection.execute("SELECT count(DISTINCT line) FROM staged WHERE usd_per_hour::DOUBLE > 0").fetchone()
    return FileImport(
        file=str(file.path),
        format=file.form.name,
        rows=rows,
        added=added,
        known=priced - added,
        left_out=rows - (lines[0] if lines else 0) if staged else rows,
        chips=tuple(sorted({name.chip for name in names if name.chip})),
        unmatched=tuple(sorted({name.listed_as for name in names if not name.chip})),
    )


def _staged_names(connection: DuckDBPyConnection, catalog: KnownChips) -> tuple[ListedName, ...]:
    """Put the staged names with their chips into ``names``."""
    found = connection.execute("SELECT DISTINCT listed_as, memory_gb::DOUBLE FROM staged ORDER BY ALL").fetchall()
    names = match_names(found, catalog)
    connection.execute(_NAMES)
    if names:
        rows = [(name.listed_as, name.memory_gb, name.chip, name.chips_each) for name in names]
        connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", rows)
    return names


def _match_again(connection: DuckDBPyConnection, catalog: KnownChips) -> None:
    """Give prices whose chip was unknown the chip that the catalog has learned since."""
    kept = connection.execute("SELECT DISTINCT listed_as, memory_gb FROM prices WHERE chip = listed_as").fetchall()
    for name in match_names(kept, catalog):
        if name.chip:
            connection.execute(
                "UPDATE prices SET chip = ?, count = count * ?, usd_per_chip_hour = round(usd_per_chip_hour / ?, 9) "
                "WHERE chip = listed_as AND listed_as = ? AND memory_gb IS NOT DISTINCT FROM ?",
                [name.chip, name.chips_each, name.chips_each, name.listed_as, name.memory_gb],
            )


def _count(connection: DuckDBPyConnection, what: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {what}").fetchone()  # noqa: S608  (texts of this file)
    return int(found[0]) if found else 0
