"""What divides: the skeletons of a space on a number of chips that model, batch and sequence can be dealt to.

They depend on no chip, so one table serves every kind of chip whose software offers the same space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.training.policies import all_policies, policies_per_skeleton
from tenfold.performance.training.skeletons import Skeletons, all_skeletons, rejections
from tenfold.performance.training.space import SearchSpace
from tenfold.workloads import TrainingJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """The skeletons that divide, and the layouts that were counted to find them."""

    space: SearchSpace
    skeletons: Skeletons
    layouts_considered: int
    """Distinct layouts of the space, those that do not divide included."""
    rejected: Mapping[str, int]
    """Layouts by the first reason in ``REJECTIONS`` that they do not divide for."""


def divided(chips: int, shape: TransformerShape, job: TrainingJob, space: SearchSpace) -> Divided:
    """Deal the model to every skeleton of the space on ``chips`` chips.

    ``shape`` and ``job`` hold numbers; of the job the sequence and the global batch count. Raises nothing.
    """
    skeletons = all_skeletons(chips, shape, space)
    weights = policies_per_skeleton(skeletons, all_policies(space))
    rejected: dict[str, int] = {}
    left = np.ones(len(skeletons), dtype=bool)
    for reason, rejects in rejections(skeletons, shape, job).items():
        rejected[reason] = int(weights[left & rejects].sum())
        left &= ~rejects
    return Divided(
        space=space, skeletons=skeletons.rows(left), layouts_considered=int(weights.sum()), rejected=rejected
    )
