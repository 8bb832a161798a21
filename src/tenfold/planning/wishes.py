"""What somebody asks of a layout; the rest is left to be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from tenfold.quantities import shown
from tenfold.quantities.asking import OneOf, Place, Whole
from tenfold.workloads.recipe import RECOMPUTE, SCHEDULES, ZERO_STAGES, recompute_value

if TYPE_CHECKING:
    from tenfold.performance.training.space import SearchSpace

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


@dataclass(frozen=True, slots=True)
class RecomputePolicy:
    """What is recomputed: one of ``RECOMPUTE``, or a share of the layers whole."""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401  (any TOML value)
        """Give the name back when it means a policy."""
        if isinstance(raw, str) and recompute_value(raw) is not None:
            return raw
        remedy = f"Use one of {', '.join(RECOMPUTE)}, or full:0.5 for half of the layers"
        raise place.refusal(f"unknown {shown(raw)}", remedy)

    def schema(self) -> dict[str, Any]:
        """Text."""
        return {"type": "string", "examples": [*RECOMPUTE, "full:0.5"]}

    def words(self) -> tuple[str, ...]:
        """Policies; shares are told by the help."""
        return RECOMPUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutWish:
    """What is given of a layout. What is left out is chosen to be fastest, or is as the software does it."""

    tp: Annotated[int | None, Whole()] = None
    """Tensor-parallel degree; chosen when left out."""
    pp: Annotated[int | None, Whole()] = None
    """Pipeline stages; chosen when left out."""
    vpp: Annotated[int | None, Whole()] = None
    """Chunks of layers per pipeline stage; chosen when left out."""
    cp: Annotated[int | None, Whole()] = None
    """Context-parallel degree; chosen when left out."""
    ep: Annotated[int | None, Whole()] = None
    """Expert-parallel degree; chosen when left out."""
    zero: Annotated[int | None, Whole(least=0, most=max(ZERO_STAGES))] = None
    """ZeRO stage: 0, 1, 2 or 3 (FSDP); chosen when left out."""
    sequence_parallel: bool | None = None
    """Sequence parallelism beside tensor parallelism; what the software does when left out."""
    recompute: Annotated[str | None, RecomputePolicy()] = None
    """What the backward pass recomputes, or full:0.5 for half of the layers; chosen when left out."""
    micro_batch: Annotated[int | None, Whole()] = None
    """Sequences a replica runs through at once; chosen when left out."""
    schedule: Annotated[str | None, OneOf(SCHEDULES)] = None
    """Pipeline schedule, 1f1b being interleaved with --vpp above 1; chosen among the software's when left out."""
    tensor_overlap: bool | None = None
    """Tensor-parallel traffic overlapped with products; what the software does when left out."""
    data_overlap: bool | None = None
    """Gradients and weights travel while the chips compute; what the software does when left out."""

    @property
    def given(self) -> Mapping[str, int | str | bool]:
        """Wishes that are given, by name."""
        found = ((name, getattr(self, name)) for name in AXES)
        return {name: value for name, value in found if value is not None}

    @property
    def free(self) -> tuple[str, ...]:
        """Names of what is left to be chosen."""
        return tuple(name for name in AXES if name not in self.given)


def flag(name: str, value: int | str | bool) -> str:
    """Write a wish as the option of the command line."""
    option = name.replace("_", "-")
    return f"--{option} {value}" if not isinstance(value, bool) else f"--{'' if value else 'no-'}{option}"


def held(space: SearchSpace, wish: LayoutWish) -> SearchSpace:
    """Layouts of a space with the given axes held, at values that the space need not have."""
    return replace(space, **{AXES[name]: (_number(name, value),) for name, value in wish.given.items()})  # type: ignore[arg-type]


def _number(name: str, value: int | str | bool) -> float:
    if name == "recompute":
        return recompute_value(str(value)) or 0.0
    return SCHEDULES.index(str(value)) if name == "schedule" else int(value)
