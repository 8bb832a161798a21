"""A layout in the terms in which one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.planning.wishes import AXES, LayoutWish, flag
from tenfold.workloads.recipe import SCHEDULES, recompute_name

if TYPE_CHECKING:
    from tenfold.performance.training.layout import Layout


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
