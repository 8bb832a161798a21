"""Outcomes as Parquet files, each whole or not at all: written under another name, brought to the disk and renamed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.studies.cells import Outcome

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


COLUMNS = "place BIGINT, key VARCHAR, fits BOOLEAN, wrong VARCHAR, answer VARCHAR"


def write_parquet(place: Path, outcomes: Sequence[Outcome], facts: Mapping[str, str]) -> None:
    """Write outcomes as one Parquet file, whole or not at all. Raises ``OSError``."""
    paths = sorted({path for each in outcomes for path, _ in each.numbers})
    temporary = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    rows = temporary.with_suffix(".rows.tmp")
    try:
        _write_rows(rows, outcomes, paths)
        _copy(rows, temporary, paths, facts)
        bring_to_disk(temporary)
        temporary.replace(place)
        bring_to_disk(place.parent)
    finally:
        rows.unlink(missing_ok=True)
        temporary.unlink(missing_ok=True)


def _write_rows(rows: Path, outcomes: Sequence[Outcome], paths: Sequence[str]) -> None:
    with rows.open("w", encoding="utf-8") as out:
        for each in outcomes:
            numbers = dict(each.numbers)
            said = [each.place, each.key, each.fits, each.wrong, each.answer, *(numbers.get(path) for path in paths)]
            out.write(json.dumps(dict(zip((f"c{at}" for at in range(len(said))), said, strict=True))) + "\n")


def _copy(rows: Path, place: Path, paths: Sequence[str], facts: Mapping[str, str]) -> None:
    names = [*(each.split() for each in COLUMNS.split(", ")), *([path, "DOUBLE"] for path in paths)]
    types = ", ".join(f"c{at}: '{kind}'" for at, (_, kind) in enumerate(names))
    chosen = ", ".join(f"c{at} AS {quoted(name)}" for at, (name, _) in enumerate(names))
    meta = ", ".join(f"{name}: {_text(value)}" for name, value in facts.items())
    with duckdb_in_memory() as connection:
        connection.execute(
            f"COPY (SELECT {chosen} FROM read_json({_text(rows.as_posix())}, format='newline_delimited', "  # noqa: S608
            f"columns={{{types}}}, maximum_object_size=268435456) ORDER BY place) TO {_text(place.as_posix())} "
            f"(FORMAT parquet, COMPRESSION zstd{f', KV_METADATA {{{meta}}}' if meta else ''})"
        )


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def bring_to_disk(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def duckdb_in_memory() -> Iterator[DuckDBPyConnection]:
    """A connection to no file, one thread wide so that rows keep their order and bytes."""
    import duckdb

    try:
        with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false"}) as connection:
            yield connection
    except duckdb.IOException as trouble:
        raise OSError(str(trouble).splitlines()[0]) from None
