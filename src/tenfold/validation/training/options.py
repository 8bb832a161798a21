"""Layouts a measured run may have had: what the source states is kept, what it leaves out is enumerated.

The model then takes the fastest of them that fits in memory, as a careful engineer would have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from tenfold.catalog import Software, TransformerShape
from tenfold.performance.layout import Layout
from tenfold.performance.training import layers_deal
from tenfold.quantities import Floats
from tenfold.validation.training.runs import MeasuredRun
from tenfold.workloads import SCHEDULES, recompute_value

ANY_RECOMPUTE = (0.0, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0)
RECOMPUTE_NAMED = {"minimal": (0.0, 1.0)}
"""Policies that a source's word may mean beside those that name a policy; other words mean any."""
SCHEDULES_SAID = {"1f1b": "1f1b", "1f1b-interleaved": "1f1b", "zero-bubble": "zero-bubble", "zbv": "zero-bubble",
                  "dualpipe": "dualpipe"}  # fmt: skip
"""Schedules that notes name, by the one whose bubble they have; ZB-V fills it as ZB-H does [Qi et al. 2024]."""
SAID = re.compile(r"\bschedule (\S+)")
ONE_CHUNK = ("zbv", "v-half", "v-min")
"""Schedules in the shape of a V, whose second chunk saves memory and no part of a 1F1B bubble [Qi et al. 2024]."""
UNKNOWN_BATCH_MICRO_BATCHES = 16.0
"""Micro-batches per replica where neither the global batch nor the accumulation is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Candidate layouts of one run as columns, and the global batch each of them runs at."""

    layouts: Layout
    global_batches: Floats


def ranks_per_chip(run: MeasuredRun, cores: int) -> float:
    """How many ranks of the published layout share a chip: its cores where the degrees multiply to all of them."""
    degrees = (run.tp or 1.0) * (run.pp or 1.0) * (run.cp or 1.0) * (run.dp or 0.0)
    chips = run.n_chips or 1.0
    ratio = degrees / chips
    return ratio if ratio == cores and (run.tp or 1.0) % ratio == 0 else 1.0


def layout_options(
    run: MeasuredRun, shape: TransformerShape, software: Software, domain_chips: float, cores: int = 1
) -> Options:
    """Candidate layouts of a run; empty when the published degrees do not divide its chips."""
    chips = run.n_chips or 1.0
    rows: list[tuple[float, ...]] = []
    for tensor, stages, context in _degrees(run, shape, software, domain_chips, cores):
        data = chips / (tensor * stages * context)
        if data < 1.0:
            continue
        policies = list(_policies(run, shape, software, tensor, stages, tensor * context * data))
        for micro in _micro_batches(run, data):
            batch = run.global_batch or data * micro * UNKNOWN_BATCH_MICRO_BATCHES
            if data * micro > batch * (1.0 + 1e-9):
                continue
            rows += [(tensor, stages, context, data, micro, batch, *policy) for policy in policies]
    columns = dict(zip(OPEN, np.array(rows).reshape(-1, len(OPEN)).T, strict=True))
    batches = columns.pop("global_batch")
    fixed = {name: np.full(len(rows), value) for name, value in _fixed(run, software).items()}
    return Options(layouts=Layout(**columns, **fixed), global_batches=batches)


OPEN = ("tensor_parallel", "pipeline_parallel", "context_parallel", "data_parallel", "micro_batch", "global_batch",
        "virtual_stages", "expert_parallel", "expert_tensor_parallel", "recompute")  # fmt: skip
"""What a source may leave open, in the order of a row."""


def _fixed(run: MeasuredRun, software: Software) -> dict[str, float]:
    """What is the same in every layout that a run may have had."""
    return {
        "zero_stage": float(software.zero_stage if run.zero_stage is None else run.zero_stage),
        "sequence_parallel": float(_sequence_parallel(run, software)),
        "schedule": float(SCHEDULES.index(SCHEDULES_SAID.get(_schedule_said(run), SCHEDULES[0]))),
        "tensor_overlap": float(software.tensor_overlap),
        "data_overlap": float(software.data_overlap),
    }


