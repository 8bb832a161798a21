"""Traces of jobs that have steps to do, at a rate that depends on the kind of chip: Gavel's.

The trace has job_type, total_steps, scale_factor (chips) and arrival_s; a second table has steps_per_s by job_type,
scale_factor and chip, and ``unconsolidated`` 0 for gangs that stand together.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tenfold.fleet.engine.rounds import Unlike
from tenfold.fleet.jobs import make_jobs
from tenfold.fleet.traces.columns import numbers, words
from tenfold.fleet.traces.read import Trace
from tenfold.fleet.traces.table import Table, read_table
from tenfold.quantities import Floats, InputError, Problem

NEEDED = ("job_type", "total_steps", "scale_factor", "arrival_s")
RATES = ("job_type", "scale_factor", "chip", "steps_per_s")
Key = tuple[str, int, str]


def has_steps(table: Table) -> bool:
    """Whether a table is such a trace."""
    return all(name in table.columns for name in NEEDED)


def read_steps(path: Path, rates: Path, kinds: Mapping[str, int]) -> tuple[Trace, Unlike]:
    """Read both tables. Raises ``InputError`` for what is missing, and for jobs that run on none of the kinds."""
    table = read_table(path)
    _need(table, NEEDED)
    known = _rates(rates)
    names = words(table.columns["job_type"])
    chips, steps, arrival_s = (numbers(table.columns[name]) for name in NEEDED[2:0:-1] + NEEDED[3:])
    bad = np.flatnonzero(np.isnan(chips + steps + arrival_s) | (chips < 1) | (steps <= 0))
    problems = [_row(table, row, "has no steps, chips or arrival") for row in bad.tolist()]
    if problems:
        raise InputError(problems)
    speed = {kind: np.mean([rate for key, rate in known.items() if key[2] == kind] or [0.0]) for kind in kinds}
    ordered = tuple(sorted(kinds, key=lambda kind: -speed[kind]))
    jobs = make_jobs(arrival_s, steps, chips.astype(np.int64), line=table.line)
    order = np.argsort(arrival_s, kind="stable")
    found = np.array(
        [[known.get((names[row], int(chips[row]), kind), 0.0) for kind in ordered] for row in order.tolist()]
    )
    there = np.array([float(kinds[kind]) for kind in ordered])
    found[:] = np.where(jobs.chips[:, None] > there[None, :], 0.0, found)
    nowhere = np.flatnonzero(~(found > 0).any(axis=1))
    if len(nowhere):
        raise InputError(_row(table, int(order[row]), "runs on none of the kinds") for row in nowhere.tolist())
    trace = Trace(file=str(path), format="steps", rows=len(table), jobs=jobs, damaged=table.ragged, without_chips=0)
    return trace, Unlike(kinds=ordered, there=there, rate=found, steps=steps[order])


def _need(table: Table, names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        wrong, remedy = f"has no column {', '.join(missing)}", f"Give {', '.join(names)}"
        raise InputError(Problem(file=table.file, key="", wrong=wrong, remedy=remedy))


def _rates(path: Path) -> Mapping[Key, float]:
    table = read_table(path)
    _need(table, RATES)
    apart = table.columns.get("unconsolidated")
    together = np.ones(len(table), dtype=np.bool_) if apart is None else numbers(apart) == 0
    rate: Floats = numbers(table.columns["steps_per_s"])
    who, chip, size = words(table.columns["job_type"]), words(table.columns["chip"]), table.columns["scale_factor"]
    return {
        (who[row], int(size[row]), chip[row]): float(rate[row])
        for row in np.flatnonzero(together & (rate > 0)).tolist()
    }


def _row(table: Table, row: int, wrong: str) -> Problem:
    line = int(table.line[row])
    return Problem(file=table.file, key=f"line {line}", wrong=wrong, remedy="Mend the row")
