"""Domains from the state of a live cluster: ``sinfo --json`` or ``scontrol show nodes --json``, nodes by partition.

Both are tables of nodes with ``gres`` such as ``gpu:h100:8(S:0-1)`` and states.
https://slurm.schedmd.com/sinfo.html, https://slurm.schedmd.com/gres.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.fleet.capacity.domains import Domains, gathered
from tenfold.fleet.traces.logs import rows_in, table_in
from tenfold.quantities import InputError, Problem, json_tree, read_text, whole_of

LEVEL = "partition"
OUT = ("DOWN", "ERROR", "FAIL", "FAILING", "FUTURE", "MAINT", "MAINTENANCE", "NOT_RESPONDING", "NO_RESPOND", "UNKNOWN")
ASIDE = frozenset((*OUT, "DRAIN", "DRAINED", "DRAINING"))
"""States of nodes on which nothing new starts."""
HELD = frozenset(("ALLOCATED", "MIXED", "COMPLETING"))
"""States of nodes on which jobs run."""
REMEDY = "Give sinfo --json, or scontrol show nodes --json"


@dataclass(frozen=True, slots=True)
class _Node:
    name: str
    partition: str
    kind: str
    chips: int
    states: frozenset[str]


def read_sinfo(path: Path) -> Domains:
    """Nodes with accelerators, each in the first partition that is named with it, but for idle ones that are set aside.

    Nodes that are set aside while jobs run on them are counted, since their jobs are. Raises ``InputError`` for a file
    that is something else, or holds no such node.
    """
    data = json_tree(read_text(path, REMEDY), str(path), REMEDY)
    found = {each.name: each for each in reversed(list(_nodes(data)))} if isinstance(data, Mapping) else {}
    there = [each for each in reversed(found.values()) if each.chips]
    idle, busy = ([each for each in there if bool(each.states & HELD) == held] for held in (False, True))
    aside, drained = ([each for each in some if each.states & ASIDE] for some in (idle, busy))
    left = {each.name for each in aside}
    rows = [((each.partition,), each.kind, 1, each.chips) for each in there if each.name not in left]
    if not rows:
        wrong = "holds no node with accelerators on which something could start"
        raise InputError(Problem(file=str(path), key="", wrong=wrong, remedy=REMEDY))
    return gathered((LEVEL,), rows, notes=tuple(_notes(aside, drained)))


def _notes(aside: list[_Node], drained: list[_Node]) -> Iterator[str]:
    if aside:
        yield f"{len(aside)} nodes with {_chips(aside):,} chips are down or set aside, and left out"
    if drained:
        held = f"{len(drained)} nodes with {_chips(drained):,} chips are set aside while jobs run on them"
        yield f"{held}: they are counted, so a start is early where it waits for them"


def _chips(nodes: list[_Node]) -> int:
    return sum(each.chips for each in nodes)


def _nodes(data: Mapping[str, Any]) -> Iterator[_Node]:
    """Nodes in the order of the file, once for each partition."""
    for row in rows_in(data, "sinfo"):
        partition = str(table_in(row, "partition").get("name") or "")
        names = table_in(row, "nodes").get("nodes")
        for name in names if isinstance(names, list) else ():
            yield _node(str(name), partition, row.get("gres"), table_in(row, "node").get("state"))
    for row in rows_in(data, "nodes"):
        partitions = row.get("partitions")
        listed = partitions if isinstance(partitions, list) else []
        yield _node(str(row.get("name") or ""), str((*listed, "")[0]), row.get("gres"), row.get("state"))


def _node(name: str, partition: str, gres: object, state: object) -> _Node:
    said = gres.get("total") if isinstance(gres, Mapping) else gres
    kinds = [each.split("(")[0].split(":") for each in str(said or "").split(",")]
    gpus = [each for each in kinds if each[0] == "gpu" and len(each) > 1]
    counts = [whole_of(each[-1]) or 0 for each in gpus]
    kind = "+".join(":".join(each[1:-1]) for each in gpus if each[1:-1])
    states = state if isinstance(state, list) else str(state or "").replace("+", ",").split(",")
    return _Node(
        name, partition or "none", kind, sum(counts), frozenset(str(each).upper().rstrip("*") for each in states)
    )
