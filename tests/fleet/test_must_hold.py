"""What has to hold for every replay: conservation, determinism, order, promises; and closed forms of queues.

Closed forms are met within what so few jobs can show (two or three standard errors); ``benchmarks/fleet.py`` meets them
within 1 % with millions.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from traces import drawn_jobs, jobs_of

from tenfold.fleet import (
    ADMISSIONS,
    ORDERS,
    PLACEMENTS,
    Admission,
    Jobs,
    Replay,
    Rivals,
    Rules,
    Upsets,
    make_jobs,
    replay,
    summary_of,
)
from tenfold.fleet.admissions import head
from tenfold.fleet.capacity.nodes import Nodes
from tenfold.fleet.engine.steady import State
from tenfold.fleet.lines import InOrder

FLEETS = ((), (8, 8, 4), (16,), (4,) * 5)
rules_of_any_kind = st.builds(
    lambda sizes, order, admission, placement, interval: Rules(
        chips=sum(sizes) or 20,
        node_sizes=sizes,
        order=order,
        admission="skip" if order in ("srtf", "las") else admission,
        placement=placement,
        interval_s=interval,
        queues=(50.0, 200.0),
    ),
    st.sampled_from(FLEETS),
    st.sampled_from((*ORDERS, "srtf", "las")),
    st.sampled_from(("head", "skip", "easy")),
    st.sampled_from(tuple(PLACEMENTS)),
    st.sampled_from((0.0, 7.0)),
)


def held_at(found: Replay, rules: Rules) -> float:
    """Chip-seconds accounted for, over all that there were."""
    return sum(summary_of(found, rules.chips, rules.admission).utilisation.values())


@given(drawn_jobs(), rules_of_any_kind)
@settings(max_examples=80, deadline=None)
def test_every_chip_second_and_every_wait_is_accounted_for(jobs: Jobs, rules: Rules) -> None:
    found = replay(jobs, rules)
    if not len(found.jobs):
        return
    assert (found.wait_s > -1e-6).all()
    reasons = sum(found.wait_by_reason_s.values())
    assert reasons == pytest.approx(found.wait_s, abs=1e-6)
    assert held_at(found, rules) == pytest.approx(1.0, abs=1e-9)
    assert all(value >= -1e-9 for value in summary_of(found, rules.chips, rules.admission).utilisation.values())


@given(drawn_jobs(), st.sampled_from(((), (8, 8, 4))), st.sampled_from((0.0, 7.0, 60.0)), st.booleans())
@settings(max_examples=80, deadline=None)
def test_so_it_is_where_machines_fail_between_two_passes(
    jobs: Jobs, sizes: tuple[int, ...], interval_s: float, silent: bool
) -> None:
    upsets = Upsets(
        failures_per_chip_s=2e-4,
        repair_s=40.0,
        unit_chips=4,
        restart_s=5.0,
        interval_s=20.0,
        save_s=1.0,
        corruptions_per_chip_s=2e-4 if silent else 0.0,
        unseen_s=30.0,
    )
    rules = Rules(chips=20, node_sizes=sizes, interval_s=interval_s, upsets=upsets, contested=True)
    found = replay(jobs, rules)
    if len(found.jobs):
        assert held_at(found, rules) == pytest.approx(1.0, abs=1e-9)


@given(drawn_jobs(), rules_of_any_kind)
@settings(max_examples=40, deadline=None)
def test_the_same_again(jobs: Jobs, rules: Rules) -> None:
    first, second = replay(jobs, rules), replay(jobs, rules)
    assert np.array_equal(first.finished_s, second.finished_s)
    assert first.preemptions == second.preemptions


@given(drawn_jobs(), rules_of_any_kind)
@settings(max_examples=60, deadline=None)
def test_no_more_chips_are_held_than_there_are(jobs: Jobs, rules: Rules) -> None:
    found = replay(jobs, rules)
    if rules.order in ("srtf", "las"):
        return
    start_s = found.jobs.submit_s + found.wait_s
    assert (start_s >= found.jobs.submit_s - 1e-9).all()
    for instant in start_s:
        held = found.jobs.chips[(start_s <= instant) & (found.finished_s > instant)].sum()
        assert held <= rules.chips


@given(drawn_jobs(), st.sampled_from(("fifo", "sjf")), st.sampled_from(((), (8, 8, 4))))
@settings(max_examples=60, deadline=None)
def test_the_engine_for_contests_is_the_twin_of_the_steady_one(jobs: Jobs, order: str, sizes: tuple[int, ...]) -> None:
    for admission in ("head", "skip"):
        rules = Rules(chips=20, node_sizes=sizes, order=order, admission=admission)
        flat = make_jobs(jobs.submit_s, jobs.work_s, jobs.chips)
        steady = replay(flat, rules)
        contested = replay(flat, Rules(chips=20, node_sizes=sizes, order=order, admission=admission, contested=True))
        assert contested.finished_s == pytest.approx(steady.finished_s)


def by_hand(jobs: Jobs, chips: int) -> list[float]:
    """Strict first come, first served, second by second."""
    waiting, running, start = list(range(len(jobs))), dict[int, float](), [math.inf] * len(jobs)
    for now in range(700):
        for job in [job for job, end in running.items() if end <= now]:
            del running[job]
        while waiting and jobs.submit_s[waiting[0]] <= now:
            free = chips - sum(int(jobs.chips[job]) for job in running)
            if jobs.chips[waiting[0]] > free:
                break
            job = waiting.pop(0)
            start[job], running[job] = float(now), now + float(jobs.work_s[job])
    return start


@given(drawn_jobs(most=8))
@settings(max_examples=60, deadline=None)
def test_first_come_first_served_as_by_hand(jobs: Jobs) -> None:
    found = replay(jobs, Rules(chips=12))
    assert (found.jobs.submit_s + found.wait_s).tolist() == by_hand(jobs, 12)


def test_whoever_takes_what_is_spare_hides_nobody_who_ends_in_time() -> None:
    """The last but three of these ends before the promise, and starts at the pass of 10 s as its neighbours do."""
    jobs = make_jobs(
        np.array([0.0] * 24 + [1.0, 2.0, 7.0, 7.0, 9.0, 9.0, 9.0, 10.0]),
        np.array([1.0] * 18 + [7.0] + [1.0] * 8 + [3.0, 2.0, 1.0, 1.0, 1.0]),
        np.array([1] * 19 + [11, 1, 1, 1, 9, 8, 9, 1, 1, 1, 1, 2, 1]),
        estimate_s=np.array([1.0] * 31 + [2.0]),
    )
    sizes = (1, 4, 4, 4, 5, 5, 5, 5, 9)
    found = replay(jobs, Rules(chips=42, node_sizes=sizes, order="sjf", admission="easy", interval_s=2.0))
    assert (found.jobs.submit_s + found.wait_s)[28] == 10.0


@given(drawn_jobs(), st.sampled_from(((), (8, 4))))
@settings(max_examples=100, deadline=None)
def test_easy_never_delays_the_head(jobs: Jobs, sizes: tuple[int, ...]) -> None:
    """Whoever is first of all that wait starts no later than if nobody behind it were there."""
    rules = Rules(chips=12, node_sizes=sizes, admission="easy")
    truthful = make_jobs(jobs.submit_s, jobs.work_s, jobs.chips)
    found = replay(truthful, rules)
    start_s = found.jobs.submit_s + found.wait_s
    for job in range(len(found.jobs)):
        before = np.flatnonzero(start_s[:job] <= found.jobs.submit_s[job])
        if len(before) < job:
            continue  # somebody stands before it
        alone = found.jobs.take(np.concatenate([np.flatnonzero(start_s <= found.jobs.submit_s[job]), [job]]))
        alone = alone.take(np.unique(alone.line, return_index=True)[1])
        there = replay(alone, rules)
        own = int(np.flatnonzero(there.jobs.line == found.jobs.line[job])[0])
        if not sizes:
            assert start_s[job] <= there.jobs.submit_s[own] + there.wait_s[own] + 1e-6


@given(drawn_jobs())
@settings(max_examples=100, deadline=None)
def test_whoever_was_promised_starts_no_later_than_in_a_strict_line(jobs: Jobs) -> None:
    """At any time from its start in the strict line on, whoever is before it is done there no later: there is room."""
    truthful = make_jobs(jobs.submit_s, jobs.work_s, jobs.chips)
    strict, promised = (replay(truthful, Rules(chips=12, admission=each)) for each in ("head", "conservative"))
    assert (promised.wait_s <= strict.wait_s + 1e-6).all()


@given(drawn_jobs(), st.sampled_from(("fair", "drf", "fifo")))
@settings(max_examples=50, deadline=None)
def test_wrong_estimates_and_turns_leave_nobody_behind(jobs: Jobs, order: str) -> None:
    rules = Rules(chips=12, order=order, admission="conservative" if order == "fifo" else "head")
    found = replay(jobs, rules)
    assert np.isfinite(found.finished_s).all()
    assert held_at(found, rules) == pytest.approx(1.0)


def test_tenants_take_turns() -> None:
    names = np.array(["a", "a", "a", "b"], dtype=object)
    jobs = make_jobs(np.array([0.0, 1.0, 2.0, 3.0]), np.full(4, 10.0), np.full(4, 4), tenant_names=names)
    order = {each: replay(jobs, Rules(chips=4, order=each)).finished_s.tolist() for each in ("fifo", "fair")}
    assert order == {"fifo": [10.0, 20.0, 30.0, 40.0], "fair": [10.0, 30.0, 40.0, 20.0]}
    held = replay(jobs, Rules(chips=8, order="drf")).finished_s.tolist()
    assert held == [10.0, 11.0, 21.0, 20.0]  # b holds none when a chip is free first


def test_a_tenant_of_twice_the_weight_gets_twice_the_time() -> None:
    names = np.array(["a", "b"] * 60, dtype=object)
    jobs = make_jobs(np.zeros(120), np.full(120, 10.0), np.full(120, 4), tenant_names=names)
    for order, chips in (("fair", 4), ("drf", 12)):
        found = replay(jobs, Rules(chips=chips, order=order, weights={"a": 2}))
        first = found.finished_s <= 60 * 40.0 / chips
        assert (first & (jobs.tenant == 0)).sum() == 2 * (first & (jobs.tenant == 1)).sum()


def test_what_was_used_is_forgotten_by_half_lives() -> None:
    """At 1,020 s a has used 400 chip-seconds long ago and b 80 just now."""
    names = np.array(["a", "b", "a", "b"], dtype=object)
    jobs = make_jobs(
        np.array([0.0, 1000.0, 1001.0, 1002.0]), np.array([100.0, 20.0, 5.0, 5.0]), np.full(4, 4), tenant_names=names
    )
    last = {each: replay(jobs, Rules(chips=4, order="fair", half_life_s=each)).finished_s[2:] for each in (100.0, 1e6)}
    assert last[100.0].tolist() == [1025.0, 1030.0]
    assert last[1e6].tolist() == [1030.0, 1025.0]
    assert replay(jobs, Rules(chips=4, order="fair")).finished_s[2:].tolist() == [1030.0, 1025.0]


def test_a_function_of_ones_own_is_a_rival_by_name() -> None:
    """Who asks for fewest chips is first; a node is taken from behind; a line that lets nobody start but alone."""

    def behind(nodes: Nodes, chips: int) -> tuple[tuple[int, int], ...] | None:
        able = [node for node in nodes.members if nodes.left[node] >= chips]
        return ((able[-1], chips),) if able else None

    def alone(state: State) -> None:
        if state.line and state.capacity.free == state.capacity.chips:
            head(state)

    jobs = make_jobs(np.zeros(3), np.array([10.0, 10.0, 10.0]), np.array([4, 2, 1]))
    mine = Rivals(
        orders={**ORDERS, "narrow": lambda jobs: jobs.chips.astype(float)},
        placements={**PLACEMENTS, "behind": behind},
        admissions={**ADMISSIONS, "alone": Admission(alone, InOrder)},
    )
    rules = Rules(chips=8, node_sizes=(4, 4), order="narrow", placement="behind", admission="alone")
    found = replay(jobs, rules, rivals=mine)
    # narrow first: both fit node 1, which is taken from behind, and the gang of four has node 0
    assert found.wait_s.tolist() == [0.0, 0.0, 0.0]
    late = replay(make_jobs(np.array([0.0, 5.0]), np.full(2, 10.0), np.ones(2, dtype=int)), rules, rivals=mine)
    assert late.wait_s.tolist() == [0.0, 5.0]
    assert held_at(late, rules) == pytest.approx(1.0)


def test_deadlines_and_worth() -> None:
    """The second is worth most for its chips and time; by value it is first, and in time."""
    jobs = make_jobs(
        np.zeros(3), np.array([10.0, 5.0, 10.0]), np.full(3, 4),
        deadline_s=np.array([np.nan, 9.0, 12.0]), value_usd=np.array([1.0, 8.0, 4.0]),
    )  # fmt: skip
    by = {order: summary_of(replay(jobs, Rules(chips=4, order=order)), 4, "head") for order in ("fifo", "value", "edf")}
    assert {order: (each.deadlines_met, each.value_met_usd) for order, each in by.items()} == {
        "fifo": (0, 1.0), "value": (1, 9.0), "edf": (1, 9.0),
    }  # fmt: skip
    assert (by["fifo"].deadlines, by["fifo"].value_usd) == (2, 13.0)


def test_a_gang_beyond_the_fleet_is_infeasible_and_the_rest_goes_on() -> None:
    jobs = jobs_of([(0, 10, 4, 0, 1), (1, 10, 40, 0, 1), (2, 10, 4, 0, 1)])
    found = replay(jobs, Rules(chips=8))
    assert found.never.tolist() == [False, True, False]
    assert found.jct_s.tolist() == [10.0, 10.0]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30), st.integers(1, 6), st.integers(0, 2), st.just(1)),
                min_size=2, max_size=12), st.integers(0, 5))  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_work_that_fails_is_accounted_for(rows: list[tuple[int, int, int, int, int]], seed: int) -> None:
    jobs = jobs_of(rows)
    upsets = Upsets(failures_per_chip_s=1e-3, unit_chips=4, repair_s=9.0, restart_s=2.0, interval_s=5.0, save_s=0.5)
    for sizes in ((), (4, 4)):
        rules = Rules(
            chips=8, node_sizes=sizes, contested=True, preemption="requeue", upsets=upsets, seed=seed, order="priority"
        )
        found = replay(jobs, rules)
        assert np.isfinite(found.finished_s).all()
        assert held_at(found, rules) == pytest.approx(1.0, abs=1e-6)
        assert sum(found.wait_by_reason_s.values()) == pytest.approx(found.wait_s, abs=1e-6)


def test_a_tenant_within_its_guarantee_takes_back_what_others_borrow() -> None:
    jobs = make_jobs(
        np.array([0.0, 5.0]), np.array([100.0, 10.0]), np.array([8, 4]),
        tenant_names=np.array(["borrower", "owner"], dtype=object),
    )  # fmt: skip
    rules = Rules(chips=8, contested=True, preemption="requeue", guaranteed={"owner": 4, "borrower": 4})
    found = replay(jobs, rules)
    assert found.preemptions == 1
    assert found.finished_s.tolist() == [115.0, 15.0]
    kept = replay(jobs, Rules(chips=8, contested=True, guaranteed={"owner": 4, "borrower": 4}))
    assert kept.finished_s.tolist() == [100.0, 110.0]


def poisson(
    jobs: int, rate: float, seed: int
) -> tuple[np.random.Generator, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    rng = np.random.default_rng(seed)
    return rng, np.cumsum(rng.exponential(1 / rate, jobs))


def test_erlang_c() -> None:
    """M/M/c: mean wait = C(c, a) ÷ (c μ − λ)."""
    servers, load, count = 4, 2.0, 150_000
    rng, submit_s = poisson(count, load, 3)
    found = replay(
        make_jobs(submit_s, rng.exponential(1.0, count), np.ones(count, dtype=np.int64)), Rules(chips=servers)
    )
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    assert found.wait_s.mean() == pytest.approx(last / (sum(terms) + last) / (servers - load), rel=0.03)


def test_pollaczek_khinchine() -> None:
    """M/G/1: mean wait = λ E[S²] ÷ 2(1 − ρ)."""
    rate, count = 0.5, 150_000
    rng, submit_s = poisson(count, rate, 4)
    work_s = rng.uniform(0.0, 2.0, count)
    found = replay(make_jobs(submit_s, work_s, np.ones(count, dtype=np.int64)), Rules(chips=1))
    assert found.wait_s.mean() == pytest.approx(rate * (4 / 3) / (2 * (1 - rate)), rel=0.03)


def test_preemptive_resume() -> None:
    """M/M/1, two tiers, who is stopped resumes: T₁ = 1 ÷ (μ − λ₁), T₂ = μ⁻¹ ÷ ((1 − ρ₁)(1 − ρ₁ − ρ₂))."""
    count = 40_000
    rng, submit_s = poisson(count, 0.7, 5)
    tier = rng.integers(0, 2, count)
    jobs = make_jobs(submit_s, rng.exponential(1.0, count), np.ones(count, dtype=np.int64), tier=tier)
    found = replay(jobs, Rules(chips=1, contested=True, preemption="save"))
    first, second = (found.jct_s[found.jobs.tier == each].mean() for each in (0, 1))
    assert first == pytest.approx(1 / (1 - 0.35), rel=0.03)
    assert second == pytest.approx(1 / ((1 - 0.35) * (1 - 0.7)), rel=0.06)


def test_a_lone_job_under_failures() -> None:
    """E[T] = n (1/λ + R)(e^{λ(τ + w)} − 1), for n intervals τ that save in w [Daly 2006, equation 13]."""
    rate, restart_s, interval_s, save_s, hours = 1 / (24 * 3600.0), 600.0, 1800.0, 10.0, 240
    jobs = make_jobs(np.zeros(1), np.array([hours * 3600.0]), np.array([1024]))
    upsets = Upsets(failures_per_chip_s=rate / 1024, restart_s=restart_s, interval_s=interval_s, save_s=save_s)
    found = [
        float(replay(jobs, Rules(chips=1024, contested=True, upsets=upsets, seed=seed)).finished_s[0])
        for seed in range(80)
    ]
    exact = hours * 3600 / interval_s * (1 / rate + restart_s) * math.expm1(rate * (interval_s + save_s))
    assert np.mean(found) == pytest.approx(exact, rel=0.01)
