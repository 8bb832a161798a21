"""What is known of a document that is wrong in places: ``documents`` reads it in part.

A field that cannot be read is ``UNREAD``, whatever its type says; so is an entry of a list or a table, which keeps its
place. Relations between fields are judged over such a record as far as they are ``known``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from tenfold.quantities.asking import UNREAD

Record = TypeVar("Record")


def known(*values: object) -> bool:
    """Whether all of these could be read; records, lists and tables with everything in them."""
    return all(_wholly(value) for value in values)


def _wholly(value: object) -> bool:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return all(_wholly(getattr(value, field.name)) for field in dataclasses.fields(value))
    if isinstance(value, Mapping):
        return all(_wholly(each) for each in value.values())
    return all(_wholly(each) for each in value) if isinstance(value, tuple) else value is not UNREAD


def rows_in(key: str, rows: Sequence[Record] | Mapping[str, Record]) -> Iterator[tuple[str, Record]]:
    """Tables of a list or by name, with their keys; what is in a table may be unread."""
    if rows is not UNREAD:
        pairs = rows.items() if isinstance(rows, Mapping) else enumerate(rows)
        yield from ((f"{key}.{place}", row) for place, row in pairs if row is not UNREAD)
