"""Models: the shape of a transformer (or hybrid) and the record that holds it with its sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from tenfold.catalog.figure_files import FigureIn, SourceKey
from tenfold.catalog.figured import Own
from tenfold.catalog.records import Name
from tenfold.quantities import Amount, Figure, Key, Whole

if TYPE_CHECKING:
    from tenfold.quantities import Column
    from tenfold.quantities import Column as Beyond
    from tenfold.quantities import Column as Size
else:
    Size = Annotated[float, Amount("1")]
    Beyond = Annotated[float, Amount("1", least=-1e12)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerShape:
    """Shape of a decoder, field by field numeric so that a table of models is a shape of arrays.

    A layer is one attention (or state-space) mixer, one feed-forward block, or both; the counts say how
    many of each kind the model has, so dense, mixture-of-experts, windowed and hybrid models are one record.
    Sizes are in elements, flags are 0 or 1, counts are of layers.
    """

    hidden: Size
    vocab: Size
    attention_layers: Size
    """Layers with attention, windowed ones included."""
    dense_mlp_layers: Size
    """Layers with a dense feed-forward block."""
    heads: Size
    kv_heads: Size
    head_dim: Size
    """Width of a query/key head; with MLA, of its non-rotary plus rotary parts together."""
    value_head_dim: Size
    """Width of a value head; equals ``head_dim`` except with MLA."""
    ffn: Size
    """Inner width of the dense feed-forward block; 0 when there is none."""
    gated_mlp: Size = 1.0
    """1 for gated feed-forward (three matrices), 0 for plain (two)."""
    tied_embeddings: Size = 0.0
    attention_bias: Size = 0.0
    """1 when the query, key and value projections carry biases."""
    output_bias: Size = 0.0
    """1 when the attention output projection carries a bias."""
    mlp_bias: Size = 0.0
    norm_vectors_per_layer: Size = 2.0
    """Vectors of width ``hidden`` held by the norms of a layer: 2 for two RMSNorms, 4 for two LayerNorms."""
    learned_positions: Size = 0.0
    """Rows of a learned position table; 0 for rotary or ALiBi."""
    parallel_block: Size = 0.0
    """1 when attention and feed-forward read the same input (Falcon, GPT-J, PaLM): one collective less."""
    # mixture of experts
    moe_layers: Size = 0.0
    experts: Size = 0.0
    top_k: Size = 0.0
    expert_ffn: Size = 0.0
    shared_ffn: Size = 0.0
    """Inner width of all shared experts of a layer together."""
    expert_bias: Size = 0.0
    latent_hidden: Size = 0.0
    """Width the experts work in when they read a projected (latent) input; 0 when they read ``hidden``."""
    # multi-head latent attention
    q_lora_rank: Size = 0.0
    kv_lora_rank: Size = 0.0
    """Rank of the joint key-value compression; 0 without MLA."""
    rope_head_dim: Size = 0.0
    attention_gate: Size = 0.0
    """1 when every query head has an output gate, a projection as wide as the queries (Qwen3-Next)."""
    # sparse attention
    sparse_tokens: Size = 0.0
    """Tokens that an indexer lets a layer attend to, all of which are kept; 0 without an indexer."""
    indexer_layers: Size = 0.0
    """Layers that have an indexer of their own; the others use the tokens that the one before them picked."""
    indexer_heads: Size = 0.0
    indexer_head_dim: Size = 0.0
    """Width of a head of the indexer, which scores every token before attention."""
    # windowed attention
    windowed_layers: Size = 0.0
    window: Size = 0.0
    """Tokens a windowed layer looks back over."""
    # layers with a state of fixed size: Mamba-2, or gated delta (value width as inner, key width as state)
    mamba_layers: Size = 0.0
    mamba_inner: Size = 0.0
    mamba_state: Size = 0.0
    mamba_heads: Size = 0.0
    mamba_groups: Size = 0.0
    mamba_extra: Beyond = 0.0
    """Parameters of such a layer beyond those of Mamba-2 with these widths: gates, low ranks; may be below zero."""
    # two models in one
    encoder_layers: Size = 0.0
    """Of the attention layers, those of an encoder, which reads what a decoder then continues (T5)."""
    cross_layers: Size = 0.0
    """Of the attention layers, those that attend to another part's output: an encoder's, a vision tower's."""
    reused_parameters: Size = 0.0
    """Parameters of layers that are those of other layers: worked with each time, held once (Zamba's shared block)."""
    vision_parameters: Size = 0.0
    """Of a vision tower and what joins it to the language model, as it stands; not in the language model's count."""
    # multi-token prediction
    mtp_layers: Size = 0.0
    """Extra prediction layers trained beside the model; not part of its published parameters."""

    @property
    def layers(self) -> Column:
        """Residual layers that a pipeline can split: mixers and feed-forward blocks counted together once."""
        import numpy as np

        return np.maximum(self.attention_layers + self.mamba_layers, self.dense_mlp_layers + self.moe_layers)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """A model of the catalog: its shape, its published parameter counts and where they are from."""

    key: Own = ""
    name: Name
    family: Name
    shape: TransformerShape
    parameters: Annotated[Figure | None, FigureIn("parameters"), Key("published.parameters")] = None
    """Published total parameters; None for a model that nobody published, such as a user's ``config.json``."""
    active_parameters: Annotated[Figure | None, FigureIn("parameters"), Key("published.active_parameters")] = None
    """Published parameters used per token; None for dense models."""
    source: Annotated[str, SourceKey()]
    """Source key of the shape."""
    max_sequence: Annotated[int, Whole(0, 10**12)] = 0
    """Longest sequence the model was made for, tokens; 0 when unknown."""
    aliases: tuple[Name, ...] = ()
    uncounted: tuple[str, ...] = ()
    """Parts that the shape leaves out and nobody counted, such as a vision tower; empty when it is whole."""
    notes: tuple[str, ...] = field(default=())
