"""Who would have to make room for a job that is submitted now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold as public
from tenfold.fleet import Rules, Upsets, Wish, make_jobs, replay, standing_at, victims_now
from tenfold.fleet.forecast import all_jobs, waits_with_room
from tenfold.quantities import InputError

ROWS = "submit_s,duration_s,chips,tenant,tier\n0,1000,4,a,1\n50,1000,4,b,2\n60,1000,4,c,2\n70,1000,4,d,0\n"


@pytest.mark.parametrize("sizes", [(), (4,) * 4])
def test_victims_are_those_that_the_engine_would_stop(sizes: tuple[int, ...]) -> None:
    """At 130 s a and d are not of a later tier, b and c ran 80 s and 70 s of which 50 s are saved."""
    jobs = make_jobs(np.array([0.0, 50.0, 60.0, 70.0]), np.full(4, 1000.0), np.full(4, 4), tier=np.array([1, 2, 2, 0]))
    rules = Rules(chips=16, node_sizes=sizes, upsets=Upsets(interval_s=25.0, restart_s=2.0))
    standing = standing_at(jobs, rules, 130.0)
    one = victims_now(standing, rules, Wish(chips=4, work_s=10.0, tier=1))
    assert [(each.tier, each.ran_s, each.loses_chip_s) for each in one] == [(2, 80.0, 4 * (5.0 + 2.0))]
    both = victims_now(standing, rules, Wish(chips=8, work_s=10.0, tier=1))
    assert sorted(each.ran_s for each in both) == [70.0, 80.0]
    assert victims_now(standing, rules, Wish(chips=12, work_s=10.0, tier=1)) == ()
    assert victims_now(standing, rules, Wish(chips=4, work_s=10.0, tier=2)) == ()
    later = make_jobs(
        np.append(jobs.submit_s, 130.0), np.append(jobs.work_s, 10.0), np.append(jobs.chips, 4),
        tier=np.append(jobs.tier, 1),
    )  # fmt: skip
    stopped = replay(
        later,
        Rules(chips=16, node_sizes=sizes, contested=True, preemption="requeue", admission="skip", upsets=rules.upsets),
    )
    assert stopped.preemptions == 1
    assert stopped.finished_s[4] == 140.0


def test_submit_says_who_would_make_room(tmp_path: Path) -> None:
    trace = tmp_path / "jobs.csv"
    trace.write_text(ROWS, encoding="utf-8")
    found = public.fleet_submit(
        trace=str(trace), chips=16, order="priority", job_chips=8, job_time_s=60.0, job_tier=1, at_s=130.0,
        forecasts=3, checkpoint_interval_s=25.0,
    )  # fmt: skip
    assert [(each.tenant, each.chips) for each in found.victims] == [("b", 4), ("c", 4)]
    assert sum(each.loses_chip_s for each in found.victims) == pytest.approx(4 * 5.0 + 4 * 20.0)


PREEMPTING = Rules(chips=9, contested=True, preemption="requeue", upsets=Upsets(interval_s=2.0))


@settings(deadline=None, max_examples=25)
@given(data=st.data(), admission=st.sampled_from(("head", "skip")), order=st.sampled_from(("fifo", "largest")))
def test_a_job_starts_when_it_would_in_a_replay_of_all_where_later_tiers_make_room(
    data: st.DataObject, admission: str, order: str
) -> None:
    """Where nothing is drawn: all that was not kept is left. If it is stopped it holds chips longer than it works."""
    count = data.draw(st.integers(1, 16))
    submit_s, work_s, chips, tier = (
        np.array(data.draw(st.lists(st.integers(least, most), min_size=count, max_size=count)))
        for least, most in ((0, 12), (1, 12), (1, 9), (0, 2))
    )
    jobs = make_jobs(submit_s.astype(float), work_s.astype(float), chips, tier=tier)
    rules = replace(PREEMPTING, admission=admission, order=order)
    wish, now_s = Wish(chips=data.draw(st.integers(1, 9)), work_s=1.0, tier=data.draw(st.integers(0, 2))), 13.5
    standing = standing_at(jobs, rules, now_s)
    left_s = (standing.running.work_s - standing.elapsed_s, standing.waiting.work_s - standing.kept_s)
    wait_s, reasons = waits_with_room(standing, rules, all_jobs(standing, wish, np.concatenate([*left_s, [1.0]])))
    whole = replay(
        make_jobs(
            np.append(jobs.submit_s, now_s), np.append(jobs.work_s, 1.0), np.append(jobs.chips, wish.chips),
            tier=np.append(jobs.tier, wish.tier),
        ),
        rules,
    )  # fmt: skip
    if whole.held_s[-1] == wish.work_s:
        assert wait_s == pytest.approx(whole.wait_s[-1])
    else:  # it was stopped when it ran
        assert wait_s <= whole.wait_s[-1]
    assert sum(reasons.values()) == pytest.approx(wait_s)


def test_the_start_counts_the_room_that_the_rules_allow(tmp_path: Path) -> None:
    trace = tmp_path / "jobs.csv"
    trace.write_text(ROWS, encoding="utf-8")
    asked = {
        "trace": str(trace), "chips": 16, "order": "priority", "job_chips": 8, "job_time_s": 60.0, "at_s": 130.0,
        "forecasts": 3, "checkpoint_interval_s": 25.0,
    }  # fmt: skip
    alone = public.fleet_submit(asked, job_tier=1)
    made = public.fleet_submit(asked, job_tier=1, preemption="requeue")
    assert alone.mean_wait_s > 0
    assert made.mean_wait_s == 0
    assert made.victims == alone.victims
    assert made.changes == ()
    told = public.fleet_submit(asked, job_tier=1, preemption="save", notice_s=30.0, save_s=10.0)
    assert told.mean_wait_s == pytest.approx(30.0)
    behind = public.fleet_submit(asked, job_tier=2, preemption="requeue")
    assert behind.mean_wait_s == public.fleet_submit(asked, job_tier=2).mean_wait_s
    with pytest.raises(InputError, match="shrink is not forecast"):
        public.fleet_submit(asked, preemption="shrink")
