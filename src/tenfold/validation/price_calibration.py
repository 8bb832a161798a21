"""Constants of price paths from the catalog's price history: the fit, its back-test, and the catalog file of both."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

from tenfold.catalog import Catalog
from tenfold.economics.price_fit import PriceFit, fit_price_paths
from tenfold.quantities import Z90, InputError, Problem
from tenfold.validation.price_backtest import BacktestScore, backtest
from tenfold.validation.price_histories import price_histories, rows_of

TOPIC = "prices"
SOURCE = "price-history-listings"
TERM = "on-demand"
"""The one term whose listings moved in enough months to be fitted."""
LEFT_OUT_MONTHS = (12, 18, 24)
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceCalibration:
    """Fitted constants of one term with what they came from and how they foretell."""

    term: str
    fit: PriceFit
    chips: tuple[str, ...]
    """In the order of the fit's levels."""
    months: int
    rows: tuple[str, ...]
    """chip/provider/month of each row of the history behind the fit."""
    backtests: tuple[BacktestScore, ...]


def calibrate_prices(catalog: Catalog, term: str = TERM) -> PriceCalibration:
    """Fit the histories of a term and back-test them. Raises ``InputError`` when they are too few or never moved."""
    histories = price_histories(catalog, term)
    fit = fit_price_paths(histories)
    if fit is None:
        wrong = f"the price history has too few {term} months that differ to fit"
        remedy = "Add rows to prices/history.csv of an overlay"
        raise InputError(Problem(file="", key="term", wrong=wrong, remedy=remedy))
    chips = tuple(history.name for history in histories)
    return PriceCalibration(
        term=term,
        fit=fit,
        chips=chips,
        months=sum(len(history.years) for history in histories),
        rows=tuple(
            sorted({f"{r.chip}/{r.provider}/{r.month:%Y-%m}" for r in rows_of(catalog, term) if r.chip in chips})
        ),
        backtests=tuple(score for months in LEFT_OUT_MONTHS for score in backtest(histories, months)),
    )


def price_calibration_toml(calibration: PriceCalibration, as_of: datetime.date) -> str:
    """A ``calibrations/*.toml``: the constants as measured figures, P10 and P90 from their standard errors.

    The decline is kept as the factor that costs change by in a year, e^(−δ), which is positive either way.
    """
    fit = calibration.fit
    note = f"{fit.steps} changes of {len(calibration.chips)} chips, listings"
    decline, error = fit.decline_per_year, Z90 * fit.decline_error
    lines = [
        f'topic = "{TOPIC}"',
        f'notes = ["Fitted to {calibration.months} months of listings by: tenfold calibrate prices --out FILE", '
        '"Listings move less than prices paid, so paths are too narrow for contracts"]',
        "rows = [",
        *(f'    "{row}",' for row in calibration.rows),
        "]",
        "",
        f"[constants.{calibration.term}]",
        _figure("reversion_per_year", *_positive(fit.reversion_per_year, fit.reversion_error), note, as_of),
        _figure(
            "volatility_per_sqrt_year", *_positive(fit.volatility_per_sqrt_year, fit.volatility_error), note, as_of
        ),
        _figure("cost_factor_per_year", exp(-decline), exp(-decline - error), exp(error - decline), note, as_of),
        "",
        f"[constants.{calibration.term}.backtest]",
        *_backtest_lines(calibration, as_of),
    ]
    return "\n".join(lines) + "\n"


def _positive(value: float, error: float) -> tuple[float, float, float]:
    """Value, P10 and P90 of a constant that cannot be negative."""
    return value, max(value - Z90 * error, 0.0), value + Z90 * error


def _figure(name: str, value: float, low: float, high: float, note: str, as_of: datetime.date) -> str:
    texts = ", ".join(f"{key} = {text:.{DIGITS}g}" for key, text in (("value", value), ("low", low), ("high", high)))
    return f'{name} = {{ {texts}, kind = "measured", source = "{SOURCE}", as_of = "{as_of}", note = "{note}" }}'


def _backtest_lines(calibration: PriceCalibration, as_of: datetime.date) -> Iterator[str]:
    """Mean error and coverage of each rival on the months left out."""
    for score in calibration.backtests:
        note = f"{score.forecasts} forecasts of the last {score.months_left_out} months"
        for name, value in (("mean_error", score.mean_error), ("coverage", score.coverage)):
            key = f"{score.rival}.months_{score.months_left_out}.{name}"
            yield (
                f'{key} = {{ value = {value:.{DIGITS}g}, kind = "measured", source = "{SOURCE}", as_of = "{as_of}", '
                f'note = "{note}" }}'
            )
