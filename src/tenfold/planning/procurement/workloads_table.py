"""Workloads of a procurement file: serving by quarter, training by a deadline, and what each chip is worth to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.procurement.fit import TrainingRun
from tenfold.planning.procurement.programme import USD_PER_MUSD, Workloads
from tenfold.planning.procurement.runs import known_chips, predicted, read_run, work_chip_hours, worth_by_speed
from tenfold.planning.procurement.values import Values
from tenfold.quantities import HOURS_PER_QUARTER, Floats, InputError, Problem, shown

H100 = "h100-sxm"
BF16 = "bf16"
FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadsRead:
    """Workloads with what single chips are worth to them."""

    columns: Workloads
    tables: tuple[Any, ...]
    given: tuple[Mapping[str, float], ...]
    """H100e of a chip as the file gives or as speeds are predicted, by key."""
    runs: tuple[TrainingRun | None, ...]
    """Runs whose speed is predicted; None where the file states the work."""
    speeds: tuple[Mapping[str, float], ...]
    """Tokens/s per chip, by key, of the chips on which some layout of the run fits."""
    notes: tuple[str, ...]


def read_workloads(document: Any, values: Values, catalog: Catalog) -> WorkloadsRead:  # noqa: ANN401
    """Read every workload."""
    tables, last = tuple(document.workloads), values.quarters - 1
    keys = [f"workloads.{row}" for row in range(len(tables))]
    for name in {table.name for table in tables if [other.name for other in tables].count(table.name) > 1}:
        values.wrong("workloads", f"{shown(name)} is there twice", "Give each workload its own name")
    for key, table in zip(keys, tables, strict=True):
        _fits_kind(key, table, values)
    pairs = list(zip(keys, tables, strict=True))
    given = [_given(key, table, values, catalog) for key, table in pairs]
    runs = tuple(read_run(key, table, values) for key, table in pairs)
    chips = [option.chip for option in document.options]
    speeds = tuple(
        {} if run is None else predicted(key, run, chips, values, catalog)
        for (key, _), run in zip(pairs, runs, strict=True)
    )
    given = [
        {**dict.fromkeys(known_chips(chips, catalog), 0.0), **worth_by_speed(speed), **stated}
        if run is not None
        else stated
        for run, speed, stated in zip(runs, speeds, given, strict=True)
    ]
    columns = Workloads(
        names=tuple(table.name for table in tables),
        kinds=tuple(table.kind for table in tables),
        demand_h100e=np.stack(
            [values.series(f"{key}.demand", table.demand or 0, "demand", 0.0) for key, table in pairs]
        ),
        work_h100e_quarters=np.array(
            [
                (values.number(f"{key}.work", table.work, "work", 0.0) or work_chip_hours(run, speed))
                / HOURS_PER_QUARTER
                for (key, table), run, speed in zip(pairs, runs, speeds, strict=True)
            ]
        ),
        first_quarter=np.array([values.within(f"{key}.start", table.start, 0) for key, table in pairs]),
        last_quarter=np.array(
            [values.within(f"{key}.deadline", table.deadline, last, end=True) for key, table in pairs]
        ),
        most_h100e=np.array(
            [values.number(f"{key}.max_h100e", table.max_h100e, "max_h100e", np.inf) for key, table in pairs]
        ),
        unserved_musd_per_h100e_quarter=np.array([_penalty(key, table.unserved, values) for key, table in pairs]),
        slos=tuple(table.slo for table in tables),
    )
    for key, first, end in zip(keys, columns.first_quarter, columns.last_quarter, strict=True):
        if end < first:
            values.wrong(f"{key}.deadline", "is before the start", "Write a later deadline, or an earlier start")
    notes = [
        f"{table.name}: work and worth of chips are predicted for productive time; failures are not in them"
        for table, run in zip(tables, runs, strict=True)
        if run is not None
    ]
    return WorkloadsRead(
        columns=columns, tables=tables, given=tuple(given), runs=runs, speeds=speeds, notes=tuple(notes)
    )


def h100e_of(catalog: Catalog, chip: str) -> float:
    """H100-equivalents of a chip by dense bf16 peak. Raises ``MissingFigureError`` without one."""
    return catalog.chip(chip).peak_flop_per_s(BF16) / catalog.chip(H100).peak_flop_per_s(BF16)


def worth_of(chip: str, catalog: Catalog, read: WorkloadsRead) -> Floats:
    """H100e of a chip to each workload, (w,); 0 where the workload does not take the chip."""
    record = catalog.chip(chip)
    taken = [
        (not table.kinds or record.kind in table.kinds)
        and (not table.chips or record.key in {catalog.chip(name).key for name in table.chips})
        for table in read.tables
    ]
    if not any(taken):
        wrong = f"no workload runs on {record.key}"
        raise InputError(Problem(file="", key="", wrong=wrong, remedy="Leave the option out, or name its kind"))
    rates = [
        0.0 if not takes else given[record.key] if record.key in given else h100e_of(catalog, record.key)
        for takes, given in zip(taken, read.given, strict=True)
    ]
    return np.array(rates)


def _given(key: str, table: Any, values: Values, catalog: Catalog) -> Mapping[str, float]:  # noqa: ANN401
    """What the file says single chips are worth."""
    found: dict[str, float] = {}
    for name in table.chips:
        values.kept(f"{key}.chips", lambda name=name: catalog.chip(name).key, "")  # type: ignore[misc]
    for name, text in table.h100e_per_chip.items():
        place = f"{key}.h100e_per_chip.{name}"
        chip = values.kept(place, lambda name=name: catalog.chip(name).key, "")  # type: ignore[misc]
        found[chip] = values.number(place, text, "h100e_per_chip", 0.0)
    return found


def _penalty(key: str, text: str | int | float, values: Values) -> float:
    """USD per H100e-hour as millions per H100e-quarter; infinite when forbidden."""
    if text == FORBIDDEN:
        return float("inf")
    return values.number(f"{key}.unserved", text, "unserved", 0.0) * HOURS_PER_QUARTER / USD_PER_MUSD


SERVING = ("demand", "slo")
TRAINING = ("work", "model", "tokens", "sequence_length", "global_batch", "deadline", "max_h100e", "cluster_chips")


def _fits_kind(key: str, table: Any, values: Values) -> None:  # noqa: ANN401
    """Refuse keys of the other kind, and ask for what this kind needs."""
    foreign, needed = (TRAINING, "demand") if table.kind == "serve" else (SERVING, "work")
    for name in foreign:
        if getattr(table, name):
            values.wrong(f"{key}.{name}", f"does not belong to kind = '{table.kind}'", "Leave it out")
    if getattr(table, needed) is None and not (needed == "work" and table.model):
        remedy = "Add it" if needed == "demand" else "Add it, or model and tokens"
        values.wrong(f"{key}.{needed}", "is missing", remedy)
    if table.kind == "train" and table.model and table.work is not None:
        values.wrong(f"{key}.work", "work and model are both given", "Leave one out")
