"""The simulation of whole runs against plain NumPy with one policy: ``uv run python benchmarks/goodput.py``.

10,000 replicas × 90 days × 100,000 chips: 12,500 nodes at 6.5 failures per 1,000 node-days are 81 failures a day,
some 73 million in all. The baseline is what one writes first: all replicas at once, one failure of each per round, one
cause, one restart time, one kind of save, one thread. Prints seconds of both, their ratio, failures a second, and the
peak of memory. Ratios travel between machines; times do not. ``--policies`` adds every policy at a tenth of the size.
"""

from __future__ import annotations

import itertools
import resource
import sys
from time import perf_counter, process_time

import numpy as np

from tenfold.catalog import load_catalog
from tenfold.reliability import (
    CHECKPOINTS,
    DETECTIONS,
    RECOVERIES,
    Policy,
    PolicyInputs,
    Rules,
    SteadyClock,
    apply_policy,
    failure_rate_per_s,
    job_hazards,
    scaled_to,
    simulate_run,
)

REPLICAS, DAYS, CHIPS, RATE = 10_000, 90.0, 100_000.0, 6.5
DAY_S = 86_400.0
INTERVAL_S, STALL_S, WRITE_S, RESTART_S = 60.0, 0.025, 20.0, 720.0
INPUTS = PolicyInputs(
    write_s=WRITE_S,
    read_s=20.0,
    copy_s=2.0,
    copy_back_s=2.0,
    stall_s=STALL_S,
    durable_interval_s=3600.0,
    chips_per_node=8.0,
    heartbeat_s=120.0,
    telemetry_s=20.0,
    pre_empted_share=0.2,
    restart_s=RESTART_S - 140.0,
    standby_restart_s=55.0,
    reschedule_wait_s=600.0,
    elastic_stall_s=180.0,
    chips_per_replica=128.0,
    replicas=CHIPS / 128.0,
)
MIB = 1024.0 if sys.platform != "darwin" else 1024.0 * 1024.0


def plain(replicas: int, days: float, rate_per_s: float, seed: int) -> tuple[float, int]:
    """Goodput and failures by plain NumPy: one cause, one policy, one failure of every replica per round."""
    rng, end = np.random.default_rng(seed), days * DAY_S
    wall, useful, failures = np.zeros(replicas), np.zeros(replicas), 0
    stall = np.zeros(replicas)
    span = INTERVAL_S + STALL_S
    while True:
        running = wall < end
        if not running.any():
            return float(useful.mean() / end), failures
        life = np.minimum(rng.exponential(1.0 / rate_per_s, replicas), end - wall)
        up = np.where(running, np.maximum(life - stall, 0.0), 0.0)
        useful += np.floor(np.maximum(up - WRITE_S, 0.0) / span) * INTERVAL_S
        wall = np.where(running, wall + life, wall)
        stall = np.full(replicas, RESTART_S)
        failures += int(running.sum())


def rules(policy: Policy, days: float) -> Rules:
    """A run that goes on until its days are over."""
    hazards = job_hazards(load_catalog().hazards["hopper"], CHIPS, 8.0, 8.0)
    applied = apply_policy(policy, scaled_to(hazards, float(failure_rate_per_s(RATE, CHIPS))), INPUTS)
    return Rules(
        stops=applied.stops,
        clock=SteadyClock(rate_per_s=applied.stops.total_per_s),
        interval_s=INTERVAL_S,
        stall_s=float(applied.checkpointing.stall_s),
        intervals_per_durable=round(float(applied.saving(INTERVAL_S).intervals_per_durable)),
        drain_s=float(applied.checkpointing.drain_s),
        durable_drain_s=float(applied.checkpointing.durable_drain_s),
        work_s=days * DAY_S,
        limit_s=days * DAY_S,
    )


def measure(policy: Policy, replicas: int) -> tuple[float, float, float, float]:
    """Wall seconds, processor seconds, failures, goodput."""
    run = rules(policy, DAYS)
    wall, core = perf_counter(), process_time()
    found = simulate_run(run, replicas=replicas, seed=0)
    took = perf_counter() - wall, process_time() - core
    return (*took, float(found.failures.sum()), float(found.goodput.mean()))


def main() -> None:
    """Print the simulation, the baseline, their ratio, and the peak of memory."""
    policy = Policy(checkpointing="asynchronous", recovery="node-spares", detection="heartbeat")
    measure(policy, 200)  # warm, as in a session that asks twice
    wall, core, failures, goodput = measure(policy, REPLICAS)
    print(f"simulate_run: {wall:.2f} s wall, {core:.2f} s processor, {failures / 1e6:.1f} M failures, "
          f"{failures / wall / 1e6:.1f} M/s, mean goodput {goodput:.4f}")  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    start, start_core = perf_counter(), process_time()
    base_goodput, base_failures = plain(REPLICAS, DAYS, float(failure_rate_per_s(RATE, CHIPS)), 0)
    base, base_core = perf_counter() - start, process_time() - start_core
    print(f"plain NumPy:  {base:.2f} s wall, {base_core:.2f} s processor, {base_failures / 1e6:.1f} M failures, "
          f"mean goodput {base_goodput:.4f}")  # fmt: skip
    print(f"ratio: {base / wall:.2f} × by the clock, {base_core / core:.2f} × by the processor")
    print(f"peak memory before the baseline: {peak:.0f} MiB")
    if "--policies" in sys.argv:
        for names in itertools.product(CHECKPOINTS, RECOVERIES, DETECTIONS):
            each = Policy(checkpointing=names[0], recovery=names[1], detection=names[2])
            wall, core, failures, goodput = measure(each, REPLICAS // 10)
            print(f"{', '.join(names):40s} {wall:6.2f} s {core:6.2f} s {1e9 * core / failures:5.0f} ns a failure "
                  f"goodput {goodput:.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
