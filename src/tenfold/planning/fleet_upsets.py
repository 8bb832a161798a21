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
    from tenfold.reliability import Stops

RESTARTS = "node-spares"
"""Recovery of a job that has no node left to go on with."""
DROPS = "Who drops the node that failed goes on while another is left: no trace says what the replicas of a gang are"


def with_upsets(
    asked: FleetAsked, catalog: Catalog, trace: Trace, rules: Rules
) -> tuple[Rules, tuple[NamedFigure, ...], tuple[str, ...]]:
    """Rules with failures of a job of the usual size (chips weighted by chip-hours), and what stopping one costs.

    Where jobs go on without a node that failed, those that have no other restart as under ``RESTARTS``.
    """
    given = _stated(asked)
    if not asked.failures or asked.chip is None:
        return replace(rules, upsets=given), (), _untold(asked)
    from tenfold.planning.goodput.inputs import look_up  # loaded only where machines fail
    from tenfold.reliability import apply_policy, best_interval_s, silent_alone, without_silent

    usual, days = _usual_chips(trace.jobs), max(float(np.max(trace.jobs.work_s)) / DAY_S, 1.0)
    gathered = look_up(catalog, _goodput(asked, usual, days), seed=0)
    run = gathered.run
    applied, silent = apply_policy(run.policy, without_silent(run.hazards), run.inputs), silent_alone(run.hazards)
    goes_on, whole = not applied.recovery.rolls_back, applied
    if goes_on:
        whole = apply_policy(replace(run.policy, recovery=RESTARTS), without_silent(run.hazards), run.inputs)
    kept = applied if goes_on and usual > gathered.chips_per_node else whole
    best_s = float(np.ravel(best_interval_s(kept, days * DAY_S))[0])
    repair_s = run.node_repair_s if asked.repair_s is None else asked.repair_s
    upsets = replace(
        given,
        failures_per_chip_s=float(applied.stops.rate_per_s.sum()) / usual,
        unit_chips=gathered.chips_per_node,
        repair_s=repair_s,
        restart_s=_mean_stall_s(whole.stops) if asked.restart_s is None else asked.restart_s,
        interval_s=asked.checkpoint_interval_s or best_s,
        save_s=float(np.ravel(applied.checkpointing.stall_s)[0]) if asked.save_s is None else asked.save_s,
        goes_on=goes_on,
        stall_s=float(np.max(applied.recovery.stalls_job_s)) if goes_on else 0.0,
        drain_after=asked.drain_after,
        drain_s=repair_s if asked.drain_s is None else asked.drain_s,
        corruptions_per_chip_s=float(silent.total_per_s) / usual,
        unseen_s=float(np.max(silent.unseen_s, initial=0.0)),
    )
    return replace(rules, upsets=_with_lemons(asked, catalog, upsets)), gathered.figures, (DROPS,) if goes_on else ()


def _stated(asked: FleetAsked) -> Upsets:
    """What is stated; what is not takes no time, and nobody saves."""
    return Upsets(
        restart_s=asked.restart_s or 0.0,
        interval_s=asked.checkpoint_interval_s or float("inf"),
        save_s=asked.save_s or 0.0,
        notice_s=asked.notice_s,
        crash_share=asked.crash_share or 0.0,
        crashes=asked.crashes or 0,
        crash_after_s=asked.crash_after_s or 0.0,
    )


def _mean_stall_s(stops: Stops) -> float:
    """Stall of a failure, the mean over its causes by their rates."""
    rate = float(stops.rate_per_s.sum())
    return float((stops.rate_per_s * stops.stall_s).sum() / rate) if rate else 0.0


def _untold(asked: FleetAsked) -> tuple[str, ...]:
    """What is taken of saves and restarts where jobs are stopped, no machine fails, and nothing is said of it."""
    if not asked.contested:
        return ()
    interval = (
        "" if asked.checkpoint_interval_s else "jobs save at no time but when told to stop (--checkpoint-interval)"
    )
    save = "" if asked.save_s is not None else "a save takes no time (--save)"
    restart = "" if asked.restart_s is not None else "a restart takes no time (--restart)"
    taken = "; ".join(each for each in (interval, save, restart) if each)
    return (f"Nothing is said of what survives a stop, so it is taken that {taken}",) if taken else ()


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
