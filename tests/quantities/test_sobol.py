"""Sobol points: those of SciPy to the last bit, and evenly spread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc

from tenfold.quantities.sobol import direction_numbers, scrambled_sobol

MOST = 128


@settings(max_examples=40, deadline=None)
@given(dimensions=st.integers(1, MOST), points_log2=st.integers(0, 12), seed=st.integers(0, 2**32))
def test_points_are_those_of_scipy(dimensions: int, points_log2: int, seed: int) -> None:
    rival = qmc.Sobol(d=dimensions, scramble=True, rng=np.random.default_rng(seed)).random_base2(points_log2)
    assert np.array_equal(scrambled_sobol(dimensions, points_log2, np.random.default_rng(seed)), rival)


@pytest.mark.parametrize("dimensions", [1, 7, MOST])
def test_every_coordinate_has_one_point_in_each_equal_part(dimensions: int) -> None:
    points = scrambled_sobol(dimensions, 10, np.random.default_rng(5))
    cells = np.sort(np.floor(points * 1024).astype(int), axis=0)
    assert np.array_equal(cells, np.broadcast_to(np.arange(1024)[:, None], cells.shape))


def test_dimensions_beyond_the_table_are_refused() -> None:
    assert direction_numbers(MOST).shape == (MOST, 30)
    with pytest.raises(ValueError, match="129 dimensions"):
        direction_numbers(MOST + 1)
