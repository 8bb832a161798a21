"""What a configuration of another tool says about a training step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tenfold.catalog import TransformerShape
from tenfold.performance.layout import ParallelLayout
from tenfold.performance.layout.columns import Layout, in_numbers
from tenfold.quantities import InputError, Problem
from tenfold.workloads import FULL


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
    layout: ParallelLayout
    """Of one replica, until the chips are known."""
    chip_batch: float | None = None
    """Sequences per step for each chip."""
    model: str = ""
    """Name of the model on its hub, where the file has it and no sizes."""
    layers_per_chunk: int | None = None
    """Layers of each chunk of a pipeline, where the file says them and not the chunks."""
    multiple: int = 1
    """What the chips have to be a multiple of beside the ranks of a replica."""
    software: str = ""
    """Framework, as logs name it; empty where the file may be anybody's."""
    gradient_bytes: float | None = None
    """Bytes per gradient that is kept, where the file says so."""
    tuning: str = FULL
    """Whether all weights are trained, or adapters beside frozen ones."""
    optimizer_bytes: float | None = None
    """Bytes per parameter of master weights and moments on the chip, where the file says so."""
    assumed: tuple[str, ...] = ()
    """What was taken for granted where the configuration says nothing."""
    not_understood: tuple[str, ...] = ()
    """Settings that were left out of account."""


def layout_on(recipe: Recipe, chips: int, file: str) -> Layout:
    """The recipe's layout on so many chips. Raises ``InputError`` when its degrees do not divide them."""
    one = recipe.layout
    if chips % (one.ranks * recipe.multiple):
        degrees = f"TP {one.tp} × PP {one.pp} × CP {one.cp} = {one.ranks:,}"
        shards = f", in shards and copies of {recipe.multiple:,}," if recipe.multiple > 1 else ""
        wrong, least = f"{degrees}{shards} does not divide {chips:,} chips", one.ranks * recipe.multiple
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy=f"Give --chips a multiple of {least:,}"))
    return in_numbers(replace(one, dp=chips // one.ranks))


def chunked(recipe: Recipe, layers: int) -> Recipe:
    """The recipe with the chunks that a model of so many layers makes where the file counts the layers of each."""
    if recipe.layers_per_chunk is None:
        return recipe
    chunks = max(1, round(layers / (recipe.layout.pp * recipe.layers_per_chunk)))
    return replace(recipe, layout=replace(recipe.layout, vpp=chunks))


def batch_on(recipe: Recipe, layout: Layout) -> int | None:
    """Sequences per step of the recipe under its layout; None when it does not say."""
    if recipe.global_batch is not None:
        return recipe.global_batch
    if recipe.chip_batch is not None:
        return max(1, round(recipe.chip_batch * float(layout.chips)))
    return None if recipe.replica_batch is None else recipe.replica_batch * round(float(layout.data_parallel))
