"""The answer about a fit to the price history."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from tenfold.economics import PriceFit
from tenfold.quantities import Made, NamedFigure
from tenfold.validation.prices.question import CalibratePricesQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestScore:
    """How one rival did on the months left out."""

    rival: str
    months_left_out: int
    forecasts: int
    median_error: float
    mean_error: float
    coverage: float
    """Share of outcomes inside P10–P90; 0.8 is right."""
    median_width: float
    """P90 over P10 of the forecasts, at the median: how much is left open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratePricesAnswer:
    """Fitted constants of one term with what they came from and how they foretell."""

    question: CalibratePricesQuestion
    made: Made
    term: str
    fit: PriceFit
    chips: tuple[str, ...]
    """In the order of the fit's levels."""
    months: int
    rows: tuple[str, ...]
    """chip/provider/month of each row of the history behind the fit."""
    backtests: tuple[BacktestScore, ...]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """The listings behind the fit."""


def file(answer: CalibratePricesAnswer) -> str:
    """Text of a ``calibrations/prices.toml`` with the constants."""
    from tenfold.validation.prices.overlay import calibration_toml

    today = datetime.date.today()  # noqa: DTZ011  (the user's own calendar day is meant)
    return calibration_toml(answer, answer.question.as_of or today)
