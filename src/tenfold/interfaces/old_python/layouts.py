"""Layouts a person asks for: some degrees given, the rest left to be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from tenfold.performance.training.choice import space_of
from tenfold.performance.training.layout import RECOMPUTE, SCHEDULES, Layout, recompute_name, recompute_value
from tenfold.performance.training.search import Found
from tenfold.performance.training.setup import CalibratedSetup
from tenfold.performance.training.space import FULL_SPACE, SearchSpace
from tenfold.quantities import Problem, count_problems, shown

AXES: Mapping[str, str] = {
    "tp": "tensor_parallel",
    "pp": "pipeline_parallel",
    "vpp": "virtual_stages",
    "cp": "context_parallel",
    "ep": "expert_parallel",
    "zero": "zero_stage",
    "sequence_parallel": "sequence_parallel",
    "recompute": "recompute",
    "micro_batch": "micro_batch",
    "schedule": "schedule",
    "tensor_overlap": "tensor_overlap",
    "data_overlap": "data_overlap",
}
"""Name of a wish to the axis of the layout."""
WORDS = ("recompute", "schedule")
"""Axes whose values are words."""
SWITCHES = ("sequence_parallel", "tensor_overlap", "data_overlap")
STAGES = f"Use one of {', '.join(str(stage) for stage in FULL_SPACE.zero_stage)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutWish:
    """What is given of a layout; None is left to be chosen."""

    tp: int | None = None
    pp: int | None = None
    vpp: int | None = None
    cp: int | None = None
    ep: int | None = None
    zero: int | None = None
    sequence_parallel: bool | None = None
    recompute: str | None = None
    micro_batch: int | None = None
    schedule: str | None = None
    tensor_overlap: bool | None = None
    data_overlap: bool | None = None

    @property
    def given(self) -> Mapping[str, int | str | bool]:
        """Wishes that are given, by name."""
        found = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in found if value is not None}

    @property
    def free(self) -> tuple[str, ...]:
        """Names of what is left to be chosen."""
        return tuple(name for name in AXES if name not in self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelLayout:
    """A layout in the field's terms: degrees, sharding, recomputation, schedule."""

    tp: int
    pp: int
    vpp: int
    cp: int
    ep: int
    dp: int
    zero: int
    sequence_parallel: bool
    recompute: str
    micro_batch: int
    schedule: str
    tensor_overlap: bool
    data_overlap: bool

    @property
    def flags(self) -> str:
        """The layout as options of ``tenfold estimate training``."""
        return " ".join(flag(name, getattr(self, name)) for name in AXES)


def flag(name: str, value: int | str | bool) -> str:
    """Write a wish as the option of the command line."""
    option = name.replace("_", "-")
    if name in SWITCHES:
        return f"--{'' if value else 'no-'}{option}"
    return f"--{option} {value}"


def wish_problems(wish: LayoutWish) -> list[Problem]:
    """List what no layout can have: degrees below one or absurd, unknown words, ZeRO stages there are not."""
    problems = []
    for name, value in wish.given.items():
        if name == "recompute" and recompute_value(str(value)) is None:
            remedy = f"Use one of {', '.join(RECOMPUTE)}, or full:0.5 for half of the layers"
            problems.append(Problem(file="", key=name, wrong=f"unknown {shown(value)}", remedy=remedy))
        elif name == "schedule" and value not in SCHEDULES:
            remedy = f"Use one of {', '.join(SCHEDULES)}"
            problems.append(Problem(file="", key=name, wrong=f"unknown {shown(value)}", remedy=remedy))
        elif name == "zero" and value not in FULL_SPACE.zero_stage:
            problems.append(Problem(file="", key=name, wrong=f"there is no stage {shown(value)}", remedy=STAGES))
        elif name not in WORDS and name not in SWITCHES and name != "zero":
            problems += count_problems(name, int(value))
    return problems


def narrowed(setup: CalibratedSetup, wish: LayoutWish) -> SearchSpace:
    """Layouts that the setup's software offers, with the given axes held."""
    offered = space_of(setup)
    widened = {
        name: getattr(FULL_SPACE, name)
        for name in ("pipeline_parallel", "context_parallel", "micro_batch")
        + (("virtual_stages",) if len(offered.virtual_stages) > 1 else ())
    }
    held = {AXES[name]: (_index(name, value),) for name, value in wish.given.items()}
    return replace(offered, **widened | held)


def _index(name: str, value: int | str | bool) -> float:
    if name == "recompute":
        return recompute_value(str(value)) or 0.0
    return SCHEDULES.index(str(value)) if name == "schedule" else int(value)


def layout_at(layout: Layout, row: int) -> Layout:
    """One layout of a column of them, its fields as numbers."""
    return Layout(**{field.name: float(getattr(layout, field.name)[row]) for field in fields(Layout)})


def in_terms(layout: Layout) -> ParallelLayout:
    """Say a layout of numbers in the field's terms."""
    return ParallelLayout(
        tp=_whole(layout.tensor_parallel),
        pp=_whole(layout.pipeline_parallel),
        vpp=_whole(layout.virtual_stages),
        cp=_whole(layout.context_parallel),
        ep=_whole(layout.expert_parallel),
        dp=_whole(layout.data_parallel),
        zero=_whole(layout.zero_stage),
        sequence_parallel=bool(layout.sequence_parallel),
        recompute=recompute_name(float(layout.recompute)),
        micro_batch=_whole(layout.micro_batch),
        schedule=SCHEDULES[_whole(layout.schedule)],
        tensor_overlap=bool(layout.tensor_overlap),
        data_overlap=bool(layout.data_overlap),
    )


def _whole(value: object) -> int:
    return round(float(value))  # type: ignore[arg-type]


def first_of(found: Found) -> Layout | None:
    """The fastest layout found; None when there is none."""
    return layout_at(found.layout, 0) if len(found) else None
