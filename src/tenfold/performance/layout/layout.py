"""A layout in the field's terms: the one place where the axes of parallelism are declared.

From here follow the columns that formulas work on, the options of every question about layouts, the space of a search,
and how a layout is printed. How another tool names an axis is in ``performance/dialects``.
"""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from tenfold.performance.layout.axis import RECOMPUTED, SCHEDULE, SWITCH, Axes, Axis, NamedAxis, whole
from tenfold.quantities import help_of
from tenfold.workloads import ZERO_STAGES

if TYPE_CHECKING:
    from tenfold.performance.layout.wishes import LayoutWish


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelLayout:
    """One layout: degrees, sharding, recomputation, schedule. Defaults are those of a chip by itself."""

    tp: Annotated[
        int,
        Axis(
            column="tensor_parallel",
            rejected=("chips", "heads", "sharing", "batch"),
            relaxed=6,
            label="TP",
            divides="the matrices and heads of a layer",
            values=(1, 2, 4, 8, 16, 32, 64),
            said="always",
        ),
    ] = 1
    """Tensor-parallel degree."""
    pp: Annotated[
        int,
        Axis(
            column="pipeline_parallel",
            rejected=("chips", "layers", "batch", "schedule"),
            relaxed=7,
            label="PP",
            divides="layers",
            values=tuple(range(1, 129)),
            said="always",
        ),
    ] = 1
    """Pipeline stages."""
    vpp: Annotated[
        int,
        Axis(
            column="virtual_stages",
            rejected=("layers", "schedule"),
            relaxed=10,
            label="VPP",
            divides="the layers of a stage",
            said="above one",
            values=(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16),
        ),
    ] = 1
    """Chunks of layers per pipeline stage."""
    cp: Annotated[
        int,
        Axis(
            column="context_parallel",
            rejected=("chips", "sequence", "batch"),
            relaxed=5,
            label="CP",
            divides="the sequence",
            said="above one",
            values=(1, 2, 4, 8, 16, 32, 64),
        ),
    ] = 1
    """Context-parallel degree."""
    ep: Annotated[
        int,
        Axis(
            column="expert_parallel",
            rejected=("experts",),
            relaxed=8,
            of_experts=True,
            label="EP",
            divides="experts",
            said="above one",
            values=(1, 2, 4, 8, 16, 32, 64, 128, 256),
        ),
    ] = 1
    """Expert-parallel degree."""
    etp: Annotated[
        int,
        Axis(
            column="expert_tensor_parallel",
            rejected=("experts", "sharing"),
            relaxed=9,
            of_experts=True,
            label="ETP",
            divides="the matrices of an expert",
            said="above one",
            values=(1,),
            left_out="1 when left out",
        ),
    ] = 1
    """Chips that share one expert: 1, or a divisor of the tensor-parallel degree."""
    dp: Annotated[int, Axis(column="data_parallel", label="DP", divides="the batch", said="always")] = 1
    """Replicas: chips ÷ (TP × PP × CP)."""
    zero: Annotated[
        int,
        Axis(
            column="zero_stage",
            relaxed=3,
            label="ZeRO",
            divides="optimizer, gradients and weights over the replicas",
            terms=whole(least=min(ZERO_STAGES), most=max(ZERO_STAGES)),
            values=ZERO_STAGES,
        ),
    ] = 1
    """ZeRO stage: 0 replicated, 1 optimizer sharded, 2 and gradients, 3 and weights (FSDP)."""
    sequence_parallel: Annotated[
        bool,
        Axis(
            column="sequence_parallel",
            relaxed=4,
            label="SP",
            divides="norms and residuals over the tensor-parallel ranks",
            terms=SWITCH,
            values=(0, 1),
            left_out="what the software does when left out",
        ),
    ] = True
    """Sequence parallelism beside tensor parallelism."""
    recompute: Annotated[
        str,
        Axis(
            column="recompute",
            relaxed=2,
            label="",
            divides="what the backward pass computes again",
            terms=RECOMPUTED,
            values=(0.0, 1.0, 1.25, 1.5, 1.75, 2.0),
        ),
    ] = "none"
    """What the backward pass recomputes, full:0.5 for half of the layers, or operations as in norms+up-projections."""
    micro_batch: Annotated[
        int,
        Axis(
            column="micro_batch",
            rejected=("batch",),
            relaxed=1,
            label="",
            divides="the sequences of a replica",
            values=(1, 2, 4, 8, 16, 32, 64),
        ),
    ] = 1
    """Sequences a replica runs through at once."""
    schedule: Annotated[
        str,
        Axis(
            column="schedule",
            rejected=("schedule",),
            label="",
            divides="when a stage runs which micro-batch",
            terms=SCHEDULE,
            values=(0, 1, 2),
            left_out="chosen among the software's when left out",
        ),
    ] = "1f1b"
    """Pipeline schedule, 1f1b being interleaved with --vpp above 1."""
    tensor_overlap: Annotated[
        bool,
        Axis(
            column="tensor_overlap",
            label="",
            divides="when tensor-parallel traffic travels",
            terms=SWITCH,
            values=(0, 1),
            left_out="what the software does when left out",
        ),
    ] = True
    """Tensor-parallel traffic overlapped with products."""
    data_overlap: Annotated[
        bool,
        Axis(
            column="data_overlap",
            label="",
            divides="when gradients and weights travel",
            terms=SWITCH,
            values=(0, 1),
            left_out="what the software does when left out",
        ),
    ] = True
    """Gradients and weights travel while the chips compute."""

    @property
    def ranks(self) -> int:
        """Chips of one replica."""
        return self.tp * self.pp * self.cp

    def layers_per_chunk(self, layers: int) -> int:
        """Layers of a full chunk of a pipeline stage."""
        return -(-layers // (self.pp * self.vpp))

    def missing_layers(self, layers: int) -> int:
        """Layers that the first and last chunk hold less: they stand for the embedding and the LM head."""
        return -layers % (self.pp * self.vpp)

    @property
    def flags(self) -> str:
        """The layout as options of ``tenfold estimate training``."""
        return " ".join(AXES[name].flag(value) for name, value in said_values(self).items())

    @property
    def wish(self) -> LayoutWish:
        """A wish for this layout and no other."""
        from tenfold.performance.layout.wishes import LayoutWish

        return LayoutWish(**said_values(self))


def _axes() -> Axes:
    default = ParallelLayout()
    hints, texts = typing.get_type_hints(ParallelLayout, include_extras=True), help_of(ParallelLayout)
    return {
        each.name: NamedAxis(
            name=each.name,
            help=texts.get(each.name, ""),
            default=getattr(default, each.name),
            axis=next(part for part in hints[each.name].__metadata__ if isinstance(part, Axis)),
        )
        for each in dataclasses.fields(ParallelLayout)
    }


AXES = _axes()
"""Every axis by its name, in the order of the record."""
ASKED: Axes = {name: each for name, each in AXES.items() if each.asked}
"""Axes that somebody may give."""


def said_values(layout: ParallelLayout) -> dict[str, int | str | bool]:
    """Values of the axes that may be given, but for those that no search varies and that are as ever."""
    values = {name: getattr(layout, name) for name in ASKED}
    return {name: value for name, value in values.items() if AXES[name].searched or value != AXES[name].default}
