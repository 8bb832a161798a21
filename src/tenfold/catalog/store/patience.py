"""Waiting a short while for a store that another holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from tenfold.catalog.store.troubles import is_held

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PATIENCE_S = 10.0
PAUSE_S = 0.02
OFFLINE: Mapping[str, str] = MappingProxyType(
    {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
)
"""A file of another database is refused at once; DuckDB would fetch an extension for it."""
Got = TypeVar("Got")


def patiently(attempt: Callable[[], Got]) -> Got:
    """Try until what is wanted is not held by another, ``PATIENCE_S`` at most; raises what the last try raised."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return attempt()
        except Exception as trouble:
            if not is_held(trouble) or time.monotonic() > end:
                raise
        time.sleep(PAUSE_S)


def connected(path: Path, *, read_only: bool) -> DuckDBPyConnection:
    """Open a DuckDB file, made where there is none unless ``read_only``. Raises ``duckdb.Error``."""
    import duckdb

    return patiently(lambda: duckdb.connect(str(path), read_only=read_only, config=dict(OFFLINE)))
