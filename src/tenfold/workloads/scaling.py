"""Which size and how many tokens spend compute best, and what another size loses: Hoffmann et al. 2022, approach 3.

    L(N, D) = E + A/N^α + B/D^β,  C = 6·N·D   (arXiv:2203.15556, equations 2 and 4; constants of arXiv:2404.10102)

for N parameters and D tokens, in nats. Fitted on dense decoders of 70M to 16B parameters and 5B to 500B tokens, each
token seen about once; beyond them it is carried on. It says nothing of data quality, nor of mixtures of experts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog
from tenfold.quantities import Column

FLOPS_PER_PARAMETER_AND_TOKEN = 6.0
"""C = 6·N·D (Kaplan et al. 2020, section 2.1)."""
CALIBRATION = "scaling"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingLaw:
    """Constants of the law; every field broadcasts."""

    floor_nats: Column
    model_scale: Column
    model_power: Column
    data_scale: Column
    data_power: Column


def scaling_law(catalog: Catalog) -> ScalingLaw:
    """The law as the catalog has it."""
    found = catalog.calibration(CALIBRATION)
    return ScalingLaw(**{name: found.constant(name) for name in ScalingLaw.__slots__})


def turned(
    law: ScalingLaw, model_power: Column, data_power: Column, middle_parameters: float, middle_tokens: float
) -> ScalingLaw:
    """The law with other exponents, its terms kept where most was measured: A' = A·N₀^(α' − α), and so for the data.

    Scale and exponent of a fit are known together far better than each alone. Broadcasts; raises nothing.
    """
    return replace(
        law,
        model_power=model_power,
        data_power=data_power,
        model_scale=law.model_scale * middle_parameters ** (np.asarray(model_power) - law.model_power),
        data_scale=law.data_scale * middle_tokens ** (np.asarray(data_power) - law.data_power),
    )


def loss_nats(law: ScalingLaw, parameters: Column, tokens: Column) -> Column:
    """Loss of N parameters on D tokens: E + A/N^α + B/D^β. Broadcasts; raises nothing."""
    size, data = np.asarray(parameters, dtype=np.float64), np.asarray(tokens, dtype=np.float64)
    return law.floor_nats + law.model_scale / size**law.model_power + law.data_scale / data**law.data_power


def optimal_parameters(law: ScalingLaw, flops: Column) -> Column:
    """Size that spends C FLOP best: G·(C/6)^(β/(α+β)), G = (α·A/(β·B))^(1/(α+β)). Broadcasts; raises nothing."""
    powers = np.asarray(law.model_power) + law.data_power
    ratio = law.model_power * np.asarray(law.model_scale) / (law.data_power * np.asarray(law.data_scale))
    work = np.asarray(flops, dtype=np.float64) / FLOPS_PER_PARAMETER_AND_TOKEN
    return np.asarray(ratio ** (1.0 / powers) * work ** (law.data_power / powers))


def tokens_for(flops: Column, parameters: Column) -> Column:
    """Tokens that a size sees for C FLOP: C/(6·N). Broadcasts; raises nothing."""
    return np.asarray(flops) / (FLOPS_PER_PARAMETER_AND_TOKEN * np.asarray(parameters))


def tokens_for_loss(law: ScalingLaw, parameters: Column, nats: Column) -> Column:
    """Tokens on which a size reaches a loss: (B/(L − E − A/N^α))^(1/β); infinite where no amount does. Broadcasts."""
    left = np.asarray(nats) - loss_nats(law, parameters, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(left > 0.0, law.data_scale / left, np.inf) ** (1.0 / np.asarray(law.data_power))
