"""Spread of residuals by regime, so that about 80 % of unseen runs fall between P10 and P90.

The spread of a regime is the log standard deviation of a normal distribution whose central 80 % holds 80 % of the
regime's cross-validated |ln(predicted/measured)|. Regimes: dense, expert and adapter (LoRA, SFT) runs on a chip family
with measurements; dense and expert runs on a family left out whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from tenfold.performance.calibrated import width_name
from tenfold.validation.scoring import NORMAL_P90
from tenfold.validation.table import CompletedRun

Floats = npt.NDArray[np.float64]
FEWEST_RUNS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreads:
    """Spreads by key of the calibration (``spread.<regime>``), and runs counted by ``rows.<family>.<arch>.<width>``."""

    log_spread: Mapping[str, float]
    runs: Mapping[str, int]
    rows: Mapping[str, int]


def regime_of(done: CompletedRun) -> str:
    """Regime of a run on a measured chip family."""
    if done.run.mode != "pretrain":
        return "adapter"
    return "moe" if float(done.shape.moe_layers) > 0 else "dense"


def central_spread(residuals: Floats) -> float:
    """Log standard deviation that puts 80 % of ``residuals`` (at least one) inside P10–P90."""
    return float(np.quantile(np.abs(residuals), 0.8)) / NORMAL_P90


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
    log_spread: dict[str, float] = {}
    counts: dict[str, int] = {}
    held_out = np.full(len(runs), np.nan)
    for name in sorted(set(regime)):
        inside = regime == name
        log_spread[f"spread.{name}.measured"] = central_spread(seen[inside])
        log_spread[f"spread.{name}.unmeasured"] = max(central_spread(unseen[inside]), central_spread(seen[inside]))
        if inside.sum() < FEWEST_RUNS:
            kept = (f"spread.{name}.measured", f"spread.{name}.unmeasured")
            log_spread |= {key: priors[key] for key in kept if key in priors}
        counts[f"spread.{name}.measured"] = counts[f"spread.{name}.unmeasured"] = int(inside.sum())
        for group in sorted(set(source[inside])):
            others = inside & (source != group)
            base = others if others.sum() >= FEWEST_RUNS else inside
            held_out[inside & (source == group)] = central_spread(seen[base])
    rows = Counter(f"rows.{d.key.family}.{regime_of(d)}.{width_name(d.key.weight_bytes)}" for d in runs)
    return Spreads(log_spread=log_spread, runs=counts, rows=rows), held_out
