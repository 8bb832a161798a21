"""What keeps a store from being used, and the remedy that fits the cause.

DuckDB and the system tell causes apart by words alone, so the causes are a table of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tenfold.catalog.store.home import VARIABLE
from tenfold.catalog.store.store import Store
from tenfold.quantities import InputError, Problem

INTERRUPTED = "Query interrupted"
"""What DuckDB raises, as a ``RuntimeError``, when Ctrl-C falls into a query."""
ELSEWHERE = f"name another folder with {VARIABLE}"
_KIND = re.compile(r"^\w+ Error: ")
_HOLDER = re.compile(r"\((PID \d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a store cannot be used: any of the words, small, that say so; what is wrong, and what to do."""

    words: tuple[str, ...]
    wrong: str
    """With ``{name}`` of the store, ``{holder}`` of it and ``{said}``, the message itself."""
    remedy: str
    """With ``{name}``, and ``{renew}`` of the store."""


HELD = Cause(
    words=("could not set lock", "being used by another process", "temporarily unavailable", "different configuration",
           "already attached"),
    wrong="the {name} is held by {holder}",
    remedy=f"Wait until that has finished, or {ELSEWHERE}",
)  # fmt: skip
FULL = Cause(
    words=("no space left", "quota exceeded", "file too large"),
    wrong="the disk is full, and nothing was stored in the {name}",
    remedy=f"Make room, or {ELSEWHERE}",
)
FORBIDDEN = Cause(
    words=("permission denied", "read-only file system", "operation not permitted"),
    wrong="the {name} cannot be opened: {said}",
    remedy=f"Allow it to be read and written, or {ELSEWHERE}",
)
NEWER_DUCKDB = Cause(
    words=("storage version", "database file with version"),
    wrong="the {name} cannot be opened; another version of DuckDB wrote it: {said}",
    remedy=f"Use the Tenfold that wrote it, or {ELSEWHERE}",
)
DAMAGED = Cause(
    words=("not a valid duckdb", "corrupt", "checksum", "enough bytes", "replaying wal", "serializ", "invalidated",
           "existing extension", "internal error", "its log"),
    wrong="the {name} cannot be opened; it is damaged, and was left as it is: {said}",
    remedy="Put a copy in its place, or move it away, with the .wal beside it if there is one, and {renew}",
)  # fmt: skip
UNKNOWN = Cause(words=("",), wrong="the {name} cannot be used: {said}", remedy=f"See to that, or {ELSEWHERE}")
CAUSES = (HELD, FULL, FORBIDDEN, NEWER_DUCKDB, DAMAGED, UNKNOWN)
"""The first whose words are in a message counts."""


def is_held(trouble: BaseException) -> bool:
    """Tell whether a store is only held by another at the moment, so that trying again may help."""
    return any(word in str(trouble).casefold() for word in HELD.words)


def problem_of(text: str, store: Store) -> Problem:
    """Say why a store cannot be used, from the message of DuckDB or of the system."""
    words = text.replace(str(store.path), "").casefold()
    cause = next(cause for cause in CAUSES if any(word in words for word in cause.words))
    found = _HOLDER.search(text)
    wrong = cause.wrong.format(
        name=store.name,
        holder=f"another process ({found[1]})" if found else "another thread or process",
        said=_KIND.sub("", text.splitlines()[0]).rstrip(".!"),
    )
    remedy = cause.remedy.format(name=store.name, renew=store.renew)
    return Problem(file=str(store.path), key="", wrong=wrong, remedy=remedy)


def version_problem(found: int | None, store: Store) -> Problem:
    """Say that the tables of a file are of another version; None where it says none."""
    if found is None:
        wrong, remedy = f"is no {store.name}: its tables carry no version", f"Move it away, or {ELSEWHERE}"
    elif found > store.version:
        wrong = f"the {store.name} is of version {found}, newer than the {store.version} that this Tenfold reads"
        remedy = f"Use the newer Tenfold that wrote it, or {ELSEWHERE}"
    else:
        wrong = f"the {store.name} is of version {found}, older than the {store.version} that this Tenfold reads"
        remedy = f"Move it away and {store.renew}"
    return Problem(file=str(store.path), key="", wrong=wrong, remedy=remedy)


@contextmanager
def system_troubles(store: Store) -> Iterator[None]:
    """Turn what the system says of the file or its folder into an ``InputError``."""
    try:
        yield
    except OSError as trouble:
        raise InputError(problem_of(trouble.strerror or str(trouble), store)) from None


@contextmanager
def duckdb_troubles(store: Store) -> Iterator[None]:
    """Turn what DuckDB says of the file into an ``InputError``; wrong SQL and wrong values are faults of the code."""
    import duckdb

    try:
        yield
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.IntegrityError, duckdb.NotSupportedError):
        raise
    except duckdb.Error as trouble:
        raise InputError(problem_of(str(trouble), store)) from None
    except RuntimeError as trouble:
        if str(trouble) == INTERRUPTED:
            raise KeyboardInterrupt from None
        raise
