"""Bytes of the vectors that pass memory between the products of a layer. Pure functions over columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tenfold.catalog import TransformerShape

if TYPE_CHECKING:
    from tenfold.quantities import Column
    from tenfold.workloads.serving.counts import ReplicaLayout

PASSED_BYTES = 4.0
"""Bytes of an element that one kernel writes and the next one reads, in 16 bits."""


def activation_bytes(shape: TransformerShape, layout: ReplicaLayout) -> Column:
    """Bytes per token that each chip writes and reads between products, (…,).

    A mixer passes its normed input, the residual and its output on every chip, queries, keys, values and what attention
    gives on the chips that split them. A feed-forward block passes the same around, and (2 or 1) + 1 inner widths; of
    routed experts, k copies of a token go in and out of experts that are dealt over the replica's chips. Counted from
    the kernels of a layer with norms fused into residuals [as "Reducing activation recomputation", Korthikanti et al.
    2022, section 4, counts what training keeps]; flash attention passes no scores [Dao 2022].
    """
    tensor = np.asarray(layout.tensor, dtype=np.float64)
    heads = shape.heads * shape.head_dim + shape.kv_heads * (shape.head_dim + shape.value_head_dim)
    mixed = 3.0 * shape.hidden + (heads + shape.heads * shape.value_head_dim) / tensor
    state = 3.0 * shape.hidden + 4.0 * shape.mamba_inner / tensor
    inner = 2.0 + shape.gated_mlp
    block = 3.0 * shape.hidden + inner * shape.ffn / tensor
    copies = shape.top_k * layout.ranks
    routed = copies * (2.0 * shape.hidden / layout.expert + inner * shape.expert_ffn / layout.width)
    experts = 3.0 * shape.hidden + inner * shape.shared_ffn / tensor + routed
    passed = (
        shape.attention_layers * mixed
        + shape.mamba_layers * state
        + shape.dense_mlp_layers * block
        + shape.moe_layers * experts
    )
    return PASSED_BYTES * passed
