"""A cluster of shared chips filled with tasks: what is held when more and more is asked for."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.fleet import ASKED, Summary, fill, read_nodes, read_tasks
from tenfold.planning.fleet_replay.answer import Allocated, FleetReplayAnswer
from tenfold.planning.fleet_replay.question import FleetReplayQuestion
from tenfold.quantities import Floats, Percentiles, Progress

ALL_ASKED = 1.0
NOTE = "Tasks stay once they are put: this is about how full a cluster gets, and times are zero"


def filled(
    question: FleetReplayQuestion, catalog: Catalog, nodes: str, seed: int, progress: Progress | None
) -> FleetReplayAnswer:
    """Fill a cluster ``draws`` times. Raises ``InputError`` for tables that cannot be read."""
    asked = question.fleet
    there, tasks = read_nodes(Path(nodes)), read_tasks(Path(asked.trace or ""))
    held = []
    for draw in range(asked.draws):
        held.append(fill(there, tasks, asked.placement, seed + draw))
        if progress is not None:
            progress((draw + 1) / asked.draws)
    shares = np.stack(held)
    summary = _nobody_waits(len(tasks), float(shares[:, ASKED.index(ALL_ASKED)].mean()))
    return FleetReplayAnswer(
        question=question,
        made=catalog.made(seed),
        format="tasks",
        rows=len(tasks),
        damaged_rows=0,
        rows_without_chips=sum(not task.count for task in tasks),
        chips=int(there.chips.sum()),
        order="fifo",
        admission="skip",
        fits=True,
        happened={},
        **{each.name: getattr(summary, each.name) for each in fields(Summary)},
        allocated=tuple(_allocated(share, column) for share, column in zip(ASKED, shares.T, strict=True)),
        openings=(),
        mean_stranded_chips=None,
        chip_hours=0.0,
        usd=None,
        usd_by_use={},
        usd_by_tenant={},
        rerun_mean_wait_s=None,
        each_job=(),
        jobs_never=0,
        infeasible=(),
        notes=(NOTE,),
        assumptions=(),
        figures=(),
    )


def _nobody_waits(tasks: int, held: float) -> Summary:
    """Tasks in numbers: without time there are no waits, and a share of the chips is held."""
    zero = Percentiles(p10=0.0, p50=0.0, p90=0.0)
    return Summary(
        jobs=tasks,
        mean_jct_s=0.0,
        mean_wait_s=0.0,
        wait_s=zero,
        jct_s=zero,
        slowdown=zero,
        mean_slowdown=0.0,
        wait_by_chip_hours_s=0.0,
        longest_wait_s=0.0,
        jobs_waited=0,
        deadlines=0,
        deadlines_met=0,
        value_usd=0.0,
        value_met_usd=0.0,
        preemptions=0,
        makespan_s=0.0,
        utilisation={"productive": held, "idle_shape": 1.0 - held},
        wait_reasons={},
        groups=(),
    )


def _allocated(asked: float, held: Floats) -> Allocated:
    """What is held when so much is asked for; a draw each."""
    return Allocated(asked=asked, mean=float(held.mean()), held=Percentiles.of(held))
