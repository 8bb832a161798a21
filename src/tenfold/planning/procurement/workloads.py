"""Workloads as columns, and what each chip is worth to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.procurement.markers import FORBIDDEN
from tenfold.planning.procurement.programme import USD_PER_MUSD, Workloads
from tenfold.planning.procurement.quarters import Calendar
from tenfold.planning.procurement.question import WorkloadTable
from tenfold.planning.procurement.speeds import H100, Speeds, work_h100_hours
from tenfold.quantities import HOURS_PER_QUARTER, Floats

BF16 = "bf16"


def workload_columns(tables: Sequence[WorkloadTable], speeds: Sequence[Speeds], calendar: Calendar) -> Workloads:
    """Write the workloads as columns; ``speeds`` are of each, empty where its work is stated."""
    most = [np.inf if table.max_h100e is None else table.max_h100e for table in tables]
    hours = [work_h100_hours(table, speed) for table, speed in zip(tables, speeds, strict=True)]
    return Workloads(
        names=tuple(table.name for table in tables),
        kinds=tuple(table.kind for table in tables),
        demand_h100e=np.stack([calendar.by_quarter(table.demand_h100e, 0.0) for table in tables]),
        work_h100e_quarters=np.array(hours) / HOURS_PER_QUARTER,
        first_quarter=np.array([calendar.first(table.start) for table in tables]),
        last_quarter=np.array([calendar.last(table.deadline) for table in tables]),
        most_h100e=np.array(most),
        unserved_musd_per_h100e_quarter=np.array([_penalty_musd(table) for table in tables]),
        slos=tuple(table.slo for table in tables),
    )


def _penalty_musd(table: WorkloadTable) -> float:
    """Penalty for an H100e-quarter, millions; infinite where demand must be served."""
    stated = table.unserved_usd_per_h100e_hour
    return float("inf") if stated == FORBIDDEN else float(stated) * HOURS_PER_QUARTER / USD_PER_MUSD


def takes(table: WorkloadTable, chip: str, catalog: Catalog) -> bool:
    """Whether a workload runs on a chip."""
    named = not table.chips or chip in table.chips
    return named and (not table.kinds or catalog.chip(chip).kind in table.kinds)


def worth_of(chip: str, catalog: Catalog, tables: Sequence[WorkloadTable], speeds: Sequence[Speeds]) -> Floats:
    """H100e of a chip to each workload, (w,); 0 where the workload does not take it.

    As the question states; by speed to a run that is predicted, 0 where no layout fits; by dense bf16 peak elsewhere.
    Raises ``MissingFigureError`` for a chip without one.
    """
    return np.array(
        [
            _worth(chip, catalog, table, speed) if takes(table, chip, catalog) else 0.0
            for table, speed in zip(tables, speeds, strict=True)
        ]
    )


def _worth(chip: str, catalog: Catalog, table: WorkloadTable, speeds: Speeds) -> float:
    stated = stated_worth(table, catalog)
    if chip in stated:
        return stated[chip]
    if speeds:
        found = speeds.get(chip)
        unit = speeds[H100].useful_tokens_per_s_per_chip
        return 0.0 if found is None else found.useful_tokens_per_s_per_chip / unit
    return catalog.chip(chip).peak_flop_per_s(BF16) / catalog.chip(H100).peak_flop_per_s(BF16)


def stated_worth(table: WorkloadTable, catalog: Catalog) -> Mapping[str, float]:
    """H100e of single chips as the question states them, by key."""
    return {catalog.chip(name).key: worth for name, worth in table.h100e_per_chip.items()}
