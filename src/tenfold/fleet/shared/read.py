"""Tables of tasks and nodes, as the Alibaba openb traces write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tenfold.fleet.shared.cluster import Task
from tenfold.fleet.shared.fill import Nodes
from tenfold.fleet.traces.columns import numbers
from tenfold.fleet.traces.table import Table, read_table
from tenfold.quantities import InputError, Integers, Problem

TASK_COLUMNS = ("cpu_milli", "memory_mib", "num_gpu", "gpu_milli")
NODE_COLUMNS = ("cpu_milli", "memory_mib", "gpu")


def read_tasks(path: Path) -> list[Task]:
    """Read tasks: thousandths of cores, MiB, chips, thousandths of each. Raises ``InputError`` naming every bad row."""
    columns = _whole(read_table(path), TASK_COLUMNS)
    return [
        Task(cpu_milli=cpu, memory_mib=memory, count=count, milli=milli)
        for cpu, memory, count, milli in zip(*(column.tolist() for column in columns), strict=True)
    ]


def read_nodes(path: Path) -> Nodes:
    """Read nodes. Raises ``InputError`` naming every bad row."""
    cpu, memory, chips = _whole(read_table(path), NODE_COLUMNS)
    return Nodes(cpu_milli=cpu, memory_mib=memory, chips=chips)


def _whole(table: Table, names: tuple[str, ...]) -> list[Integers]:
    missing = [name for name in names if name not in table.columns]
    if missing:
        wrong, remedy = f"has no column {', '.join(missing)}", f"Give {', '.join(names)}"
        raise InputError(Problem(file=table.file, key="", wrong=wrong, remedy=remedy))
    found = [numbers(np.where(table.columns[name] == "", "0", table.columns[name])) for name in names]
    problems = list(table.ragged)
    for name, column in zip(names, found, strict=True):
        for row in np.flatnonzero(~((column >= 0) & (column % 1 == 0))).tolist():
            key = f"line {int(table.line[row])}"
            problems.append(Problem(file=table.file, key=key, wrong=f"has no whole {name}", remedy="Mend the row"))
    if problems or not len(table):
        none = Problem(file=table.file, key="", wrong="holds no row", remedy="Give one with rows")
        raise InputError(problems or [none])
    return [column.astype(np.int64) for column in found]
