"""What the machines of a fleet do to its jobs: hazards of the chip under a policy of ``reliability``, per chip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tenfold.catalog import Catalog
from tenfold.fleet import FleetAsked, Jobs, Rules, Trace, Upsets
from tenfold.quantities import DAY_S, NamedFigure

if TYPE_CHECKING:
    from tenfold.planning.goodput import GoodputQuestion


def with_upsets(
    asked: FleetAsked, catalog: Catalog, trace: Trace, rules: Rules
) -> tuple[Rules, tuple[NamedFigure, ...], tuple[str, ...]]:
    """Rules with failures of a job of the usual size (chips weighted by chip-hours), and what stopping one costs."""
    given = Upsets(
        restart_s=asked.restart_s or 0.0,
        interval_s=asked.checkpoint_interval_s or float("inf"),
        save_s=asked.save_s or 0.0,
        notice_s=asked.notice_s,
        crash_share=asked.crash_share or 0.0,
        crashes=asked.crashes or 0,
        crash_after_s=asked.crash_after_s or 0.0,
    )
    if not asked.failures or asked.chip is None:
        return replace(rules, upsets=given), (), ()
    from tenfold.planning.goodput.inputs import look_up  # loaded only where machines fail
    from tenfold.reliability import apply_policy, best_interval_s, silent_alone, without_silent

    usual, days = _usual_chips(trace.jobs), max(float(np.max(trace.jobs.work_s)) / DAY_S, 1.0)
    gathered = look_up(catalog, _goodput(asked, usual, days), seed=0)
    run = gathered.run
    applied, silent = apply_policy(run.policy, without_silent(run.hazards), run.inputs), silent_alone(run.hazards)
    rate = float(applied.stops.rate_per_s.sum())
    stall_s = float((applied.stops.rate_per_s * applied.stops.stall_s).sum() / rate) if rate else 0.0
    best_s = float(np.ravel(best_interval_s(applied, days * DAY_S))[0])
    repair_s = run.node_repair_s if asked.repair_s is None else asked.repair_s
    upsets = replace(
        given,
        failures_per_chip_s=rate / usual,
        unit_chips=gathered.chips_per_node,
        repair_s=repair_s,
        restart_s=stall_s if asked.restart_s is None else asked.restart_s,
        interval_s=asked.checkpoint_interval_s or best_s,
        save_s=float(np.ravel(applied.checkpointing.stall_s)[0]) if asked.save_s is None else asked.save_s,
        goes_on=not applied.recovery.rolls_back,
        drain_after=asked.drain_after,
        drain_s=repair_s if asked.drain_s is None else asked.drain_s,
        corruptions_per_chip_s=float(silent.total_per_s) / usual,
        unseen_s=float(np.max(silent.unseen_s, initial=0.0)),
    )
    return replace(rules, upsets=_with_lemons(asked, catalog, upsets)), gathered.figures, ()


def _usual_chips(jobs: Jobs) -> int:
    """Mean chips of a job, weighted by chip-hours."""
    weight = jobs.work_s * jobs.chips
    return max(1, round(float((jobs.chips * weight).sum() / weight.sum()))) if weight.sum() else 1


def _with_lemons(asked: FleetAsked, catalog: Catalog, upsets: Upsets) -> Upsets:
    """The same with the share and the factor of defective nodes, where they are asked for."""
    if not asked.lemons or asked.chip is None:
        return upsets
    record = catalog.hazards_of(asked.chip)
    share, factor = record.figure("lemon_nodes.share"), record.figure("lemon_nodes.factor")
    return replace(upsets, lemon_share=share.value, lemon_factor=factor.value)


def _goodput(asked: FleetAsked, chips: int, days: float) -> GoodputQuestion:
    from tenfold.planning.goodput import GoodputQuestion

    return GoodputQuestion(
        chip=asked.chip or "",
        chips=chips,
        days=days,
        checkpointing=asked.checkpointing,
        recovery=asked.recovery,
        detection=asked.detection,
        failures_per_1000_node_days=asked.failures_per_1000_node_days,
    )
