"""A layout as people say it, and the layouts that a chip's software offers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tenfold.performance.training.layout import SCHEDULES, Layout, recompute_name
from tenfold.performance.training.setup import CalibratedSetup
from tenfold.performance.training.space import PLANNING_SPACE, SearchSpace


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


def space_of(setup: CalibratedSetup) -> SearchSpace:
    """Layouts that the chip's software offers."""
    software = setup.software
    return replace(
        PLANNING_SPACE,
        virtual_stages=PLANNING_SPACE.virtual_stages if software.interleaved else (1,),
        sequence_parallel=(int(software.sequence_parallel),),
    )


def layout_at(layouts: Layout, place: int) -> Layout:
    """One of a column of layouts."""
    return Layout(**{name: getattr(layouts, name)[place] for name in Layout.__slots__})
