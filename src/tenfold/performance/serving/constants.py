"""Calibrated constants of serving as columns, looked up along a hierarchy of factors.

A constant is the product of the value for all and of one factor for each level that is known of a setting:

    all.layer_s                    the value where nothing else is known
    vendor.NVIDIA.layer_s          a factor of every chip of a vendor
    family.hopper.layer_s          of a chip family
    engine.vllm.layer_s            of an engine
    vintage.vllm-2026.layer_s      of an engine's vintage
    pair.hopper.vllm.layer_s       of an engine on a family
    combination.qwen3-8b.l40s.vllm-2025.layer_s    of a model on a chip with an engine of a vintage

A factor that nobody has measured is 1. ``LEVELS`` says which constants have factors at which levels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from tenfold.quantities import MissingFigureError, Problem

if TYPE_CHECKING:
    from tenfold.quantities import Column

LEVELS = ("vendor", "family", "engine", "vintage", "pair", "width", "protocol", "combination")
"""Levels of the hierarchy, the widest first: ``width`` is that of the weights and whether a chip multiplies them
as they are, ``protocol`` how it was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """What a time formula of serving needs to know of an engine on a chip. Shares are dimensionless."""

    weight_share: Column
    """Share of the memory bandwidth that reading weights reaches."""
    cache_share: Column
    """The same for the cache of keys and values."""
    decode_share: Column
    """Share of the dense peak that products reach while decoding."""
    prefill_share: Column
    """The same for a long prompt."""
    expert_share: Column
    """Prefill share of grouped (expert) products over that of dense ones."""
    attention_share: Column
    """Share of the 16-bit peak that attention reaches over a prompt."""
    joining: Column
    """Exponent p with which memory and compute time join, (mᵖ + cᵖ)^(1/p): 1 adds them, ∞ hides the shorter."""
    layer_s: Column
    """Launches and norms of a layer that no bandwidth explains, s."""
    moe_layer_s: Column
    """The same of routing, dispatch and combination of a layer of experts, s."""
    latent_layer_s: Column
    state_layer_s: Column
    sparse_layer_s: Column
    reduce_factor: Column
    """Latency of a small collective over that of the fabric's messages."""
    link_share: Column
    """Share of the bandwidth a fabric reaches that collectives of serving reach."""
    exchange_s: Column
    """Latency of handing tokens to experts on other ranks and back, s a layer."""
    step_s: Column
    """Work of the host that a step waits for, s."""
    sequence_s: Column
    """Work for each sequence of a step: sampling, block tables, detokenising, s."""
    stream_token_s: Column
    """Time for which the front end is busy with each token that it streams, s."""
    mixed_share: Column
    """Share of a prompt's time by which it delays the sequences that decode meanwhile."""
    routing_share: Column
    """Share of a step's further tokens that choose experts of their own, as independent tokens would."""
    imbalance: Column
    """Tokens of the busiest expert rank over the mean."""
    prefill_layer_s: Column
    """Time of a plain layer that a prompt takes at least, s; of others by their launches in a step."""
    first_token_s: Column
    """From the client to the engine and back, tokenising and scheduling, s."""
    stream_share: Column
    """Share of the tokens an engine holds back before it streams that the first answer waits for."""
    cache_growth: Column
    """Share of an answer's cache that an engine makes room for when it admits a request."""
    offline_memory: Column
    """Share of its bandwidth that memory keeps in an offline run, where batches are largest."""
    offline_compute: Column
    """The same of the peaks."""
    offline_share: Column
    """Tokens/s of an offline run over those of its steps: ramps, gaps, uneven lengths."""
    slo_share: Column
    """Tokens/s under a service's limits of latency over offline."""
    interactive_share: Column
    """The same under the limits of interactive use."""
    static_share: Column
    """Speed of a batch that starts and ends together over that of its steps."""
    lag_steps: Column
    """Steps for which a request waits to be scheduled: engines plan a step or two ahead."""
    burst_share: Column
    """Speed under a burst of many requests over that of the steps: front end, admission and eviction."""
    drain_share: Column
    """Answers' lengths by which the last requests of a burst outlast the mean."""
    draft_yield: Column
    """Tokens that a step of speculative decoding gives."""
    draft_cost: Column
    """Time of proposing drafts by layers of the model itself over that of the step that verifies them."""
    drafter_cost: Column
    """The same by a model of its own."""
    step_pace: Column
    """Time of every step over what its terms say: 1, until a benchmark of one's own says otherwise."""
    prompt_pace: Column
    """The same of prompts."""
    side_share: Column
    """Share of its speed that each side of a disaggregated service keeps."""


NAMES = tuple(field.name for field in fields(Constants))


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a setting is called at each level; empty where it has no name there."""

    vendor: str = ""
    family: str = ""
    engine: str = ""
    vintage: str = ""
    width: str = ""
    protocol: str = ""
    combination: str = ""

    @property
    def pair(self) -> str:
        """Family and engine together."""
        return f"{self.family}.{self.engine}" if self.family and self.engine else ""

    def keys(self, name: str) -> tuple[str, ...]:
        """Keys of the factors that may hold for a constant, the widest level first."""
        named = ((level, getattr(self, level)) for level in LEVELS)
        return tuple(f"{level}.{label}.{name}" for level, label in named if label)


OF_THE_WHOLE = ("weight_share", "cache_share", "decode_share", "prefill_share", "attention_share", "mixed_share")
"""Shares of a bandwidth, a peak or a time that is there: no product of factors gives more than all of it."""
NEARING = 12.0
"""Exponent with which such a share nears the whole."""


def share_of_whole(product: float) -> float:
    """A share below 1 from a product of factors: v·(1 + vᵖ)^(−1/p), all but v below 0.8.

    It rises everywhere, so that a fit feels which way to go wherever it stands.
    """
    return float(product * (1.0 + product**NEARING) ** (-1.0 / NEARING))


def value_of(factors: Mapping[str, float], labels: Labels, name: str) -> float:
    """Value of one constant: for all, times every factor that was measured; a share of a whole stays below all of it.

    Raises ``MissingFigureError`` when no calibration holds the value for all.
    """
    key = f"all.{name}"
    if key not in factors:
        remedy = f"Add constants.'{key}' to a calibration of topic 'serving'"
        wrong = "the constant is in no calibration"
        raise MissingFigureError(
            Problem(file="calibrations/serving-priors.toml", key=f"constants.{key}", wrong=wrong, remedy=remedy)
        )
    value = factors[key]
    for factor in labels.keys(name):
        value *= factors.get(factor, 1.0)
    return share_of_whole(value) if name in OF_THE_WHOLE else value


def constants_for(factors: Mapping[str, float], labels: Labels) -> Constants:
    """Constants of one setting. Raises ``MissingFigureError`` for one that no calibration holds."""
    return Constants(**{name: value_of(factors, labels, name) for name in NAMES})


def constant_columns(factors: Mapping[str, float], settings: Sequence[Labels]) -> Constants:
    """Constants of many settings as columns of shape (settings,); each distinct setting is looked up once."""
    distinct = tuple(dict.fromkeys(settings))
    place = {labels: index for index, labels in enumerate(distinct)}
    index = np.array([place[labels] for labels in settings], dtype=np.intp)
    found = [constants_for(factors, labels) for labels in distinct]
    return Constants(**{name: np.array([getattr(each, name) for each in found])[index] for name in NAMES})
