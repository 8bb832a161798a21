"""CPU seconds of fleet replays, and values that they have to reproduce, each beside what is asked.

uv run python benchmarks/fleet.py [FOLDER OF TRACES]

The folder holds philly_jobs.parquet and reference/; without it only drawn fleets are timed.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from tenfold.fleet import (
    Jobs,
    Rules,
    Upsets,
    Wish,
    capacity_of,
    fill,
    forecast,
    make_jobs,
    read_nodes,
    read_tasks,
    read_trace,
    replay,
    standing_at,
)
from tenfold.fleet.engine.quickest import WORTH_LOADING, compiled_is_there, run_steady

NODES = (8,) * 80
LAS = (3_250.0, 7_200.0)
DAY_S = 86_400.0


def timed(name: str, asked: str, run: Callable[[], str]) -> None:
    """Print what a run gives, and its CPU seconds."""
    start = time.process_time()
    found = run()
    print(f"{name:58} {time.process_time() - start:8.2f} CPU s   asked {asked:12} {found}", flush=True)


def compiled(jobs: Jobs) -> None:
    """The compiled engine beside its plain twin, once both are loaded."""
    if not compiled_is_there():
        print("the extra fast is not installed: its engine is left out")
        return
    for nodes in ((), NODES):
        for admission in ("head", "skip", "easy"):
            capacity = [capacity_of(Rules(chips=640), 640, nodes) for _ in range(3)]
            run = partial(run_steady, keys=jobs.submit_s, admission=admission, placement="best-fit")
            run(jobs, capacity[0], times=WORTH_LOADING)
            seconds = []
            for times, each in ((WORTH_LOADING, capacity[1]), (0, capacity[2])):
                start = time.process_time()
                run(jobs, each, times=times)
                seconds.append(time.process_time() - start)
            shape = "nodes" if nodes else "pool"
            ratio = f"{seconds[1] / seconds[0]:.1f} times as fast as plain, {seconds[1]:.2f} s"
            name = f"Philly, {shape}, {admission}, compiled"
            print(f"{name:58} {seconds[0]:8.2f} CPU s   asked {'≤ 0.5 s':12} {ratio}", flush=True)


def told(jobs: Jobs, rules: Rules) -> str:
    found = replay(jobs, rules)
    failures = found.happened["failures"]
    return f"mean JCT {found.jct_s.mean():,.3f} s, {found.preemptions:,} preemptions, {failures:,} failures"


def philly(jobs: Jobs) -> None:
    pool, nodes = Rules(chips=640), Rules(chips=640, node_sizes=NODES)
    for name, asked, rules in (
        ("Philly, pool, fifo", "≤ 1 s", pool),
        ("Philly, pool, sjf", "≤ 1 s", replace(pool, order="sjf")),
        ("Philly, pool, skip", "", replace(pool, admission="skip")),
        ("Philly, pool, easy", "≤ 10 s", replace(pool, admission="easy")),
        ("Philly, pool, srtf", "", replace(pool, order="srtf", admission="skip")),
        ("Philly, pool, las", "", replace(pool, order="las", admission="skip", queues=LAS)),
        ("Philly, nodes, fifo, best fit", "≤ 4 s", nodes),
        ("Philly, nodes, fifo, first fit", "≤ 4 s", replace(nodes, placement="first-fit")),
        ("Philly, nodes, sjf", "≤ 4 s", replace(nodes, order="sjf")),
        ("Philly, nodes, skip", "", replace(nodes, admission="skip")),
        ("Philly, nodes, easy", "≤ 10 s", replace(nodes, admission="easy")),
    ):
        timed(name, asked, lambda rules=rules: told(jobs, rules))  # type: ignore[misc]
    tiers = np.random.default_rng(0).integers(0, 3, len(jobs))
    upsets = Upsets(
        failures_per_chip_s=6.5 / 1000 / 8 / DAY_S, repair_s=28_800, restart_s=600, interval_s=3_600, save_s=30
    )
    hard = replace(nodes, order="priority", contested=True, preemption="requeue", upsets=upsets)
    timed("Philly, nodes, tiers, failures, checkpoints", "≤ 8 s", lambda: told(replace(jobs, tier=tiers), hard))
    for share in (0.125, 0.25, 0.5, 1.0):
        some = jobs.take(np.arange(int(share * len(jobs))))
        timed(f"Philly, pool, fifo, first {len(some):,} jobs", "near-linear", lambda some=some: told(some, pool))  # type: ignore[misc]
    some = jobs.take(np.arange(10_000))
    for admission in ("head", "skip", "easy"):
        name = f"submit against 10,000 jobs, 200 draws, {admission}"
        rules = Rules(chips=420, admission=admission)
        timed(name, "< 1 s", lambda rules=rules: submitted(some, rules))  # type: ignore[misc]

    stops = replace(upsets, failures_per_chip_s=0.0)
    contested = Rules(chips=420, order="priority", contested=True, preemption="requeue", upsets=stops)
    urgent = replace(some, tier=tiers[: len(some)])
    name = "submit where later tiers stop, 10,000 jobs, 200 draws, head"
    timed(name, "", lambda: submitted(urgent, contested))


def submitted(jobs: Jobs, rules: Rules) -> str:
    standing = standing_at(jobs, rules, float(jobs.submit_s[-1]))
    found = forecast(standing, rules, Wish(chips=32, work_s=3_600.0, tier=int(jobs.tier.max())), 200, 0)
    return f"{len(standing.running)} run, {len(standing.waiting)} wait, P50 {np.median(found.wait_s):,.0f} s"


def large() -> str:
    rng = np.random.default_rng(1)
    count, chips = 36_000, 524_288
    sizes = rng.choice([8, 64, 512, 4_096, 16_384], count, p=[0.6, 0.25, 0.1, 0.04, 0.01])
    jobs = make_jobs(rng.uniform(0, 2 * DAY_S, count), rng.lognormal(8.5, 1.0, count), sizes)
    return told(jobs, Rules(chips=chips, node_sizes=(8,) * (chips // 8), admission="skip"))


def erlang_c() -> str:
    servers, load, count = 4, 2.0, 3_000_000
    rng = np.random.default_rng(0)
    jobs = make_jobs(np.cumsum(rng.exponential(1 / load, count)), rng.exponential(1, count), np.ones(count, dtype=int))
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    exact = last / (sum(terms) + last) / (servers - load)
    return f"{replay(jobs, Rules(chips=servers)).wait_s.mean() / exact - 1:+.2%}"


def pollaczek_khinchine() -> str:
    rate, count = 0.5, 3_000_000
    rng = np.random.default_rng(0)
    work_s = rng.uniform(0, 2, count)
    jobs = make_jobs(np.cumsum(rng.exponential(1 / rate, count)), work_s, np.ones(count, dtype=int))
    return f"{replay(jobs, Rules(chips=1)).wait_s.mean() / (rate * (4 / 3) / (2 * (1 - rate))) - 1:+.2%}"


def preemptive_resume() -> str:
    rng, count = np.random.default_rng(0), 1_000_000
    tier = rng.integers(0, 2, count)
    work_s, submit_s = rng.exponential(1, count), np.cumsum(rng.exponential(1 / 0.6, count))
    jobs = make_jobs(submit_s, work_s, np.ones(count, dtype=int), tier=tier)
    found = replay(jobs, Rules(chips=1, contested=True, preemption="save"))
    means = [float(found.jct_s[found.jobs.tier == each].mean()) for each in (0, 1)]
    exact = (1 / 0.7, 1 / (0.7 * 0.4))
    return ", ".join(f"{mean / value - 1:+.2%}" for mean, value in zip(means, exact, strict=True))


def lone() -> str:
    """240 h on 1,024 chips that fail as Meta's RSC-1 did (6.5 in 1,000 node-days), saved by the hour."""
    rate, restart_s, interval_s, save_s, hours = 6.5 / 1000 * 128 / DAY_S, 600.0, 3_600.0, 60.0, 240
    jobs = make_jobs(np.zeros(1), np.array([hours * 3600.0]), np.array([1024]))
    upsets = Upsets(failures_per_chip_s=rate / 1024, restart_s=restart_s, interval_s=interval_s, save_s=save_s)
    rules = Rules(chips=1024, contested=True, upsets=upsets)
    mean_s = np.mean([float(replay(jobs, replace(rules, seed=seed)).finished_s[0]) for seed in range(400)])
    exact = hours * 3600 / interval_s * (1 / rate + restart_s) * math.expm1(rate * (interval_s + save_s))
    return f"{hours} h take {mean_s / 3600:.2f} h, exact {exact / 3600:.2f} h, {mean_s / exact - 1:+.2%}"


