"""How a model that is there already is trained on: whole, or by low-rank adapters beside frozen weights (LoRA).

Hu et al. 2021, arXiv:2106.09685, section 4.1: W + B·A, with B of d × r and A of r × k, is r·(d + k) weights beside d·k.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.catalog import TransformerShape
    from tenfold.quantities import Column

FULL, LORA = "full", "lora"
TUNINGS = (FULL, LORA)


def frozen_weights(tuning: str) -> float:
    """1 where the weights of the model are frozen, 0 where they are trained."""
    return float(tuning == LORA)


def adapter_parameters(shape: TransformerShape, rank: Column) -> Column:
    """Weights of adapters of a rank on every product of the layers: Σ r·(inputs + outputs). Broadcasts; raises nothing.

    Queries, keys, values, output, and the two or three products of every feed-forward block and expert; those of
    latent attention as if it were plain. Tables and router have none.
    """
    import numpy as np

    attention = (
        (shape.hidden + shape.heads * shape.head_dim)
        + (shape.hidden + shape.kv_heads * shape.head_dim)
        + (shape.hidden + shape.kv_heads * shape.value_head_dim)
        + (shape.heads * shape.value_head_dim + shape.hidden)
    )
    products = 2.0 + np.asarray(shape.gated_mlp)
    dense = shape.dense_mlp_layers * products * (shape.hidden + shape.ffn)
    shared = np.where(np.asarray(shape.shared_ffn) > 0, shape.hidden + np.asarray(shape.shared_ffn), 0.0)
    experts = shape.moe_layers * products * (shape.experts * (shape.hidden + np.asarray(shape.expert_ffn)) + shared)
    return np.asarray(rank * (shape.attention_layers * attention + dense + experts))
