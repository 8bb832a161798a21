"""Policies: the part of a layout that never fails to divide; crossed with every skeleton."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.performance.training.layout import Layout
from tenfold.performance.training.skeletons import Skeletons, grid
from tenfold.performance.training.space import SearchSpace
from tenfold.quantities import Flags, Floats, Indices, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """Columns of equal length."""

    zero_stage: Integers
    sequence_parallel: Integers
    recompute: Floats
    tensor_overlap: Integers
    data_overlap: Integers

    def __len__(self) -> int:
        return len(self.zero_stage)

    def rows(self, index: Indices | Flags) -> Policies:
        """The policies at ``index``."""
        return Policies(**{name: getattr(self, name)[index] for name in Policies.__slots__})

    def without_overlap(self) -> tuple[Policies, Indices]:
        """The policies that differ in more than overlap, which takes no memory, and where each policy is among them."""
        keys = np.stack([self.zero_stage, self.sequence_parallel, self.recompute])
        _, first, inverse = np.unique(keys, axis=1, return_index=True, return_inverse=True)
        return self.rows(first), inverse.ravel()

    def on(self, skeletons: Layout) -> Layout:
        """Layouts of every skeleton with every policy, shape (skeletons, policies)."""
        columns = {name: getattr(self, name).astype(np.float64)[None, :] for name in Policies.__slots__}
        return replace(skeletons, **columns)


def all_policies(space: SearchSpace) -> Policies:
    """Every combination of policies of the space."""
    zero, sequence, again, tensor, data = grid(
        space.zero_stage,
        space.sequence_parallel,
        tuple(range(len(space.recompute))),
        space.tensor_overlap,
        space.data_overlap,
    )
    return Policies(
        zero_stage=zero,
        sequence_parallel=sequence,
        recompute=np.asarray(space.recompute)[again],
        tensor_overlap=tensor,
        data_overlap=data,
    )


def distinct(skeletons: Skeletons, policies: Policies) -> Flags:
    """Which (skeleton, policy) pairs are layouts of their own, shape (skeletons, policies).

    Without tensor parallelism, sequence parallelism and its overlap mean nothing; without data-parallel ranks,
    sharding and its overlap mean nothing: of such equals the one with the highest settings counts.
    """
    alone = skeletons.tensor[:, None] == 1
    single = (skeletons.data * skeletons.context)[:, None] == 1
    for_tensor = (policies.sequence_parallel == policies.sequence_parallel.max()) & (
        policies.tensor_overlap == policies.tensor_overlap.max()
    )
    for_data = (policies.zero_stage == policies.zero_stage.max()) & (
        policies.data_overlap == policies.data_overlap.max()
    )
    own: Flags = (~alone | for_tensor[None, :]) & (~single | for_data[None, :])
    return own


def policies_per_skeleton(skeletons: Skeletons, policies: Policies) -> Integers:
    """How many distinct layouts each skeleton stands for."""
    tensor, ranks = skeletons.tensor > 1, skeletons.data * skeletons.context > 1
    kinds = Skeletons(**{name: np.ones(4, dtype=np.int64) for name in Skeletons.__slots__})
    kinds = replace(kinds, tensor=np.array([1, 1, 2, 2]), data=np.array([1, 2, 1, 2]))
    counts: Integers = distinct(kinds, policies).sum(axis=1)[2 * tensor + ranks]
    return counts
