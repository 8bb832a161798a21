"""Which factors of the hierarchy a fit may move, and how far each is believed to be from 1.

Every factor is log-normal around 1 with the spread below, so that what little has been measured moves it little; the
values for all have the range that ``calibrations/serving-priors.toml`` gives them. One unit of any is one prior
standard deviation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.performance.serving.constants import LEVELS, NAMES, Labels
from tenfold.performance.spread import P10_TO_P90
from tenfold.quantities import Figure, Floats

CHIP: Mapping[str, float] = {"vendor": 0.12, "family": 0.15, "pair": 0.08}
"""Constants of the silicon: shares of bandwidths and peaks."""
KERNEL: Mapping[str, float] = {"vendor": 0.2, "family": 0.2, "engine": 0.15, "vintage": 0.12, "pair": 0.12}
"""Constants of kernels that an engine brings for a family."""
HOST: Mapping[str, float] = {"family": 0.2, "engine": 0.3, "vintage": 0.3, "pair": 0.15}
"""Constants of an engine's host code, which follow its vintage."""
HABIT: Mapping[str, float] = {"engine": 0.2, "vintage": 0.15}
"""How an engine schedules."""

SPREADS: Mapping[str, Mapping[str, float]] = {
    "weight_share": {**CHIP, "engine": 0.08, "vintage": 0.08, "width": 0.15},
    "cache_share": {**CHIP, "engine": 0.15, "vintage": 0.1},
    "decode_share": {**CHIP, "engine": 0.1, "width": 0.2},
    "prefill_share": {**CHIP, "engine": 0.15, "vintage": 0.1, "width": 0.25},
    "expert_share": {**KERNEL, "width": 0.2},
    "attention_share": {**KERNEL},
    "joining": {},
    "layer_s": KERNEL,
    "moe_layer_s": {**KERNEL, "width": 0.2},
    "latent_layer_s": KERNEL,
    "state_layer_s": KERNEL,
    "sparse_layer_s": KERNEL,
    "reduce_factor": KERNEL,
    "link_share": {"vendor": 0.1, "family": 0.15},
    "exchange_s": KERNEL,
    "step_s": HOST,
    "sequence_s": HOST,
    "mixed_share": {"engine": 0.12, "vintage": 0.08},
    "stream_token_s": {"engine": 0.4, "vintage": 0.3},
    "imbalance": {},
    "prefill_layer_s": HOST,
    "first_token_s": HOST,
    "stream_share": {"engine": 0.1},
    "cache_growth": {"engine": 0.1},
    "offline_memory": {"family": 0.1, "engine": 0.1},
    "offline_compute": {"family": 0.15, "width": 0.15, "engine": 0.1},
    "offline_share": {"engine": 0.1, "vintage": 0.08, "family": 0.08, "pair": 0.08, "protocol": 0.2},
    "slo_share": {"family": 0.05},
    "interactive_share": {"family": 0.1},
    "static_share": {"engine": 0.1, "family": 0.1},
    "drain_share": {"engine": 0.2},
    "draft_yield": {},
    "draft_cost": {"engine": 0.2},
    "side_share": {"engine": 0.05},
}
"""Standard deviation of the logarithm of a factor, by constant and level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One factor to fit: exp(sd · x), x ~ N(0, 1)."""

    key: str
    name: str
    """Of the constant it multiplies."""
    sd: float
    start: float
    """Value at x = 0: 1 for a factor, the prior's for a value for all."""

    def at(self, x: float) -> float:
        """Value at ``x`` prior standard deviations."""
        return self.start * math.exp(self.sd * x)


def effects_of(priors: Mapping[str, Figure], settings: Sequence[Labels]) -> tuple[Effect, ...]:
    """Factors that measurements with these labels can tell something of, the values for all first."""
    found = [_for_all(name, priors[f"all.{name}"]) for name in NAMES]
    for name in NAMES:
        spreads = SPREADS[name]
        for level in LEVELS:
            if level in spreads:
                labels = sorted({getattr(each, level) for each in settings} - {""})
                found += [
                    Effect(key=f"{level}.{label}.{name}", name=name, sd=spreads[level], start=1.0) for label in labels
                ]
    return tuple(found)


def _for_all(name: str, figure: Figure) -> Effect:
    low, high = figure.range
    return Effect(key=f"all.{name}", name=name, sd=math.log(high / low) / P10_TO_P90, start=figure.value)


def incidence(effects: Sequence[Effect], settings: Sequence[Labels]) -> Floats:
    """d ln(constant) / dx of every effect for every setting, (settings, effects): its spread, or 0."""
    distinct = {labels: index for index, labels in enumerate(dict.fromkeys(settings))}
    place = {effect.key: index for index, effect in enumerate(effects)}
    rows = np.zeros((len(distinct), len(effects)))
    for labels, row in distinct.items():
        for name in NAMES:
            for key in (f"all.{name}", *labels.keys(name)):
                if key in place:
                    rows[row, place[key]] = effects[place[key]].sd
    return rows[np.array([distinct[labels] for labels in settings])]


def factors_at(x: Floats, effects: Sequence[Effect]) -> dict[str, float]:
    """Every factor at ``x``."""
    return {effect.key: effect.at(float(moved)) for effect, moved in zip(effects, x, strict=True)}
