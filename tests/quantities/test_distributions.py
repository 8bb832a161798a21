"""Quantile functions pass through what they are given, rise, and need no scipy to import."""

import datetime
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from tenfold.quantities import (
    Z90,
    Distribution,
    Figure,
    Fixed,
    InputError,
    Normal,
    Percentiles,
    SplitLogitNormal,
    SplitLogNormal,
    SplitNormal,
    Triangular,
    Uniform,
    distribution_of,
    quantile_of,
    standard_normal_ppf,
)
from tenfold.quantities.distributions import quantiles_by_row

standard_normal_ppf(0.5)  # the first call imports scipy, which is slower than a deadline
TENTHS = np.array([0.1, 0.5, 0.9])


def figure(value: float, low: float | None = None, high: float | None = None) -> Figure:
    return Figure(
        value=value, unit="1", kind="estimate", source="s", as_of=datetime.date(2026, 1, 1), low=low, high=high
    )


three = st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3).map(sorted)


@given(three)
def test_split_forms_pass_through_their_quantiles(quantiles: list[float]) -> None:
    low, middle, high = quantiles
    for distribution in (
        SplitNormal(low, middle, high),
        SplitLogNormal(low, middle, high),
        SplitLogitNormal(low, middle, high),
        SplitLogitNormal(low, middle, high, most=2.0),
    ):
        assert distribution.ppf(TENTHS) == pytest.approx(quantiles, rel=1e-9)


ALL: list[Distribution] = [
    Fixed(3.0),
    Uniform(1.0, 2.0),
    Triangular(0.0, 1.0, 5.0),
    Triangular(1.0, 1.0, 1.0),
    Normal(0.0, 2.0),
    SplitNormal(-1.0, 0.0, 5.0),
    SplitLogNormal(1.0, 1.0, 5.0),
    SplitLogitNormal(0.7, 0.8, 0.95),
]


@pytest.mark.parametrize("distribution", ALL, ids=lambda item: type(item).__name__)
@given(u=st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1, max_size=20).map(sorted))
def test_quantiles_never_fall(distribution: Distribution, u: list[float]) -> None:
    values = distribution.ppf(np.array(u)[:, None])
    assert values.shape == (len(u), 1)
    assert np.all(np.diff(values[:, 0]) >= -1e-9)


@given(u=st.floats(0.0, 1.0, exclude_min=True, exclude_max=True) | st.floats(-300.0, 0.0).map(lambda power: 10**power))
def test_the_normal_quantile_is_that_of_scipy(u: float) -> None:
    assert float(standard_normal_ppf(u)) == pytest.approx(float(ndtri(u)), rel=2e-15)


def test_known_quantiles() -> None:
    assert standard_normal_ppf([0.1, 0.9]).tolist() == [-Z90, Z90]
    assert pytest.approx(ndtri(0.9), rel=1e-15) == Z90
    assert standard_normal_ppf([0.0, 0.5, 1.0]).tolist() == [-np.inf, 0.0, np.inf]
    assert np.all(np.isnan(standard_normal_ppf([-0.1, 1.1, np.nan])))
    assert Normal(1.0, 2.0).ppf(0.9) == pytest.approx(1 + 2 * Z90)
    assert Triangular(0.0, 1.0, 2.0).ppf([0.125, 0.5, 0.875]) == pytest.approx([0.5, 1.0, 1.5])
    assert Uniform(1.0, 3.0).ppf(0.25) == 1.5


def test_ends_of_a_flat_side_are_finite() -> None:
    assert SplitNormal(1.0, 1.0, 2.0).ppf([0.0, 1.0]) == pytest.approx([1.0, np.inf])


def test_figures_become_distributions() -> None:
    assert distribution_of(figure(3.0)) == Fixed(3.0)
    assert distribution_of(figure(3.0, 2.0, 7.0)) == SplitLogNormal(2.0, 3.0, 7.0)
    assert distribution_of(figure(0.8, 0.7, 0.9), most=1) == SplitLogitNormal(0.7, 0.8, 0.9, 1)
    assert distribution_of(figure(0.5, 0.0, 1.0)) == SplitNormal(0.0, 0.5, 1.0)


@pytest.mark.parametrize(
    "make",
    [
        lambda: SplitNormal(3.0, 2.0, 1.0),
        lambda: SplitLogNormal(0.0, 1.0, 2.0),
        lambda: SplitLogitNormal(0.5, 0.8, 1.0),
        lambda: Uniform(2.0, 1.0),
        lambda: Triangular(0.0, 3.0, 2.0),
        lambda: Normal(0.0, -1.0),
        lambda: Normal(0.0, float("nan")),
    ],
)
def test_impossible_parameters_are_refused(make: object) -> None:
    with pytest.raises(InputError, match="do not make a"):
        make()  # type: ignore[operator]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_percentiles_are_numpys_and_in_order(samples: list[float]) -> None:
    found = Percentiles.of(samples)
    assert [found.p10, found.p50, found.p90] == pytest.approx(np.quantile(samples, TENTHS), abs=1e-6)
    assert min(samples) <= found.p10 <= found.p50 <= found.p90 <= max(samples)


def test_quantiles_of_samples_that_never_come_are_infinite_and_no_others_move() -> None:
    waits_s = [1.0, 2.0, np.inf, np.inf]
    assert [quantile_of(waits_s, share) for share in (0.0, 0.2, 0.5, 0.9)] == [1.0, 1.6, np.inf, np.inf]
    values = np.random.default_rng(0).lognormal(size=37)
    shares = (0.1, 0.5, 0.9, 0.99)
    assert [quantile_of(values, share) for share in shares] == pytest.approx(np.quantile(values, shares))


def test_percentiles_count_infinite_samples() -> None:
    assert Percentiles.of([1.0, 2.0, np.inf]) == Percentiles(p10=1.2, p50=2.0, p90=np.inf)


def test_percentiles_refuse_nothing_and_nan() -> None:
    with pytest.raises(InputError, match="no samples"):
        Percentiles.of([])
    with pytest.raises(InputError, match="a sample is NaN"):
        Percentiles.of([1.0, np.nan])


def test_import_leaves_scipy_alone() -> None:
    code = "import sys, tenfold.quantities; sys.exit('scipy' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(
    distributions=st.lists(three.map(lambda ends: SplitLogNormal(*ends)) | st.just(Fixed(2.0)), max_size=8),
    u=st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1, max_size=5),
)
def test_rows_together_are_each_alone(distributions: list[Distribution], u: list[float]) -> None:
    points = np.array(u)
    together = quantiles_by_row(distributions, points)
    assert together.shape == (len(distributions), len(points))
    for row, each in zip(together, distributions, strict=True):
        assert row.tolist() == each.ppf(points).tolist()
