"""Runs at the start are tied to the records, lags are counted back along a path, and race and log tell one number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from racing import CATALOG, DRAWS, events, parameters, world

import tenfold
from tenfold.catalog import Observation
from tenfold.race.equations import capability
from tenfold.race.equations.capability import months_behind
from tenfold.race.fleets import share_volatility
from tenfold.race.kernel import simulate
from tenfold.race.luck import chunks
from tenfold.race.opening import START_DAY
from tenfold.race.reader import Reader
from tenfold.race.recording import WORLD, Recorder, kept_for
from tenfold.race.records import PAST_QUARTERS, share_taken
from tenfold.race.series import SOLD, history_at, quarter_end
from tenfold.race.world import CUSTOM, DOMESTIC, FAMILIES

RISES = st.lists(st.floats(0.0, 5.0, width=32), min_size=1, max_size=12)


@given(
    allowed=st.lists(st.floats(1e22, 1e27), min_size=1, max_size=8),
    record=st.floats(1e23, 1e27),
    spread=st.floats(0.1, 0.8),
)
def test_half_of_the_luck_gives_a_larger_record(allowed: list[float], record: float, spread: float) -> None:
    taken = share_taken(record, np.array(allowed), spread)
    luck = np.random.default_rng(0).standard_normal((len(allowed), 20_000))
    largest = (taken * np.array(allowed)[:, None] * np.exp(spread * luck)).max(axis=0)
    assert np.mean(largest > record) == pytest.approx(0.5, abs=0.02)


@given(steps=RISES, index=st.floats(0.0, 60.0, width=32))
def test_a_lag_is_read_off_the_path_backwards(steps: list[float], index: float) -> None:
    path = np.cumsum([0.0, *steps])[:, None]
    found = float(months_behind(np.array([index]), path, 3.0)[0])
    if index >= path[-1, 0]:
        assert found == 0.0
        return
    last = max(place for place, level in enumerate(path[:, 0]) if level <= index)
    at = last + (index - path[last, 0]) / (path[last + 1, 0] - path[last, 0])
    assert found == pytest.approx(3.0 * (len(path) - 1 - at), abs=1e-3)


def test_who_was_before_the_path_is_further_behind_than_it_is_long() -> None:
    path = np.linspace(10.0, 30.0, 5)[:, None]
    assert float(months_behind(np.array([0.0]), path, 3.0)[0]) == pytest.approx(12.0 + 6.0)


def test_the_largest_run_of_the_opening_is_the_record() -> None:
    start = world()
    known = [row.value for row in CATALOG.observations.values() if row.series == "largest-run"]
    assert float(start.run_flop.max()) == pytest.approx(max(known), rel=1e-6)
    assert len(start.records) == PAST_QUARTERS + 1
    assert list(start.records) == sorted(start.records)
    assert np.all(start.potential_scale <= 1.0)


def test_race_and_log_foretell_one_largest_run() -> None:
    raced = tenfold.race(start=START_DAY, quarters=8, draws=128, seed=3)
    logged = tenfold.race_log(origin=START_DAY, draws=128, seed=3)
    told = [each for each in logged.forecast if each.block == "largest_run"]
    fan = raced.cases["base"].world["us_run_flop"]
    assert len(told) == 8
    for place, each in enumerate(told):
        assert (each.p10, each.p50, each.p90) == pytest.approx(
            (fan.p10[place], fan.p50[place], fan.p90[place]), rel=1e-4
        )


def test_the_lag_of_the_first_quarters_is_the_one_that_was_published() -> None:
    """Epoch's index and CAISI put models of China 4 to 15 months behind in 2024 and 2025."""
    raced = tenfold.race(start=START_DAY, quarters=4, draws=128)
    lag = raced.cases["base"].world["china_lag_months"]
    assert all(4.0 <= months <= 15.0 for months in lag.p50[:2])


def test_the_lag_of_runs_is_what_the_records_say() -> None:
    """The leader's record passed China's of 3.6e25 FLOP between November and December 2023."""
    raced = tenfold.race(start=START_DAY, quarters=1, draws=128)
    lag = raced.cases["base"].world["china_run_lag_months"]
    assert lag.p10[0] < lag.p50[0] <= lag.p90[0]
    assert 19.0 < lag.p90[0] < 23.0


def test_nobody_is_further_behind_than_copying_takes() -> None:
    lags = []
    for months in (6.0, 12.0, 240.0):
        drawn = parameters(capability__imitation_months=months)
        (luck,) = chunks(drawn, DRAWS, 0)
        kept = kept_for(world(), 12, DRAWS, 1)
        simulate(world(), events(), luck, 12, Recorder(world(), kept, 0, slice(0, DRAWS), luck))
        lags.append(kept.world[WORLD.index("china_lag_months")])
        assert lags[-1].max() <= months + 0.01
    assert (lags[0] <= lags[1] + 0.01).all()
    assert np.median(lags[1][-1]) < np.median(lags[2][-1])


@given(st.lists(st.floats(0.0, 9.0), min_size=3, max_size=9), st.floats(0.0, 12.0))
def test_a_step_back_along_a_path_undoes_a_lag(steps: list[float], back: float) -> None:
    path = np.cumsum(np.array(steps) + 0.5)[:, None]
    there = capability.at_steps_back(path, np.array([back]))
    assert float(months_behind(there, path, 1.0)[0]) == pytest.approx(min(back, len(steps) - 1), abs=1e-4)


@given(st.floats(0.0, 1.0), st.floats(1.0, 2.0))
def test_a_share_that_stepped_more_has_a_wider_spread_and_one_that_nobody_saw_the_assumed_one(
    step: float, more: float
) -> None:
    def spreads(up: float) -> tuple[float, ...]:
        ends = [quarter_end(START_DAY, back) for back in range(-5, 1)]
        sold = {"nvidia": [10.0] * 6, "tpu": [2.0 * math.exp(up * (at % 2)) for at in range(6)]}
        rows = [
            Observation(series=SOLD, entity=maker, date=day, value=total, unit="1", kind="measured", source="")
            for maker, flow in sold.items()
            for day, total in zip(ends, np.cumsum(flow), strict=True)
        ]
        return share_volatility(history_at(rows, START_DAY), Reader(CATALOG))

    low, high = spreads(step), spreads(step * more)
    custom, unseen = FAMILIES.index(CUSTOM), FAMILIES.index(DOMESTIC)
    assert low[custom] <= high[custom] + 1e-9
    assert low[unseen] == high[unseen] == 1.0
