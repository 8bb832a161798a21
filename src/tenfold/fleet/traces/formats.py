"""Which columns mean what. A format is a row of ``FORMATS``: the columns it needs, and the function that reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.fleet.traces.columns import Words, first_of, named, numbers, times_s
from tenfold.fleet.traces.table import Table
from tenfold.fleet.traces.wanted import Wanted, wanted
from tenfold.quantities import Floats

SUBMITTED = ("submit_s", "submit_time", "submitted_time", "submit", "arrival_s", "timestamp", "creation_time")
LASTED = ("duration_s", "duration", "run_time", "runtime_s")
STARTED = ("start_s", "start_time", "scheduled_time")
ENDED = ("end_s", "end_time", "deletion_time", "finished_time")
CHIPS = ("chips", "gpus", "num_gpus", "gpu_num", "num_gpu")
TENANT = ("tenant", "virtual_cluster", "vc", "cluster", "queue", "account", "user")
ESTIMATE = ("estimate_s", "time_limit_s", "requested_s")
TIER, DEADLINE = ("tier",), ("deadline_s",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What a format gives, one entry a row; NaN where a cell means nothing."""

    submit_s: Floats
    work_s: Floats
    chips: Floats
    tenant: Words | None
    estimate_s: Floats | None = None
    tier: Floats | None = None
    deadline_s: Floats | None = None
    since_s: Floats | None = None
    """When a job of a snapshot started; NaN while it waits."""
    wanted: Wanted | None = None
    """What rows ask for beside chips."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of trace."""

    title: str
    needs: tuple[tuple[str, ...], ...]
    """Of each group one column has to be there."""
    read: Callable[[Table], Rows]

    def fits(self, table: Table) -> bool:
        """Whether a table has what it needs."""
        return all(named(table, *group) for group in self.needs)


def plain(table: Table) -> Rows:
    """Time of submission, how long, how many chips: Tenfold's own, Philly, Helios, Acme."""
    submit = table.columns[named(table, *SUBMITTED) or ""]
    return Rows(
        submit_s=times_s(submit),
        work_s=_lasted_s(table),
        chips=numbers(table.columns[named(table, *CHIPS) or ""]),
        tenant=first_of(table, TENANT),
        estimate_s=_optional(table, ESTIMATE),
        tier=_optional(table, TIER),
        deadline_s=_optional(table, DEADLINE),
        since_s=times_s(table.columns["start_s"]) if "start_s" in table.columns else None,
        wanted=wanted(table),
    )


def _lasted_s(table: Table) -> Floats:
    lasted = named(table, *LASTED)
    if lasted is not None:
        return numbers(table.columns[lasted])
    start, end = (times_s(table.columns[named(table, *names) or ""]) for names in (STARTED, ENDED))
    return end - start


def _optional(table: Table, names: tuple[str, ...]) -> Floats | None:
    name = named(table, *names)
    return None if name is None else numbers(table.columns[name])


def alibaba_tasks(table: Table) -> Rows:
    """Alibaba PAI 2020, pai_task_table: a task of instances, each of a share of a GPU in per cent, rounded up."""
    start, end = (times_s(table.columns[name]) for name in ("start_time", "end_time"))
    instances, percent = numbers(table.columns["inst_num"]), numbers(table.columns["plan_gpu"])
    chips = np.ceil(instances * percent / 100.0)
    return Rows(submit_s=start, work_s=end - start, chips=chips, tenant=first_of(table, ("user", "gpu_type")))


def borg(table: Table) -> Rows:
    """Google cluster data 2019 (instance events): a collection is a gang of its instances; times are microseconds.

    It runs from the first time an instance is scheduled (type 3) to the last time one ends (4 to 8).
    """
    kind, at_s = numbers(table.columns["type"]), numbers(table.columns["time"]) / 1e6
    names = table.columns["collection_id"].astype(str)
    keys, first, place = np.unique(names, return_index=True, return_inverse=True)
    submit_s, start_s, end_s = (np.full(len(keys), value) for value in (np.inf, np.inf, -np.inf))
    np.minimum.at(submit_s, place, at_s)
    started, ended = kind == 3, (kind >= 4) & (kind <= 8)
    np.minimum.at(start_s, place[started], at_s[started])
    np.maximum.at(end_s, place[ended], at_s[ended])
    index = numbers(table.columns["instance_index"])
    chips = np.ones(len(keys))
    np.maximum.at(chips, place, index + 1)
    work_s = end_s - start_s
    user = first_of(table, ("user",))
    return Rows(
        submit_s=submit_s, work_s=np.where(np.isfinite(work_s), work_s, np.nan), chips=chips,
        tenant=None if user is None else user[first],
    )  # fmt: skip


FORMATS: dict[str, Format] = {
    "alibaba-pai": Format(
        "Alibaba PAI 2020, pai_task_table", (("inst_num",), ("plan_gpu",), ("start_time",), ("end_time",)),
        alibaba_tasks,
    ),
    "borg": Format(
        "Google cluster data 2019, instance events", (("time",), ("type",), ("collection_id",), ("instance_index",)),
        borg,
    ),
    "plain": Format("submission, duration, chips", (SUBMITTED, LASTED, CHIPS), plain),
    "spans": Format("submission, start and end, chips", (SUBMITTED, STARTED, ENDED, CHIPS), plain),
}  # fmt: skip
"""Formats of tables, the particular ones first."""
