"""The embedded store: what Tenfold keeps for a user, in DuckDB files of the user's data folder.

home       where that folder is
store      what is kept in one file: its name, its tables and their version
sessions   reading, and writing in one transaction, with the version checked
making     a new file, whole or not at all
troubles   what keeps a store from being used, and what to do about it

A file a kind of thing (prices, later studies and forecasts), so that none waits for another. DuckDB lets one process
write or many read; whoever comes second waits a short while. DuckDB is imported when a store is opened.
"""

from __future__ import annotations

from tenfold.catalog.store.home import data_folder
from tenfold.catalog.store.sessions import reading, writing
from tenfold.catalog.store.store import Store

__all__ = ["Store", "data_folder", "reading", "writing"]
