"""What fails beside machines: lemons and drains, crash loops, silent corruption, spot chips that are taken back."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_must_hold import held_at
from traces import jobs_of
from typed_commands import tenfold

from tenfold.fleet import Replay, Rules, SpotTerm, Upsets, make_jobs, replay
from tenfold.fleet.engine.upsets import hazards_of

HARD = Upsets(
    failures_per_chip_s=1e-3,
    repair_s=9.0,
    restart_s=2.0,
    interval_s=5.0,
    save_s=0.5,
    lemon_share=0.5,
    lemon_factor=5.0,
    drain_after=2,
    drain_s=20.0,
    corruptions_per_chip_s=2e-3,
    unseen_s=4.0,
    crash_share=0.4,
    crashes=2,
    crash_after_s=3.0,
)
some_rows = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 30), st.integers(1, 6), st.integers(0, 2), st.just(1)),
    min_size=2,
    max_size=10,
)
some_terms = st.builds(
    lambda chips, from_s, lasts_s, notice_s: SpotTerm(
        chips=chips, from_s=float(from_s), until_s=float(from_s + lasts_s), notice_s=float(notice_s)
    ),
    st.integers(1, 4),
    st.integers(0, 50),
    st.integers(1, 40),
    st.integers(0, 9),
)


def lone(upsets: Upsets, work_s: float = 100.0, **other: object) -> Replay:
    """One job of four chips on as many."""
    jobs = make_jobs(np.zeros(1), np.array([work_s]), np.array([4]))
    return replay(jobs, replace(Rules(chips=4, contested=True, upsets=upsets), **other))  # type: ignore[arg-type]


def test_a_lone_job_under_failures_takes_as_long_as_the_renewal_equation_says() -> None:
    """240 hours on 128 nodes, 6.5 failures in 1,000 node-days (Meta's RSC-1, arXiv:2410.21680), saves by the hour.

    work/τ · (1/λ + R)·(e^{λ(τ+δ)} − 1) with τ = 1 h of work, a save δ of a minute and a restart R of ten: 249.8 h.
    """
    hours, chips, rate_per_h, interval_h, save_h, restart_h = 240.0, 1024, 6.5 / 1000 * 128 / 24, 1.0, 1 / 60, 1 / 6
    exact_h = hours / interval_h * (1 / rate_per_h + restart_h) * math.expm1(rate_per_h * (interval_h + save_h))
    assert exact_h == pytest.approx(249.8, abs=0.05)
    jobs = make_jobs(np.zeros(1), np.array([hours * 3600.0]), np.array([chips]))
    upsets = Upsets(
        failures_per_chip_s=rate_per_h / 3600.0 / chips,
        restart_s=restart_h * 3600.0,
        interval_s=interval_h * 3600.0,
        save_s=save_h * 3600.0,
    )
    rules = Rules(chips=chips, contested=True, upsets=upsets)
    took_h = [replay(jobs, replace(rules, seed=seed)).finished_s[0] / 3600.0 for seed in range(40)]
    assert np.mean(took_h) == pytest.approx(exact_h, rel=0.01)


@given(
    some_rows,
    st.lists(some_terms, max_size=2),
    st.integers(0, 9),
    st.sampled_from(("none", "requeue", "save")),
    st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_every_chip_second_is_accounted_for(
    rows: list[tuple[int, int, int, int, int]], spot: list[SpotTerm], seed: int, preemption: str, goes_on: bool
) -> None:
    jobs = jobs_of(rows)
    for sizes in ((), (2, 2, 2, 2) if goes_on else (4, 4)):
        rules = Rules(
            chips=8,
            node_sizes=sizes,
            contested=True,
            preemption=preemption,
            upsets=replace(HARD, notice_s=float(seed), goes_on=goes_on, stall_s=1.0, unit_chips=2),
            spot=tuple(spot),
            seed=seed,
            order="priority",
        )
        found = replay(jobs, rules)
        assert np.isfinite(found.finished_s).all()
        assert held_at(found, rules) == pytest.approx(1.0, abs=1e-6)
        assert all(lost >= -1e-9 for lost in found.lost_chip_s.values())
        assert sum(found.wait_by_reason_s.values()) == pytest.approx(found.wait_s, abs=1e-6)


def test_a_crash_loop_takes_its_times_and_no_more() -> None:
    """Three starts of 30 s that keep 25 s each, and a fourth that runs through: restarts of 2 s between."""
    found = lone(Upsets(restart_s=2.0, interval_s=25.0, crash_share=1.0, crashes=3, crash_after_s=30.0))
    assert found.happened["crashes"] == 3
    assert found.finished_s.tolist() == [30.0 + 2 * 32.0 + 2.0 + 25.0]
    assert found.lost_chip_s["lost_to_crash"] == pytest.approx(3 * 5.0 * 4)
    assert lone(Upsets(crash_share=1.0, crashes=3, crash_after_s=101.0)).happened["crashes"] == 0


def test_what_a_failed_job_evicts_is_charged_to_the_failure() -> None:
    """Both start at once on a node each, so that whoever makes room does so for a job whose node has failed."""
    jobs = make_jobs(np.zeros(2), np.full(2, 50.0), np.full(2, 4), tier=np.array([0, 1]))
    upsets = Upsets(failures_per_chip_s=2e-3, repair_s=30.0, interval_s=100.0)
    rules = Rules(chips=8, node_sizes=(4, 4), contested=True, preemption="requeue", order="priority", upsets=upsets)
    found = [replay(jobs, replace(rules, seed=seed)) for seed in range(8)]
    assert sum(each.preemptions for each in found) > 0
    assert sum(each.lost_chip_s["lost_after_failure"] for each in found) > 0.0
    assert all(each.lost_chip_s["lost_to_preemption"] == 0.0 for each in found)


SPOT = SpotTerm(chips=4, from_s=40.0, until_s=70.0, notice_s=5.0)


@pytest.mark.parametrize("sizes", [(), (4,)])
@pytest.mark.parametrize(("save_s", "lost_s"), [(5.0, 0.0), (6.0, None)])
def test_spot_chips_are_saved_where_the_notice_is_long_enough(
    sizes: tuple[int, ...], save_s: float, lost_s: float | None
) -> None:
    """Work until 35 s, a save of 5 s, gone from 40 s to 70 s; too short a notice costs all since the latest save."""
    found = lone(Upsets(save_s=save_s), spot=(SPOT,), node_sizes=sizes)
    assert found.happened["spot_stops"] == 1
    kept_s = 35.0 if lost_s == 0.0 else 0.0
    assert found.finished_s.tolist() == [70.0 + 100.0 - kept_s]
    assert found.lost_chip_s["lost_to_spot"] == (0.0 if lost_s == 0.0 else 40.0 * 4)
    assert found.wait_by_reason_s["down"].tolist() == [30.0]
    assert found.idle_chip_s["down"] == 30.0 * 4


def test_nobody_new_starts_on_chips_that_are_told_to_go() -> None:
    jobs = make_jobs(np.array([36.0, 50.0]), np.array([10.0, 1.0]), np.array([4, 4]))
    found = replay(jobs, Rules(chips=8, node_sizes=(4, 4), contested=True, spot=(SPOT,)))
    assert found.wait_s.tolist() == [0.0, 0.0]
    assert found.happened["spot_stops"] == 0


def test_silent_corruption_voids_all_since_and_longer_unseen_costs_more() -> None:
    often = Upsets(corruptions_per_chip_s=2.5e-4, interval_s=10.0, unseen_s=5.0)
    ends_s = {
        unseen_s: float(np.mean([
            lone(replace(often, unseen_s=unseen_s), 10_000.0, seed=seed).finished_s[0] for seed in range(4)
        ]))
        for unseen_s in (5.0, 50.0)
    }  # fmt: skip
    assert 10_000.0 < ends_s[5.0] < ends_s[50.0]
    # one in 1,000 s costs half an interval and the time unseen
    assert ends_s[50.0] / 10_000.0 == pytest.approx(1.0 + 55.0 / 1000.0, rel=0.03)
    late = lone(replace(often, unseen_s=1e9), 10_000.0)
    assert late.finished_s.tolist() == [10_000.0]
    assert late.happened["corrupted_results"] == 1


def test_lemons_fail_more_and_drains_take_them_away() -> None:
    """Failures go with the mean hazard of the nodes, until drained lemons are replaced by sound ones."""
    count = 60
    jobs = make_jobs(np.zeros(count), np.full(count, 1e4), np.full(count, 8))
    rules = Rules(chips=8 * count, node_sizes=(8,) * count, contested=True, seed=3)
    fails = Upsets(failures_per_chip_s=5e-5, interval_s=1.0)
    sound = replay(jobs, replace(rules, upsets=fails)).happened["failures"]
    bad = replace(fails, lemon_share=0.1, lemon_factor=21.0)
    lemons = replay(jobs, replace(rules, upsets=bad)).happened
    assert lemons["failures"] == pytest.approx(sound * np.mean(hazards_of(bad, count, 3)), rel=0.2)
    drained = replay(jobs, replace(rules, upsets=replace(bad, drain_after=3, drain_s=1.0))).happened
    assert drained["drains"] > 0
    assert sound < drained["failures"] < lemons["failures"]


def test_spot_and_crashes_from_the_command(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text("submit_s,duration_s,chips\n0,100,4\n", encoding="utf-8")
    (tmp_path / "spot.csv").write_text("chips,from_s,until_s,notice_s\n4,40,70,5\n", encoding="utf-8")
    asked = ("fleet", "replay", tmp_path / "jobs.csv", "--chips", "4", "--spot", tmp_path / "spot.csv")
    said = tenfold(*asked, "--save", "5 s", "--json").data
    assert said["happened"]["spot_stops"] == 1
    assert said["mean_jct_s"] == 135.0
    (tmp_path / "spot.csv").write_text("chips,from_s,until_s,notice_s\n5,40,70,5\n1,9,8,0\n", encoding="utf-8")
    refused = tenfold(*asked, "--crashes", "2", "--lemons")
    for wrong in ("crash_share: is missing", "lemons: is about nodes that fail"):
        assert wrong in refused.stderr.replace("-", "_")
    refused = tenfold(*asked, "--kinds", "v100=4", "--throughputs", tmp_path / "spot.csv")
    assert "kinds: is of a fleet on which nobody is stopped" in refused.stderr
    refused = tenfold(*asked)
    assert refused.code == 2
    assert "takes back 5 chips at a time of 4" in refused.stderr
    assert "line 3: has no time from which on" in refused.stderr
