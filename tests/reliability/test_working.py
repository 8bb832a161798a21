"""The share of time that works: its terms, against other compositions of the same thing, over columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobs import applied, hopper_job, inputs

from tenfold.catalog import load_catalog
from tenfold.planning.supply.durations import checkpoint_interval_s, durations
from tenfold.planning.supply.rows import Rows, Work
from tenfold.quantities import Points
from tenfold.reliability import (
    CHECKPOINTS,
    DETECTIONS,
    RECOVERIES,
    USUAL,
    Policy,
    Working,
    any_failure,
    best_interval_s,
    checkpoint_bytes,
    exact_goodput,
    failure_rate_per_s,
    gang_reclaims_per_s,
    practice_of,
    renewal,
    with_cause,
    working,
    write_time_s,
)

policies = st.builds(
    Policy,
    checkpointing=st.sampled_from(list(CHECKPOINTS)),
    recovery=st.sampled_from(list(RECOVERIES)),
    detection=st.sampled_from(list(DETECTIONS)),
)
PLAN = Policy(checkpointing="asynchronous", recovery="node-spares", detection="heartbeat")
MONTH_S = 30 * 86_400.0


def total(found: Working) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(found.productive + sum(found.losses.values(), start=np.zeros(())))


@given(policies, st.floats(256.0, 1e6), st.floats(0.01, 100.0))
def test_terms_are_shares_and_add_up(policy: Policy, chips: float, rate: float) -> None:
    found = working(hopper_job(chips, rate), policy, inputs(replicas=chips / 128.0), longest_interval_s=MONTH_S)
    assert total(found) == pytest.approx(1.0)
    assert all(np.all((share >= 0) & (share <= 1)) for share in (found.productive, *found.losses.values()))


@given(policies, st.floats(0.1, 60.0))
def test_it_is_the_exact_form_at_the_best_interval(policy: Policy, rate: float) -> None:
    names = (policy.checkpointing, policy.recovery, policy.detection)
    job = applied(hopper_job(rate=rate), *names)
    interval = best_interval_s(job, MONTH_S)
    found = working(hopper_job(rate=rate), policy, inputs(), longest_interval_s=MONTH_S)
    assert found.interval_s == interval
    assert found.productive == pytest.approx(exact_goodput(job.stops, job.saving(interval)).goodput, rel=1e-12)
    assert found.wall_per_useful == pytest.approx(1 / found.productive)


def points(**values: object) -> Points:
    columns = {key: np.atleast_2d(np.asarray(value, dtype=np.float64)) for key, value in values.items()}
    return Points(values=columns, axes=dict.fromkeys(columns, "all"), count=3)


def test_plans_and_the_renewal_form_differ_by_saves_that_have_not_drained() -> None:
    chips, steps = np.array([64.0, 4096.0, 65_536.0]), np.array([20.0, 5.0, 400.0])
    drawn = points(
        step=[0.9, 1.0, 1.3], lead=[0.0, 0.0, 0.0], setup=[1.0, 1.0, 1.0],
        failures=[2.3, 3.79, 5.5], interruptions=[10.0, 30.0, 90.0],
        taken_together=[0.5, 0.5, 0.5], spot_wait=[0.0, 0.0, 0.0],
        detection=[15.0, 120.0, 900.0], restart=[180.0, 600.0, 1200.0], stall=[0.01, 0.025, 2.0],
        checkpoint_size=[12.0, 14.0, 18.0], write_rate=[5e9, 1.2e9, 0.5e9], drain_share=[1.0, 1.0, 1.0],
    )  # fmt: skip
    nobody = np.zeros(3, dtype=np.intp)
    rows = Rows(
        run=nobody, chip=nobody, offer=nobody, supply=nobody, start=nobody, site=nobody, chips=chips, step_s=steps,
        steps=np.full(3, 1e5), waits=np.zeros(3), ported=np.zeros(3), sold=np.zeros(3),
        premium=np.zeros(3), prepaid=np.zeros(3), beside=np.zeros(3), beside_usd_per_chip_hour=np.zeros(3),
        owned=np.zeros(3, dtype=np.bool_), spot=np.array([False, True, False]), term_days=np.zeros(3),
        network=np.ones(3), unit=np.ones(3), stored=np.zeros(3),
    )  # fmt: skip
    work = Work(parameters=70e9, practice=practice_of(USUAL, [load_catalog().system_of("h100-sxm")]))
    plan = durations(rows, work, drawn, checkpoint_interval_s(rows, work, drawn)).working

    of = {key: value[0] for key, value in drawn.values.items()}
    hazards = any_failure(np.asarray(failure_rate_per_s(of["failures"], chips[:, None])), 8.0)
    nodes = chips[:, None] / 8.0
    each = np.asarray(failure_rate_per_s(of["interruptions"], 8.0))
    taken = gang_reclaims_per_s(each, nodes, of["taken_together"]) * rows.spot[:, None]
    hazards = with_cause(hazards, "interruption", "node", taken, 8.0)
    saved = checkpoint_bytes(work.parameters, of["checkpoint_size"])
    times = replace(
        inputs(), stall_s=of["stall"], read_s=0.0, heartbeat_s=of["detection"], restart_s=of["restart"],
        write_s=write_time_s(saved, chips[:, None] / 8.0, of["write_rate"]),
    )  # fmt: skip
    step = steps[:, None] * of["step"]
    interval = working(hazards, PLAN, times, shortest_interval_s=step).interval_s[:, :1]
    found = working(hazards, PLAN, times, interval_s=interval, shortest_interval_s=step)
    assert plan.productive == pytest.approx(found.productive, rel=1e-12)
    restart, mttf_s = times.heartbeat_s + times.restart_s, 1.0 / found.rate_per_s
    drained = np.exp(-found.rate_per_s * times.write_s)
    at_once = renewal(found.interval_s, times.stall_s, restart, mttf_s)  # an asynchronous save durable when it is taken
    assert plan.productive == pytest.approx(np.asarray(at_once.goodput) * drained, rel=1e-12)
    assert plan.checkpoint / plan.productive == pytest.approx(np.asarray(at_once.checkpoint), rel=1e-12)
    found = working(hazards, replace(PLAN, checkpointing="blocking"), times, interval_s=interval)
    blocking = renewal(interval, times.write_s, restart, mttf_s)
    for name in ("checkpoint", "lost_work", "restart"):
        per_useful = getattr(found, name) / found.productive
        assert per_useful == pytest.approx(np.asarray(getattr(blocking, name)), rel=1e-9, abs=1e-12)


def test_a_million_candidates_are_as_good_as_one_at_a_time() -> None:
    rng = np.random.default_rng(0)
    rates = rng.uniform(1e-7, 1e-4, 1_000_000)
    times = replace(inputs(), write_s=rng.uniform(1.0, 100.0, len(rates)))
    found = working(any_failure(rates, 8.0), PLAN, times)
    assert found.productive.shape == rates.shape
    for place in (0, 17, 999_999):
        one = replace(times, write_s=float(np.asarray(times.write_s)[place]))
        alone = working(any_failure(rates[place], 8.0), PLAN, one)
        assert float(alone.productive) == pytest.approx(found.productive[place], rel=1e-12)


@given(policies)
def test_clusters_of_every_size_at_once_are_as_good_as_one_at_a_time(policy: Policy) -> None:
    chips = np.array([[512.0, 4096.0], [32_768.0, 262_144.0]])
    together = replace(hopper_job(), rate_per_s=hopper_job().rate_per_s[:, None, None] * (chips / 16_384.0))
    found = working(together, policy, inputs(replicas=chips / 128.0), longest_interval_s=MONTH_S)
    for place in np.ndindex(chips.shape):
        times = inputs(replicas=chips[place] / 128.0)
        alone = working(hopper_job(float(chips[place])), policy, times, longest_interval_s=MONTH_S)
        assert float(alone.interval_s) == pytest.approx(found.interval_s[place])
        assert float(alone.productive) == pytest.approx(found.productive[place], rel=1e-9)


def test_more_of_what_goes_wrong_never_works_more() -> None:
    rates = np.geomspace(1e-8, 1e-2, 40)
    for policy in (PLAN, replace(PLAN, recovery="elastic"), replace(PLAN, checkpointing="multi-tier")):
        found = working(any_failure(rates, 8.0), policy, inputs(), longest_interval_s=MONTH_S)
        assert np.all(np.diff(found.productive) < 0)


def test_a_job_that_nothing_stops_always_works() -> None:
    found = working(any_failure(0.0, 8.0), replace(PLAN, checkpointing="blocking"), inputs())
    assert float(found.productive) == 1.0
    assert [float(share) for share in found.losses.values()] == pytest.approx([0.0] * len(found.losses))


def test_a_job_that_never_gets_anything_done_says_so() -> None:
    found = working(any_failure(10.0, 8.0), PLAN, inputs())
    assert float(found.productive) == 0.0
    assert float(total(found)) == pytest.approx(1.0)
    assert np.isinf(found.wall_per_useful)
