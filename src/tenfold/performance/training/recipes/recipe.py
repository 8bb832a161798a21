"""What a configuration of another tool says about a training step."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.catalog.models import TransformerShape
from tenfold.performance.training.layout import Layout
from tenfold.quantities import InputError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A configuration; None is what it does not say."""

    shape: TransformerShape | None
    sequence_length: int | None
    global_batch: int | None
    """Sequences per step; None where it follows from ``replica_batch`` and the chips."""
    replica_batch: int | None = None
    """Sequences a replica consumes per step."""
    precision: str
    chips: int | None
    tp: int = 1
    pp: int = 1
    vpp: int = 1
    cp: int = 1
    ep: int = 1
    expert_tp: int = 1
    zero_stage: int = 0
    sequence_parallel: bool = False
    recompute: float = 0.0
    """On the scale of ``Layout.recompute``."""
    micro_batch: int = 1
    tensor_overlap: bool = False
    data_overlap: bool = False
    assumed: tuple[str, ...] = ()
    """What was taken for granted where the configuration says nothing."""
    not_understood: tuple[str, ...] = ()
    """Settings that were left out of account."""


def layout_on(recipe: Recipe, chips: int, file: str) -> Layout:
    """The recipe's layout on so many chips. Raises ``InputError`` when its degrees do not divide them."""
    ranks = recipe.tp * recipe.pp * recipe.cp
    if chips % ranks:
        wrong = f"TP {recipe.tp} × PP {recipe.pp} × CP {recipe.cp} = {ranks:,} does not divide {chips:,} chips"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy=f"Give --chips a multiple of {ranks:,}"))
    return Layout(
        tensor_parallel=float(recipe.tp),
        pipeline_parallel=float(recipe.pp),
        virtual_stages=float(recipe.vpp),
        context_parallel=float(recipe.cp),
        expert_parallel=float(recipe.ep),
        expert_tensor_parallel=float(recipe.expert_tp),
        data_parallel=float(chips // ranks),
        zero_stage=float(recipe.zero_stage),
        sequence_parallel=float(recipe.sequence_parallel),
        recompute=recipe.recompute,
        micro_batch=float(recipe.micro_batch),
        tensor_overlap=float(recipe.tensor_overlap),
        data_overlap=float(recipe.data_overlap),
    )


def batch_on(recipe: Recipe, layout: Layout) -> int | None:
    """Sequences per step of the recipe under its layout; None when it does not say."""
    if recipe.global_batch is not None or recipe.replica_batch is None:
        return recipe.global_batch
    return recipe.replica_batch * round(float(layout.data_parallel))
