"""Jobs and policies that the tests of this room share."""

from __future__ import annotations

from functools import cache

import numpy as np

from tenfold.catalog import Catalog, load_catalog
from tenfold.quantities import Column
from tenfold.reliability import (
    Applied,
    JobHazards,
    Policy,
    PolicyInputs,
    Rules,
    SteadyClock,
    apply_policy,
    failure_rate_per_s,
    job_hazards,
    scaled_to,
)

DAY_S = 86_400.0


@cache
def shipped() -> Catalog:
    return load_catalog()


def hopper_job(chips: float = 16_384.0, rate: float = 6.5) -> JobHazards:
    found = job_hazards(shipped().hazards["hopper"], chips, 8.0, 8.0)
    return scaled_to(found, float(failure_rate_per_s(rate, chips)))


def one_cause(rate_per_s: float, kind: str = "node") -> JobHazards:
    one = np.ones(1)
    return JobHazards(
        causes=("chip",), kinds=(kind,), rate_per_s=one * rate_per_s, chips_stopped=8.0 * one, unseen_s=0.0 * one
    )


def inputs(**changes: Column) -> PolicyInputs:
    usual = {
        "write_s": 60.0,
        "read_s": 60.0,
        "copy_s": 2.0,
        "copy_back_s": 2.0,
        "stall_s": 0.5,
        "durable_interval_s": 3600.0,
        "chips_per_node": 8.0,
        "heartbeat_s": 120.0,
        "telemetry_s": 20.0,
        "pre_empted_share": 0.3,
        "restart_s": 480.0,
        "standby_restart_s": 55.0,
        "reschedule_wait_s": 600.0,
        "elastic_stall_s": 60.0,
        "chips_per_replica": 128.0,
        "replicas": 128.0,
    }
    return PolicyInputs(**(usual | changes))


def applied(
    hazards: JobHazards,
    checkpointing: str = "blocking",
    recovery: str = "node-spares",
    detection: str = "heartbeat",
    /,
    **changes: float,
) -> Applied:
    policy = Policy(checkpointing=checkpointing, recovery=recovery, detection=detection)
    return apply_policy(policy, hazards, inputs(**changes))


def rules(policy: Applied, interval_s: float, work_days: float, limit_days: float | None = None) -> Rules:
    return Rules(
        stops=policy.stops,
        clock=SteadyClock(rate_per_s=policy.stops.total_per_s),
        interval_s=interval_s,
        stall_s=float(policy.checkpointing.stall_s),
        intervals_per_durable=round(float(policy.saving(interval_s).intervals_per_durable)),
        drain_s=float(policy.checkpointing.drain_s),
        durable_drain_s=float(policy.checkpointing.durable_drain_s),
        work_s=work_days * DAY_S,
        limit_s=(limit_days or 1000.0 * work_days) * DAY_S,
    )
