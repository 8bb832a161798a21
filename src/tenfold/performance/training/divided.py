"""What divides: the skeletons of a space on a number of chips that model, batch and sequence can be dealt to.

They depend on no chip, so one table serves every kind of chip whose software offers the same space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.training.policies import all_policies, policies_per_skeleton
from tenfold.performance.training.skeletons import Skeletons, rejections, skeleton_grid
from tenfold.performance.training.space import SearchSpace
from tenfold.quantities import Flags
from tenfold.workloads import TrainingJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """The skeletons that divide, and the layouts that were counted to find them."""

    space: SearchSpace
    global_batch: float
    """Sequences that a step deals to the replicas."""
    skeletons: Skeletons
    layouts_considered: int
    """Distinct layouts of the space, those that do not divide included."""
    rejected: Mapping[str, int]
    """Layouts by the first reason in ``REJECTIONS`` that they do not divide for."""


def divided(chips: int, shape: TransformerShape, job: TrainingJob, space: SearchSpace) -> Divided:
    """Deal the model to every skeleton of the space on ``chips`` chips.

    ``shape`` and ``job`` hold numbers; of the job the sequence and the global batch count. Raises nothing.
    """
    grid = skeleton_grid(chips, shape, space)
    weights = policies_per_skeleton(grid.skeletons, all_policies(space)).ravel()
    rejected: dict[str, int] = {}
    left = grid.own

    def layouts(chosen: Flags) -> int:
        return int(weights @ np.count_nonzero(chosen, axis=(1, 2, 3)))

    for reason, rejects in rejections(grid.skeletons, shape, job, space.uneven_layers).items():
        rejected[reason] = layouts(left & rejects)
        left = left & ~rejects
    return Divided(
        space=space,
        global_batch=float(job.global_batch),
        skeletons=grid.at(left),
        layouts_considered=layouts(grid.own),
        rejected=rejected,
    )
