"""Rows of a log of failures, one at a time, whatever its length; and where the columns are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tenfold.quantities import csv_rows, file_name, text_lines
from tenfold.validation.logs.lines import log_error

REMEDY = "Give output of sacct -P, or a CSV of failures"


def rows_of(path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Cells of each line that is not empty, with its number; a byte order mark and either line break are taken.

    ``|`` divides without quotes, as sacct writes; other separators as CSV has them. Raises ``InputError`` for a file
    that cannot be read.
    """
    lines = text_lines(path, REMEDY)
    if separator == "|":
        for number, text in lines:
            if stripped := text.rstrip("\n"):
                yield number, stripped.split("|")
        return
    for number, cells in csv_rows((text for _, text in lines), file_name(path), separator):
        if any(cells):
            yield number, cells


def header_of(path: Path) -> str:
    """First line that is not empty. Raises ``InputError`` for a file that cannot be read or has none."""
    for _, text in text_lines(path, REMEDY):
        if text.strip():
            return text.strip()
    raise log_error(str(path), None, "the file is empty", REMEDY)


def columns_of(names: Sequence[str]) -> Callable[..., int]:
    """A finder of columns by name, in any case: the place of the first name that is there, or -1."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(name.strip().casefold(), place)

    return lambda *wanted: next((places[name.casefold()] for name in wanted if name.casefold() in places), -1)
