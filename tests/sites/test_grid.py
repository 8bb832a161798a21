"""Power in stages."""

from __future__ import annotations

import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tenfold.sites import Stage, date_stages_fit, day_it_fits, energised_w, power_on_w, ready_day

DAYS, POWER = np.array([0.0, 100.0, 400.0]), np.array([20e6, 50e6, 300e6])


def test_the_last_stage_that_has_begun_counts() -> None:
    found = energised_w(np.array([-1.0, 0.0, 99.9, 100.0, 1e9]), DAYS, POWER)
    assert np.asarray(found).tolist() == [0, 20e6, 20e6, 50e6, 300e6]


def test_a_demand_fits_when_its_stage_begins() -> None:
    found = day_it_fits(np.array([10e6, 20e6, 21e6, 300e6, 301e6]), DAYS, POWER)
    assert np.asarray(found).tolist() == [0, 0, 100, 400, np.inf]


def test_power_that_is_taken_back_does_not_count() -> None:
    assert day_it_fits(30e6, np.array([0.0, 10.0, 20.0]), np.array([40e6, 10e6, 50e6])) == 20


@given(st.floats(0, 400e6), st.floats(0, 400e6))
def test_more_power_never_fits_earlier(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert day_it_fits(low, DAYS, POWER) <= day_it_fits(high, DAYS, POWER)


@given(st.floats(0, 299e6))
def test_on_the_day_it_fits_there_is_the_power(need: float) -> None:
    assert energised_w(day_it_fits(need, DAYS, POWER), DAYS, POWER) >= need * (1 - 1e-9)


def test_grid_queue_and_building_run_side_by_side() -> None:
    assert ready_day(10.0, 1500.0, 540.0) == 1510.0


@given(st.floats(0, 400e6), st.integers(0, 2000))
def test_stages_by_date_carry_a_demand_from_the_date_it_fits(need: float, later: int) -> None:
    start = datetime.date(2027, 1, 1)
    begun = [start + datetime.timedelta(days=int(day)) for day in DAYS]
    stages = [Stage(date=day, power_w=power) for day, power in zip(begun, POWER.tolist(), strict=True)]
    fits = date_stages_fit(stages, need)
    day = start + datetime.timedelta(days=later)
    assert (power_on_w(stages, day) >= need * (1 - 1e-9)) == (fits is not None and day >= fits)
    assert power_on_w(stages, start - datetime.timedelta(days=1)) == 0.0
    assert power_on_w((), day) == np.inf
