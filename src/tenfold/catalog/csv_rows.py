"""Rows of the catalog's CSV files: a header that is right, and one cell for each column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tenfold.catalog.reading import LARGEST_FILE_BYTES
from tenfold.quantities import Problem


def csv_rows(
    path: Path,
    file: str,
    columns: tuple[str, ...],
    problems: list[Problem],
    too_large: str = "Leave old rows out",
    *,
    optional: tuple[str, ...] = (),
) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the numbered rows of a file by column; columns of ``optional`` may be left out and are empty then.

    Adds what is wrong, as of ``file``, to ``problems``.
    """
    lines = _lines(path, file, problems, too_large)
    if lines is None:
        return
    header = tuple(lines[0]) if lines else ()
    if tuple(name for name in columns if name in header or name not in optional) != header:
        remedy = f"Write {','.join(name for name in columns if name not in optional)}"
        problems.append(Problem(file=file, key="row 1", wrong="the header is not that of the file", remedy=remedy))
        return
    absent = {name: "" for name in columns if name not in header}
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) == len(header):
            yield number, absent | dict(zip(header, (cell.strip() for cell in cells), strict=True))
        elif cells:
            wrong = f"{len(cells)} cells where the header has {len(header)}"
            problems.append(Problem(file=file, key=f"row {number}", wrong=wrong, remedy="Quote cells with commas"))


def _lines(path: Path, file: str, problems: list[Problem], too_large: str) -> list[list[str]] | None:
    wrong, remedy = "", "Write comma-separated UTF-8 text"
    try:
        if path.is_file() and path.stat().st_size <= LARGEST_FILE_BYTES:
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
