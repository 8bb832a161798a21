"""A work of a portfolio as a procurement plan takes it, and its table in TOML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A work as a table ``[[workloads]]`` of a procurement plan."""

    name: str
    kind: str
    demand_h100e: tuple[float, ...]
    """Of a service by quarter, at its busiest; empty for a run."""
    slo: str
    h100e_per_chip: Mapping[str, float]
    """What a chip carries of the service over what an H100 does, where both were planned."""
    run: Mapping[str, str | int | float]
    """Keys of a run whose speed the procurement plan predicts itself; empty for a service."""


def written(works: Iterable[Handed]) -> str:
    """Tables of works in TOML. What is not served is forbidden until its penalty is written."""
    return "\n".join(_table(each) for each in works)


def _table(work: Handed) -> str:
    lines = ["[[workloads]]", f"name = {json.dumps(work.name)}", f"kind = {json.dumps(work.kind)}"]
    if work.demand_h100e:
        lines += [f"slo = {json.dumps(work.slo)}", f"demand = {[round(each, 3) for each in work.demand_h100e]}"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in work.run.items()]
    lines.append(f'unserved = "{FORBIDDEN}"    # or a penalty, such as "$9/h"')
    if work.h100e_per_chip:
        lines.append("[workloads.h100e_per_chip]")
        lines += [f"{json.dumps(chip)} = {worth:.4g}" for chip, worth in work.h100e_per_chip.items()]
    return "\n".join(lines) + "\n"
