"""A trace read, and told: what it holds, and every damaged row."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.fleet import Jobs, read_trace
from tenfold.planning.fleet_read.answer import Damaged, FleetReadAnswer, Sizes
from tenfold.planning.fleet_read.question import FleetReadQuestion
from tenfold.quantities import HOUR_S, Percentiles, Progress


def answer(
    question: FleetReadQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> FleetReadAnswer:
    """Read a trace. Raises ``InputError`` for a file of no known format, and for one without a job."""
    del progress  # read in no time
    trace = read_trace(Path(question.trace), skip_damaged=True)
    jobs = trace.jobs
    work = jobs.work_s * jobs.chips
    busy_s = float((jobs.submit_s + jobs.work_s).max() - jobs.submit_s.min())
    return FleetReadAnswer(
        question=question,
        made=catalog.made(seed),
        format=trace.format,
        rows=trace.rows,
        jobs=len(jobs),
        rows_without_chips=trace.without_chips,
        damaged=tuple(Damaged(line=each.key, wrong=each.wrong) for each in trace.damaged),
        span_s=float(jobs.submit_s.max() - jobs.submit_s.min()),
        chip_hours=float(work.sum()) / HOUR_S,
        duration_s=Percentiles.of(jobs.work_s),
        largest_gang=int(jobs.chips.max()),
        tenants=len(jobs.tenants),
        mean_chips_asked=float(work.sum()) / busy_s if busy_s else 0.0,
        sizes=tuple(_sizes(jobs, chips) for chips in np.unique(jobs.chips).tolist()),
        notes=(),
        assumptions=(),
        figures=(),
    )


def _sizes(jobs: Jobs, chips: int) -> Sizes:
    work_s = jobs.work_s[jobs.chips == chips]
    return Sizes(
        chips=chips,
        jobs=len(work_s),
        chip_hours=float(work_s.sum()) * chips / HOUR_S,
        duration_s=Percentiles.of(work_s),
    )
