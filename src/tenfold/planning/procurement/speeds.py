"""Training runs given as a model and tokens: their speed on each chip, predicted by the performance rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tenfold.catalog import Catalog
from tenfold.planning.procurement.fit import MODELLED, Speed, TrainingRun, speed_of
from tenfold.planning.procurement.question import WorkloadTable
from tenfold.quantities import HOUR_S, InputError, Place, Problem, placed, read_each, shown
from tenfold.workloads import global_batch_sequences

H100 = "h100-sxm"
Speeds = Mapping[str, Speed]
"""By key, of the chips on which some layout of a run fits; empty where nothing is predicted."""


def run_of(table: WorkloadTable) -> TrainingRun | None:
    """Run of a workload that names a model; None for one whose need is stated."""
    if table.model is None or table.tokens is None or table.sequence_length is None:
        return None
    if table.global_batch is None or table.cluster_chips is None:
        return None
    return TrainingRun(
        model=table.model,
        tokens=table.tokens,
        sequence_length=table.sequence_length,
        global_batch=global_batch_sequences(table.global_batch, table.sequence_length)[0],
        precision=table.precision,
        cluster_chips=table.cluster_chips,
        policy=table.policy,
    )


def speeds_of(tables: Sequence[WorkloadTable], chips: Iterable[str], catalog: Catalog) -> tuple[Speeds, ...]:
    """Predict the runs of all workloads on an H100 and on every chip of a modelled kind.

    Raises one ``InputError`` with every figure that is missing, and every run that fits on no cluster of H100.
    """
    known = tuple(dict.fromkeys((H100, *chips)))
    return read_each(
        lambda numbered: _speeds(f"workloads.{numbered[0]}", run_of(numbered[1]), known, catalog), enumerate(tables)
    )


def _speeds(key: str, run: TrainingRun | None, chips: Sequence[str], catalog: Catalog) -> Speeds:
    if run is None:
        return {}
    modelled = [chip for chip in chips if catalog.chip(chip).kind in MODELLED["train"]]
    found = read_each(lambda chip: _speed(key, chip, run, catalog), modelled)
    speeds = {chip: speed for chip, speed in zip(modelled, found, strict=True) if speed is not None}
    if H100 not in speeds:
        wrong = f"no layout of {shown(run.model)} fits {run.cluster_chips:,} H100, the unit of its work"
        remedy = "Write more chips, or give work instead of a model"
        raise InputError(Problem(file="", key=f"{key}.cluster_chips", wrong=wrong, remedy=remedy))
    return speeds


def _speed(key: str, chip: str, run: TrainingRun, catalog: Catalog) -> Speed | None:
    try:
        return speed_of(catalog, chip, run)
    except InputError as trouble:
        raise placed(trouble, Place(key=f"{key}.{'precision' if chip == H100 else 'model'}")) from None


def work_h100_hours(table: WorkloadTable, speeds: Speeds) -> float:
    """Chip-hours of an H100 that a run takes, as stated or by its useful speed; 0 of serving."""
    if table.work_h100_hours is not None:
        return table.work_h100_hours
    if table.tokens is None or not speeds:
        return 0.0
    return table.tokens / speeds[H100].useful_tokens_per_s_per_chip / HOUR_S
