"""What a run may be where an input is not stated: cases with weights, each weight a figure with its reason.

What is stated is one case of weight 1. The cases of a run are every combination of those of its inputs.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from tenfold.catalog import Catalog, Chip, Software, default_software, software_named
from tenfold.performance.stacks import VENDOR, WHOLE
from tenfold.quantities import NamedFigure

T = TypeVar("T")

NETWORK_SHARES: Mapping[str, float] = {WHOLE: 1.0, "half": 0.5, "quarter": 0.25}
"""Share of the usual bandwidth between domains, by the name of its weight."""
SHARDED = 3
"""ZeRO stage of software that needs no tensor or pipeline parallelism."""


@dataclass(frozen=True, slots=True)
class Case(Generic[T]):
    """One value an input may have."""

    value: T
    weight: float
    figure: NamedFigure | None = None
    """The weight before scaling; None where the input is stated."""


Cases = tuple[Case[T], ...]


def stated(value: T) -> Cases[T]:
    """The one case of an input that is stated."""
    return (Case(value, 1.0),)


def _weighed(catalog: Catalog, path: str, values: Mapping[str, T]) -> Cases[T]:
    """Cases by the names of their weights at a path of the assumptions, scaled to add up to 1; the heaviest first."""
    named = {name: NamedFigure(name=f"assumptions/{path}.{name}", figure=catalog.assumption(f"{path}.{name}"))
             for name in values}  # fmt: skip
    total = sum(each.figure.value for each in named.values())
    cases = [Case(values[name], each.figure.value / total, each) for name, each in named.items()]
    return tuple(sorted(cases, key=lambda case: -case.weight))


def precision_cases(catalog: Catalog, chip: Chip, precision: str, *, submission: bool = False) -> Cases[str]:
    """Number formats of a run: the stated one; else those that the chip has products for.

    ``submission`` is fine-tuning of a benchmark that rewards speed.
    """
    if precision:
        return stated(precision)
    if "fp8" not in chip.peaks:
        return stated("bf16" if "bf16" in chip.peaks or "fp16" not in chip.peaks else "fp16")
    path = "submission" if submission else "narrower" if "fp4" in chip.peaks else "narrow"
    names = [key.rpartition(".")[2] for key in catalog.assumptions if key.startswith(f"unstated.precision.{path}.")]
    return _weighed(catalog, f"unstated.precision.{path}", {name: name for name in names})


def network_cases(catalog: Catalog, *, known: bool, crossed: bool) -> Cases[float]:
    """Shares of the usual bandwidth between domains; 1 where it is known, or no traffic crosses it."""
    return stated(1.0) if known or not crossed else _weighed(catalog, "unstated.network", NETWORK_SHARES)


def software_said(catalog: Catalog, chip: Chip, said: str | None, when: datetime.date | None) -> Software | None:
    """Stack that a question states: one by key, or that of the chip's maker, of a day; the latest without one."""
    if said is None:
        return None
    return default_software(chip.vendor, catalog.software, when) if said == VENDOR else catalog.software[said]


def software_cases(
    catalog: Catalog, chip: Chip, software: Software | None, when: datetime.date | None, *, sharded: bool | None = None
) -> Cases[Software]:
    """Stacks of a run: the stated one; else the vendor's of the day and what others use on such chips.

    ``sharded`` says whether the layout is known to be ZeRO-3 alone (True) or to have tensor or pipeline ranks (False).
    """
    if software is not None:
        return stated(software)
    vendor = default_software(chip.vendor, catalog.software, when)
    found = {VENDOR: vendor}
    for name in ("megatron-lm", "fsdp"):
        stack = software_named(name, when, catalog.software.values(), chip.vendor)
        if stack is not None and stack.key != vendor.key:
            found[name] = stack
    fitting = {name: each for name, each in found.items() if sharded in (None, each.zero_stage == SHARDED)}
    return _weighed(catalog, "unstated.software", fitting or {VENDOR: vendor})
