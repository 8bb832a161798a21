"""Closed forms: against the renewal formula, against each other where they hold, and what can never help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobs import applied, hopper_job, inputs, one_cause
from scipy.stats import poisson

from tenfold.reliability import (
    CHECKPOINTS,
    DETECTIONS,
    RECOVERIES,
    Saving,
    best_interval_s,
    compare_policies,
    elastic_goodput,
    exact_goodput,
    first_order_goodput,
    renewal,
    spare_units,
)
from tenfold.reliability.closed_forms import availability

intervals = st.floats(10.0, 1e4)
mttfs = st.floats(600.0, 1e6)
policies = st.tuples(st.sampled_from(list(CHECKPOINTS)), st.sampled_from(list(RECOVERIES)),
                     st.sampled_from(list(DETECTIONS)))  # fmt: skip


@given(intervals, st.floats(0.0, 100.0), st.floats(0.0, 2000.0), mttfs)
def test_one_cause_and_one_tier_is_the_renewal_formula(tau: float, write: float, restart: float, mttf: float) -> None:
    job = applied(one_cause(1 / mttf), write_s=write, read_s=0.0, heartbeat_s=0.0, restart_s=restart)
    form = exact_goodput(job.stops, job.saving(tau))
    assert form.goodput == pytest.approx(float(renewal(tau, write, restart, mttf).goodput), rel=1e-9)
    assert form.valid


@settings(deadline=None)
@given(policies, intervals, st.floats(0.1, 60.0))
def test_first_order_is_near_the_exact_form_where_it_says_so(
    policy: tuple[str, str, str], tau: float, rate: float
) -> None:
    job = applied(hopper_job(rate=rate), *policy)
    first, exact = (form(job.stops, job.saving(tau)) for form in (first_order_goodput, exact_goodput))
    assert not first.valid or first.goodput == pytest.approx(float(exact.goodput), rel=0.015)
    assert bool(first.why_not) != first.valid


@given(intervals, st.floats(0.1, 30.0))
def test_elastic_is_near_the_exact_form_where_it_says_so(tau: float, rate: float) -> None:
    job = applied(hopper_job(rate=rate), "asynchronous", "elastic")
    formula, exact = (form(job.stops, job.saving(tau)) for form in (elastic_goodput, exact_goodput))
    assert not formula.valid or formula.goodput == pytest.approx(float(exact.goodput), rel=0.015)


def test_forms_say_when_they_do_not_hold() -> None:
    job = applied(hopper_job(131_072, 60.0), "asynchronous", "elastic", replicas=1024.0, elastic_stall_s=200.0)
    assert "losses below" in first_order_goodput(job.stops, job.saving(60.0)).why_not
    assert "losses below" in elastic_goodput(job.stops, job.saving(60.0)).why_not
    few = applied(hopper_job(131_072, 60.0), "asynchronous", "elastic", replicas=4.0)
    assert "missing at once" in exact_goodput(few.stops, few.saving(60.0)).why_not


@given(policies, intervals, st.floats(1.01, 5.0))
def test_more_failures_and_slower_restarts_never_help(policy: tuple[str, str, str], tau: float, worse: float) -> None:
    base = applied(hopper_job(), *policy)
    saving = base.saving(tau)
    often = replace(base.stops, rate_per_s=base.stops.rate_per_s * worse)
    slow = replace(base.stops, stall_s=base.stops.stall_s * worse)
    here = exact_goodput(base.stops, saving).goodput
    assert exact_goodput(often, saving).goodput < here
    assert exact_goodput(slow, saving).goodput < here


@given(policies, st.floats(0.5, 50.0))
def test_no_interval_beats_the_best(policy: tuple[str, str, str], rate: float) -> None:
    job = applied(hopper_job(rate=rate), *policy)
    best = best_interval_s(job, 30 * 86_400.0)
    others = np.geomspace(max(job.checkpointing.shortest_interval_s, 1e-3), 30 * 86_400.0, 500)
    found = exact_goodput(job.stops, job.saving(others)).goodput
    assert np.max(found) <= float(exact_goodput(job.stops, job.saving(best)).goodput) * (1 + 1e-4)


def test_two_tiers_meet_at_their_ends() -> None:
    job = applied(hopper_job(), "in-memory")
    every = Saving(interval_s=120.0, stall_s=0.5, intervals_per_durable=1.0)
    same = replace(job.stops, rollback=np.ones_like(job.stops.rollback))
    assert exact_goodput(job.stops, every).goodput == pytest.approx(float(exact_goodput(same, every).goodput))
    seldom = Saving(interval_s=120.0, stall_s=0.5, intervals_per_durable=np.array([1.0, 10.0, 100.0]))
    found = np.asarray(exact_goodput(job.stops, seldom).goodput)
    assert np.all(np.diff(found) < 0)
    assert np.ptp(np.asarray(exact_goodput(same, seldom).goodput)) == pytest.approx(0.0, abs=1e-12)


def test_policies_are_all_compared_and_the_best_comes_first() -> None:
    rows = compare_policies(hopper_job(), inputs(), 90 * 86_400.0)
    assert len(rows) == len(CHECKPOINTS) * len(RECOVERIES) * len(DETECTIONS)
    assert [row.goodput for row in rows] == sorted((row.goodput for row in rows), reverse=True)
    few = compare_policies(hopper_job(), inputs(replicas=1.0), 90 * 86_400.0)
    assert {row.policy.recovery for row in few} == set(RECOVERIES) - {"elastic"}


def test_what_outlives_what() -> None:
    memory, storage = applied(hopper_job(), "in-memory"), applied(hopper_job(), "asynchronous")
    place = {name: memory.stops.causes.index(name) for name in ("chip", "switch", "silent_corruption")}
    tiers = {name: memory.stops.rollback[memory.stops.cause_rate_per_s[row].argmax()] for name, row in place.items()}
    assert tiers == {"chip": 1.0, "switch": 2.0, "silent_corruption": 2.0}
    assert availability(storage.stops) < availability(applied(hopper_job(), "asynchronous", "hot-standby").stops)


def test_telemetry_announces_a_share_of_hardware_failures() -> None:
    job = applied(hopper_job(), "blocking", "node-spares", "telemetry")
    hardware = hopper_job().of_kinds("node", "rack", "reconfigure").sum()
    assert job.stops.rate_back_to(0.0) == pytest.approx(0.3 * hardware)
    assert job.stops.total_per_s == pytest.approx(hopper_job().total_per_s)


@given(st.floats(0.0, 300.0), st.floats(0.5, 0.999))
def test_spares_are_the_least_that_suffice(mean: float, probability: float) -> None:
    terms = np.cumsum([0.0, *np.log(np.arange(1, 601))])
    counts = np.arange(601)
    log_mean = np.log(mean) if mean > 0 else -np.inf
    with np.errstate(invalid="ignore"):
        below = np.cumsum(np.exp(np.where(counts == 0, 0.0, counts * log_mean) - mean - terms))
    most_busy = int(np.argmax(below >= probability * (1 - 1e-12)))
    assert spare_units(mean, probability) == (most_busy + 1 if mean > 0 else 0)


@given(st.floats(-3.0, 6.0), st.sampled_from((0.5, 0.9, 0.99, 1.0 - 1e-9)))
def test_spares_of_any_cluster_are_the_quantile_of_scipy(log_mean: float, probability: float) -> None:
    mean = 10.0**log_mean
    assert spare_units(mean, probability) == poisson.ppf(probability, mean) + 1
