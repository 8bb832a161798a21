"""Policies: the part of a layout that never fails to divide; crossed with every skeleton.

Each policy is an axis of its own in front of the axis of the skeletons, so a term of a step or of the memory takes
the size of the policies it depends on and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from tenfold.performance.layout.columns import Layout
from tenfold.performance.training.skeletons import Skeletons
from tenfold.performance.training.space import SearchSpace
from tenfold.quantities import Flags, Floats, Indices, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """Every combination of policies of a space: axis i of six holds the values of field i, the last is of length 1."""

    zero_stage: Floats
    sequence_parallel: Floats
    recompute: Floats
    tensor_overlap: Floats
    data_overlap: Floats

    @property
    def shape(self) -> tuple[int, ...]:
        """Values of each policy."""
        return tuple(getattr(self, name).size for name in POLICIES)

    def __len__(self) -> int:
        return prod(self.shape)

    def on(self, skeletons: Layout) -> Layout:
        """Layouts of every skeleton with every policy: the policies' axes before that of the skeletons."""
        return replace(skeletons, **{name: getattr(self, name) for name in POLICIES})

    def at(self, index: Indices) -> dict[str, Floats]:
        """Columns of the combinations numbered ``index``, the last policy changing fastest."""
        places = np.unravel_index(index, self.shape)
        return {name: getattr(self, name).ravel()[place] for name, place in zip(POLICIES, places, strict=True)}


POLICIES = tuple(Policies.__slots__)
POLICY_AXES = tuple(range(len(POLICIES)))


def all_policies(space: SearchSpace) -> Policies:
    """Every combination of policies of the space."""
    axes = (np.asarray(getattr(space, name), dtype=np.float64) for name in POLICIES)
    shaped = np.ix_(*axes, np.zeros(1))
    return Policies(**dict(zip(POLICIES, shaped, strict=False)))


def distinct(skeletons: Skeletons, policies: Policies) -> Flags:
    """Which (policy, skeleton) pairs are layouts of their own; broadcasts to the policies' axes and the skeletons.

    Without tensor parallelism, sequence parallelism and its overlap mean nothing; without data-parallel ranks,
    sharding and its overlap mean nothing: of such equals the one with the highest settings counts.
    """
    alone = skeletons.tensor == 1
    single = skeletons.data * skeletons.context == 1
    for_tensor = _highest(policies.sequence_parallel) & _highest(policies.tensor_overlap)
    for_data = _highest(policies.zero_stage) & _highest(policies.data_overlap)
    own: Flags = (~alone | for_tensor) & (~single | for_data)
    return own


def _highest(axis: Floats) -> Flags:
    highest: Flags = axis == axis.max()
    return highest


def as_dealt(space: SearchSpace) -> SearchSpace:
    """The space as far as ``divided`` goes by it: which value a policy has that has only one, moves no count."""
    alone: dict[str, Any] = {name: (0,) for name in POLICIES if len(getattr(space, name)) == 1}
    return replace(space, **alone)


def policies_per_skeleton(skeletons: Skeletons, policies: Policies) -> Integers:
    """How many distinct layouts each skeleton stands for."""
    tensor, ranks = skeletons.tensor > 1, skeletons.data * skeletons.context > 1
    kinds = Skeletons(**{name: np.ones(4, dtype=np.int64) for name in Skeletons.__slots__})
    kinds = replace(kinds, tensor=np.array([1, 1, 2, 2]), data=np.array([1, 2, 1, 2]))
    own = np.broadcast_to(distinct(kinds, policies), (*policies.shape, 4))
    counts: Integers = own.sum(axis=POLICY_AXES)[2 * tensor + ranks]
    return counts
