"""Spares: how many suffice, and what a job waits that holds fewer, by formula and by simulation."""

from __future__ import annotations

from dataclasses import replace
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobs import DAY_S, applied, hopper_job, inputs, rules

from tenfold.reliability import (
    STOPPED_SHARES,
    Draws,
    JobHazards,
    Policy,
    SparePool,
    any_failure,
    simulate_run,
    spare_units,
    units_short,
    units_under_repair,
    waiting_share,
    with_job_rate,
    working,
)

BLOCKING = Policy(checkpointing="blocking", recovery="node-spares", detection="heartbeat")
TIMES = {"write_s": 60.0, "read_s": 0.0, "heartbeat_s": 0.0, "restart_s": 600.0}
EVERY_S, NODES_A_DAY = 1116.0, 6.35
WHILE_RUNNING = {13: 0.849, 10: 0.826, 8: 0.775, 6: 0.676, 4: 0.526}
ALWAYS = {13: 0.847, 10: 0.802, 8: 0.691, 6: 0.468, 4: 0.201}
"""ETTR by spares: 16,384 H100, blocking saves of 60 s every 1,116 s, restart 600 s, repair one day on average.

Values of an event simulator that shares no code with this one: nothing fails while the job stands still, and all does.
"""
means = st.floats(0.01, 60.0)
counts = st.integers(0, 80)


def cluster() -> JobHazards:
    """6.4 failures of nodes (6.35, rounded) and 1.36 of the job itself a day."""
    return with_job_rate(any_failure(NODES_A_DAY / DAY_S, 8.0), 1.36 / DAY_S)


def poisson(count: int, mean: float) -> float:
    return float(np.exp(-mean) * mean**count / factorial(count))


@pytest.mark.parametrize(("spares", "ettr"), WHILE_RUNNING.items())
def test_ettr_depends_on_the_spares(spares: int, ettr: float) -> None:
    pool = SparePool(units=spares, repair_s=DAY_S)
    found = working(cluster(), BLOCKING, inputs(**TIMES), interval_s=EVERY_S, spares=pool)
    assert float(found.productive) == pytest.approx(ettr, abs=0.0015)
    assert float(found.productive + sum(found.losses.values())) == pytest.approx(1.0)


@pytest.mark.parametrize(("spares", "ettr"), ALWAYS.items())
def test_the_rival_in_which_idle_units_fail_too(spares: int, ettr: float) -> None:
    found = working(cluster(), BLOCKING, inputs(**TIMES), interval_s=EVERY_S)
    stopped = STOPPED_SHARES["always"](spares, NODES_A_DAY)
    assert float(found.productive) * (1.0 - float(stopped)) == pytest.approx(ettr, abs=0.005)


@pytest.mark.parametrize("spares", [*WHILE_RUNNING, 0])
def test_the_simulation_waits_as_long(spares: int) -> None:
    job = applied(cluster(), "blocking", **TIMES)
    draws = Draws(units=spares, class_share=np.array([NODES_A_DAY / (NODES_A_DAY + 1.36)]), waits=1.0)
    found = simulate_run(rules(job, EVERY_S, work_days=150.0), replicas=200, seed=3, repair_s=DAY_S, spares=draws)
    expected = working(
        cluster(), BLOCKING, inputs(**TIMES), interval_s=EVERY_S, spares=SparePool(units=spares, repair_s=DAY_S)
    )
    assert found.useful_s.sum() / found.wall_s.sum() == pytest.approx(float(expected.productive), abs=0.004)
    waited = found.without_spare_s.sum() / found.wall_s.sum()
    assert waited == pytest.approx(float(expected.waiting_for_spares), abs=0.005)
    parts = (found.useful_s, found.stalled_s, found.saving_s, found.lost_s, found.waited_s, found.without_spare_s)
    assert np.sum(parts, axis=0) == pytest.approx(found.wall_s, rel=1e-12)


def test_replicas_that_wait_for_a_spare_slow_the_others_a_little() -> None:
    names = ("asynchronous", "elastic", "heartbeat")
    job, replicas = applied(cluster(), *names, **TIMES), 128.0
    policy = Policy(checkpointing=names[0], recovery=names[1], detection=names[2])
    pool = SparePool(units=4, repair_s=DAY_S)
    draws = Draws(units=4, class_share=np.array([1.0, 0.0]), waits=1.0 / replicas)
    assert job.stops.rollback.tolist() == [0.0, 1.0]
    found = simulate_run(rules(job, EVERY_S, work_days=150.0), replicas=200, seed=4, repair_s=DAY_S, spares=draws)
    share = working(cluster(), policy, inputs(**TIMES), interval_s=EVERY_S, spares=pool)
    assert found.useful_s.sum() / found.wall_s.sum() == pytest.approx(float(share.productive), abs=0.003)
    waited = float(units_short(4, NODES_A_DAY)) / replicas
    assert float(share.waiting_for_spares) == pytest.approx(waited / (1.0 + waited))


@pytest.mark.parametrize(("chips", "spares"), [(1024, 3), (4096, 6), (16_384, 14)])
def test_ninety_nine_of_a_hundred_failures_find_one(chips: int, spares: int) -> None:
    nodes = hopper_job(float(chips), 3.79).of_kinds("node").sum()
    assert spare_units(units_under_repair(nodes, DAY_S)) == spares


@given(means, counts)
def test_erlangs_formula_is_the_truncated_poisson(mean: float, spares: int) -> None:
    chances = [poisson(busy, mean) for busy in range(spares + 2)]
    found = STOPPED_SHARES["while-running"](spares, mean)
    assert found == pytest.approx(chances[-1] / sum(chances), rel=1e-6, abs=1e-12)


@given(means, counts)
def test_units_short_are_the_mean_excess(mean: float, spares: int) -> None:
    excess = sum((busy - spares) * poisson(busy, mean) for busy in range(spares + 1, 160))
    assert units_short(spares, mean) == pytest.approx(excess, rel=1e-6, abs=1e-9)


@settings(deadline=None)
@given(st.sampled_from(["node-spares", "rack-spares", "hot-standby", "elastic"]), means)
def test_more_spares_never_hurt_and_enough_are_as_good_as_any(recovery: str, mean: float) -> None:
    hazards = any_failure(mean / DAY_S, 8.0)
    policy = replace(BLOCKING, recovery=recovery)
    pool = SparePool(units=np.arange(200.0), repair_s=DAY_S)
    found = working(hazards, policy, inputs(), longest_interval_s=30 * DAY_S, spares=pool)
    assert np.all(np.diff(found.productive) >= -1e-12)
    free = working(hazards, policy, inputs(), longest_interval_s=30 * DAY_S)
    assert found.productive[-1] == pytest.approx(float(free.productive))
    assert found.productive[0] < float(free.productive)


def test_a_recovery_without_spares_waits_for_none() -> None:
    recovery = applied(cluster(), "blocking", "reschedule").recovery
    assert waiting_share(cluster(), recovery, 128.0, SparePool(units=0, repair_s=DAY_S)) == 0.0
