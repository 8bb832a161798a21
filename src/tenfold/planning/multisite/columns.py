"""Every design over several sites: algorithm × sync period × subset of the sites that have power."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance.training import LOCAL_CHIPS
from tenfold.planning.multisite.run import MultisiteRun
from tenfold.planning.multisite.scene import Columns, Scene
from tenfold.planning.multisite.speed import Pace, Paces, shares_of
from tenfold.planning.multisite.topology import Ring, best_ring, ring_bytes_per_s, ways
from tenfold.quantities import Floats, Indices
from tenfold.reliability import practice_of
from tenfold.sites import EVERY_STEP
from tenfold.workloads import total_parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """Some of the campuses with their shares of the batch and the ring between them."""

    members: tuple[int, ...]
    sequences: tuple[int, ...]
    """Of each member."""
    paces: tuple[Pace, ...]
    ring: Ring


def scene_of(
    catalog: Catalog,
    run: MultisiteRun,
    paces: Paces,
    *,
    term_days: Sequence[float],
    premium: Sequence[float],
    ordered_chips: Sequence[float],
    waits: Sequence[float],
) -> Scene:
    """Gather what is the same for all designs; terms, premium, what is ordered and whether it waits are of campuses."""
    shape = catalog.model(run.model).shape
    chips = np.array([float(campus.chips) for campus in run.campuses])
    inside = [float(setup.setup.hardware.scaleout_bytes_per_s) for setup in paces.setups]
    latency = [catalog.link(fibre.kind).latency_s_per_km for fibre in run.fibres]
    layers = float(shape.layers)
    return Scene(
        parameters=float(total_parameters(shape)),
        layers=layers,
        fragments=float(np.ceil(layers / catalog.assumption("sites.fragment_layers").value)),
        tokens=run.tokens,
        tokens_per_step=float(run.global_batch * run.sequence_length),
        chips=chips,
        ordered_chips=np.array(ordered_chips, dtype=np.float64),
        bytes_per_s_inside=chips * np.array(inside),
        link_usd_per_hour=np.array([fibre.cost_usd_per_hour for fibre in run.fibres]),
        term_days=np.array(term_days, dtype=np.float64),
        premium=np.array(premium, dtype=np.float64),
        waits=np.array(waits, dtype=np.float64),
        s_per_km=max(latency, default=0.0),
        practice=practice_of(run.policy, [setup.system for setup in paces.setups]),
    )


def subsets_of(
    run: MultisiteRun, paces: Paces, usable: Sequence[int], progress: Callable[[float], None] | None = None
) -> tuple[Subset, ...]:
    """Make every subset of the usable campuses; those on which a member has no layout are left out."""
    length, taken = ways(len(run.campuses), run.fibres)
    sizes = range(1, len(usable) + 1)
    groups = [group for size in sizes for group in itertools.combinations(usable, size) if size <= run.global_batch]
    found = []
    for number, members in enumerate(groups):
        dealt = shares_of(paces, members, run.global_batch)
        each = tuple(paces.of(place, dealt[place]) for place in members)
        if all(np.isfinite(pace.step_s) for pace in each):
            ring = best_ring(members, length, taken, run.fibres)
            sequences = tuple(dealt[place] for place in members)
            found.append(Subset(members=members, sequences=sequences, paces=each, ring=ring))
        if progress is not None:
            progress((number + 1) / len(groups))
    return tuple(found)


def columns_of(run: MultisiteRun, paces: Paces, subsets: Sequence[Subset]) -> Columns:
    """Cross the subsets with the algorithms and, where they have one, the sync periods; a site alone has one row."""
    rows = [row for number, subset in enumerate(subsets) for row in _rows(run, number, len(subset.members))]
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    subset = table[:, 2].astype(np.intp)
    parts = [_columns_of_subset(run, each) for each in subsets]
    uses, share, step, loads = (
        np.array(each, dtype=np.float64).reshape(len(subsets), -1) for each in zip(*parts, strict=True)
    )
    return Columns(
        algorithm=table[:, 0].astype(np.intp),
        names=run.algorithms,
        sync_steps=table[:, 1],
        subset=subset,
        uses=uses[subset] > 0.0,
        share=share[subset],
        site_step_s=step[subset] * _in_step(run, paces, uses, table[:, 0].astype(np.intp), subset),
        replicas=np.array([sum(pace.replicas for pace in each.paces) for each in subsets])[subset],
        longest_km=np.array([each.ring.longest_km for each in subsets])[subset],
        bytes_per_s=np.array([ring_bytes_per_s(each.ring, run.fibres) for each in subsets])[subset],
        uses_link=loads[subset] > 0.0,
    )


def _in_step(run: MultisiteRun, paces: Paces, uses: Floats, algorithm: Indices, subset: Indices) -> Floats:
    """Factor on the step of each site where all sites end every step together: stragglers of all of them count.

    (1 + k·log₂(all/8)) ÷ (1 + k·log₂(own/8)) with the loss k per doubling of the chips that the step time of a campus
    already has for its own; 1 for algorithms that synchronise rarely, over whose steps stragglers average out.
    """
    own = np.array([float(campus.chips) for campus in run.campuses])
    loss = np.array([float(setup.setup.kernels.scale_loss) for setup in paces.setups])

    def slowed(chips: Floats) -> Floats:
        return 1.0 + loss * np.log2(np.maximum(chips / LOCAL_CHIPS, 1.0))

    every = np.array([name in EVERY_STEP for name in run.algorithms])[algorithm]
    together = slowed(np.maximum((uses @ own)[:, None], own)) / slowed(own)
    return np.where(every[:, None], together[subset], 1.0)


def _rows(run: MultisiteRun, number: int, members: int) -> list[tuple[int, int, int]]:
    if members == 1:
        return [(0, 1, number)]
    return [
        (place, steps, number)
        for place, name in enumerate(run.algorithms)
        for steps in ((1,) if name in EVERY_STEP else run.sync_steps)
    ]


def _columns_of_subset(
    run: MultisiteRun, subset: Subset
) -> tuple[list[float], list[float], list[float], tuple[int, ...]]:
    many = len(run.campuses)
    uses, share, step = [0.0] * many, [0.0] * many, [0.0] * many
    for place, sequences, pace in zip(subset.members, subset.sequences, subset.paces, strict=True):
        uses[place], share[place], step[place] = 1.0, sequences / run.global_batch, pace.step_s
    return uses, share, step, subset.ring.loads
