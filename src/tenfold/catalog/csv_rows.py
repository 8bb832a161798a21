"""Rows of the catalog's CSV files: a header that is right, and one cell for each column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tenfold.catalog.reading import LARGEST_FILE_BYTES
from tenfold.quantities import Problem


def csv_rows(
    path: Path, file: str, columns: tuple[str, ...], problems: list[Problem], too_large: str = "Leave old rows out"
) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the numbered rows of a file by column. Adds what is wrong, as of ``file``, to ``problems``."""
    lines = _lines(path, file, problems, too_large)
    if lines is None:
        return
    if not lines or tuple(lines[0]) != columns:
        remedy = f"Write {','.join(columns)}"
        problems.append(Problem(file=file, key="row 1", wrong="the header is not that of the file", remedy=remedy))
        return
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) == len(columns):
            yield number, dict(zip(columns, (cell.strip() for cell in cells), strict=True))
        elif cells:
            wrong = f"{len(cells)} cells where the header has {len(columns)}"
            problems.append(Problem(file=file, key=f"row {number}", wrong=wrong, remedy="Quote cells with commas"))


def _lines(path: Path, file: str, problems: list[Problem], too_large: str) -> list[list[str]] | None:
    wrong, remedy = "", "Write comma-separated UTF-8 text"
    try:
        if path.stat().st_size <= LARGEST_FILE_BYTES:
            text = path.read_bytes().decode("utf-8-sig")
            return list(csv.reader(io.StringIO(text, newline=""), strict=True))
        wrong, remedy = f"the file is larger than {LARGEST_FILE_BYTES:,} bytes", too_large
    except UnicodeDecodeError:
        wrong = "the file is not UTF-8 text"
    except csv.Error as error:
        wrong = f"not CSV: {error}"
    except OSError as error:
        wrong, remedy = f"cannot be read: {error.strerror}", "Check the file"
    problems.append(Problem(file=file, key="", wrong=wrong, remedy=remedy))
    return None
