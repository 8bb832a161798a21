"""Published failures and what they cost, reproduced from rates, policies and the catalog."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from jobs import DAY_S, applied, hopper_job, inputs, one_cause, rules, shipped
from scipy.special import pdtr

from tenfold.quantities import InputError, Percentiles
from tenfold.reliability import (
    Saving,
    best_interval_s,
    elastic_goodput,
    exact_goodput,
    failure_rate_per_s,
    first_order_goodput,
    job_hazards,
    mttf_s,
    predicted_rates,
    simulate_run,
)

MINUTE = 60.0
OTHER_SYSTEMS = {"RSC-1": 6.5, "RSC-2": 2.34, "FT-HSDP": 2.3, "BLOOM": 1.5 / 7 / 48 * 1000}
"""Failures per 1,000 node-days: arXiv:2410.21680, arXiv:2602.00277, and one to two GPUs a week on 48 nodes."""
LLAMA_NODE_DAYS = 54 * 2048


def predicted_count(rates: list[float], exposure: float) -> Percentiles:
    """Failures of another system over an exposure: Poisson given its rate, which is drawn at its quantiles."""
    means = predicted_rates(rates, (np.arange(2_000) + 0.5) / 2_000) * exposure
    return Percentiles(**{f"p{share}": _count_quantile(means, share / 100) for share in (10, 50, 90)})


def _count_quantile(means: npt.NDArray[np.float64], probability: float) -> float:
    """Smallest count whose probability under the mixture of Poisson counts reaches ``probability``, by bisection."""
    low, high = -1, int(means.max() + 10.0 * np.sqrt(means.max()) + 10.0)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if pdtr(middle, means).mean() >= probability else (middle, high)
    return float(high)


@pytest.mark.parametrize("left_out", ["", *OTHER_SYSTEMS])
def test_llama_3_interruptions_are_predicted_from_other_systems(left_out: str) -> None:
    rates = [rate for name, rate in OTHER_SYSTEMS.items() if name != left_out]
    found = predicted_count(rates, LLAMA_NODE_DAYS / 1000)
    assert found.p10 < 419 < found.p90
    assert found.p90 < 100 * found.p10


def test_a_simulation_with_rates_of_other_systems_predicts_the_same_counts() -> None:
    u = np.random.default_rng(1).uniform(size=4000)
    middle = float(np.exp(np.mean(np.log(list(OTHER_SYSTEMS.values())))))
    factor = np.minimum(predicted_rates(list(OTHER_SYSTEMS.values()), u) / middle, 20.0)
    job = applied(one_cause(float(failure_rate_per_s(middle, 16_384))), heartbeat_s=0.0, restart_s=0.0, read_s=0.0)
    run = rules(job, 300.0, work_days=1e4, limit_days=54.0)
    failures = simulate_run(run, replicas=len(u), seed=2, rate_factor=factor).failures
    found = predicted_count(list(OTHER_SYSTEMS.values()), LLAMA_NODE_DAYS / 1000)
    low, high = np.quantile(failures, [0.1, 0.9])
    assert low < 419 < high
    assert (low, high) == pytest.approx((found.p10, found.p90), rel=0.08)


def test_counts_are_poisson_where_all_systems_have_one_rate() -> None:
    found = predicted_count([2.0, 2.0, 2.0], 200.0)
    assert (found.p10, found.p50, found.p90) == (374.0, 400.0, 426.0)
    for rates in ([2.0], [2.0, 0.0]):
        with pytest.raises(InputError):
            predicted_count(rates, 1.0)


def test_llama_3_trained_more_than_nine_tenths_of_the_time() -> None:
    job = applied(hopper_job(rate=419 / LLAMA_NODE_DAYS * 1000), "asynchronous", stall_s=0.025, restart_s=600.0)
    assert mttf_s(job.stops.total_per_s) / 3600 == pytest.approx(3.09, abs=0.005)
    assert float(exact_goodput(job.stops, job.saving(best_interval_s(job, 54 * DAY_S))).goodput) > 0.90


def test_rsc_1_rate_with_five_minutes() -> None:
    job = applied(hopper_job(), write_s=0.0, read_s=0.0, heartbeat_s=0.0, restart_s=300.0)
    plain = Saving(interval_s=300.0, stall_s=0.0, intervals_per_durable=1.0)
    stalls = job.stops.rate_per_s @ job.stops.stall_s / job.stops.total_per_s
    corruption = stalls - 300.0  # hours until it is seen, which RSC does not count
    first = first_order_goodput(job.stops, plain)
    assert first.goodput + job.stops.total_per_s * corruption == pytest.approx(0.93, abs=0.005)


def test_rsc_2_rate_at_100k_needs_about_two_minutes() -> None:
    rate = float(failure_rate_per_s(2.34, 100_000))
    goodput = {
        minutes: float(exact_goodput(job.stops, job.saving(minutes * MINUTE)).goodput)
        for minutes in (2, 3, 5)
        for job in [applied(one_cause(rate), write_s=0.0, read_s=0.0, heartbeat_s=0.0, restart_s=minutes * MINUTE)]
    }
    assert goodput[2] > 0.9
    assert goodput[3] == pytest.approx(0.9, abs=0.015)
    assert goodput[5] < 0.87


def test_fault_tolerant_replicas_at_100k() -> None:
    rate = 1 / (18 * MINUTE)

    def effective(stall_s: float, replicas: float) -> float:
        job = applied(one_cause(rate), "asynchronous", "elastic", elastic_stall_s=stall_s, restart_s=600.0,
                      replicas=replicas, chips_per_replica=100_000 / replicas)  # fmt: skip
        return float(elastic_goodput(job.stops, job.saving(600.0)).goodput)

    assert effective(10 * MINUTE, 12_500.0) == pytest.approx(0.44, abs=0.01)
    assert effective(3 * MINUTE, 16.0) == pytest.approx(0.80, abs=0.01)
    assert effective(3 * MINUTE, 128.0) == pytest.approx(0.83, abs=0.01)
    per_1000_server_days = DAY_S * rate / (100_000 / 8) * 1000
    assert mttf_s(failure_rate_per_s(per_1000_server_days, 100_000)) == pytest.approx(18 * MINUTE)


def test_byterobust_trains_97_percent_and_blocking_saves_would_cost_far_more() -> None:
    fast: dict[str, float] = {"telemetry_s": 20.0, "standby_restart_s": 55.0, "stall_s": 0.025, "replicas": 75.0}
    rate = 1000 * 24 / 2.78 / (9600 / 8)  # a failure every 2.78 h
    hazards = hopper_job(9600, rate)
    watched = ("hot-standby", "telemetry")
    memory = applied(hazards, "in-memory", *watched, **fast)
    found = float(exact_goodput(memory.stops, memory.saving(best_interval_s(memory, 90 * DAY_S))).goodput)
    assert found == pytest.approx(0.97, abs=0.02)
    every = 10.0  # seconds: each step
    slow = applied(hazards, "blocking", *watched, **fast, write_s=15.0)
    saving = [policy.saving(every) for policy in (memory, slow)]
    shares = [float(np.asarray(each.stall_s) / (every + np.asarray(each.stall_s))) for each in saving]
    assert shares[0] == pytest.approx(0.0071, abs=0.006)
    assert shares[1] == pytest.approx(0.60, abs=0.02)


def test_copies_in_memory_lift_a_job_that_storage_holds_at_85_percent_to_97() -> None:
    slow = {"write_s": 600.0, "read_s": 600.0, "copy_s": 5.0, "copy_back_s": 5.0, "stall_s": 0.025,
            "heartbeat_s": 20.0, "restart_s": 120.0}  # fmt: skip

    def goodput(checkpointing: str, mttf: float) -> float:
        job = applied(one_cause(1 / mttf), checkpointing, **slow)
        return float(exact_goodput(job.stops, job.saving(best_interval_s(job, 90 * DAY_S))).goodput)

    mttfs = np.geomspace(1e3, 1e5, 200)
    storage = np.array([goodput("asynchronous", mttf) for mttf in mttfs])
    mttf = float(np.interp(0.85, storage, mttfs))
    assert goodput("in-memory", mttf) == pytest.approx(0.97, abs=0.015)


def test_gemini_2_5_kept_93_percent_computing() -> None:
    # 8,960 TPU v5p chips a pod, several pods; elastic slices keep 97 % of the throughput while one recovers.
    hazards = job_hazards(shipped().hazards["tpu"], 2 * 8960, 8960, 4)
    job = applied(hazards, "in-memory", "elastic", chips_per_node=4.0, replicas=35.0, chips_per_replica=512.0,
                  elastic_stall_s=60.0, restart_s=600.0)  # fmt: skip
    assert 0.93 <= float(elastic_goodput(job.stops, job.saving(300.0)).goodput) <= 1.0
    assert 1.0 - job.stops.waits_s.max() / 600.0 == pytest.approx(0.97, abs=0.005)


def test_silent_corruption_comes_every_week_or_two_at_the_scale_of_gemini() -> None:
    found = job_hazards(shipped().hazards["hopper"], 16_384, 8, 8)
    days = mttf_s(found.rate_per_s[found.causes.index("silent_corruption")]) / DAY_S
    assert 7 <= days <= 14


def test_tpu_v4_machines_cables_and_switches() -> None:
    record = shipped().hazards["tpu"]
    daily = {part.key: part.rate_per_1000_unit_days / 1000 for part in record.components}
    assert daily == pytest.approx({"host": 0.0008, "cable": 0.00005, "optical_switch": 0.0004})
    repair = shipped().assumption("reliability.node_repair_s")
    down = [daily["host"] * seconds / DAY_S for seconds in (repair.range[0], repair.value)]
    assert down[0] < 1 - 0.9998 < down[1]


@pytest.mark.parametrize(("chips", "hours"), [(16_384, 1.80), (131_072, 0.225)])
def test_rsc_1_projections_by_component(chips: int, hours: float) -> None:
    job = applied(hopper_job(chips, 6.5))
    assert mttf_s(job.stops.total_per_s) / 3600 == pytest.approx(hours, abs=0.005)
    assert job.stops.cause_rate_per_s.sum() == pytest.approx(job.stops.total_per_s)


def test_best_interval_moves_with_the_square_root() -> None:
    jobs = [applied(one_cause(1 / mttf), write_s=40.0) for mttf in (1e5, 4e5)]
    short, long = (best_interval_s(job, 90 * DAY_S) for job in jobs)
    assert long / short == pytest.approx(2.0, rel=0.02)
    assert all(job.checkpointing.stall_s == inputs(write_s=40.0).write_s for job in jobs)


def test_every_pair_of_systems_is_enough_to_predict() -> None:
    for pair in itertools.combinations(OTHER_SYSTEMS.values(), 2):
        assert np.all(np.diff(predicted_rates(list(pair), [0.1, 0.5, 0.9])) >= 0)
