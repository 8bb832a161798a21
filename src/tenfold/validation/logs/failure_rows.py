"""Rows of a log of failures, one at a time, whatever its length; and where the columns are."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tenfold.validation.logs.lines import LONGEST_LINE, log_error

REMEDY = "Give output of sacct -P, or a CSV of failures"


def rows_of(path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Cells of each line that is not empty, with its number; a byte order mark and either line break are taken.

    ``|`` divides without quotes, as sacct writes; other separators as CSV has them. Raises ``InputError`` for a file
    that cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline=None if separator == "|" else "") as file:
            if separator == "|":
                for number, text in enumerate(file, start=1):
                    if stripped := text.rstrip("\n"):
                        yield number, stripped.split("|")
            else:
                reader = csv.reader(file, delimiter=separator)
                for cells in reader:
                    if any(cells):
                        yield reader.line_num, cells
    except FileNotFoundError:
        raise log_error(str(path), None, "no such file", REMEDY) from None
    except (OSError, ValueError, csv.Error) as trouble:
        reason = trouble.strerror if isinstance(trouble, OSError) and trouble.strerror else str(trouble)
        raise log_error(str(path), None, f"cannot be read ({reason})", REMEDY) from None


def header_of(path: Path) -> str:
    """First line that is not empty. Raises ``InputError`` for a file that cannot be read or has none."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            for text in file:
                if text.strip():
                    return text[:LONGEST_LINE].strip()
    except FileNotFoundError:
        raise log_error(str(path), None, "no such file", REMEDY) from None
    except (OSError, ValueError) as trouble:
        reason = trouble.strerror if isinstance(trouble, OSError) and trouble.strerror else str(trouble)
        raise log_error(str(path), None, f"cannot be read ({reason})", REMEDY) from None
    raise log_error(str(path), None, "the file is empty", REMEDY)


def columns_of(names: Sequence[str]) -> Callable[..., int]:
    """A finder of columns by name, in any case: the place of the first name that is there, or -1."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(name.strip().casefold(), place)

    return lambda *wanted: next((places[name.casefold()] for name in wanted if name.casefold() in places), -1)
