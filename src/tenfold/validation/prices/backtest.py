"""How well price paths foretell months they have not seen, beside rivals that know less.

The last months of all histories are left out, each rival is fitted to the rest and foretells every month left out from
the last price it saw. Rivals share a signature: (histories seen, place of the history, price, years ahead) → mean and
standard deviation of ln p. ``no-change`` is a random walk, ``trend`` a random walk with the drift of the histories
seen, ``reversion`` the process of ``economics.price_paths`` with κ, δ and σ of the histories seen, at no scarcity.
Errors are of the median, |p̂/p − 1|; coverage is the share inside P10–P90.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from tenfold.economics import PriceHistory, fit_price_paths, step_mean, step_spread
from tenfold.quantities import Z90, Floats
from tenfold.validation.prices.answer import BacktestScore

Forecast = Callable[[int, float, float, float], tuple[float, float]]
"""(place of the history, its last ln p, when that was, years ahead) → mean and standard deviation of ln p."""


def backtest(histories: Sequence[PriceHistory], months_left_out: int) -> tuple[BacktestScore, ...]:
    """Score every rival on the last ``months_left_out`` months; empty where too little is left to fit."""
    end = max((float(history.years[-1]) for history in histories), default=0.0)
    cut = end - (months_left_out - 0.5) / 12.0
    pairs = [(_until(history, cut), history) for history in histories]
    kept = [(seen, whole) for seen, whole in pairs if seen.steps > 0 and len(seen.years) < len(whole.years)]
    forecasts = {name: make([seen for seen, _ in kept]) for name, make in RIVALS.items()} if kept else {}
    return tuple(
        _score(name, forecast, kept, months_left_out) for name, forecast in forecasts.items() if forecast is not None
    )


def _until(history: PriceHistory, cut: float) -> PriceHistory:
    count = int(np.searchsorted(history.years, cut))
    return PriceHistory(name=history.name, years=history.years[:count], log_price=history.log_price[:count])


def _score(
    name: str, forecast: Forecast, kept: Sequence[tuple[PriceHistory, PriceHistory]], left_out: int
) -> BacktestScore:
    misses, spreads = [], []
    for place, (seen, whole) in enumerate(kept):
        for at in range(len(seen.years), len(whole.years)):
            ahead = float(whole.years[at] - seen.years[-1])
            mean, spread = forecast(place, float(seen.log_price[-1]), float(seen.years[-1]), ahead)
            misses.append(mean - float(whole.log_price[at]))
            spreads.append(spread)
    miss, half = np.array(misses), Z90 * np.array(spreads)
    error = np.abs(np.expm1(miss))
    return BacktestScore(
        rival=name,
        months_left_out=left_out,
        forecasts=len(misses),
        median_error=float(np.median(error)),
        mean_error=float(np.mean(error)),
        coverage=float(np.mean(np.abs(miss) <= half)),
        median_width=float(np.exp(2.0 * np.median(half))),
    )


def _changes(seen: Sequence[PriceHistory]) -> tuple[Floats, Floats]:
    changes = np.concatenate([np.diff(history.log_price) for history in seen])
    return changes, np.concatenate([np.diff(history.years) for history in seen])


def _no_change(seen: Sequence[PriceHistory]) -> Forecast | None:
    changes, years = _changes(seen)
    sigma = float(np.sqrt(np.mean(changes**2 / years)))
    return lambda _, log_price, __, ahead: (log_price, sigma * float(np.sqrt(ahead)))


def _trend(seen: Sequence[PriceHistory]) -> Forecast | None:
    changes, years = _changes(seen)
    drift = float(np.sum(changes) / np.sum(years))
    sigma = float(np.sqrt(np.mean((changes - drift * years) ** 2 / years)))
    return lambda _, log_price, __, ahead: (log_price + drift * ahead, sigma * float(np.sqrt(ahead)))


def _reversion(seen: Sequence[PriceHistory]) -> Forecast | None:
    fit = fit_price_paths(seen)
    if fit is None:
        return None
    dynamics = fit.dynamics

    def forecast(place: int, log_price: float, year: float, ahead: float) -> tuple[float, float]:
        log_cost = fit.log_costs[place] - fit.decline_per_year * year
        mean = step_mean(log_price, log_cost, fit.decline_per_year, 0.0, ahead, dynamics)
        return float(mean), float(step_spread(dynamics, ahead))

    return forecast


RIVALS: Mapping[str, Callable[[Sequence[PriceHistory]], Forecast | None]] = MappingProxyType(
    {"no-change": _no_change, "trend": _trend, "reversion": _reversion}
)
"""Ways to foretell a price, by name."""
