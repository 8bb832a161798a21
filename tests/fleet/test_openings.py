"""Largest gangs that could start: against trying every size, and with stranded chips all that is free."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from traces import drawn_jobs

from tenfold.fleet import Jobs, Rules, Wish, capacity_of, forecast, make_jobs, openings_now, replay, standing_at
from tenfold.fleet.account.openings import over_time
from tenfold.fleet.capacity.domains import gathered
from tenfold.fleet.capacity.powered import Power
from tenfold.fleet.capacity.spots import largest_gangs, spots_of, stranded_chips

TREE = gathered(
    ("site", "rack"),
    [(("a", "1"), "x", 2, 4), (("a", "2"), "y", 1, 4), (("b", "1"), "x", 1, 4), (("b", "2"), "x", 2, 4)],
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 9), max_size=8), st.booleans())
def test_the_largest_gang_is_the_largest_that_finds_a_place(held: list[int], tree: bool) -> None:
    rules = Rules(chips=24, domains=TREE) if tree else Rules(chips=24, node_sizes=(4,) * 6)
    there = capacity_of(rules, rules.chips, rules.node_sizes)
    for chips in held:
        place = there.find((chips, 0) if tree else chips)
        if place is not None:
            there.take(place)
    spots = spots_of(there)
    gang, part = (np.array(each).reshape(1, -1) for each in there.largest())
    for spot, chips in zip(spots, largest_gangs(gang, part, spots)[0].tolist(), strict=True):
        asks = [(size, there.scope([spot.kind], spot.level)) if tree else size for size in range(1, 25)]
        assert chips == max((size for size, ask in enumerate(asks, 1) if there.find(ask) is not None), default=0)
    assert 0 <= stranded_chips(np.array([there.free]), gang, part, spots)[0] <= there.free


@settings(max_examples=30, deadline=None)
@given(drawn_jobs(largest=8), st.sampled_from(("pool", "nodes", "stopped")), st.sampled_from(("head", "skip")))
def test_gang_and_stranded_chips_are_all_that_is_free(jobs: Jobs, shape: str, admission: str) -> None:
    sizes = () if shape == "pool" else (4, 4, 4)
    rules = Rules(chips=12, node_sizes=sizes, admission=admission, contested=shape == "stopped", preemption="none")
    found = replay(jobs, rules)
    lasts_s = found.window_s[1] - found.window_s[0]
    (opening,) = found.openings
    assert opening.mean_chips * lasts_s + found.stranded_chip_s == pytest.approx(sum(found.idle_chip_s.values()))
    assert found.stranded_chip_s >= 0.0
    assert shape != "pool" or found.stranded_chip_s == 0.0
    assert opening.chips.p10 <= opening.chips.p50 <= opening.chips.p90 <= 12


def test_shares_of_time() -> None:
    values, lasts_s = np.array([5.0, 0.0, 9.0]), np.array([6.0, 3.0, 1.0])
    found = over_time(values, lasts_s)
    assert (found.p10, found.p50, found.p90) == (0.0, 5.0, 5.0)


def test_what_starts_now_is_what_a_submitted_job_finds() -> None:
    jobs = make_jobs(np.zeros(3), np.array([50.0, 90.0, 90.0]), np.array([3, 3, 4]))
    rules = Rules(chips=16, node_sizes=(4, 4, 4, 4))
    standing = standing_at(jobs, rules, 10.0)
    (opening,), stranded = openings_now(standing, rules)
    assert (opening.chips, stranded) == (4, 2)
    for chips, starts in ((4, True), (5, False)):
        waits_s = forecast(standing, rules, Wish(chips=chips, work_s=1.0), 3, 0).wait_s
        assert (waits_s == 0.0).all() == starts
    powered = Rules(chips=16, node_sizes=(4, 4, 4, 4), power=Power(step_s=(0.0,), chips=(13,)))
    assert openings_now(standing, powered)[0][0].chips == 3
