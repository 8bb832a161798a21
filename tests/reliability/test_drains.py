"""Saves that leave the chips beside training: safe once they have drained. Closed form and simulation alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobs import DAY_S, applied, hopper_job, one_cause, rules

from tenfold.reliability import (
    Applied,
    Saving,
    best_interval_s,
    exact_goodput,
    rates_back_per_s,
    renewal,
    seen_at_once,
    simulate_run,
    uptime_per_useful,
)

CASES = (
    (131_072, 5.97, 81.0, 900.0, 0.525, 0.189),
    (16_384, 3.79, 300.0, 600.0, 0.947, 0.898),
    (65_536, 3.79, 300.0, 300.0, 0.850, 0.764),
    (4_096, 3.79, 300.0, 900.0, 0.983, 0.964),
)
"""Chips, failures per 1,000 node-days, restart, write; ETTR with saves that are safe when taken, and when drained.

Values of an event simulator that shares no code with this one.
"""
rates = st.floats(1e-8, 1e-3)
spans = st.floats(1.0, 1e4)


def asynchronous(chips: float, rate: float, restart: float, write: float) -> Applied:
    hazards = seen_at_once(hopper_job(chips, rate))
    return applied(
        hazards, "asynchronous", write_s=write, read_s=0.0, heartbeat_s=0.0, restart_s=restart, stall_s=0.025
    )


def simulated(job: Applied, interval: float, work_days: float, replicas: int = 200) -> float:
    found = simulate_run(rules(job, interval, work_days), replicas=replicas, seed=11)
    return float(found.useful_s.sum() / found.wall_s.sum())


@pytest.mark.parametrize(("chips", "rate", "restart", "write", "taken", "drained"), CASES)
def test_an_independent_simulator_agrees(
    chips: float, rate: float, restart: float, write: float, taken: float, drained: float
) -> None:
    job = asynchronous(chips, rate, restart, write)
    interval = float(best_interval_s(job, 40 * DAY_S))
    assert interval == write
    before = renewal(interval, job.checkpointing.stall_s, restart, 1.0 / job.stops.total_per_s).goodput
    assert float(before) == pytest.approx(taken, abs=0.001)
    assert float(exact_goodput(job.stops, job.saving(interval)).goodput) == pytest.approx(drained, abs=0.0015)
    assert simulated(job, interval, 5.0) == pytest.approx(drained, abs=0.003)


def test_failures_every_twelve_minutes_and_saves_of_thirty_seconds() -> None:
    # 58.0 % when saves count as taken; the published comparison does not say which restart gave it: 375 s does.
    job = asynchronous(131_072, 7.35, 375.0, 30.0)
    before = renewal(30.0, job.checkpointing.stall_s, 375.0, 1.0 / job.stops.total_per_s).goodput
    assert float(before) == pytest.approx(0.580, abs=0.001)
    assert float(exact_goodput(job.stops, job.saving(30.0)).goodput) == pytest.approx(0.554, abs=0.003)
    assert simulated(job, 30.0, 2.0) == pytest.approx(0.554, abs=0.005)


@given(rates, rates, spans, st.floats(0.0, 100.0), st.integers(1, 50))
def test_without_drains_it_is_the_renewal_of_whole_sets_of_saves(
    latest: float, durable: float, tau: float, write: float, m: int
) -> None:
    rate, span = latest + durable, tau + write
    each = durable * np.expm1(rate * span) / rate
    saving = Saving(interval_s=tau, stall_s=write, intervals_per_durable=float(m))
    if m * np.log1p(each) < 600.0:
        assert uptime_per_useful(latest, durable, saving) == pytest.approx(
            np.expm1(m * np.log1p(each)) / durable / (m * tau), rel=1e-6
        )


@given(rates, rates, spans, st.integers(1, 20), st.floats(0.0, 1e3), st.floats(0.0, 1e3), st.floats(1.0, 500.0))
def test_slower_drains_never_help(
    latest: float, durable: float, tau: float, m: int, drain: float, more: float, longer: float
) -> None:
    saving = Saving(interval_s=tau, stall_s=1.0, intervals_per_durable=float(m), drain_s=drain,
                    durable_drain_s=drain + more)  # fmt: skip
    here = uptime_per_useful(latest, durable, saving)
    slower = replace(saving, durable_drain_s=drain + more + longer)
    assert uptime_per_useful(latest, durable, slower) >= here
    both = replace(slower, drain_s=drain + longer)
    assert uptime_per_useful(latest, durable, both) >= here * (1 - 1e-9)


def test_one_tier_loses_the_work_of_a_drain_with_every_failure() -> None:
    for rate in (1e-8, 1e-5, 1e-3):
        one = Saving(interval_s=100.0, stall_s=1.0, intervals_per_durable=1.0, drain_s=70.0, durable_drain_s=70.0)
        none = replace(one, drain_s=0.0, durable_drain_s=0.0)
        for latest in (0.0, 0.3 * rate, rate):
            lost = uptime_per_useful(latest, rate - latest, one) / uptime_per_useful(latest, rate - latest, none)
            assert lost == pytest.approx(np.exp(70.0 * rate), rel=1e-9)


@pytest.mark.parametrize("durable_interval", [200.0, 600.0, 3000.0])
def test_two_tiers_with_slow_drains_are_simulated_as_the_closed_form_says(durable_interval: float) -> None:
    job = applied(hopper_job(rate=60.0), "in-memory", write_s=180.0, copy_s=45.0, durable_interval_s=durable_interval)
    form = float(exact_goodput(job.stops, job.saving(90.0)).goodput)
    assert simulated(job, 90.0, 5.0, replicas=1000) == pytest.approx(form, abs=0.002)
    latest, durable = rates_back_per_s(job.stops)
    assert latest > durable > 0


def test_what_is_announced_is_drained_first() -> None:
    job = applied(one_cause(1e-4), "asynchronous", "node-spares", "telemetry", write_s=120.0)
    kept = job.stops.stall_s[job.stops.rollback == 0.0]
    assert kept == pytest.approx([480.0 + 0.5 + 120.0 + 60.0])
