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

from tenfold.performance import P10_TO_P90
from tenfold.performance.serving import LEVELS, NAMES, Labels
from tenfold.quantities import Figure, Floats

CHIP: Mapping[str, float] = {"vendor": 0.12, "family": 0.1, "pair": 0.06}
"""Constants of the silicon: shares of bandwidths and peaks."""
KERNEL: Mapping[str, float] = {"vendor": 0.3, "family": 0.2, "engine": 0.15, "vintage": 0.1, "pair": 0.1}
"""Constants of kernels that an engine brings for a family."""
HOST: Mapping[str, float] = {"vendor": 0.15, "family": 0.1, "engine": 0.25, "vintage": 0.2, "pair": 0.1}
"""Constants of an engine's host code, which follow its vintage."""
HABIT: Mapping[str, float] = {"engine": 0.12, "vintage": 0.08}
"""How an engine schedules."""

SPREADS: Mapping[str, Mapping[str, float]] = {
    "weight_share": {**CHIP, "engine": 0.06, "vintage": 0.05, "width": 0.08},
    "cache_share": {**CHIP, "engine": 0.12, "vintage": 0.08},
    "decode_share": {**CHIP, "engine": 0.08, "width": 0.15},
    "prefill_share": {**CHIP, "engine": 0.1, "vintage": 0.08, "width": 0.2},
    "expert_share": {**CHIP, "engine": 0.12, "vintage": 0.08, "width": 0.15},
    "attention_share": {**CHIP, "engine": 0.1},
    "joining": {},
    "layer_s": {**KERNEL, "width": 0.15},
    "moe_layer_s": {**KERNEL, "width": 0.15},
    "latent_layer_s": KERNEL,
    "state_layer_s": KERNEL,
    "sparse_layer_s": KERNEL,
    "reduce_factor": KERNEL,
    "link_share": {"vendor": 0.08, "family": 0.12},
    "exchange_s": KERNEL,
    "step_s": HOST,
    "sequence_s": HOST,
    "stream_token_s": {"engine": 0.3, "vintage": 0.2},
    "mixed_share": HABIT,
    "routing_share": {},
    "imbalance": {},
    "prefill_layer_s": HOST,
    "first_token_s": {**HOST, "protocol": 0.4},
    "stream_share": {"engine": 0.1},
    "cache_growth": {"engine": 0.1},
    "offline_memory": {"family": 0.12, "engine": 0.1},
    "offline_compute": {"family": 0.15, "width": 0.15, "engine": 0.1},
    "offline_share": {"engine": 0.08, "vintage": 0.06, "family": 0.06, "pair": 0.06, "protocol": 0.1},
    "slo_share": {"family": 0.05},
    "interactive_share": {"family": 0.1},
    "static_share": {"engine": 0.12, "family": 0.15, "pair": 0.1},
    "lag_steps": {"engine": 0.2, "vintage": 0.15},
    "burst_share": {"engine": 0.2, "vintage": 0.15, "pair": 0.15},
    "drain_share": {"engine": 0.2},
    "draft_yield": {},
    "draft_cost": {"engine": 0.15},
    "drafter_cost": {"engine": 0.2},
    "step_pace": {},
    "prompt_pace": {},
    "side_share": {"engine": 0.05},
}
"""Standard deviation of the logarithm of a factor, by constant and level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One factor to fit: start · exp(sd · x), x ~ N(0, 1)."""

    key: str
    name: str
    """Of the constant it multiplies."""
    sd: float
    start: float
    """Value at x = 0: the prior's, or 1 for a factor without one."""

    def at(self, x: float) -> float:
        """Value at ``x`` prior standard deviations."""
        return self.start * math.exp(self.sd * x)


def effects_of(priors: Mapping[str, Figure], settings: Sequence[Labels]) -> tuple[Effect, ...]:
    """Factors of measurements with these labels, the values for all first.

    What holds for the same settings at two levels, as a vendor with one family does, cannot be told apart: the two
    share what is measured by their variances, and together they are as free as those of any other vendor.
    """
    found = [_of_prior(f"all.{name}", name, priors) for name in NAMES]
    for name in NAMES:
        for level in LEVELS:
            if level in SPREADS[name]:
                labels = sorted({getattr(each, level) for each in settings} - {""})
                found += [_of_label(level, label, name, priors) for label in labels]
    return tuple(found)


COMBINED = (
    "weight_share",
    "cache_share",
    "decode_share",
    "layer_s",
    "mixed_share",
    "prefill_share",
    "prefill_layer_s",
    "first_token_s",
    "lag_steps",
)
"""Constants in which a model on a chip with an engine has its own: of bandwidth, of compute, of overhead, of turns."""
OF_COMBINATION = 0.2
"""Standard deviation of the logarithm of each: a combination's times differ by a fifth from what holds for others."""


def own_effects(priors: Mapping[str, Figure], settings: Sequence[Labels]) -> tuple[Effect, ...]:
    """Factors that one benchmark of one's own moves: those of its combination, from what is known of it."""
    labels = sorted({each.combination for each in settings} - {""})
    return tuple(offset_effect(priors, label, name) for label in labels for name in COMBINED)


def offset_effect(priors: Mapping[str, Figure], combination: str, name: str) -> Effect:
    """One constant of a combination, as wide as a calibration has left it, or as of one nobody measured."""
    key = f"combination.{combination}.{name}"
    return _of_prior(key, name, priors) if key in priors else Effect(key=key, name=name, sd=OF_COMBINATION, start=1.0)


def _of_prior(key: str, name: str, priors: Mapping[str, Figure]) -> Effect:
    low, high = priors[key].range
    return Effect(key=key, name=name, sd=math.log(high / low) / P10_TO_P90, start=priors[key].value)


def _of_label(level: str, label: str, name: str, priors: Mapping[str, Figure]) -> Effect:
    key = f"{level}.{label}.{name}"
    return (
        _of_prior(key, name, priors)
        if key in priors
        else Effect(key=key, name=name, sd=SPREADS[name][level], start=1.0)
    )


def incidence(effects: Sequence[Effect], settings: Sequence[Labels]) -> Floats:
    """D ln(constant) / dx of every effect for every setting, (settings, effects): its spread, or 0."""
    distinct = {labels: index for index, labels in enumerate(dict.fromkeys(settings))}
    place = {effect.key: index for index, effect in enumerate(effects)}
    rows = np.zeros((len(distinct), len(effects)))
    for labels, row in distinct.items():
        for name in NAMES:
            for key in (f"all.{name}", *labels.keys(name)):
                if key in place:
                    rows[row, place[key]] = effects[place[key]].sd
    return np.asarray(rows[np.array([distinct[labels] for labels in settings])])


def factors_at(x: Floats, effects: Sequence[Effect]) -> dict[str, float]:
    """Every factor at ``x``."""
    return {effect.key: effect.at(float(moved)) for effect, moved in zip(effects, x, strict=True)}
