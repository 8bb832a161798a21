"""A fit to the price history as a file of a catalog: ``calibrations/prices.toml``."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from math import exp

from tenfold.quantities import Z90, toml_value
from tenfold.validation.prices.answer import CalibratePricesAnswer
from tenfold.validation.prices.histories import LISTINGS

TOPIC = "prices"
SOURCE = "price-history-listings"
DIGITS = 4


def calibration_toml(answer: CalibratePricesAnswer, as_of: datetime.date) -> str:
    """The constants as measured figures, P10 and P90 from their standard errors, and their back-test.

    The decline is kept as the factor that costs change by in a year, e^(−δ), which is positive either way.
    """
    fit = answer.fit
    note = f"{fit.steps} changes of {len(answer.chips)} chips, listings"
    decline, error = fit.decline_per_year, Z90 * fit.decline_error
    lines = [
        f'topic = "{TOPIC}"',
        f'notes = ["Fitted to {answer.months} months of listings by: tenfold calibrate prices --out FILE", '
        f'"{LISTINGS}"]',
        "rows = [",
        *(f"    {toml_value(row)}," for row in answer.rows),
        "]",
        "",
        f"[constants.{answer.term}]",
        _figure("reversion_per_year", *_positive(fit.reversion_per_year, fit.reversion_error), note, as_of),
        _figure(
            "volatility_per_sqrt_year", *_positive(fit.volatility_per_sqrt_year, fit.volatility_error), note, as_of
        ),
        _figure("cost_factor_per_year", exp(-decline), exp(-decline - error), exp(error - decline), note, as_of),
        "",
        f"[constants.{answer.term}.backtest]",
        *_backtest_lines(answer, as_of),
    ]
    return "\n".join(lines) + "\n"


def _positive(value: float, error: float) -> tuple[float, float, float]:
    """Value, P10 and P90 of a constant that cannot be negative."""
    return value, max(value - Z90 * error, 0.0), value + Z90 * error


def _figure(name: str, value: float, low: float, high: float, note: str, as_of: datetime.date) -> str:
    texts = ", ".join(f"{key} = {text:.{DIGITS}g}" for key, text in (("value", value), ("low", low), ("high", high)))
    return f'{name} = {{ {texts}, kind = "measured", source = "{SOURCE}", as_of = "{as_of}", note = "{note}" }}'


def _backtest_lines(answer: CalibratePricesAnswer, as_of: datetime.date) -> Iterator[str]:
    """Mean error and coverage of each rival on the months left out."""
    for score in answer.backtests:
        note = f"{score.forecasts} forecasts of the last {score.months_left_out} months"
        for name, value in (("mean_error", score.mean_error), ("coverage", score.coverage)):
            key = f"{score.rival}.months_{score.months_left_out}.{name}"
            yield (
                f'{key} = {{ value = {value:.{DIGITS}g}, kind = "measured", source = "{SOURCE}", as_of = "{as_of}", '
                f'note = "{note}" }}'
            )
