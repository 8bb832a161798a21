"""Our memory of a chip against published peaks."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance.training.footprint import footprint
from tenfold.performance.training.setup import training_constants
from tenfold.validation.training.completed import CompletedRun, complete_runs
from tenfold.validation.training.predict import chosen_rows
from tenfold.validation.training.runs import read_runs
from tenfold.validation.training.table import RunTable, run_table

SHORT = "does not fit"
WITH_RESERVE = ("device", SHORT)
"""Peaks read from the device hold the runtime too; peaks of the allocator do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryRow:
    """One published peak and ours, bytes of one chip."""

    id: str
    source_group: str
    chip: str
    model: str
    kind: str
    """"allocated" or "reserved" by the allocator, "device", or that it does not fit."""
    published_bytes: float
    ours_bytes: float
    """Without the reserve where the published peak is the allocator's."""
    capacity_bytes: float

    @property
    def ratio(self) -> float:
        """Ours over the published peak."""
        return self.ours_bytes / self.published_bytes


def memory_rows(path: Path, catalog: Catalog) -> tuple[MemoryRow, ...]:
    """Peaks of a CSV (columns of the training table, with ``peak_bytes`` and ``peak_kind``) that can be predicted."""
    with path.open(encoding="utf-8") as file:
        peaks = {row["id"]: (float(row["peak_bytes"]), row["peak_kind"]) for row in csv.DictReader(file)}
    # a peak says nothing of speed: any throughput lets the run be completed
    runs = [replace(run, tokens_per_s_per_chip=1.0) for run in read_runs(path)]
    done, skipped = complete_runs(runs, catalog)
    for reason, count in skipped.items():
        print(f"memory: {count} rows left out: {reason}")
    constants = training_constants(catalog)
    table = run_table(done)
    best = table.rows(chosen_rows(table, constants))
    totals = _totals(best, constants)
    return tuple(_row(item, peaks[item.run.id], totals, index) for index, item in enumerate(done))


def _totals(table: RunTable, constants: Mapping[str, float]) -> Mapping[bool, np.ndarray]:
    found = footprint(table.shape, table.job, table.layout, table.kernels(constants))
    size = (len(table.runs),)
    whole = np.broadcast_to(found.total, size)
    return {True: whole, False: whole - np.broadcast_to(found.reserve, size)}


def _row(done: CompletedRun, peak: tuple[float, str], totals: Mapping[bool, np.ndarray], index: int) -> MemoryRow:
    published, kind = peak
    return MemoryRow(
        id=done.run.id,
        source_group=done.run.source_group,
        chip=done.run.chip,
        model=done.run.model,
        kind=kind,
        published_bytes=published,
        ours_bytes=float(totals[kind in WITH_RESERVE][index]),
        capacity_bytes=float(done.cases[0].hardware.hbm_bytes),
    )


def layouts_that_ran(path: Path, catalog: Catalog) -> tuple[int, tuple[str, ...]]:
    """How many runs state their whole layout, and those of them that our memory would refuse."""
    done, _ = complete_runs(read_runs(path), catalog)
    stated = [item for item in done if item.open_layouts == 1]
    if not stated:
        return 0, ()
    table = run_table(stated)
    totals = _totals(table, training_constants(catalog))[True]
    refused = tuple(
        item.run.id
        for item, total in zip(stated, totals, strict=True)
        if total > float(item.cases[0].hardware.hbm_bytes)
    )
    return len(stated), refused


def errors(rows: Sequence[MemoryRow]) -> np.ndarray:
    """Absolute relative errors of the peaks that are published."""
    return np.array([abs(row.ratio - 1.0) for row in rows if row.kind != SHORT])
