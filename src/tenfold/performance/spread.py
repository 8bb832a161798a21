"""How sure a prediction is: the spread of residuals in its regime, on runs that the fit had not seen.

A calibration holds ``spread.<arch>.<regime>``, standard deviations of ln(measured ÷ predicted), and what stands behind
them: ``rows.<family>.<arch>.<width>`` measured runs and ``largest.<family>.<arch>`` chips of the largest. The regimes:
dense, mixture of experts or adapter (LoRA, fine-tuning); chip family measured or not; scale of the run. Distance from
what was measured widens it, see ``evidence``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tenfold.performance.calibrated import width_name
from tenfold.performance.evidence import Seen, beyond_measured, seen_of, student_factor
from tenfold.quantities import Figure

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
    known_software: bool = True
    """Whether runs of its stack were measured."""
    years_ahead: float = 0.0
    """Years from the last measurement to the run."""

    @property
    def arch(self) -> str:
        """Kind of model, as calibrations write it."""
        return "adapter" if self.adapter else "moe" if self.moe else "dense"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Log standard deviation, and what to tell the user about it."""

    log_spread: float
    words: str
    outside: tuple[str, ...]
    runs: int = 0
    """Measured runs on the chip family, of the kind of model."""
    scale_ratio: float | None = None
    """Chips over those of the largest such run; None where there is none."""


def spread_of(constants: Mapping[str, float], regime: Regime) -> Spread:
    """Spread of a regime; wider, and named, where little or nothing was measured."""
    arch, width = regime.arch, width_name(regime.weight_bytes)
    found = seen_of(constants, regime.family, arch, width)
    seen = replace(found, known_software=regime.known_software, years_ahead=regime.years_ahead)
    sigma = constants.get(f"spread.{arch}.{scale_of(regime.chips)}", constants[f"spread.{arch}.measured"])
    floor = sigma if seen.of_family else max(sigma, constants[f"spread.{arch}.unmeasured"])
    far = beyond_measured(constants, seen, arch, sigma, regime.chips)
    here = int(constants.get(f"rows.{regime.family}.{arch}.{width}", 0.0))
    words = f"{regime.family}: {seen.of_family} measured runs, {here} of them {arch} at {width}"
    return Spread(
        log_spread=max(floor, math.sqrt(sigma**2 + far)) * student_factor(seen.of_kind),
        words=words if seen.of_family else "priors only",
        outside=tuple(_outside(regime, seen, here)),
        runs=seen.of_kind,
        scale_ratio=regime.chips / seen.largest_chips if seen.largest_chips else None,
    )


def _outside(regime: Regime, seen: Seen, here: int) -> Iterator[str]:
    """Say where nothing was measured."""
    if not seen.of_family:
        yield f"no measured run on {regime.family}: priors only"
    elif not here:
        yield f"no measured {regime.arch} run at {width_name(regime.weight_bytes)} on {regime.family}"
    if 0.0 < seen.largest_chips < regime.chips:
        ends = f"the largest measured {regime.arch} run on {regime.family} has {seen.largest_chips:,.0f}"
        yield f"{regime.chips:,.0f} chips: {ends}"
    if not regime.known_software:
        yield "no measured run of its software"
