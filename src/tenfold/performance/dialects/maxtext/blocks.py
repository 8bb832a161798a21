"""Decoder blocks of MaxText, as data: what the name of a block says that its sizes do not.

Names as in AI-Hypercomputer/maxtext e591f30c (2026-08-22), ``src/maxtext/common/common_types.py`` and the layers of
``src/maxtext/models``. A block that has no row is refused: its model is not told by its sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What a kind of block is."""

    layers_each: int = 1
    """Layers of the model in one layer of the configuration."""
    full_period: int = 0
    """One layer in so many attends to everything and the others over a window; 0 where none has a window."""
    norm_vectors: float = 2.0
    """Vectors of the norms of a layer."""
    query_key_value_bias: bool = False
    all_biases: bool = False
    expert_bias: bool = False
    gated: bool = True
    windowed_by: str = "sliding_window_size"
    """Setting that holds the window."""
    shared_by_width: bool = False
    """Whether the shared expert is one as wide as the routed ones."""
    recurrent: bool = False
    """Whether all layers but one of a cycle are Gated DeltaNet."""
    wide_full_heads: bool = False
    """Whether heads of layers that attend to everything have sizes of their own."""
    dense_beside_experts: bool = False
    """Whether the shared expert is as wide as the dense block."""


PLAIN = Block()
BLOCKS: Mapping[str, Block] = {
    "default": PLAIN,
    "llama2": PLAIN,
    "mistral": PLAIN,
    "mixtral": PLAIN,
    "deepseek": PLAIN,
    "simple": PLAIN,
    "simple_mlp": PLAIN,
    "qwen2": Block(query_key_value_bias=True),
    "qwen3": PLAIN,
    "qwen3_moe": PLAIN,
    "qwen3_next": Block(recurrent=True),
    "qwen3_5": Block(recurrent=True),
    "gemma": PLAIN,
    "gemma2": Block(layers_each=2, full_period=2, norm_vectors=4.0),
    "gemma3": Block(full_period=6, norm_vectors=4.0),
    "gemma4": Block(full_period=6, norm_vectors=4.0, wide_full_heads=True, dense_beside_experts=True),
    "envy": PLAIN,
    "gpt3": Block(norm_vectors=4.0, all_biases=True, gated=False),
    "gpt_oss": Block(full_period=2, query_key_value_bias=True, expert_bias=True),
    "llama4": Block(full_period=4, windowed_by="chunk_attn_window_size", shared_by_width=True),
    "olmo3": Block(full_period=4),
}
