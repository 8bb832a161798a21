"""What is wrong with staged rows: prices, counts, dates, terms and kinds that cannot be meant.

Rows of machines without an accelerator and rows with a price of zero are left out and counted; anything else that
cannot be read refuses the file, with the first rows of each kind of trouble.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tenfold.catalog.prices.files.formats import PriceFile
from tenfold.catalog.prices.terms import RENTAL_TERMS
from tenfold.quantities import Problem, shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KINDS = ("listing", "contract", "transaction")
"""What is stored: asked, agreed, paid. Estimates are not prices."""
MOST_CHIPS = 1e6
"""Chips of one offer; more is a slip of the hand."""
_CHECKS: tuple[tuple[str, str, str, str], ...] = (
    (
        "price",
        "usd_per_hour",
        "coalesce(try_cast(usd_per_hour AS DOUBLE), -1) < 0 OR NOT isfinite(try_cast(usd_per_hour AS DOUBLE))",
        "Write dollars per hour, such as 1.99",
    ),
    (
        "count",
        "count",
        f"NOT coalesce(try_cast(count AS DOUBLE) BETWEEN 1e-9 AND {MOST_CHIPS}, false)",
        "Write how many chips the price is for",
    ),
    (
        "memory",
        "memory_gb",
        "memory_gb IS NOT NULL AND NOT coalesce(try_cast(memory_gb AS DOUBLE) BETWEEN 0 AND 1e6, false)",
        "Write the chip's memory in GB, or leave the cell empty",
    ),
    (
        "price",
        "usd_per_hour",
        "try_cast(usd_per_hour AS DOUBLE) / CASE WHEN per_chip THEN 1 ELSE nullif(try_cast(count AS DOUBLE), 0) END "
        "> 1000",
        "Write dollars per hour: no chip costs more than $1,000 an hour",
    ),
    (
        "date",
        "day",
        "try_cast(day AS DATE) IS NULL OR try_cast(day AS DATE) NOT BETWEEN DATE '2006-01-01' AND DATE '2100-01-01'",
        "Write a day such as 2026-03-01",
    ),
    (
        "term",
        "term",
        f"coalesce(term, '') NOT IN ({', '.join(repr(term) for term in RENTAL_TERMS)})",
        f"Use one of {', '.join(RENTAL_TERMS)}",
    ),
    ("kind", "kind", "coalesce(kind, '') NOT IN ('listing', 'contract', 'transaction')", f"Use {', '.join(KINDS)}"),
    ("provider", "provider", "coalesce(trim(provider), '') = ''", "Say whose price it is"),
    ("chip", "listed_as", "coalesce(trim(listed_as), '') = ''", "Name the chip"),
)
"""What is judged: its name, its column of ``staged``, when it is wrong, and what to write."""


def problems_of_staged(file: PriceFile, connection: DuckDBPyConnection) -> Iterator[Problem]:
    """Say what is wrong with the staged rows of a file: one problem a kind, naming the first rows."""
    for name, column, wrong_when, remedy in _CHECKS:
        asked = f"SELECT line, {column}, count(*) OVER () FROM staged WHERE {wrong_when} ORDER BY line LIMIT 3"  # noqa: S608
        found = connection.execute(asked).fetchall()
        if found:
            rows = ", ".join(f"row {line} {shown(value or '')}" for line, value, _ in found)
            more = f" and {found[0][2] - len(found):,} more" if found[0][2] > len(found) else ""
            yield Problem(file=str(file.path), key=name, wrong=f"cannot be used: {rows}{more}", remedy=remedy)
