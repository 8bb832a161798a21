"""A path becomes jobs, and everything that is wrong with single rows is named by file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.fleet.jobs import Jobs, make_jobs
from tenfold.fleet.traces.formats import FORMATS, Format, Rows, plain
from tenfold.fleet.traces.logs import is_sacct, plain_sacct, read_snapshot, read_swf
from tenfold.fleet.traces.table import Table, read_table
from tenfold.quantities import Flags, Floats, InputError, Integers, Problem, shown

NAMED = 20
"""Damaged rows that are named one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Jobs of a file, and how it was read."""

    file: str
    format: str
    rows: int
    jobs: Jobs
    damaged: tuple[Problem, ...]
    """Rows that mean nothing, each with file and line."""
    without_chips: int
    """Rows that ask for no chip: they are no jobs here."""


def read_trace(path: Path, *, skip_damaged: bool = False) -> Trace:
    """Read a trace. Raises ``InputError`` for a file of no known format, and for damaged rows that are not skipped."""
    format_, table, rows = _understood(path)
    faults = _faults(table, rows)
    wrong = np.zeros(len(rows.submit_s), dtype=np.bool_)
    for holds, _ in faults:
        wrong |= holds
    none = ~wrong & (rows.chips == 0)
    damaged = (*table.ragged, *_named(table, rows, faults))
    if damaged and not skip_damaged:
        raise InputError(_shortened(damaged, table.file))
    kept = np.flatnonzero(~wrong & ~none)
    if not len(kept):
        raise InputError(Problem(file=table.file, key="", wrong="holds no job", remedy="Give a trace with jobs"))
    return Trace(
        file=table.file,
        format=format_,
        rows=len(rows.submit_s) + len(table.ragged),
        jobs=_jobs(table, rows, kept),
        damaged=damaged,
        without_chips=int(none.sum()),
    )


def _understood(path: Path) -> tuple[str, Table, Rows]:
    """Name of the format, and the table and rows that it gives."""
    if path.suffix == ".swf":
        table = read_swf(path)
        return "swf", table, plain(table)
    if path.suffix == ".json":
        table = read_snapshot(path)
        return "snapshot", table, plain(table)
    table = read_table(path)
    if is_sacct(table):
        table = plain_sacct(table)
        return "sacct", table, plain(table)
    name, rows = recognised(table)
    return name, table, rows


def recognised(table: Table) -> tuple[str, Rows]:
    """Name of the first format that a table fits, and its rows. Raises ``InputError`` naming what is missing."""
    for name, known in FORMATS.items():
        if known.fits(table):
            return name, known.read(table)
    listed = "; ".join(f"{each.title}: {_needed(each)}" for each in FORMATS.values())
    wrong = f"is no known trace: its columns are {shown(', '.join(table.columns))}"
    raise InputError(Problem(file=table.file, key="", wrong=wrong, remedy=f"Known are {listed}"))


def _needed(known: Format) -> str:
    return ", ".join(" or ".join(group[:3]) for group in known.needs)


def _faults(table: Table, rows: Rows) -> list[tuple[Flags, str]]:
    """What makes a row mean nothing, each with where it holds."""
    found: list[tuple[Flags, str]] = [
        (np.isnan(rows.submit_s), "no time of submission"),
        (np.isnan(rows.chips), "no number of chips"),
        (rows.chips < 0, "a negative number of chips"),
        ((rows.chips % 1 != 0) & ~np.isnan(rows.chips), "a number of chips that is not whole"),
        (np.isnan(rows.work_s) & (rows.chips != 0), "no time that it ran"),
        (rows.work_s < 0, "a negative time that it ran"),
    ]
    for column, what in ((rows.estimate_s, "estimate"), (rows.tier, "tier")):
        if column is not None:
            found.append((np.isnan(column) | (column < 0), f"no {what}"))
    return found if rows.wanted is None else [*found, *rows.wanted.faults(rows.chips)]


def _named(table: Table, rows: Rows, faults: list[tuple[Flags, str]]) -> tuple[Problem, ...]:
    line = _lines(table, rows)
    found = [
        (int(line[row]), Problem(file=table.file, key=f"line {line[row]}", wrong=f"has {what}", remedy=""))
        for holds, what in faults
        for row in np.flatnonzero(holds).tolist()
    ]
    return tuple(problem for _, problem in sorted(found, key=lambda each: each[0]))


def _lines(table: Table, rows: Rows) -> Integers:
    """Line of each row; jobs gathered from many rows are counted."""
    return table.line if len(table) == len(rows.submit_s) else np.arange(1, len(rows.submit_s) + 1)


def _shortened(damaged: tuple[Problem, ...], file: str) -> list[Problem]:
    """The first of them, and how many more."""
    remedy = "Mend the rows, or leave them out with --skip-damaged"
    rest = len(damaged) - NAMED
    listed = [Problem(file=each.file, key=each.key, wrong=each.wrong, remedy=remedy) for each in damaged[:NAMED]]
    more = Problem(file=file, key="", wrong=f"{rest:,} more rows are damaged", remedy=remedy)
    return [*listed, more] if rest > 0 else listed


def _jobs(table: Table, rows: Rows, kept: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Jobs:
    def some(column: Floats | None) -> Floats | None:
        return None if column is None else column[kept]

    tier = some(rows.tier)
    return make_jobs(
        rows.submit_s[kept],
        rows.work_s[kept],
        rows.chips[kept].astype(np.int64),
        tenant_names=None if rows.tenant is None else rows.tenant[kept],
        line=_lines(table, rows)[kept].astype(np.int64),
        estimate_s=some(rows.estimate_s),
        tier=None if tier is None else tier.astype(np.int64),
        deadline_s=some(rows.deadline_s),
        since_s=some(rows.since_s),
        wants=None if rows.wanted is None else rows.wanted.take(kept, rows.chips),
    )
