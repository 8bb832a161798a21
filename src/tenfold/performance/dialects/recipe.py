"""What a configuration of another tool says about a training step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tenfold.catalog import TransformerShape
from tenfold.performance.layout import ParallelLayout
from tenfold.performance.layout.columns import Layout, in_numbers
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
    layout: ParallelLayout
    """Of one replica, until the chips are known."""
    assumed: tuple[str, ...] = ()
    """What was taken for granted where the configuration says nothing."""
    not_understood: tuple[str, ...] = ()
    """Settings that were left out of account."""


def layout_on(recipe: Recipe, chips: int, file: str) -> Layout:
    """The recipe's layout on so many chips. Raises ``InputError`` when its degrees do not divide them."""
    one = recipe.layout
    if chips % one.ranks:
        degrees = f"TP {one.tp} × PP {one.pp} × CP {one.cp} = {one.ranks:,}"
        wrong = f"{degrees} does not divide {chips:,} chips"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy=f"Give --chips a multiple of {one.ranks:,}"))
    return in_numbers(replace(one, dp=chips // one.ranks))


def batch_on(recipe: Recipe, layout: Layout) -> int | None:
    """Sequences per step of the recipe under its layout; None when it does not say."""
    if recipe.global_batch is not None or recipe.replica_batch is None:
        return recipe.global_batch
    return recipe.replica_batch * round(float(layout.data_parallel))
