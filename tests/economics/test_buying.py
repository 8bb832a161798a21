"""Making or buying: each closed form against a search or a sum over draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.economics import (
    break_even_volume,
    chips_that_repay,
    mean_while_falling_usd,
    mixed_over_alone,
    value_of_stopping,
)

USD = st.floats(0.01, 1e6)


@given(fixed=USD, least=USD, own=USD, bought=USD)
def test_at_the_break_even_both_cost_the_same_and_below_it_buying_is_cheaper(
    fixed: float, least: float, own: float, bought: float
) -> None:
    volume = float(break_even_volume(fixed, least, own, bought))
    if math.isinf(volume):
        trial = np.geomspace(1e-9, 1e12, 200)
        assert np.all(fixed + np.maximum(least, trial * own) >= trial * bought * (1 - 1e-9))
        return
    assert fixed + max(least, volume * own) == pytest.approx(volume * bought, rel=1e-6)
    less = volume * np.linspace(0.01, 0.999, 50)
    assert np.all(fixed + np.maximum(least, less * own) > less * bought * (1 - 1e-9))


@given(design=USD, unit=USD, running=USD, replaced=USD, hours=st.floats(1.0, 1e5))
def test_that_many_chips_save_what_their_design_cost(
    design: float, unit: float, running: float, replaced: float, hours: float
) -> None:
    chips = float(chips_that_repay(design, unit, running, replaced, hours))
    saved = hours * (replaced - running) - unit
    assert math.isinf(chips) if saved <= 0 else chips * saved == pytest.approx(design)


@given(price=USD, fall=st.floats(1.0, 3.0), years=st.floats(0.1, 20.0))
def test_a_falling_price_has_the_mean_of_its_path(price: float, fall: float, years: float) -> None:
    path = price * fall ** -np.linspace(0.0, years, 4001)
    assert float(mean_while_falling_usd(price, fall, years)) == pytest.approx(
        float(np.trapezoid(path) / 4000), rel=1e-4
    )
    assert float(mean_while_falling_usd(price, 1.0, years)) == price


@given(share=st.floats(0.0, 1.0), speed=st.floats(0.1, 100.0), price=st.floats(0.1, 100.0))
def test_a_mix_breaks_even_where_the_helper_costs_what_it_replaces(share: float, speed: float, price: float) -> None:
    assert float(mixed_over_alone(share, speed, speed * price, price)) == pytest.approx(1.0)
    assert float(mixed_over_alone(share, speed, 0.5 * speed * price, price)) == pytest.approx(1.0 - 0.5 * share)


DRAWS = st.lists(st.tuples(st.integers(0, 5), st.floats(-1e3, 1e3)), min_size=1, max_size=30)


@given(draws=DRAWS)
def test_the_right_to_stop_is_worth_what_the_best_of_all_thresholds_gives(draws: list[tuple[int, float]]) -> None:
    signal, payoff = (np.array(column, dtype=float) for column in zip(*draws, strict=True))
    first = np.full(len(signal), 7.0)
    found = value_of_stopping(signal, payoff, first)
    tried = [float(np.where(signal >= x, payoff, 0.0).mean()) for x in (*signal, np.inf)]
    assert found.value_usd == pytest.approx(max(tried) - 7.0, abs=1e-9)
    assert found.without_usd == pytest.approx(payoff.mean() - 7.0, abs=1e-9)
    assert found.option_usd >= -1e-9
    kept = signal >= found.threshold
    assert kept.mean() == pytest.approx(found.chance)
