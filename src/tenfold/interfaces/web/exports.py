"""An answer in other formats: JSON as the command prints it, numbers as CSV and Parquet, the report as HTML."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.quantities import leaves_of
from tenfold.reports import answer_data, answer_json, report_html, report_of

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

COLUMNS = ("path", "number", "text")
COLUMN_TYPES = "{'path': 'VARCHAR', 'number': 'DOUBLE', 'text': 'VARCHAR'}"


def _rows(answer: object) -> list[tuple[str, float | None, str | None]]:
    """Every single value of an answer with its path; numbers apart from texts."""
    found = []
    for path, value in leaves_of(answer_data(answer)):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        number = float(value) if is_number else None  # type: ignore[arg-type]
        found.append((path, number, None if is_number or value is None else str(value)))
    return found


def _json(answer: object, catalog: Catalog) -> tuple[str, str]:
    del catalog
    return answer_json(answer), "application/json"


def _csv(answer: object, catalog: Catalog) -> tuple[str, str]:
    del catalog
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        (path, "" if number is None else repr(number), _safe(text or "")) for path, number, text in _rows(answer)
    )
    return out.getvalue(), "text/csv; charset=utf-8"


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _html(answer: object, catalog: Catalog) -> tuple[str, str]:
    return report_html(report_of(answer), catalog.sources), "text/html; charset=utf-8"


def _parquet(answer: object, catalog: Catalog) -> tuple[bytes, str]:
    del catalog
    import duckdb

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        rows, place = Path(folder) / "rows.csv", Path(folder) / "answer.parquet"
        with rows.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(
                (path, "" if number is None else repr(number), text) for path, number, text in _rows(answer)
            )
        connection.execute(
            f"COPY (SELECT * FROM read_csv($1, header=false, columns={COLUMN_TYPES})) "  # noqa: S608
            f"TO '{place.as_posix()}' (FORMAT parquet)",
            [rows.as_posix()],
        )
        return place.read_bytes(), "application/vnd.apache.parquet"


EXPORTS: Mapping[str, Callable[[object, Catalog], tuple[str | bytes, str]]] = {
    "json": _json,
    "csv": _csv,
    "parquet": _parquet,
    "html": _html,
}
