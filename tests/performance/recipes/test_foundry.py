"""llm-foundry's YAML: sizes, batch, shards; what it leaves open and what is refused."""

from __future__ import annotations

import pytest

from tenfold.catalog import load_catalog
from tenfold.performance.dialects import Stated, format_of
from tenfold.performance.dialects.foundry import read_foundry
from tenfold.quantities import InputError

RUN = """
variables: {length: 2048}
max_seq_len: ${variables.length}
model:
  name: mpt_causal_lm
  d_model: 4096
  n_heads: 32
  n_layers: 32
  expansion_ratio: 4
  max_seq_len: ${max_seq_len}
  vocab_size: 50368
  attn_config:
    attn_impl: flash
optimizer: {name: decoupled_adamw, lr: 1.0e-4}
global_train_batch_size: 1024
device_train_microbatch_size: 8
precision: amp_bf16
fsdp_config:
  sharding_strategy: FULL_SHARD
  mixed_precision: PURE
  activation_checkpointing: true
callbacks: {lr_monitor: {}}
"""


def test_a_run_has_the_sizes_of_the_published_model() -> None:
    recipe = read_foundry(RUN, "mpt.yaml")
    layout = recipe.layout
    assert recipe.shape == load_catalog().model("mpt-7b").shape
    assert (layout.zero, layout.recompute, layout.micro_batch, recipe.precision) == (3, "full", 8, "bf16")
    assert (recipe.global_batch, recipe.sequence_length, recipe.chips) == (1024, 2048, None)
    assert (recipe.gradient_bytes, recipe.optimizer_bytes) == (None, None)
    assert recipe.not_understood == recipe.assumed == ()
    assert (format_of("a.yaml", RUN), format_of("a.yml", "base_emb_dim: 1")) == ("llm-foundry", "maxtext")


def test_attention_positions_and_norms_are_as_they_are_set() -> None:
    heads = "{attn_type: grouped_query_attention, kv_n_heads: 8, rope: true, sliding_window_size: 1024}"
    text = RUN.replace("\n    attn_impl: flash", f" {heads}").replace("  n_layers", "  no_bias: true\n  n_layers")
    shape = read_foundry(text.replace("  n_layers", "  ffn_config: {ffn_type: mptglu}\n  n_layers"), "x.yaml").shape
    assert shape is not None
    assert (shape.kv_heads, shape.learned_positions, shape.windowed_layers, shape.window) == (8, 0, 32, 1024)
    assert (shape.attention_bias, shape.norm_vectors_per_layer, shape.gated_mlp) == (0, 2, 1)


def test_shards_formats_and_optimizer_change_what_is_kept() -> None:
    text = RUN.replace("PURE", "DEFAULT").replace("decoupled_adamw", "decoupled_lionw")
    recipe = read_foundry(text.replace("  mixed_precision", "  device_mesh: [2, 4]\n  mixed_precision"), "x.yaml")
    assert (recipe.gradient_bytes, recipe.optimizer_bytes, recipe.chips, recipe.multiple) == (4.0, 8.0, 8, 2)
    assert any("copies" in said for said in recipe.assumed)
    alone = read_foundry(RUN.partition("fsdp_config")[0], "x.yaml")
    assert alone.layout.zero == 0
    assert any("whole model" in said for said in alone.assumed)


def test_a_launcher_holds_the_run_and_the_chips() -> None:
    inside = "".join(f"  {line}\n" for line in RUN.strip().splitlines())
    recipe = read_foundry(f"name: x\ncompute: {{gpus: 16}}\nparameters:\n{inside}", "mcli.yaml")
    assert (recipe.chips, recipe.global_batch, recipe.sequence_length) == (16, 1024, 2048)


@pytest.mark.parametrize(
    ("found", "instead", "said"),
    [
        ("size: 8", "size: auto", "device_train_microbatch_size: is left to the run.*--micro-batch"),
        ("  n_layers: 32", "  n_layers: ???", "model.n_layers: is missing"),
        ("${variables.length}", "${max_seq_len}", "max_seq_len: depends on"),
        ("${variables.length}", "${gone.length}", "depends on .gone.length.*--set gone.length="),
        ("amp_bf16", "fp32", "precision: 'fp32' is not known here"),
        ("  n_heads: 32", "  n_heads: 33", "33 heads do not divide"),
        ("    attn_impl: flash", "    qk_gn: true", "model.attn_config.qk_gn: changes the model"),
        ("  n_layers", "  ffn_config: {ffn_type: mb_dmoe}\n  n_layers", "'mb_dmoe' is not known here"),
        ("  n_layers", "  block_overrides: {order: [{name: a}]}\n  n_layers", "changes the model"),
        ("  n_layers", "  peft_config: {r: 64, peft_type: IA3}\n  n_layers", "adapters other than LoRA"),
        ("callbacks", "parallelism_config: {fsdp2: {x: 1}}\ncallbacks", "shards in a way that is not read"),
        ("  mixed_precision", "  device_mesh: [a]\n  mixed_precision", "is no mesh"),
    ],
)  # fmt: skip
def test_what_is_open_or_not_understood_is_said(found: str, instead: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_foundry(RUN.replace(found, instead, 1), "x.yaml")


def test_what_is_stated_stands_over_the_file() -> None:
    text = RUN.replace("size: 8", "size: auto").replace("name: mpt_causal_lm", "name: hf_causal_lm")
    stated = Stated(settings={"variables.length": "4096"}, micro_batch=2, global_batch=64, precision="fp8", model=True)
    recipe = read_foundry(text, "x.yaml", stated)
    assert (recipe.shape, recipe.layout.micro_batch, recipe.global_batch, recipe.precision) == (None, 2, 64, "fp8")
    assert recipe.sequence_length == 4096
