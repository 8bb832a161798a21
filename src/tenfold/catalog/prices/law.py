"""What prices of a chip at other terms, and from few providers, say about one price: pure functions of logs.

A price is modelled as level × (1 + years)^−k × a provider's own factor, log-normal. Groups of rows at one term each say
something about the level; what is carried from one term to another brings the spread of the law along.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

P90 = statistics.NormalDist().inv_cdf(0.9)
"""P90 of a standard normal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Prices of one term, as they would be at the term asked for."""

    log_price: float
    """Log of the middle of them, carried to the term asked for."""
    providers: float
    """As many as would leave the middle so unsure; their number where they are alike."""
    carried_spread: float
    """Standard deviation in logs of what carried them; 0 where nothing had to."""


def term_log_ratio(years: float, exponent: float) -> float:
    """Log of a price for a term of years over the price on demand: −k ln(1 + years).

    At 0 years it is 0, and the fall slows with length as contracts' prices do. Fitted to pairs of one seller at two
    terms of up to four years; used to six.
    """
    return -exponent * math.log1p(years)


def term_spread(start_years: float, end_years: float, residual: float) -> float:
    """Standard deviation in logs of a price carried from one term to another.

    The residual of the fit, whose pairs are ln 2 apart or more in ln(1 + years); less in proportion for terms
    that lie closer, down to none for the same term.
    """
    return residual * min(1.0, abs(math.log1p(start_years) - math.log1p(end_years)) / math.log(2.0))


def depth_log_ratio(years: float, log_ratio: float) -> float:
    """Log of what sellers of many chips ask over those of few: ``log_ratio`` ÷ (1 + years).

    By the hour it is that of lists; it falls with the term as contracts are negotiated. Of the fit's 0.45 by the hour
    one-year contracts of 64 H100 and more have 0.33 over the lists of boxes (one pair, 0.22 here), five-year deals 0.07
    to 0.17 (0.07 here).
    """
    return log_ratio / (1.0 + years)


def times_ratio(price: tuple[float, float, float], log_ratio: float, spread: float) -> tuple[float, float, float]:
    """P50, P10 and P90 of a price times what other sellers ask over it, e^log_ratio, known to ``spread`` in logs.

    One error more, independent of what is not known of the price, so squares of half widths in logs add up.
    """
    value, _, high = price
    level = math.log(value) + log_ratio
    half = math.hypot(math.log(high / value), P90 * spread)
    return math.exp(level), math.exp(level - half), math.exp(level + half)


def fitted_exponent(pairs: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Fit k to pairs of (years, price over the price on demand): least squares in logs through the origin.

    Gives k, its standard error, and the standard deviation of the residuals. Raises ``ValueError`` below two pairs.
    """
    if len(pairs) < 2:
        raise ValueError("a fit needs two pairs")
    x = [math.log1p(years) for years, _ in pairs]
    y = [-math.log(ratio) for _, ratio in pairs]
    square = sum(each * each for each in x)
    k = sum(a * b for a, b in zip(x, y, strict=True)) / square
    residual = math.sqrt(sum((b - k * a) ** 2 for a, b in zip(x, y, strict=True)) / (len(pairs) - 1))
    return k, residual / math.sqrt(square), residual


def pooled_price(groups: Sequence[Evidence], provider_spread: float) -> tuple[float, float, float]:
    """P50, P10 and P90 of what one more provider asks, by inverse-variance weights over groups.

    Variance of a group about the level is s²/n + c², s the spread between providers of one chip, n its providers and c
    what carrying adds (one error for all of a group, so it does not shrink with n). The level's variance is
    V = 1/Σ 1/(s²/n + c²); a provider's price varies by s² + V. Both fall as rows come and rise as they go: less
    evidence never gives a narrower range.
    """
    weights = [1 / (provider_spread**2 / group.providers + group.carried_spread**2) for group in groups]
    level = sum(w * group.log_price for w, group in zip(weights, groups, strict=True)) / sum(weights)
    half = P90 * math.sqrt(provider_spread**2 + 1 / sum(weights))
    return math.exp(level), math.exp(level - half), math.exp(level + half)
