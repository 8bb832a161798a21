"""Boosted trees: a rival that learns steps and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.validation.boosting import PENALTY, RATE, ROUNDS, boosted


def test_a_step_is_learned_and_what_is_beyond_the_data_is_its_edge() -> None:
    x = np.linspace(0.0, 1.0, 200)[:, None]
    target = np.where(x[:, 0] < 0.5, 1.0, 3.0)
    found = boosted(x, target, np.array([[0.1], [0.9], [-5.0], [5.0]]))
    assert found == pytest.approx([1.0, 3.0, 1.0, 3.0], abs=0.05)


def test_two_features_that_matter_together_are_learned() -> None:
    rng = np.random.default_rng(1)
    features = rng.random((600, 4))
    target = np.where((features[:, 0] > 0.5) ^ (features[:, 2] > 0.5), 2.0, 0.0)
    wanted = np.array([[0.2, 0.5, 0.2, 0.5], [0.8, 0.5, 0.2, 0.5]])
    low, high = boosted(features, target, wanted)
    assert high - low > 1.5


@settings(deadline=None, max_examples=20)
@given(level=st.floats(-10.0, 10.0), rows=st.integers(1, 30))
def test_a_constant_stays(level: float, rows: int) -> None:
    features = np.arange(3.0 * rows).reshape(rows, 3)
    assert boosted(features, np.full(rows, level), features) == pytest.approx(np.full(rows, level))


def test_a_lone_row_moves_its_leaf_by_no_more_than_its_share() -> None:
    """A leaf with one row goes the share 1/(1 + penalty) of the way at every round."""
    features = np.array([[0.0]] * 40 + [[1.0]])
    target = np.array([0.0] * 40 + [1.0])
    found = boosted(features, target, np.array([[1.0]]))[0]
    mean = target.mean()
    assert mean < found <= 1.0 - (1.0 - mean) * (1.0 - RATE / (1.0 + PENALTY)) ** ROUNDS + 1e-9
