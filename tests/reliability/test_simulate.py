"""The simulation: against the closed form, against an event loop, its accounts, its seed."""

from __future__ import annotations

import bisect
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobs import DAY_S, applied, hopper_job, one_cause, rules

from tenfold.quantities import InputError
from tenfold.reliability import (
    CHECKPOINTS,
    DETECTIONS,
    RECOVERIES,
    Applied,
    Excess,
    Rules,
    Simulated,
    clock,
    exact_goodput,
    expected_failures,
    loss_by_cause,
    loss_by_term,
    simulate_run,
)

POLICIES = list(itertools.product(CHECKPOINTS, RECOVERIES, DETECTIONS))


def goodput(found: Simulated) -> float:
    return float(found.useful_s.sum() / found.wall_s.sum())


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(POLICIES), st.floats(1.0, 30.0), st.floats(30.0, 2000.0), st.integers(0, 2**32))
def test_closed_form_and_simulation_agree_where_it_holds(
    policy: tuple[str, str, str], rate: float, tau: float, seed: int
) -> None:
    job = applied(hopper_job(rate=rate), *policy)
    form = exact_goodput(job.stops, job.saving(tau))
    found = simulate_run(rules(job, tau, work_days=20.0), replicas=300, seed=seed)
    assert not form.valid or goodput(found) == pytest.approx(float(form.goodput), rel=0.015)


@pytest.mark.parametrize("policy", POLICIES)
def test_wall_time_is_accounted_for(policy: tuple[str, str, str]) -> None:
    job = applied(hopper_job(rate=20.0), *policy)
    found = simulate_run(rules(job, 300.0, work_days=5.0), replicas=50, seed=1)
    parts = (found.useful_s, found.stalled_s, found.saving_s, found.lost_s, found.lost_durable_s, found.waited_s)
    assert np.sum(parts, axis=0) == pytest.approx(found.wall_s, rel=1e-12)
    assert all(np.all(part >= -1e-6) for part in parts)
    assert found.useful_s == pytest.approx(5.0 * DAY_S, rel=1e-9)
    assert np.all(found.finished == 1)
    for shares in (loss_by_cause(job.stops, found), loss_by_term(job.stops, found)):
        assert sum(shares.values()) == pytest.approx(1.0 - goodput(found), rel=1e-9)


def test_causes_lose_in_proportion_to_their_rates_where_all_cost_the_same() -> None:
    job = applied(hopper_job(), write_s=0.0, read_s=0.0)
    found = loss_by_cause(job.stops, simulate_run(rules(job, 300.0, work_days=20.0), replicas=100, seed=2))
    hazards = hopper_job()
    chip, hbm = (hazards.rate_per_s[hazards.causes.index(cause)] for cause in ("chip", "hbm"))
    assert found["chip"] / found["hbm"] == pytest.approx(chip / hbm, rel=1e-9)


def test_the_same_seed_gives_the_same_runs_whatever_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    run = rules(applied(hopper_job(), "in-memory", "elastic"), 300.0, work_days=10.0)
    first = simulate_run(run, replicas=700, seed=5)
    monkeypatch.setattr("tenfold.reliability.simulate.THREADS", 1)
    again, other = (simulate_run(run, replicas=700, seed=seed) for seed in (5, 6))
    assert np.array_equal(first.wall_s, again.wall_s)
    assert not np.array_equal(first.wall_s, other.wall_s)


