"""Chips that are taken back: rivals by simulation and by what was measured, and what must hold of any pool."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.reliability import away_share, gang_reclaims_per_s

RATES, NODES, SHARES = st.floats(1e-9, 1e-2), st.floats(1.0, 1e4), st.floats(0.0, 1.0)


@given(rate=RATES, nodes=NODES, more=st.floats(1.0, 100.0), share=SHARES)
def test_a_larger_gang_is_stopped_no_less_often(rate: float, nodes: float, more: float, share: float) -> None:
    few, many = (float(gang_reclaims_per_s(rate, count, share)) for count in (nodes, nodes * more))
    assert few <= many * (1 + 1e-12)
    assert rate * (1 - 1e-12) <= few <= rate * nodes * (1 + 1e-12), "between one event for all, and one for each"


def test_nodes_that_are_taken_one_by_one_stop_it_each_and_those_taken_together_once() -> None:
    assert float(gang_reclaims_per_s(1e-5, 64.0, 0.0)) == pytest.approx(64e-5)
    assert float(gang_reclaims_per_s(1e-5, 64.0, 1.0)) == pytest.approx(1e-5)


@pytest.mark.parametrize(("nodes", "taken", "share"), [(16, 6.69, 0.907), (16, 11.11, 0.971), (4, 1.43, 0.403)])
def test_the_share_gives_back_the_nodes_that_went_at_a_time(nodes: int, taken: float, share: float) -> None:
    assert nodes / float(gang_reclaims_per_s(1.0, nodes, share)) == pytest.approx(taken, rel=0.01)


@given(rate=RATES, wait=st.floats(0.0, 1e6), longer=st.floats(1.0, 10.0))
def test_a_longer_wait_is_never_less_time_away(rate: float, wait: float, longer: float) -> None:
    short, long = (float(away_share(rate, each)) for each in (wait, wait * longer))
    assert 0.0 <= short <= long < 1.0


def test_time_away_is_that_of_up_and_down_in_turn() -> None:
    rng = np.random.default_rng(0)
    up, down = rng.exponential(2.0, 200_000).sum(), rng.gamma(2.0, 1.2, 200_000).sum()
    assert float(away_share(1 / 2.0, 2.4)) == pytest.approx(down / (up + down), rel=0.01)


def test_sixteen_nodes_of_2023_were_there_as_often_as_the_model_says() -> None:
    """Three zones: up 1.7 to 2.0 hours, down 2.0 to 2.8, all sixteen there in 42 to 46 percent of the time."""
    there = [1.0 - float(away_share(1 / up, down)) for up, down in ((1.7, 1.96), (1.8, 2.50), (2.0, 2.82))]
    assert there == pytest.approx([0.456, 0.418, 0.415], abs=0.015)
