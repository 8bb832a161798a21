"""Spread of residuals by regime, so that about 80 % of unseen runs fall between P10 and P90.

The spread of a regime is the log standard deviation of a normal distribution whose central 80 % holds 80 % of the
regime's cross-validated |ln(predicted/measured)|. Regimes: dense, expert and adapter (LoRA, SFT) runs, each at every
scale on chip families with measurements, and on families left out whole. A scale's variance is drawn towards that of
all scales, which counts as ``POOLED_RUNS`` runs; a larger cluster is never taken to be surer than a smaller one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from tenfold.performance import SCALES, scale_of, width_name
from tenfold.quantities import Z90, Floats
from tenfold.validation.training.table import CompletedRun

FEWEST_RUNS = 8
POOLED_RUNS = 20
LARGE, CLUSTER = "large", "cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreads:
    """Spreads by key of the calibration (``spread.<arch>.<regime>``), and what stands behind them."""

    log_spread: Mapping[str, float]
    runs: Mapping[str, int]
    """Runs behind each spread."""
    rows: Mapping[str, int]
    """Runs by ``rows.<family>.<arch>.<width>``."""
    largest: Mapping[str, float]
    """Chips of the largest run by ``largest.<family>.<arch>``."""


def regime_of(done: CompletedRun) -> str:
    """Regime of a run on a measured chip family."""
    if done.run.mode != "pretrain":
        return "adapter"
    return "moe" if done.moe else "dense"


def central_spread(residuals: Floats) -> float:
    """Log standard deviation that puts 80 % of ``residuals`` (at least one) inside P10–P90."""
    return float(np.quantile(np.abs(residuals), 0.8)) / Z90


def spread_by_scale(residuals: Floats, scale: npt.NDArray[np.str_]) -> dict[str, float]:
    """Spread at each scale that has a run; ``residuals`` and ``scale`` hold one entry per run."""
    pooled = central_spread(residuals)
    found: dict[str, float] = {}
    for name, _ in SCALES:
        inside = residuals[scale == name]
        if len(inside):
            own = central_spread(inside) ** 2
            found[name] = float(np.sqrt((len(inside) * own + POOLED_RUNS * pooled**2) / (len(inside) + POOLED_RUNS)))
    if LARGE in found and CLUSTER in found:
        found[LARGE] = max(found[LARGE], found[CLUSTER])
    return found


def spreads_of(
    runs: Sequence[CompletedRun],
    cross_validated: Floats,
    family_left_out: Floats,
    measured: Floats,
    priors: Mapping[str, float] = MappingProxyType({}),
) -> tuple[Spreads, Floats]:
    """Spreads of all regimes; and for each run the spread of its regime estimated without its own source.

    A regime of fewer than eight runs keeps the spread of ``priors``: a handful of residuals says little of it.
    """
    seen = np.log(cross_validated / measured)
    unseen = np.log(family_left_out / measured)
    regime = np.array([regime_of(done) for done in runs])
    source = np.array([done.run.source_group for done in runs])
    scale = np.array([scale_of(float(done.run.n_chips or 1.0)) for done in runs])
    log_spread: dict[str, float] = {}
    counts: dict[str, int] = {}
    held_out = np.full(len(runs), np.nan)
    for name in sorted(set(regime)):
        inside = regime == name
        whole = central_spread(seen[inside])
        found = {"measured": whole, "unmeasured": max(central_spread(unseen[inside]), whole)}
        behind = dict.fromkeys(found, int(inside.sum()))
        if inside.sum() < FEWEST_RUNS:
            found |= {key: priors[f"spread.{name}.{key}"] for key in found if f"spread.{name}.{key}" in priors}
        else:
            found |= spread_by_scale(seen[inside], scale[inside])
            behind |= {key: int(np.sum(inside & (scale == key))) for key, _ in SCALES if key in found}
        log_spread |= {f"spread.{name}.{key}": value for key, value in found.items()}
        counts |= {f"spread.{name}.{key}": count for key, count in behind.items()}
        for group in sorted(set(source[inside])):
            judged = inside & (source == group)
            others = inside & (source != group)
            base = others if others.sum() >= FEWEST_RUNS else inside
            by_scale, pooled = spread_by_scale(seen[base], scale[base]), central_spread(seen[base])
            held_out[judged] = [by_scale.get(key, pooled) for key in scale[judged]]
    return Spreads(log_spread=log_spread, runs=counts, rows=_rows(runs), largest=_largest(runs)), held_out


def _rows(runs: Sequence[CompletedRun]) -> Mapping[str, int]:
    return Counter(f"rows.{d.key.family}.{regime_of(d)}.{width_name(d.key.weight_bytes)}" for d in runs)


def _largest(runs: Sequence[CompletedRun]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for done in runs:
        key = f"largest.{done.key.family}.{regime_of(done)}"
        found[key] = max(found.get(key, 0.0), float(done.run.n_chips or 1.0))
    return found
