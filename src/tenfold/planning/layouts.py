"""A layout as answers say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.planning.wishes import AXES, LayoutWish, flag
from tenfold.workloads.recipe import SCHEDULES, recompute_name

if TYPE_CHECKING:
    from tenfold.performance.training.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutChoice:
    """The parallel layout of a design in the field's terms."""

    tp: int
    pp: int
    vpp: int
    cp: int
    ep: int
    dp: int
    zero_stage: int
    sequence_parallel: bool
    recompute: str
    micro_batch: int
    schedule: str


def layout_choice(layout: Layout) -> LayoutChoice:
    """Say a layout in the field's terms."""
    return LayoutChoice(
        tp=round(float(layout.tensor_parallel)),
        pp=round(float(layout.pipeline_parallel)),
        vpp=round(float(layout.virtual_stages)),
        cp=round(float(layout.context_parallel)),
        ep=round(float(layout.expert_parallel)),
        dp=round(float(layout.data_parallel)),
        zero_stage=round(float(layout.zero_stage)),
        sequence_parallel=bool(layout.sequence_parallel) and float(layout.tensor_parallel) > 1,
        recompute=recompute_name(float(layout.recompute)),
        micro_batch=round(float(layout.micro_batch)),
        schedule=_schedule(layout),
    )


def _schedule(layout: Layout) -> str:
    if float(layout.pipeline_parallel) == 1:
        return "no pipeline"
    name = SCHEDULES[round(float(layout.schedule))].replace("1f1b", "1F1B")
    return f"interleaved {name}" if float(layout.virtual_stages) > 1 else name


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

    @property
    def wish(self) -> LayoutWish:
        """A wish for this layout and no other."""
        return LayoutWish(**{name: getattr(self, name) for name in AXES})


def in_terms(layout: Layout) -> ParallelLayout:
    """Say a layout of numbers in the field's terms."""
    whole = {axis: round(float(getattr(layout, axis))) for axis in (*AXES.values(), "data_parallel")}
    return ParallelLayout(
        tp=whole["tensor_parallel"],
        pp=whole["pipeline_parallel"],
        vpp=whole["virtual_stages"],
        cp=whole["context_parallel"],
        ep=whole["expert_parallel"],
        dp=whole["data_parallel"],
        zero=whole["zero_stage"],
        sequence_parallel=bool(whole["sequence_parallel"]),
        recompute=recompute_name(float(layout.recompute)),
        micro_batch=whole["micro_batch"],
        schedule=SCHEDULES[whole["schedule"]],
        tensor_overlap=bool(whole["tensor_overlap"]),
        data_overlap=bool(whole["data_overlap"]),
    )
