"""The store of forecasts: one row for each series and date that was foretold, with 19 quantiles and the rival's two."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.catalog.store import Store, reading, writing

FORECASTS = Store(
    name="store of forecasts",
    file_name="forecasts.duckdb",
    version=1,
    renew="keep forecasts again with: tenfold race log --keep",
    tables="""
CREATE TABLE forecasts (
    origin DATE NOT NULL, catalog VARCHAR NOT NULL, tenfold VARCHAR NOT NULL, seed BIGINT NOT NULL,
    block VARCHAR NOT NULL, series VARCHAR NOT NULL, day DATE NOT NULL, quantiles DOUBLE[] NOT NULL,
    drift_mean DOUBLE, drift_spread DOUBLE
)
""",
)
LEVELS = tuple(place / 20 for place in range(1, 20))
"""Probabilities of the quantiles that are kept: 5 % to 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kept forecast, in the unit of its series; the rival's are on the scored scale."""

    origin: datetime.date
    block: str
    series: str
    date: datetime.date
    quantiles: tuple[float, ...]
    drift_mean: float | None
    drift_spread: float | None


def keep(rows: Sequence[Row], *, catalog: str, tenfold: str, seed: int) -> int:
    """Keep the forecasts of an origin, unless the same catalog has made one before. Gives how many were kept."""
    if not rows:
        return 0
    with writing(FORECASTS) as connection:
        found = connection.execute(
            "SELECT count(*) FROM forecasts WHERE origin = ? AND catalog = ?", [rows[0].origin, catalog]
        ).fetchone()
        if found is not None and found[0]:
            return 0
        connection.executemany(
            "INSERT INTO forecasts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [row.origin, catalog, tenfold, seed, row.block, row.series, row.date, list(row.quantiles),
                 row.drift_mean, row.drift_spread]
                for row in rows
            ],
        )  # fmt: skip
    return len(rows)


def kept() -> tuple[Row, ...]:
    """Every kept forecast; of several catalogs' from one origin, the first. None where nothing was ever kept."""
    with reading(FORECASTS) as connection:
        if connection is None:
            return ()
        found = connection.execute(
            """
SELECT origin, block, series, day, arg_min(quantiles, rowid), arg_min(drift_mean, rowid), arg_min(drift_spread, rowid)
FROM forecasts GROUP BY origin, block, series, day ORDER BY origin, block, series, day
"""
        ).fetchall()
    return tuple(
        Row(
            origin=origin,
            block=block,
            series=series,
            date=day,
            quantiles=tuple(quantiles),
            drift_mean=mean,
            drift_spread=spread,
        )
        for origin, block, series, day, quantiles, mean, spread in found
    )
