"""How long a step of each run takes where software and network are not stated: the mixture that ``estimate`` prints.

Layouts are chosen in the likeliest case, and timed in all.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tenfold.catalog import Catalog, ModelRecord
from tenfold.performance import software_said
from tenfold.performance.layout import Layout
from tenfold.performance.training import CalibratedSetup
from tenfold.planning.plan.goal import TrainGoal, sequences_per_step
from tenfold.planning.plan.train.runs import Paces
from tenfold.planning.setups import SHARES, Setups, Wanted, setups_of, sharded_by
from tenfold.quantities import Floats, Indices, NamedFigure


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
        tuning=goal.tuning,
        adapter_rank=goal.lora_rank or 0,
        start=goal.start,
        network=goal.network,
    )


def _system(catalog: Catalog, goal: TrainGoal, chip: str) -> str:
    """The system that is stated, for the chip that it is built of; empty for the usual one."""
    stated = None if goal.system is None else catalog.system(goal.system)
    return "" if stated is None or stated.chip != catalog.chip(chip).key else stated.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Paced:
    """What was timed of one goal so far: no token, deadline or price moves it; a count has one layout at a batch."""

    step_s: dict[tuple[str, float, float], tuple[float, ...]] = field(default_factory=dict)
    """In the order of ``SHARES``, by chip, chips and batch."""
    weights: dict[tuple[str, bool, bool], tuple[NamedFigure, ...]] = field(default_factory=dict)
    """By chip, whether a network is crossed, and whether there are ranks beside shards."""


def paces_of(
    catalog: Catalog,
    goal: TrainGoal,
    model: ModelRecord,
    setups: Sequence[CalibratedSetup],
    chip: Indices,
    chips: Floats,
    batch: Floats,
    layout: Layout,
    paced: Paced,
) -> Paces:
    """Time every run in every case; ``chip`` places the run among the setups, each of which was likeliest.

    A run inside one domain crosses no network, so that no case of it is open. What is ``paced`` is not timed again, and
    what is timed is added to it.
    """
    keys = [setups[place].chip.key for place in chip.tolist()]
    runs = list(zip(keys, chips.tolist(), batch.tolist(), strict=True))
    ranks = np.asarray(layout.tensor_parallel * layout.pipeline_parallel * layout.expert_parallel) > 1
    weights: list[dict[str, NamedFigure]] = [{} for _ in setups]
    for place, setup in enumerate(setups):
        crosses = chips > float(setup.setup.hardware.domain_chips)
        for crossed, ranked in itertools.product((False, True), repeat=2):
            here = np.flatnonzero((chip == place) & (crosses == crossed) & (ranks == ranked))
            if not len(here):
                continue
            key = (setup.chip.key, crossed, ranked)
            new = here[[runs[run] not in paced.step_s for run in here.tolist()]]
            if len(new) or key not in paced.weights:
                wanted = replace(wanted_by(catalog, goal, model, setup.chip.key), sharded=sharded_by(1 + ranked))
                found = setups_of(catalog, wanted, float(chips[here[0]]))
                paced.weights[key] = found.weights
                steps_s = _timed(setup, found, goal, chips[new], batch[new], layout.take(new))
                paced.step_s.update(zip([runs[run] for run in new.tolist()], zip(*steps_s, strict=True), strict=True))
            weights[place] |= {each.name: each for each in paced.weights[key]}
    columns = np.array([paced.step_s[run] for run in runs]).reshape(len(runs), len(SHARES)).T
    step_s = dict(zip(SHARES, columns, strict=True))
    return Paces(step_s=step_s, weights=tuple(tuple(each.values()) for each in weights))


def _timed(
    setup: CalibratedSetup, cases: Setups, goal: TrainGoal, chips: Floats, batch: Floats, layout: Layout
) -> Sequence[Sequence[float]]:
    """P10, P50 and P90 of the steps of runs, s, in the order of ``SHARES``."""
    found = cases.quantiles(cases.steps_s(layout, goal.layout.given, batch), setup.log_spread_at(chips))
    return [found[name].tolist() for name in SHARES]
