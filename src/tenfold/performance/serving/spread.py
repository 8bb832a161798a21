"""How sure a prediction of serving is: the spread of residuals on measurements that the fit had not seen.

A calibration holds ``spread.<quantity>.<evidence>``, standard deviations of ln(measured ÷ predicted), and what stands
behind them: ``rows.<family>.<engine>`` measured numbers. The evidence is ``combination`` where the model was measured
on the chip with the engine, ``measured`` where the engine was on the chip's family, ``family`` or ``engine`` where only
one of them was, ``none`` where neither.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tenfold.performance.serving.constants import NAMES, Labels

WITHOUT_CALIBRATION = {"tpot": 0.45, "ttft": 0.8, "e2e": 0.45, "throughput": 0.45}
"""Spread of predictions from the priors alone, which no calibration has narrowed."""
WIDENING = {"combination": 1.0, "measured": 1.0, "family": 1.3, "engine": 1.6, "none": 2.0}
"""Where a calibration states no spread for an evidence, that of ``measured`` times this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingSpread:
    """Log standard deviation, and what to tell the user about it."""

    log_spread: float
    words: str


def evidence_of(factors: Mapping[str, float], labels: Labels) -> str:
    """What was measured near a setting."""
    if labels.combination and any(f"combination.{labels.combination}.{name}" in factors for name in NAMES):
        return "combination"
    if f"rows.{labels.pair}" in factors:
        return "measured"
    pairs = _measured_pairs(tuple(factors))
    if any(pair.partition(".")[0] == labels.family for pair in pairs):
        return "family"
    return "engine" if any(pair.partition(".")[2] == labels.engine for pair in pairs) else "none"


@lru_cache(maxsize=8)
def _measured_pairs(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Family and engine of everything that has rows: many settings are asked of the same factors."""
    return tuple(key.removeprefix("rows.") for key in keys if key.startswith("rows."))


def serving_spread(factors: Mapping[str, float], labels: Labels, quantity: str) -> ServingSpread:
    """Spread of one quantity at a setting: ``tpot``, ``ttft``, ``e2e`` or ``throughput``, or a group of scores."""
    evidence = evidence_of(factors, labels)
    fallback = WITHOUT_CALIBRATION.get(quantity.partition("_")[0], WITHOUT_CALIBRATION["ttft"])
    usual = factors.get(f"spread.{quantity}.measured", fallback)
    spread = factors.get(f"spread.{quantity}.{evidence}", usual * WIDENING[evidence])
    rows = int(factors.get(f"rows.{labels.pair}", 0.0))
    words = {
        "combination": f"this model, chip and engine measured; {labels.engine} on {labels.family}: {rows:,} numbers",
        "measured": f"{labels.engine} on {labels.family}: {rows:,} measured numbers",
        "family": f"no measurement of {labels.engine} on {labels.family}; other engines on it",
        "engine": f"no measurement on {labels.family}; {labels.engine} on other chips",
        "none": f"no measurement on {labels.family} nor of {labels.engine}",
    }[evidence]
    return ServingSpread(log_spread=spread, words=words)


def joined_spread(*spreads: float) -> float:
    """Standard deviation of a sum of independent logarithms."""
    return math.sqrt(math.fsum(each * each for each in spreads))
