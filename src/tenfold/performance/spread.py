"""How sure a prediction is: the spread of residuals in its regime, on runs that the fit had not seen.

A calibration holds ``spread.<arch>.measured``, the standard deviation of ln(measured ÷ predicted) for a source that the
fit has not seen, of dense models, mixtures of experts and adapters (LoRA, fine-tuning); and what stands behind it:
``rows.<family>.<arch>.<width>`` and ``stacks.<family>.<stack>`` measured runs, ``largest.<family>.<arch>`` chips of the
largest. Distance from what
was measured widens it, see ``evidence``; scale only beyond the largest run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.performance.calibrated import products_width
from tenfold.performance.evidence import (
    Seen,
    beyond_measured,
    later_variance,
    scale_variance,
    seen_of,
    student_factor,
    taus_of,
)
from tenfold.quantities import Column, Figure, Floats
from tenfold.workloads import PLAIN_BYTES

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
    frozen_bytes: float = PLAIN_BYTES
    """Bytes that weights are held in; below ``weight_bytes`` they are brought to those for every product."""
    chips: float
    moe: bool
    adapter: bool = False
    """LoRA or fine-tuning."""
    stacks: tuple[str, ...] = ()
    """Keys of its stack and of the one whose kernels it was built from."""
    known_software: bool = True
    """Whether runs of its stack were measured on any chip."""
    free_layout: bool = False
    """Whether the layout is not stated but chosen among many."""
    years_ahead: float = 0.0
    """Years from the last measurement to the run."""
    unmeasured_parts: tuple[str, ...] = ()
    """Parts of the model that no measured run had: its kind is then new, whatever it is otherwise."""

    @property
    def width(self) -> str:
        """Number width, as calibrations write it."""
        return products_width(self.weight_bytes, self.frozen_bytes)

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
    new: str = "source"
    """The most telling thing that no measured run shares: one of ``evidence.NOVELTIES``, or nothing but the source."""
    scale_ratio: float | None = None
    """Chips over those of the largest such run; None where there is none."""


def log_spread_at(constants: Mapping[str, float], regime: Regime, chips: Column) -> Floats:
    """Log standard deviation of runs of a regime that differ in their chips alone. Broadcasts."""
    return _log_spread(constants, regime, _seen_in(constants, regime), chips)


def _log_spread(constants: Mapping[str, float], regime: Regime, seen: Seen, chips: Column) -> Floats:
    sigma = constants[f"spread.{regime.arch}.measured"]
    far = beyond_measured(taus_of(constants, regime.arch), seen, sigma) + scale_variance(constants, seen, chips)
    far = far + later_variance(constants, regime.years_ahead)
    return np.asarray(np.sqrt(sigma**2 + far) * student_factor(seen.of_kind))


def _seen_in(constants: Mapping[str, float], regime: Regime) -> Seen:
    seen = replace(
        seen_of(constants, regime.family, regime.arch, regime.width, regime.stacks),
        known_software=float(regime.known_software),
        free_layout=float(regime.free_layout),
    )
    return replace(seen, of_kind=0, largest_chips=0.0) if regime.unmeasured_parts else seen


def spread_of(constants: Mapping[str, float], regime: Regime) -> Spread:
    """Spread of a regime; wider, and named, where little or nothing was measured."""
    arch, width = regime.arch, regime.width
    seen = _seen_in(constants, regime)
    here = int(constants.get(f"rows.{regime.family}.{arch}.{width}", 0.0))
    words = f"{regime.family}: {seen.of_family} measured runs, {here} of them {arch} at {width}"
    largest = float(seen.largest_chips)
    return Spread(
        log_spread=_log_spread(constants, regime, seen, regime.chips).item(),
        words=words if seen.of_family else "priors only",
        outside=tuple(_outside(regime, seen, here)),
        runs=int(seen.of_kind),
        new=newest(seen),
        scale_ratio=regime.chips / largest if largest else None,
    )


def newest(seen: Seen) -> str:
    """The most telling thing that no measured run shares; ``source`` where only the source is new."""
    new = (
        ("chip", seen.of_family),
        ("width", seen.of_width),
        ("kind", seen.of_kind),
        ("software", seen.known_software),
        ("stack-on-chip", seen.of_stack),
    )
    return next((name for name, known in new if not np.asarray(known).item()), "source")


def _outside(regime: Regime, seen: Seen, here: int) -> Iterator[str]:
    """Say where nothing was measured."""
    if not seen.of_family:
        yield f"no measured run on {regime.family}: priors only"
    elif not here:
        yield f"no measured {regime.arch} run at {regime.width} on {regime.family}"
    if 0.0 < float(seen.largest_chips) < regime.chips:
        ends = f"the largest measured {regime.arch} run on {regime.family} has {seen.largest_chips:,.0f}"
        yield f"{regime.chips:,.0f} chips: {ends}"
    for part in regime.unmeasured_parts:
        yield f"no measured run of a model with {part.removeprefix('its ')}"
    if not regime.known_software:
        yield "no measured run of its software"
    elif seen.of_family and not seen.of_stack and regime.stacks:
        yield f"no measured run of its software on {regime.family}"
    if regime.years_ahead >= 1.0:
        yield f"it starts {regime.years_ahead:.1f} years after the last measurement"
