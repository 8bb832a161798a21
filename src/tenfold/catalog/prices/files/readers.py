"""Each kind of price list as rows of one table of text: ``staged``, which ``checks`` then judges.

The file is read by DuckDB into ``raw``, every column as text; columns a version does not have are added, empty. A row
of ``raw`` with an on-demand and a spot price becomes two of ``staged``. Numbers stay text, so that what is wrong can be
shown.
"""

from __future__ import annotations

import glob
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenfold.catalog.prices.files.formats import PriceFile
from tenfold.quantities import InputError, Problem, csv_rows, file_name, text_lines

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STAGED = """
CREATE OR REPLACE TEMP TABLE staged (
    line BIGINT, day VARCHAR, provider VARCHAR, region VARCHAR, listed_as VARCHAR, memory_gb VARCHAR, count VARCHAR,
    term VARCHAR, kind VARCHAR, usd_per_hour VARCHAR, per_chip BOOLEAN, source VARCHAR
)
"""
_CSV = """
CREATE OR REPLACE TEMP TABLE raw AS SELECT {columns}, row_number() OVER () + 1 AS line
FROM read_csv(?, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', null_padding = false)
"""
_JSON = """
CREATE OR REPLACE TEMP TABLE raw AS SELECT {columns}, row_number() OVER () AS line
FROM read_json(?, format = 'auto', records = true, convert_strings_to_integers = false)
"""
_PLAIN = """
INSERT INTO staged SELECT line, date, coalesce(provider, ?), region, chip, NULL, coalesce(count, '1'), term, kind,
    usd_per_chip_hour, true, coalesce(source, ?) FROM raw WHERE ? IS NULL
"""
_SKYPILOT = """
INSERT INTO staged
WITH rows AS (
    SELECT *, round(try_cast(regexp_extract(GpuInfo, 'SizeInMiB\\D+([0-9]+)', 1) AS DOUBLE) / 1024)::VARCHAR AS memory,
        CASE WHEN InstanceType IS NULL THEN ', without its host' ELSE '' END AS host
    FROM (SELECT * REPLACE (CASE WHEN GpuInfo LIKE '%SizeInMiB%' THEN GpuInfo END AS GpuInfo) FROM raw)
    WHERE AcceleratorName IS NOT NULL
), given AS (SELECT ? AS provider, ? AS source, ? AS day)
SELECT line, given.day, given.provider, Region, AcceleratorName, memory, AcceleratorCount, 'on-demand', 'listing',
    Price, false, given.source || host FROM rows, given WHERE Price IS NOT NULL
UNION ALL
SELECT line, given.day, given.provider, Region, AcceleratorName, memory, AcceleratorCount, 'spot', 'listing',
    SpotPrice, false, given.source || host FROM rows, given WHERE SpotPrice IS NOT NULL
"""
_GPUHUNT = """
INSERT INTO staged
WITH given AS (SELECT ? AS provider, ? AS source, ? AS day)
SELECT line, given.day, coalesce(raw.provider::VARCHAR, given.provider), location::VARCHAR, gpu_name::VARCHAR,
    gpu_memory::VARCHAR, gpu_count::VARCHAR,
    CASE lower(spot::VARCHAR) WHEN 'true' THEN 'spot' WHEN 'false' THEN 'on-demand' ELSE spot::VARCHAR END,
    'listing', price::VARCHAR, false, given.source
FROM raw, given WHERE gpu_name IS NOT NULL AND price IS NOT NULL
"""
READERS: Mapping[str, str] = MappingProxyType({"plain": _PLAIN, "skypilot": _SKYPILOT, "gpuhunt": _GPUHUNT})
"""By format: from ``raw`` to ``staged``, given provider, source and day."""


def stage(file: PriceFile, connection: DuckDBPyConnection) -> int:
    """Read a file into ``staged``, replacing what is there; gives how many rows the file has.

    Raises ``InputError`` for a file that is not the CSV or JSON it begins as.
    """
    import duckdb

    try:
        used = [name for name in (*file.form.needed, *file.form.optional) if name in file.columns]
        columns = ", ".join(f'"{name}"' for name in used)  # of ours, not of the file
        text = (_JSON if file.is_json else _CSV).format(columns=columns)
        connection.execute(text, [glob.escape(str(file.path.absolute()))])
        for name in file.form.optional:
            if name not in used:
                connection.execute(f"ALTER TABLE raw ADD COLUMN {name} VARCHAR")
        connection.execute(STAGED)
        day = None if file.date is None else file.date.isoformat()
        connection.execute(READERS[file.form.name], [file.provider, file.source, day])
        rows = connection.execute("SELECT count(*) FROM raw").fetchone()
    except duckdb.Error as trouble:
        said = str(trouble).casefold()
        if any(word in said for word in ("no space left", "out of memory", "permission denied")):
            raise
        wrong = "is no JSON of prices" if file.is_json else _damage(file)
        remedy = "Write comma-separated UTF-8 text with as many cells a row as the header, or JSON"
        raise InputError(Problem(file=file_name(file.path), key="", wrong=wrong, remedy=remedy)) from None
    return rows[0] if rows else 0


def _damage(file: PriceFile) -> str:
    """Say what keeps a CSV from being read: the first row of another width, where there is one."""
    try:
        for line, cells in csv_rows((text for _, text in text_lines(file.path, "")), file_name(file.path)):
            if cells and len(cells) != len(file.columns):
                return f"has {len(cells)} cells at line {line} where the header has {len(file.columns)}"
    except InputError as trouble:
        return trouble.problems[0].wrong
    return "is no comma-separated text"
