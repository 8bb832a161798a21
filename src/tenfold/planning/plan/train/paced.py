"""How long a step of each run takes where software and network are not stated: the mixture that ``estimate`` prints.

Layouts are chosen in the likeliest case, and timed in all.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.catalog import Catalog, ModelRecord
from tenfold.performance import software_said
from tenfold.performance.layout import Layout
from tenfold.performance.training import CalibratedSetup
from tenfold.planning.plan.goal import TrainGoal, sequences_per_step
from tenfold.planning.plan.train.runs import Paces
from tenfold.planning.setups import SHARES, Wanted, setups_of
from tenfold.quantities import Floats, Indices, NamedFigure
from tenfold.workloads import frozen_weights


def wanted_by(catalog: Catalog, goal: TrainGoal, model: ModelRecord, chip: str) -> Wanted:
    """What the goal states of a run on a chip."""
    return Wanted(
        chip=chip,
        model=model,
        sequence_length=goal.sequence_length,
        global_batch=sequences_per_step(goal),
        precision=goal.precision,
        software=software_said(catalog, catalog.chip(chip), goal.software, goal.start),
        system=_system(catalog, goal, chip),
        frozen_weights=frozen_weights(goal.tuning),
        start=goal.start,
        network=goal.network,
    )


def _system(catalog: Catalog, goal: TrainGoal, chip: str) -> str:
    """The system that is stated, for the chip that it is built of; empty for the usual one."""
    stated = None if goal.system is None else catalog.system(goal.system)
    return "" if stated is None or stated.chip != catalog.chip(chip).key else stated.key


def paces_of(
    catalog: Catalog,
    goal: TrainGoal,
    model: ModelRecord,
    setups: Sequence[CalibratedSetup],
    chip: Indices,
    chips: Floats,
    batch: Floats,
    layout: Layout,
) -> Paces:
    """Time every run in every case; ``chip`` places the run among the setups, each of which was likeliest.

    A run inside one domain crosses no network, so that no case of it is open.
    """
    step_s = {name: np.zeros(len(chips)) for name in SHARES}
    weights: list[dict[str, NamedFigure]] = [{} for _ in setups]
    ranks = np.asarray(layout.tensor_parallel * layout.pipeline_parallel * layout.expert_parallel)
    for place, setup in enumerate(setups):
        domain = float(setup.setup.hardware.domain_chips)
        for crossed, sharded in itertools.product((False, True), (None, False)):
            index = np.flatnonzero(
                (chip == place) & ((chips > domain) == crossed) & ((ranks > 1) == (sharded is False))
            )
            if not len(index):
                continue
            here = replace(wanted_by(catalog, goal, model, setup.chip.key), sharded=sharded)
            found = setups_of(catalog, here, float(chips[index[0]]))
            counts, of_count = np.unique(chips[index], return_inverse=True)
            spreads = np.array([setup.spread(count).log_spread for count in counts.tolist()])[of_count]
            steps_s = found.steps_s(layout.take(index), goal.layout.given, batch[index])
            for name, values in found.quantiles(steps_s, spreads).items():
                step_s[name][index] = values
            weights[place] |= {each.name: each for each in found.weights}
    return Paces(step_s=step_s, weights=tuple(tuple(each.values()) for each in weights))
