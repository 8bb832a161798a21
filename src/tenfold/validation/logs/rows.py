"""Rows of a runs CSV: added to what is there, or put in the place of the same run read before."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from tenfold.quantities import InputError, Problem, cell_text, csv_rows, file_name, read_text
from tenfold.validation.training.runs import COLUMNS, MeasuredRun, read_runs


def merged_csv(path: Path, runs: Sequence[MeasuredRun]) -> tuple[str, int]:
    """Text of the file at ``path`` with ``runs`` in it, and how many rows of it they replace.

    Rows and columns already there are kept as they are; columns that ``runs`` need are added at the end. A file that
    is not there yet is begun. Raises ``InputError`` for a file that is no CSV of runs, which is never overwritten.
    """
    header, rows = _there(path) if path.exists() else (list(COLUMNS), [])
    header += [name for name in COLUMNS if name not in header]
    place = {row.get("id", ""): index for index, row in enumerate(rows)}
    replaced = 0
    for run in runs:
        cells = {name: cell_of(getattr(run, name)) for name in COLUMNS}
        if run.id in place:
            replaced += 1
            rows[place[run.id]] |= cells
        else:
            place[run.id] = len(rows)
            rows.append(cells)
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue(), replaced


def _there(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    read_runs(path)  # refuses what is no CSV of runs
    found = csv_rows(io.StringIO(read_text(path, "Name another file"), newline=""), file_name(path))
    _, header = next(found, (1, []))
    lines = [cells for _, cells in found if any(cells)]
    if any(len(cells) > len(header) for cells in lines) or len(set(header)) != len(header):
        wrong = "rows with more cells than columns, or columns named twice"
        raise InputError(Problem(file=str(path), key="", wrong=wrong, remedy="Mend the file, or name another"))
    return header, [dict(zip(header, cells, strict=False)) for cells in lines]


def cell_of(value: object) -> str:
    """Text of a cell; empty for what is unknown."""
    if isinstance(value, float):
        return f"{value:.10g}"
    text = "" if value is None else " ".join(str(value).split())
    return cell_text(text.encode(errors="replace").decode())
