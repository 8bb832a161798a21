"""A layout as designs say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