def event_loop(run: Rules, rng: np.random.Generator) -> float:
    """Wall time of one run, one failure after another."""
    stops, wall, covered, up_at, back_at, kept = run.stops, 0.0, 0.0, 0.0, 0.0, 0.0
    taken: list[float] = []  # uptime at which each save since the last return to storage was taken
    up_to = np.cumsum(stops.rate_per_s / stops.total_per_s).tolist()
    rollback, waits_s, stall_s = stops.rollback.tolist(), stops.waits_s.tolist(), stops.stall_s.tolist()
    while True:
        strike = wall + rng.exponential(1.0 / stops.total_per_s)
        up_at += max(strike - max(covered, wall), 0.0)
        left = run.work_s - kept
        needed = left + max(math.ceil(left / run.interval_s) - 1, 0) * run.stall_s
        if up_at - back_at >= needed:
            return float(strike - (up_at - back_at - needed))
        wall = strike
        kind = min(bisect.bisect_right(up_to, rng.random()), len(up_to) - 1)
        if rollback[kind] > 0:
            done = int(max(up_at - back_at - run.drain_s, 0.0) // run.span_s)
            kept += done * run.interval_s
            taken += [back_at + (save + 1) * run.span_s for save in range(done)]
            back_at = up_at
        if rollback[kind] == 2:
            stored = taken[run.intervals_per_durable - 1 :: run.intervals_per_durable]
            safe = run.intervals_per_durable * sum(when + run.durable_drain_s <= up_at for when in stored)
            kept -= (len(taken) - safe) * run.interval_s
            taken = []
        kept -= waits_s[kind]
        covered = max(covered, wall + stall_s[kind])


@pytest.mark.parametrize(
    "policy",
    [
        ("blocking", "node-spares", "heartbeat"),
        ("asynchronous", "node-spares", "heartbeat"),
        ("multi-tier", "node-spares", "heartbeat"),
        ("in-memory", "elastic", "telemetry"),
    ],
)
def test_an_event_loop_finishes_when_the_simulation_does(policy: tuple[str, str, str]) -> None:
    run = rules(applied(hopper_job(rate=40.0), *policy), 200.0, work_days=1.0)
    rng = np.random.default_rng(3)
    slow = np.array([event_loop(run, rng) for _ in range(300)])
    fast = simulate_run(run, replicas=6000, seed=4).wall_s
    standard_error = slow.std() / np.sqrt(len(slow))
    assert fast.mean() == pytest.approx(slow.mean(), abs=4 * standard_error)
    assert fast.std() == pytest.approx(slow.std(), rel=0.15)


def test_a_run_that_nothing_strikes_takes_its_work_and_its_saves() -> None:
    job = applied(one_cause(1e-12), write_s=10.0)
    found = simulate_run(rules(job, 1000.0, work_days=1.0, limit_days=2.0), replicas=3, seed=0)
    assert found.wall_s == pytest.approx(DAY_S + 86 * 10.0)
    assert np.all(found.failures == 0)


def test_a_run_that_cannot_finish_is_broken_off() -> None:
    job = applied(one_cause(1 / 100.0), restart_s=600.0)
    found = simulate_run(rules(job, 600.0, work_days=1.0, limit_days=2.0), replicas=20, seed=0)
    assert np.all(found.finished == 0)
    assert np.all(np.isinf(found.finish_s))
    assert found.wall_s == pytest.approx(2 * DAY_S)


def test_failures_are_poisson() -> None:
    job = applied(one_cause(100.0 / DAY_S), restart_s=0.0, read_s=0.0, heartbeat_s=0.0)
    found = simulate_run(rules(job, 60.0, work_days=1e3, limit_days=2.0), replicas=4000, seed=9, repair_s=DAY_S)
    assert found.failures.mean() == pytest.approx(200.0, rel=0.01)
    assert found.failures.var() == pytest.approx(200.0, rel=0.1)
    assert found.repairing.mean() == pytest.approx(100.0, rel=0.01)


def aged(job: Applied, excesses: tuple[Excess, ...], days: float) -> Rules:
    run = rules(job, 60.0, work_days=1e3, limit_days=days)
    parts = {name: getattr(run, name) for name in Rules.__slots__}
    return Rules(**parts | {"clock": clock(run.stops.total_per_s, excesses, run.limit_s)})


def test_a_young_cluster_fails_as_its_cumulative_hazard_says() -> None:
    excesses = (Excess(share=3.0, decay_s=2 * DAY_S), Excess(share=1.0, decay_s=10 * DAY_S))
    job = applied(one_cause(10.0 / DAY_S), restart_s=0.0, read_s=0.0, heartbeat_s=0.0)
    for days in (1.0, 20.0):
        found = simulate_run(aged(job, excesses, days), replicas=2000, seed=1)
        mean = float(expected_failures(10.0 / DAY_S, excesses, days * DAY_S))
        assert found.failures.mean() == pytest.approx(mean, rel=0.02)
    assert excesses[0].at_age(2 * DAY_S).share == pytest.approx(3.0 / np.e)


def test_factors_of_replicas_multiply_rates_and_stalls() -> None:
    job = applied(one_cause(20.0 / DAY_S), write_s=0.0)
    run = rules(job, 60.0, work_days=30.0)
    factor = np.repeat([0.5, 2.0], 200)
    found = simulate_run(run, replicas=400, seed=1, rate_factor=factor, stall_factor=1.0 / factor)
    often = found.failures / found.wall_s * DAY_S
    assert often[:200].mean() == pytest.approx(10.0, rel=0.02)
    assert often[200:].mean() == pytest.approx(40.0, rel=0.02)
    stall = float(job.stops.stall_s[0])
    covered = found.stalled_s / found.wall_s
    assert covered[:200].mean() == pytest.approx(1 - np.exp(-10 / DAY_S * 2 * stall), rel=0.05)
    assert covered[200:].mean() == pytest.approx(1 - np.exp(-40 / DAY_S * stall / 2), rel=0.05)


def test_what_no_run_can_have_is_refused_together() -> None:
    job = applied(hopper_job())
    with pytest.raises(InputError) as caught:
        simulate_run(rules(job, 0.0, work_days=1.0, limit_days=1e30), replicas=0, seed=0)
    assert {problem.key for problem in caught.value.problems} == {"interval_s", "replicas"}
    with pytest.raises(InputError, match="failures to follow"):
        simulate_run(rules(job, 60.0, work_days=1.0, limit_days=1e9), replicas=1000, seed=0)
