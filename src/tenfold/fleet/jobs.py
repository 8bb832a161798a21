"""Jobs as columns: what a trace holds, one entry a job."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from tenfold.fleet.wants import Wants, coded
from tenfold.quantities import Floats, Indices, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """Jobs in order of submission, ties by row of the file; every column has one entry a job."""

    line: Integers
    """Line of the file, or row of a table without lines, from 1."""
    submit_s: Floats
    """On the clock of the trace."""
    work_s: Floats
    """Time it runs for when nothing stops it."""
    chips: Integers
    """Gang: all of them or none."""
    tenant: Integers
    """Place in ``tenants``."""
    tenants: tuple[str, ...]
    estimate_s: Floats
    """What its user said it would take; the time itself where nothing was said."""
    tier: Integers
    """0 is served first."""
    deadline_s: Floats
    """On the same clock; infinite where there is none."""
    since_s: Floats
    """In a snapshot when it started, on the same clock; NaN where it waits, or nothing is said."""
    wants: Wants | None = None
    """What they ask for beside chips; nothing where none of them does."""

    def __len__(self) -> int:
        """Count the jobs."""
        return len(self.line)

    def take(self, rows: Indices) -> Jobs:
        """Give some of the jobs, in the order of ``rows``."""
        wants = None if self.wants is None else self.wants.take(rows)
        return replace(self, wants=wants, **{name: getattr(self, name)[rows] for name in COLUMNS})


COLUMNS = tuple(each.name for each in fields(Jobs) if each.name not in ("tenants", "wants"))


def make_jobs(
    submit_s: Floats,
    work_s: Floats,
    chips: Integers,
    *,
    tenant_names: np.ndarray[tuple[int], np.dtype[np.object_]] | None = None,
    line: Integers | None = None,
    estimate_s: Floats | None = None,
    tier: Integers | None = None,
    deadline_s: Floats | None = None,
    since_s: Floats | None = None,
    wants: Wants | None = None,
) -> Jobs:
    """Put columns in order of submission; times stay on the clock of the trace, which passes of an interval follow."""
    count = len(submit_s)
    names: tuple[str, ...] = ("all",)
    codes = np.zeros(count, dtype=np.int64)
    if tenant_names is not None:
        names, codes = coded(tenant_names)
    jobs = Jobs(
        line=np.arange(1, count + 1) if line is None else line,
        submit_s=np.asarray(submit_s, dtype=np.float64),
        work_s=np.asarray(work_s, dtype=np.float64),
        chips=np.asarray(chips, dtype=np.int64),
        tenant=codes,
        tenants=names,
        estimate_s=np.asarray(work_s if estimate_s is None else estimate_s, dtype=np.float64),
        tier=np.zeros(count, dtype=np.int64) if tier is None else tier,
        deadline_s=np.full(count, np.inf) if deadline_s is None else deadline_s,
        since_s=np.full(count, np.nan) if since_s is None else since_s,
        wants=wants,
    )
    ordered = np.argsort(jobs.submit_s, kind="stable")
    return jobs.take(ordered)
