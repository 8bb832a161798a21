"""What the machines of a fleet do to its jobs: hazards of the chip under a policy of ``reliability``, per chip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tenfold.catalog import Catalog
from tenfold.fleet import Trace, Upsets
from tenfold.planning.fleet_replay.question import FleetReplayQuestion
from tenfold.quantities import DAY_S, NamedFigure

if TYPE_CHECKING:
    from tenfold.planning.goodput import GoodputQuestion


class Found:
    """Works upsets out when the trace is known, and remembers the figures under them."""

    def __init__(self, question: FleetReplayQuestion, catalog: Catalog) -> None:
        self._asked, self._catalog = question.fleet, catalog
        self.figures: tuple[NamedFigure, ...] = ()

    def of(self, trace: Trace) -> Upsets:
        """Upsets of a job of the usual size: chips weighted by chip-hours."""
        asked = self._asked
        given = Upsets(
            restart_s=asked.restart_s or 0.0,
            interval_s=asked.checkpoint_interval_s or float("inf"),
            save_s=asked.save_s or 0.0,
        )
        if not asked.failures or asked.chip is None:
            return given
        from tenfold.planning.goodput.inputs import look_up  # loaded only where machines fail
        from tenfold.reliability import apply_policy, best_interval_s

        jobs = trace.jobs
        weight = jobs.work_s * jobs.chips
        usual = max(1, round(float((jobs.chips * weight).sum() / weight.sum()))) if weight.sum() else 1
        days = max(float(np.max(jobs.work_s)) / DAY_S, 1.0)
        gathered = look_up(self._catalog, self._goodput(usual, days), seed=0)
        self.figures = gathered.figures
        run = gathered.run
        applied = apply_policy(run.policy, run.hazards, run.inputs)
        rate = float(applied.stops.rate_per_s.sum())
        stall_s = float((applied.stops.rate_per_s * applied.stops.stall_s).sum() / rate) if rate else 0.0
        best_s = float(np.ravel(best_interval_s(applied, days * DAY_S))[0])
        return Upsets(
            failures_per_chip_s=rate / usual,
            unit_chips=gathered.chips_per_node,
            repair_s=run.node_repair_s if asked.repair_s is None else asked.repair_s,
            restart_s=stall_s if asked.restart_s is None else asked.restart_s,
            interval_s=asked.checkpoint_interval_s or best_s,
            save_s=float(np.ravel(applied.checkpointing.stall_s)[0]) if asked.save_s is None else asked.save_s,
            goes_on=not applied.recovery.rolls_back,
        )

    def _goodput(self, chips: int, days: float) -> GoodputQuestion:
        from tenfold.planning.goodput import GoodputQuestion

        asked = self._asked
        return GoodputQuestion(
            chip=asked.chip or "",
            chips=chips,
            days=days,
            checkpointing=asked.checkpointing,
            recovery=asked.recovery,
            detection=asked.detection,
            failures_per_1000_node_days=asked.failures_per_1000_node_days,
        )
