"""Domains from a table: a row is some nodes alike, in one domain of each level."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tenfold.fleet.capacity.domains import Domains, gathered
from tenfold.fleet.capacity.read_sinfo import read_sinfo
from tenfold.fleet.traces.columns import numbers, words
from tenfold.fleet.traces.read import Trace
from tenfold.fleet.traces.table import Table, read_table
from tenfold.quantities import InputError, Problem, shown

NODES, CHIPS, KIND = "nodes", "chips", "kind"
MOST_NODES = 1_000_000


def read_domains(path: Path) -> Domains:
    """Read rows of domains by level, in the order of the columns, ``nodes``, ``chips`` of each, and perhaps ``kind``.

    JSON is the state of a live cluster. Raises ``InputError`` naming every row that means nothing.
    """
    if path.suffix == ".json":
        return read_sinfo(path)
    table = read_table(path)
    levels = tuple(name for name in table.columns if name not in (NODES, CHIPS, KIND))
    if not {NODES, CHIPS} <= table.columns.keys() or not levels:
        wrong = f"has the columns {shown(', '.join(table.columns))}"
        remedy = "Name them by level from wide to narrow, then nodes and chips: site,rack,nodes,chips"
        raise InputError(Problem(file=str(path), key="", wrong=wrong, remedy=remedy))
    rows, problems = [], list(table.ragged)
    for line, path_, kind, nodes, chips in _rows(table, levels):
        wrong = ""
        if not all(path_):
            wrong = "names no domain of a level"
        elif not (nodes >= 1 and nodes % 1 == 0 and chips >= 1 and chips % 1 == 0):
            wrong = "has no whole number of nodes and chips"
        if wrong:
            problems.append(Problem(file=str(path), key=f"line {line}", wrong=wrong, remedy="Mend the row"))
        else:
            rows.append((path_, kind, int(nodes), int(chips)))
    there = sum(nodes for _, _, nodes, _ in rows)
    if not problems and not 1 <= there <= MOST_NODES:
        problems.append(
            Problem(file=str(path), key="", wrong=f"has {there:,} nodes", remedy=f"Give 1 to {MOST_NODES:,}")
        )
    if problems:
        raise InputError(problems)
    return gathered(levels, rows)


def _rows(table: Table, levels: tuple[str, ...]) -> Iterable[tuple[int, tuple[str, ...], str, float, float]]:
    named = [words(table.columns[level]).tolist() for level in levels]
    kinds = words(table.columns[KIND]).tolist() if KIND in table.columns else [""] * len(table)
    nodes, chips = (numbers(table.columns[name]) for name in (NODES, CHIPS))
    return zip(table.line.tolist(), zip(*named, strict=True), kinds, nodes.tolist(), chips.tolist(), strict=True)


def require_levels(domains: Domains, trace: Trace, crossing: Iterable[str]) -> None:
    """Raise ``InputError`` for levels that jobs or shares name and the fleet has not."""
    remedy = f"Use one of {', '.join(domains.levels)}"
    problems = [
        Problem(file="", key="crossing", wrong=f"{shown(level)} is no level of the fleet", remedy=remedy)
        for level in crossing
        if level not in domains.levels
    ]
    wants = trace.jobs.wants
    for place, level in enumerate(() if wants is None else wants.levels):
        if level and level not in domains.levels and wants is not None:
            line = int(trace.jobs.line[np.flatnonzero(wants.within == place)[0]])
            wrong = f"stays within {shown(level)}, which is no level of the fleet"
            problems.append(
                Problem(file=trace.file, key=f"line {line}" if trace.file else "within", wrong=wrong, remedy=remedy)
            )
    if problems:
        raise InputError(problems)
