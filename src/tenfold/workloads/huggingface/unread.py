"""Keys of a configuration that nobody read: those that would change the model are refused.

A configuration holds dozens of keys. Most say nothing of sizes (how to sample, which token is which, dropout) and some
say again what was read. What is left and speaks of layers, heads, widths, experts or other parts means a model that
is not the one counted, so it is an error and not a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tenfold.workloads.huggingface.reader import FACTS, Reader, shown

SPEAKS_OF_SHAPE = re.compile(
    r"expert|moe|mamba|ssm|linear|conv|index|lora|rank|altup|laurel|mtp|nextn|block|layer|pattern|window|chunk|local"
    r"|heads?\b|_heads?|head_|kv|hidden|_size|_dim|width|depth|inter(?!polat)|ffn|mlp|embd|embed|proj|d_model|d_ff|shar"
    r"|cross|encoder|decoder|interval|period|freq|multi|sparse|dense|gate|norm|bias|position|altern|sandwich|parallel"
)
"""Parts of names of keys that say how a model is built."""
HARMLESS = re.compile(
    r"drop|prob|pdrop|eps|epsilon|std|init|_act|activation_function|act_fn|rope|rotary|theta|scal|token|_id$|ids?$|dtype"
    r"|loss|coef|logit|temperature|cap|clip|cache|use_cache|gradient|checkpoint|attn_implementation|flash|sdpa|version"
    r"|label|task|truncat|architectures|auto_map|model_type|name_or_path|quant|norm_topk|topk_group|n_group|group_limit"
    r"|topk_method|scoring|router_(aux|z|jitter|dtype|score)|output_|return_|chunk_size_feed|chunk_size$|pretraining_tp"
    r"|mup|multiplier|residual_multiplier|upcast|reorder|scale_attn|pad_|pack|fused|kernel|tensor_parallel|ep_size"
    r"|normalize|normalization_type|norm_type|norm_class|layer_?norm_(eps|epsilon)|rms_norm|layernorm_epsilon"
    r"|position_embedding_type|position_buckets|alibi|use_parallel_embedding|seq_aux|bos|eos|sep_|cls_|mask|debug"
    r"|prefix|remove_invalid|diversity|beam|length|num_return|repetition|top_k$|top_p$|typical|tie_|is_|cross_attention"
    r"_hidden|pruned|problem_type|finetuning|use_bfloat16|tokenizer|transformers|image|video|audio"
    r"|vision|feature|resampl|max_window_layers|max_position|spatial|mrope|deepstack|expert_selection|moe_renorm"
    r"|router_activation|use_grouped_topk|use_qk_norm|qk_norm|qk_layernorm|no_rope|nope|dynamic|time_step|dt_min|dt_max|a_log|mambapy|_overlap|post_layernorm$"
    r"|use_mamba_kernels|mamba_hidden_act|mamba_ssm_dtype|residual_in_fp32|rescale|expert_bias_|moe_router_enable"
    r"|attn_bias_|softmax|num_logits|keep|sampl|summary|init_|emb_pdrop|train|template|vocab_file|hidden_act|shift"
    r"|attention_type$|attn_type$|hidden_activation|bias_act|use_dynamic|logn|quantization|fp8|fp32|bf16|fp16|int8"
    r"|pretrained|backbone|mm_|projector|select|freeze|unfreeze|tune_|s2|anyres|grid|preprocess|pixel|patch|ori_"
)
"""Parts of names of keys that do not change how many weights or products a model has."""

SAYS_HOW = frozenset({
    "attn_temperature_tuning", "do_layer_norm_before", "embedding_fraction", "enable_bias", "interleaved_qkv",
    "layer_norm_elementwise_affine", "layernorm_full_attention_beta", "layernorm_linear_attention_beta",
    "layernorm_mlp_beta", "mamba_chunk_size", "mamba_conv_bias", "mamba_proj_bias", "moe_capacity", "moe_gate",
    "moe_use_aux_free", "mtp_transformer_layers", "norm_head", "num_expert_group", "post_layer_norm", "rmsnorm",
    "skip_bias_add", "skip_bias_add_qkv", "sliding_window_size", "use_conv_bias", "use_mtp", "use_routing_bias",
})  # fmt: skip
"""Keys that sound like sizes and only say how: norms before or after, order of biases, capacities, schedules."""


def unread_keys(reader: Reader, fields: Mapping[str, float], harmless: tuple[str, ...]) -> Iterator[str]:
    """Keys of the part that was read which nobody asked for and which would change the model.

    ``fields`` are those of the shape: a key of such a name that says the same changes nothing.
    """
    for key, value in reader.config.items():
        known = key in reader.asked or key in harmless or key in SAYS_HOW or fields.get(key) == value
        if known or _says_nothing(key, value):
            continue
        name = key.lower()
        if SPEAKS_OF_SHAPE.search(name) and not HARMLESS.search(name) and not _said_again(reader, key, value):
            yield key


def _says_nothing(key: str, value: object) -> bool:
    """Absent, switched off, empty, or a word that is no pattern of layers."""
    if isinstance(value, str):
        return not value or not re.search("pattern|layout|types|blocks", key)
    return value is None or value is False or (not isinstance(value, bool) and value in (0, [], {}))


def _said_again(reader: Reader, key: str, value: object) -> bool:
    """Whether the key is another name of a fact that was read with the same value."""
    names = [fact.names for fact in FACTS.values() if key in fact.names]
    return any(reader.config.get(name) == value for group in names for name in group if name in reader.asked)


def report_unread(reader: Reader, family: str, fields: Mapping[str, float], harmless: tuple[str, ...]) -> None:
    """Add a problem for each such key."""
    for key in tuple(unread_keys(reader, fields, harmless)):
        value = reader.config[key]
        said = shown(value) if not isinstance(value, Mapping) else "a table"
        wrong = f"{said} changes the model in a way that is not understood of the family '{family}'"
        reader.report(key, wrong, "Remove the key if it does not count, or give the model as a file of the catalog")
