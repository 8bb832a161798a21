"""Collectives over the devices of one host: a process a device, timed by the first of them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from torch import distributed, multiprocessing
from torch.multiprocessing.spawn import ProcessException

from tenfold.quantities import json_tree, read_text, to_json
from tenfold.validation.chip.measured import Measurement
from tenfold.validation.chip.measuring.device import Device, repeats_of, timed_s
from tenfold.validation.chip.measuring.tasks import Effort

RESULTS = "results.json"
PATIENCE = timedelta(seconds=60)
"""After which processes that do not find each other give up."""
REMEDY = "Measure again"


def measured_collectives(
    device: Device, tasks: Sequence[Measurement], effort: Effort, ranks: int
) -> dict[str, tuple[tuple[float, ...], str]]:
    """Samples of each task by its key, s, or why there are none."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = (ranks, folder, device.device.type, list(tasks), effort)
        try:
            multiprocessing.spawn(_one_rank, args=arguments, nprocs=ranks)
        except (RuntimeError, ProcessException) as trouble:
            last = str(trouble).strip().splitlines()[-1:]
            return {task.key: ((), "".join(last) or type(trouble).__name__) for task in tasks}
        place = Path(folder) / RESULTS
        found = json_tree(read_text(place, REMEDY), str(place), REMEDY)
    return {key: (tuple(each["seconds"]), each["refused"]) for key, each in found.items()}


def _one_rank(rank: int, ranks: int, folder: str, kind: str, tasks: list[Measurement], effort: Effort) -> None:
    """Run every task in one process; the first writes what all took."""
    place = torch.device(kind) if kind == "cpu" else torch.device(kind, rank)
    device = Device(device=place, module=torch.get_device_module(place))
    if not device.is_host:
        device.module.set_device(rank)
    distributed.init_process_group(
        distributed.get_default_backend_for_device(place),
        init_method=f"file://{folder}/meeting",
        rank=rank,
        world_size=ranks,
        timeout=PATIENCE,
    )
    found = {task.key: _samples(device, task, effort, ranks) for task in tasks}
    if rank == 0:
        part = Path(folder) / f"{RESULTS}.{os.getpid()}"
        part.write_text(to_json(found), encoding="utf-8")
        part.replace(Path(folder) / RESULTS)
    distributed.destroy_process_group()


def _samples(device: Device, task: Measurement, effort: Effort, ranks: int) -> Mapping[str, object]:
    """Samples of one collective, the slowest rank's; every rank repeats it as often."""
    try:
        run = MAKERS[task.kind](device, round(task.sizes["bytes"]) // 2, ranks)
        repeats = torch.tensor(repeats_of(device, run, effort.least_sample_s), device=device.device)
    except (RuntimeError, NotImplementedError, ValueError) as trouble:
        return {"seconds": (), "refused": str(trouble).splitlines()[0]}
    distributed.broadcast(repeats, 0)
    seconds = []
    for _ in range(effort.samples):
        distributed.barrier()
        slowest = torch.tensor(timed_s(device, run, int(repeats)), device=device.device)
        distributed.all_reduce(slowest, distributed.ReduceOp.MAX)
        seconds.append(float(slowest))
    return {"seconds": tuple(seconds), "refused": ""}


def _all_reduce(device: Device, elements: int, ranks: int) -> Callable[[], object]:
    del ranks
    there = device.numbers(elements)
    return lambda: distributed.all_reduce(there)


def _all_gather(device: Device, elements: int, ranks: int) -> Callable[[], object]:
    own, whole = device.numbers(elements // ranks), device.numbers(elements // ranks * ranks)
    return lambda: distributed.all_gather_into_tensor(whole, own)


def _reduce_scatter(device: Device, elements: int, ranks: int) -> Callable[[], object]:
    own, whole = device.numbers(elements // ranks), device.numbers(elements // ranks * ranks)
    return lambda: distributed.reduce_scatter_tensor(own, whole)


def _alltoall(device: Device, elements: int, ranks: int) -> Callable[[], object]:
    there, other = device.numbers(elements // ranks * ranks), device.numbers(elements // ranks * ranks)
    return lambda: distributed.all_to_all_single(other, there)


MAKERS: Mapping[str, Callable[[Device, int, int], Callable[[], Any]]] = {
    "all_reduce": _all_reduce,
    "all_gather": _all_gather,
    "reduce_scatter": _reduce_scatter,
    "alltoall": _alltoall,
}
