"""Columns as a Parquet file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np


def parquet_of(columns: Mapping[str, Sequence[object]]) -> bytes:
    """Write columns of one length, of whole numbers, numbers or text each, as Parquet; names may hold no quotes."""
    import duckdb

    rows = {name: np.array(cells) for name, cells in columns.items()}
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as store:
        place = Path(folder) / "rows.parquet"
        store.register("rows", rows)
        store.table("rows").write_parquet(str(place))
        return place.read_bytes()
