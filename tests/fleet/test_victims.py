"""Who would have to make room for a job that is submitted now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tenfold as public
from tenfold.fleet import Rules, Upsets, Wish, make_jobs, replay, standing_at, victims_now

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