def _degrees(
    run: MeasuredRun, shape: TransformerShape, software: Software, domain_chips: float, cores: int
) -> Iterator[tuple[float, float, float]]:
    chips, layers, heads = run.n_chips or 1.0, float(shape.layers), float(shape.heads)
    sharded = software.zero_stage == 3
    if run.tp is not None:
        tensors: Iterable[float] = (max(run.tp / ranks_per_chip(run, cores), 1.0),)
    elif sharded:
        tensors = (1.0,)
    else:
        tensors = tuple(t for t in (1.0, 2.0, 4.0, 8.0, 16.0) if t <= min(chips, domain_chips) and heads % t == 0)
    stages = (run.pp,) if run.pp else (1.0,) if sharded else tuple(p for p in _POWERS if p <= chips and layers % p == 0)
    long = run.cp is None and (run.seq or 0.0) > 16384
    contexts = (run.cp,) if run.cp else (1.0, 2.0, 4.0, 8.0) if long else (1.0,)
    return product(tensors, stages, contexts)


_POWERS = (1.0, 2.0, 4.0, 8.0, 16.0)


def _micro_batches(run: MeasuredRun, data: float) -> tuple[float, ...]:
    if run.micro_batch:
        per_replica = run.global_batch / data if run.global_batch else run.micro_batch
        return (min(run.micro_batch, per_replica),)
    if run.global_batch and run.global_batch / data < 1.0:
        return (run.global_batch / data,)
    return tuple(m for m in _POWERS if not run.global_batch or m <= run.global_batch / data)


def _policies(
    run: MeasuredRun, shape: TransformerShape, software: Software, tensor: float, stages: float, ranks: float
) -> Iterator[tuple[float, float, float, float]]:
    """Chunks of a stage, degrees of experts and sharing, and recomputation that ``ranks`` of a stage may have had."""
    policy_named = recompute_value(run.recompute)
    recompute = (policy_named,) if policy_named is not None else RECOMPUTE_NAMED.get(run.recompute, ANY_RECOMPUTE)
    for found in product(
        _chunks(run, shape, software, stages), _experts(run, shape, ranks), _sharing(run, shape, tensor), recompute
    ):
        _, expert, sharing, _ = found
        if expert * sharing <= ranks:
            yield found


def _sharing(run: MeasuredRun, shape: TransformerShape, tensor: float) -> tuple[float, ...]:
    if float(shape.experts) and run.etp:
        return (min(run.etp, tensor),)
    return (1.0, tensor) if float(shape.experts) and tensor > 1 else (1.0,)


def _sequence_parallel(run: MeasuredRun, software: Software) -> bool:
    stated = run.seq_parallel.lower()
    return stated in ("true", "1") if stated else software.sequence_parallel


def _chunks(run: MeasuredRun, shape: TransformerShape, software: Software, stages: float) -> tuple[float, ...]:
    if _schedule_said(run) in ONE_CHUNK:
        return (1.0,)
    if run.vpp:
        return (run.vpp,)
    if stages == 1 or not software.interleaved:
        return (1.0,)
    chunks = np.array([1, 2, 3, 4, 5, 6, 7, 8, 10, 12])
    return tuple(float(v) for v in chunks[layers_deal(int(shape.layers), int(stages) * chunks)]) or (1.0,)


def _schedule_said(run: MeasuredRun) -> str:
    """Name of the pipeline schedule in the notes; empty where there is none."""
    found = SAID.search(run.notes)
    return found[1].strip(".,;") if found else ""


def _experts(run: MeasuredRun, shape: TransformerShape, ranks: float) -> tuple[float, ...]:
    experts = float(shape.experts)
    if experts == 0:
        return (1.0,)
    if run.ep:
        return (min(run.ep, ranks),)
    return tuple(e for e in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0) if e <= ranks and experts % e == 0)
