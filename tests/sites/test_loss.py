"""Loss of rare synchronisation against the published evaluations, and tokens at equal loss."""

from __future__ import annotations

import numpy as np
import pytest
from diloco_tables import LOSSES
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog import load_catalog
from tenfold.sites import (
    EQUAL_LOSS,
    chinchilla_loss,
    data_parallel_loss,
    diloco_loss,
    loss_ratio,
    tokens_by_compute,
    tokens_by_data_term,
)


def errors(largest: float) -> np.ndarray:
    """ln(measured/fitted) of the DiLoCo law over the models up to a size."""
    return np.array(
        [
            np.log(loss / float(np.asarray(diloco_loss(size, replicas))))
            for size, row in LOSSES.items()
            for replicas, loss in row.items()
            if replicas and size <= largest
        ]
    )


def test_the_law_fits_its_evaluations() -> None:
    assert np.sqrt(np.mean(errors(2.5e9) ** 2)) == pytest.approx(0.0060, abs=0.0003)
    assert np.max(np.abs(errors(2.5e9))) < 0.018
    assert np.max(np.abs(errors(10e9))) == pytest.approx(0.047, abs=0.001)


def test_the_recorded_spread_of_loss_ratios_is_that_of_the_tables() -> None:
    found = np.array(
        [
            np.log(loss / row[0]) - np.log(float(np.asarray(diloco_loss(size, many))) / data_parallel_loss(size))
            for size, row in LOSSES.items()
            for many, loss in row.items()
            if many > 1
        ]
    )
    spread = load_catalog().assumption("sites.loss_ratio_measured_over_fitted")
    assert spread.high is not None
    assert np.log(spread.high) == pytest.approx(1.2816 * np.sqrt(np.mean(found**2)), rel=0.02)


def test_outside_the_range_it_says_so_and_widens() -> None:
    inside, outside = loss_ratio(1e9, 8, 30, 0.002, 1.01), loss_ratio(405e9, 8, 30, 0.002, 1.01)
    assert bool(inside.valid)
    assert not bool(outside.valid)
    assert not bool(loss_ratio(1e9, 16, 30, 0.002).valid)
    assert not bool(loss_ratio(1e9, 8, 100, 0.002).valid)
    inside_width = inside.ratio / loss_ratio(1e9, 8, 30, 0.002).ratio
    assert outside.ratio / loss_ratio(405e9, 8, 30, 0.002).ratio > inside_width


@given(st.floats(1e7, 1e13), st.integers(1, 16), st.integers(1, 1000))
def test_penalties_never_gain_and_grow_with_replicas_and_period(size: float, replicas: int, steps: int) -> None:
    base = float(np.asarray(loss_ratio(size, replicas, steps, 0.002).ratio))
    assert base >= 1.0
    assert loss_ratio(size, replicas + 1, steps, 0.002).ratio >= base
    assert loss_ratio(size, replicas, steps * 2, 0.002).ratio >= base


@given(st.floats(1e8, 1e12), st.floats(1e10, 2e13), st.floats(1.0, 1.005))
def test_more_tokens_by_the_data_term_give_the_loss_back(size: float, tokens: float, ratio: float) -> None:
    factor = float(np.asarray(tokens_by_data_term(ratio, size, tokens)))
    assert factor >= 1.0
    if np.isfinite(factor):
        assert ratio * chinchilla_loss(size, tokens * factor) == pytest.approx(chinchilla_loss(size, tokens), rel=1e-9)


def test_chinchilla_law_gives_its_own_model() -> None:
    # 70B parameters on 1.4T tokens: 1.69 + 0.083 + 0.163 by the published constants.
    assert chinchilla_loss(70e9, 1.4e12) == pytest.approx(1.937, abs=0.002)


def test_rivals_agree_that_no_penalty_costs_nothing_and_differ_beyond() -> None:
    for way in EQUAL_LOSS.values():
        assert way(1.0, 70e9, 1.4e12) == 1.0
    assert tokens_by_data_term(1.002, 405e9, 15.6e12) > tokens_by_compute(1.002, 405e9, 15.6e12) > 1.0
    assert tokens_by_data_term(1.5, 405e9, 15.6e12) == np.inf
