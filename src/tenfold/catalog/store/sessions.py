"""Reading a store, and writing it in one transaction: all that a block does to it stays, or nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tenfold.catalog.store.making import is_unmade, make
from tenfold.catalog.store.patience import connected
from tenfold.catalog.store.store import Store
from tenfold.catalog.store.troubles import duckdb_troubles, system_troubles, version_problem
from tenfold.quantities import InputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_VERSION = "CREATE TABLE schema_version (version INTEGER)"
_TURN = threading.RLock()
"""DuckDB tells processes apart, not threads: those of one process take turns."""


@contextmanager
def reading(store: Store) -> Iterator[DuckDBPyConnection | None]:
    """Open a store to read it; gives None where nothing is stored.

    Raises ``InputError`` that names the store and a remedy when another process writes it for longer than we wait, when
    it may not be read, is damaged, or of another version. Nothing is written.
    """
    with system_troubles(store):
        unmade = is_unmade(store)
    if unmade:
        yield None
        return
    with _TURN, duckdb_troubles(store), connected(store.path, read_only=True) as connection:
        yield connection if _has_tables(connection, store) else None


@contextmanager
def writing(store: Store) -> Iterator[DuckDBPyConnection]:
    """Open a store for one transaction; it is made where there is none.

    An exception, Ctrl-C or the death of the process in the block leaves the store as it was. Raises ``InputError`` as
    ``reading``, and when the folder cannot be written or the disk is full.
    """
    with _TURN, duckdb_troubles(store):
        with system_troubles(store):
            make(store)
        with connected(store.path, read_only=False) as connection, _transaction(connection):
            if not _has_tables(connection, store):
                connection.execute(_VERSION)
                connection.execute("INSERT INTO schema_version VALUES (?)", [store.version])
                connection.execute(store.tables)
            yield connection


@contextmanager
def _transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    import duckdb

    connection.execute("BEGIN")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # a transaction that failed to commit is over
            connection.execute("ROLLBACK")
        raise


def _has_tables(connection: DuckDBPyConnection, store: Store) -> bool:
    """Tell whether the tables were made. Raises ``InputError`` when they are of another version."""
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return False
    found = connection.execute("SELECT version FROM schema_version").fetchone() if "schema_version" in tables else None
    if found != (store.version,):
        raise InputError(version_problem(found[0] if found else None, store))
    return True
