"""A new store, whole or not at all: made under another name and put in place when it is complete.

DuckDB makes a file in place, and a process that is killed meanwhile leaves an empty one, which DuckDB then refuses. An
empty file with nothing beside it holds nothing and is made anew; one whose log holds changes was more once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenfold.catalog.store.patience import connected, patiently
from tenfold.catalog.store.store import Store


def is_unmade(store: Store) -> bool:
    """Tell whether nothing was ever stored: there is no file, or an empty one.

    Raises ``OSError`` where the file is gone or empty and its log is not, or when it cannot be looked at.
    """
    if not _is_empty(store.path):
        return False
    if not _is_empty(store.log_path):
        raise OSError(f"its file is empty, and its log {store.log_path.name} is not")
    return True


def make(store: Store) -> None:
    """Put a DuckDB file without tables where there is none. Raises ``OSError`` when the folder cannot hold one."""
    if not is_unmade(store):
        return
    store.path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(store.path.with_name(f"{store.file_name}.making")):
        if is_unmade(store):
            new = store.path.with_name(f"{store.file_name}.new")
            try:
                new.unlink(missing_ok=True)
                connected(new, read_only=False).close()
                new.replace(store.path)
            finally:
                new.unlink(missing_ok=True)


def _is_empty(path: Path) -> bool:
    """Tell whether there is no file or one of no bytes. What is no file, such as a folder, is not empty."""
    try:
        return path.stat().st_size == 0 and path.is_file()
    except FileNotFoundError:
        return True


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process in at a time; the system lets the next one in when it dies.

    The lock is removed only when the store stands: whoever still waits for the removed one then finds nothing to do.
    """
    try:
        import fcntl
    except ImportError:  # a system where nobody can replace a file that another has open
        yield
        return
    with lock.open("w") as held:
        patiently(lambda: fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB))
        yield
        lock.unlink(missing_ok=True)
