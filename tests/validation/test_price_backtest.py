"""The price history as histories, the back-test against what it was simulated with, the shipped constants."""

import datetime
import tomllib

import numpy as np
import pytest

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.economics.price_fit import PriceHistory
from tenfold.economics.price_paths import PriceDynamics, price_paths
from tenfold.validation.prices.backtest import RIVALS, backtest
from tenfold.validation.prices.histories import price_histories
from tenfold.validation.prices.overlay import calibration_toml


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def simulated(reversion: float, sigma: float, seed: int = 2) -> list[PriceHistory]:
    """15 chips over 60 months; costs fall by 20 % a year, prices start well above them."""
    rng = np.random.default_rng(seed)
    dynamics = PriceDynamics(reversion_per_year=reversion, volatility_per_sqrt_year=sigma)
    years = np.arange(61) / 12.0
    paths = price_paths(6.0, 2.0 * np.exp(-0.2 * years), np.zeros(60), 1 / 12, dynamics, rng.standard_normal((15, 60)))
    return [PriceHistory(name=str(k), years=years, log_price=np.log(path)) for k, path in enumerate(paths)]


def test_on_prices_that_revert_reversion_wins_and_covers_what_it_should() -> None:
    scores = {score.rival: score for score in backtest(simulated(2.0, 0.3), 18)}
    assert scores.keys() == RIVALS.keys()
    assert scores["reversion"].mean_error < scores["no-change"].mean_error
    assert scores["reversion"].mean_error < scores["trend"].mean_error
    assert 0.7 < scores["reversion"].coverage < 0.9
    assert scores["reversion"].forecasts == 15 * 18


def test_on_a_random_walk_no_change_is_not_beaten_by_much() -> None:
    """The fit sees reversion in a random walk (levels of short histories), and pays for it."""
    scores = {score.rival: score for score in backtest(simulated(0.0, 0.3), 12)}
    assert scores["no-change"].mean_error < 1.05 * scores["reversion"].mean_error
    assert 0.7 < scores["no-change"].coverage < 0.9


def test_the_fit_does_not_see_the_months_it_is_judged_on() -> None:
    seen = simulated(1.0, 0.2)
    moved = [
        PriceHistory(name=h.name, years=h.years, log_price=np.where(h.years > 4.0, h.log_price + 1.0, h.log_price))
        for h in seen
    ]
    before, after = (next(s for s in backtest(h, 12) if s.rival == "reversion") for h in (seen, moved))
    assert before.median_width == after.median_width
    assert after.mean_error > before.mean_error


def test_too_little_is_no_score() -> None:
    assert backtest([], 12) == ()
    assert backtest(simulated(1.0, 0.2), 1000) == ()


def test_histories_are_medians_of_at_least_three_providers(catalog: Catalog) -> None:
    histories = {history.name: history for history in price_histories(catalog, "on-demand")}
    assert {"h100-sxm", "a100-sxm-80gb", "v100-sxm-32gb"} <= histories.keys()
    h100 = histories["h100-sxm"]
    assert np.all(np.diff(h100.years) > 0)
    assert np.all((np.exp(h100.log_price) > 1.5) & (np.exp(h100.log_price) < 8.0))


def test_shipped_constants_are_those_of_the_shipped_history(catalog: Catalog) -> None:
    found = tenfold.calibrate_prices(catalog=catalog)
    shipped = catalog.calibration("prices")
    assert shipped.rows == found.rows
    for name, value in (
        ("reversion_per_year", found.fit.reversion_per_year),
        ("volatility_per_sqrt_year", found.fit.volatility_per_sqrt_year),
        ("cost_factor_per_year", np.exp(-found.fit.decline_per_year)),
    ):
        figure = shipped.constants[f"on-demand.{name}"]
        assert figure.kind == "measured"
        assert figure.value == pytest.approx(value, rel=1e-3)
        assert figure.range[0] < figure.value < figure.range[1]


def test_a_written_calibration_reads_back(catalog: Catalog) -> None:
    text = calibration_toml(tenfold.calibrate_prices(catalog=catalog), datetime.date(2026, 11, 21))
    tree = tomllib.loads(text)
    assert tree["topic"] == "prices"
    assert tree["constants"]["on-demand"]["backtest"]["no-change"]["months_18"]["coverage"]["value"] <= 1.0


def test_terms_whose_listings_never_moved_are_refused(catalog: Catalog) -> None:
    from tenfold.quantities import InputError

    with pytest.raises(InputError, match="too few spot months"):
        tenfold.calibrate_prices(catalog=catalog, term="spot")
