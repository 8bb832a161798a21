"""How sure a prediction is: the spread of residuals in its regime, on runs that the fit had not seen.

A calibration holds ``spread.<arch>.<regime>``, standard deviations of ln(measured ÷ predicted), and what stands behind
them: ``rows.<family>.<arch>.<width>`` measured runs and ``largest.<family>.<arch>`` chips of the largest. The regimes:
dense, mixture of experts or adapter (LoRA, fine-tuning); chip family measured or not; scale of the run. Each doubling
of the chips beyond the largest measured run adds ``spread.doubling``, what the loss per doubling is uncertain by.
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


SCALES = (("node", 8.0), ("cluster", 512.0), ("large", math.inf))
"""Scales of a run and the most chips of each: one node, the usual benchmark, the rest."""

P10_TO_P90 = 2.5631
"""Standard deviations between the P10 and the P90 of a normal distribution."""


def log_spread_of(figure: Figure) -> float:
    """Standard deviation of the logarithm of a figure, from its P10 and P90."""
    low, high = figure.range
    return math.log(high / low) / P10_TO_P90


def scale_of(chips: float) -> str:
    """Name of the scale that a run on ``chips`` chips belongs to."""
    return next(name for name, most in SCALES if chips <= most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """What decides how sure a prediction is."""

    family: str
    weight_bytes: float
    chips: float
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
    spread = constants.get(f"spread.{arch}.{scale_of(regime.chips)}", constants[f"spread.{arch}.measured"])
    if not total:
        return Spread(
            log_spread=max(spread, constants[f"spread.{arch}.unmeasured"]),
            words="priors only",
            outside=(f"no measured run on {regime.family}: priors only",),
        )
    here = sum(count for key, count in rows.items() if key.endswith(f".{arch}.{width}"))
    outside: list[str] = []
    if not here:
        outside.append(f"no measured {arch} run at {width} on {regime.family}")
        spread *= UNMEASURED_FACTOR
    largest = constants.get(f"largest.{regime.family}.{arch}", 0.0)
    if largest and regime.chips > largest:
        ends = f"the largest measured {arch} run on {regime.family} has {largest:,.0f}"
        outside.append(f"{regime.chips:,.0f} chips: {ends}")
        spread = math.hypot(spread, constants.get("spread.doubling", 0.0) * math.log2(regime.chips / largest))
    words = f"{regime.family}: {total} measured runs, {here} of them {arch} at {width}"
    return Spread(log_spread=spread, words=words, outside=tuple(outside))