def openb(folder: Path) -> None:
    nodes, tasks = read_nodes(folder / "openb_nodes.csv"), read_tasks(folder / "openb_pods_default.csv")
    expected = (
        ("random", 86.3),
        ("dot-prod", 90.6),
        ("clustering", 91.7),
        ("packing", 91.8),
        ("best-fit", 92.9),
        ("fgd", 95.2),
    )
    for name, value in expected:
        timed(
            f"openb, {name}, 10 seeds",
            f"{value} ± 1",
            lambda name=name: f"{100 * np.mean([fill(nodes, tasks, name, seed)[4] for seed in range(10)]):.2f} %",  # type: ignore[misc]
        )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "traces"
    if (folder / "philly_jobs.parquet").exists():
        jobs = read_trace(folder / "philly_jobs.parquet").jobs
        philly(jobs)
        compiled(jobs)
    timed("524,288 chips, 2 days, 36,000 jobs, skip", "≤ 10 s", large)
    timed("M/M/4 against Erlang-C, 3,000,000 jobs", "± 1 %", erlang_c)
    timed("M/G/1 against Pollaczek–Khinchine, 3,000,000 jobs", "± 1 %", pollaczek_khinchine)
    timed("M/M/1 with two tiers, preemptive resume", "± 1 %", preemptive_resume)
    timed("a lone job under failures, 400 seeds", "249.8 h ± 1 %", lone)
    if (folder / "reference").exists():
        openb(folder / "reference")


if __name__ == "__main__":
    main()
