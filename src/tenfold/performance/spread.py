"""How sure a prediction is: the spread of residuals in its regime, on runs that the fit had not seen.

A calibration holds ``spread.<regime>`` (standard deviation of ln(measured ÷ predicted)) and ``rows.<family>.<width>``
(measured runs behind it). The regimes: dense or mixture of experts, chip family measured or not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.performance.calibrated import width_name
from tenfold.quantities import Figure

UNMEASURED_FACTOR = 1.6
"""Widening for a number width without a measurement on a family that has others; the ratio of cross-validated
spreads between leaving out whole chips and leaving out single sources, rounded up."""


P10_TO_P90 = 2.5631
"""Standard deviations between the P10 and the P90 of a normal distribution."""


def log_spread_of(figure: Figure) -> float:
    """Standard deviation of the logarithm of a figure, from its P10 and P90."""
    low, high = figure.range
    return math.log(high / low) / P10_TO_P90


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """What decides how sure a prediction is."""

    family: str
    weight_bytes: float
    moe: bool
    adapter: bool = False
    """LoRA or fine-tuning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Log standard deviation, and what to tell the user about it."""

    log_spread: float
    words: str
    outside: tuple[str, ...]


def spread_of(constants: Mapping[str, float], regime: Regime) -> Spread:
    """Spread of a regime; wider, and named, where nothing was measured."""
    arch = "adapter" if regime.adapter else "moe" if regime.moe else "dense"
    width = width_name(regime.weight_bytes)
    rows = {key: int(value) for key, value in constants.items() if key.startswith(f"rows.{regime.family}.")}
    total = sum(rows.values())
    here = sum(count for key, count in rows.items() if key.endswith(f".{arch}.{width}"))
    measured = "measured" if total else "unmeasured"
    spread = constants[f"spread.{arch}.{measured}"]
    outside: list[str] = []
    if not total:
        outside.append(f"no measured run on {regime.family}: priors only")
    elif not here:
        outside.append(f"no measured {arch} run at {width} on {regime.family}")
        spread *= UNMEASURED_FACTOR if total else 1.0
    words = f"{regime.family}: {total} measured runs, {here} of them {arch} at {width}" if total else "priors only"
    return Spread(log_spread=spread, words=words, outside=tuple(outside))
