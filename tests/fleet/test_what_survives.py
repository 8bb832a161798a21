"""What a job keeps when it is stopped, whatever stops it: by a failed node, by a seller of spot chips, by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed_commands import tenfold

import tenfold as public
from tenfold.fleet import Replay, Rules, SpotTerm, Upsets, make_jobs, replay
from tenfold.quantities import InputError

NEVER = float("inf")
ONCE = Upsets(failures_per_chip_s=1e-3 / 16, repair_s=30.0, restart_s=7.0, goes_on=True, stall_s=2.0)


def lone(chips: int, work_s: float, rules: Rules, submit_s: float = 0.0) -> Replay:
    """One job, whose user says truly how long it takes."""
    return replay(make_jobs(np.array([submit_s]), np.array([work_s]), np.array([chips])), rules)


def test_a_job_goes_on_without_the_node_that_failed() -> None:
    """Half of the chips for a repair r, and stalls s at both ends: half of (r − s) is done meanwhile."""
    rules = Rules(chips=16, node_sizes=(8, 8), contested=True, upsets=ONCE)
    once = [
        found for seed in range(12) if (found := lone(16, 500.0, replace(rules, seed=seed))).happened["failures"] == 1
    ]
    assert once
    for found in once:
        assert found.finished_s[0] == pytest.approx(500.0 + 30.0 + 2.0 - (30.0 - 2.0) / 2)
        assert found.lost_chip_s["lost_to_failure"] == 0.0
        assert found.idle_chip_s["down"] == pytest.approx(8 * 30.0)


def test_another_node_takes_the_place_of_the_one_that_failed() -> None:
    """It is taken in at once: two stalls, and no time on fewer chips."""
    rules = Rules(chips=24, node_sizes=(8, 8, 8), contested=True, upsets=replace(ONCE, failures_per_chip_s=1e-3 / 24))
    ends = {
        found.finished_s[0]
        for seed in range(12)
        if (found := lone(16, 500.0, replace(rules, seed=seed))).happened["failures"] == 1
    }
    assert ends <= {500.0, 504.0}
    assert 504.0 in ends


@pytest.mark.parametrize("sizes", [(), (8, 8)])
def test_a_job_on_one_node_cannot_go_on_without_it(sizes: tuple[int, ...]) -> None:
    upsets = replace(ONCE, failures_per_chip_s=1e-3, interval_s=20.0)
    rules = Rules(chips=16, node_sizes=sizes, contested=True, upsets=upsets)
    found, stopped = (lone(8, 500.0, replace(rules, upsets=replace(upsets, goes_on=each))) for each in (True, False))
    assert found.happened["failures"] > 0
    assert found.finished_s.tolist() == stopped.finished_s.tolist()
    assert found.idle_chip_s["down"] == stopped.idle_chip_s["down"] > 0.0


def test_longer_repairs_cost_elastic_jobs_more(tmp_path: Path) -> None:
    """Jobs on one node are as under node-spares, those on several lose less, and none of them is free."""
    means = {}
    for chips in (8, 32):
        trace = tmp_path / f"{chips}.csv"
        trace.write_text("submit_s,duration_s,chips\n" + f"0,864000,{chips}\n" * (64 // chips), encoding="utf-8")
        asked = {"trace": str(trace), "chips": 64, "nodes_of": 8, "failures": True, "chip": "h100-sxm"}
        asked |= {"failures_per_1000_node_days": 200.0}
        for recovery in ("elastic", "node-spares"):
            for repair in ("1 h", "10 days"):
                found = public.fleet_replay(asked | {"recovery": recovery, "repair": repair})
                means[chips, recovery, repair] = found.mean_jct_s
                assert found.utilisation["idle_down"] > 0
    assert means[8, "elastic", "10 days"] == means[8, "node-spares", "10 days"]
    assert 864_000.0 < means[32, "elastic", "1 h"] < 1.1 * 864_000.0 < means[32, "elastic", "10 days"]
    assert means[32, "elastic", "10 days"] < means[32, "node-spares", "10 days"]


some_upsets = st.builds(
    lambda restart_s, interval_s, save_s: Upsets(
        restart_s=float(restart_s), interval_s=float(interval_s), save_s=float(save_s)
    ),
    st.integers(0, 3),
    st.sampled_from((NEVER, 5, 20)),
    st.integers(0, 4),
)


@given(
    some_upsets, st.integers(0, 60), st.integers(1, 60), st.integers(1, 80), st.integers(1, 60), st.integers(1, 90),
    st.integers(0, 90), st.sampled_from(((), (4, 4)))
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_more_notice_never_costs(
    upsets: Upsets, submit: int, work: int, gone: int, lasts: int, more: int, notice: int, sizes: tuple[int, ...]
) -> None:
    """The end of a job whose time is known never comes later where its seller tells it earlier."""
    rules = Rules(chips=8, node_sizes=sizes, contested=True, upsets=upsets)
    ends_s = []
    for notice_s in (0, notice, notice + more):
        term = SpotTerm(chips=8, from_s=float(gone), until_s=float(gone + lasts), notice_s=float(notice_s))
        ends_s.append(float(lone(8, work, replace(rules, spot=(term,)), submit).finished_s[0]))
    assert ends_s[0] >= ends_s[1] >= ends_s[2]


def spotted(notice_s: float, upsets: Upsets, work_s: float, chips: int = 8) -> Replay:
    term = SpotTerm(chips=8, from_s=2000.0, until_s=2600.0, notice_s=notice_s)
    return lone(chips, work_s, Rules(chips=8, contested=True, upsets=upsets, spot=(term,)))


def test_chips_work_until_they_go() -> None:
    """Who ends before starts; who does not works until its save, and one that would only restart waits."""
    saving = Upsets(save_s=50.0, restart_s=10.0)
    assert spotted(3000.0, saving, 1000.0).wait_s.tolist() == [0.0]
    assert spotted(3000.0, saving, 2000.0).finished_s.tolist() == [2000.0]
    assert spotted(3000.0, saving, 3000.0).finished_s.tolist() == [2600.0 + 10.0 + 3000.0 - 1950.0]
    assert spotted(49.0, saving, 3000.0).finished_s.tolist() == [2600.0 + 10.0 + 3000.0]
    two_terms = (
        SpotTerm(chips=4, from_s=50.0, until_s=60.0, notice_s=50.0),
        SpotTerm(chips=4, from_s=55.0, until_s=60.0, notice_s=55.0),
    )
    found = lone(8, 100.0, Rules(chips=8, contested=True, spot=two_terms))
    assert found.finished_s.tolist() == [110.0]
    late = make_jobs(np.array([0.0, 1945.0]), np.array([1.0, 100.0]), np.array([8, 8]))
    term = SpotTerm(chips=8, from_s=2000.0, until_s=2600.0, notice_s=3000.0)
    found = replay(late, Rules(chips=8, contested=True, upsets=saving, spot=(term,)))
    assert found.finished_s.tolist() == [1.0, 2700.0]
    assert found.happened["spot_stops"] == 0


def test_an_earlier_notice_makes_jobs_of_a_trace_wait_less(tmp_path: Path) -> None:
    waits = []
    for notice_s in (0, 7200, 10_000_000):
        spot = tmp_path / "spot.csv"
        spot.write_text(f"chips,from_s,until_s,notice_s\n48,100000,140000,{notice_s}\n", encoding="utf-8")
        asked = {"trace": "examples/fleet/synthetic-jobs.csv", "chips": 96, "admission": "skip", "spot": str(spot)}
        waits.append(public.fleet_replay(asked).mean_wait_s)
    assert waits[0] > waits[1] >= waits[2]


@pytest.mark.parametrize("interval_s", [NEVER, 150.0])
def test_one_rule_of_what_survives_a_stop(interval_s: float) -> None:
    """Without a notice the latest save, whether machines, sellers, others or the job itself stop it after 500 s."""
    kept_s = 0.0 if interval_s == NEVER else 450.0
    upsets = Upsets(interval_s=interval_s)
    rules = Rules(chips=8, contested=True, upsets=upsets)
    sold = lone(8, 1000.0, replace(rules, spot=(SpotTerm(chips=8, from_s=500.0, until_s=600.0, notice_s=0.0),)))
    crash = replace(upsets, crash_share=1.0, crashes=1, crash_after_s=500.0)
    crashed = lone(8, 1000.0, replace(rules, upsets=crash))
    two = make_jobs(np.array([0.0, 500.0]), np.array([1000.0, 100.0]), np.array([8, 8]), tier=np.array([1, 0]))
    evicted = replay(two, replace(rules, preemption="requeue", order="priority"))
    lost = [
        sold.lost_chip_s["lost_to_spot"],
        crashed.lost_chip_s["lost_to_crash"],
        evicted.lost_chip_s["lost_to_preemption"],
    ]
    assert lost == [8 * (500.0 - kept_s)] * 3
    assert [sold.finished_s[0], evicted.finished_s[0]] == [1600.0 - kept_s] * 2


TRACE = "submit_s,duration_s,chips,tier,least_chips\n0,100,8,0,4\n0,100,8,0,4\n0,100,4,0,4\n"


def test_settings_that_do_nothing_are_refused_by_name(tmp_path: Path) -> None:
    trace, plain = tmp_path / "jobs.csv", tmp_path / "plain.csv"
    trace.write_text(TRACE, encoding="utf-8")
    plain.write_text("submit_s,duration_s,chips\n0,100,4\n", encoding="utf-8")
    refused = tenfold(
        *("fleet", "replay", trace, "--chips", "8", "--repair", "1 h", "--recovery", "elastic", "--restart", "5 s"),
        *("--checkpoint-interval", "1 h", "--save", "5 s", "--notice", "5 s"),
    )
    assert refused.code == 2
    said = refused.stderr.replace("-", "_")
    for key in ("repair: is about machines", "recovery: is about machines", *(
        f"{key}: does nothing" for key in ("checkpoint_interval", "restart", "save", "notice")
    )):  # fmt: skip
        assert key in said
    crashing = {"trace": str(trace), "chips": 8, "crash_share": 1.0, "crashes": 1, "crash_after": "10 min"}
    with pytest.raises(InputError, match="no job works for so long"):
        public.fleet_replay(crashing | {"checkpoint_interval": "1 h"})
    assert any("a save takes no time" in note for note in public.fleet_replay(crashing).notes)
    for preemption in ("elastic", "shrink"):
        with pytest.raises(InputError, match=f"{preemption} does nothing: no job of the trace"):
            public.fleet_replay(trace=str(plain), chips=8, preemption=preemption)


def test_it_says_how_many_started_small_and_grew_and_never_start(tmp_path: Path) -> None:
    trace = tmp_path / "jobs.csv"
    trace.write_text(TRACE + "0,1,16,0,16\n0,1,16,0,16\n", encoding="utf-8")
    said = tenfold("fleet", "replay", trace, "--chips", "12", "--preemption", "elastic")
    assert said.code == 3
    assert "2 of 5 jobs can never start, of 1 kind" in " ".join(said.stdout.split())
    for words, count in (("Starts on fewer chips than a job asks for", 1), ("Jobs that grew to all of their chips", 1)):
        assert f"{words} {count}" in " ".join(said.stdout.split())
