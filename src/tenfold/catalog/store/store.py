"""What one file of the store holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tenfold.catalog.store.home import data_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A DuckDB file of the user's data folder; it is made when it is first written."""

    name: str
    """For messages: "price store"."""
    file_name: str
    tables: str
    """SQL that makes its tables in an empty file."""
    version: int
    """Of ``tables``, from 1; kept in the file, in a table ``schema_version`` of its own."""
    renew: str
    """How what it held is had again, for messages: "import its price lists again"."""

    @property
    def path(self) -> Path:
        """Where the file is, or will be; absolute, since DuckDB takes a beginning such as ``md:`` for a service."""
        return (data_folder() / self.file_name).absolute()

    @property
    def log_path(self) -> Path:
        """Where DuckDB keeps changes that are not in the file yet: left there by a process that was killed."""
        return self.path.with_name(f"{self.file_name}.wal")
