"""Configurations as people have them: cases of the field with their right values, and own ones of the same kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tenfold.catalog import Catalog
from tenfold.performance.dialects import (
    Recipe,
    Stated,
    batch_on,
    layout_on,
    read_deepspeed,
    read_maxtext,
    read_megatron,
)
from tenfold.performance.dialects.torchtitan import read_torchtitan
from tenfold.planning.estimate_config import EstimateConfigQuestion
from tenfold.planning.estimate_config.estimate_config import answer
from tenfold.quantities import InputError
from tenfold.workloads.parameters import total_parameters

FIELD = Path(__file__).parents[4] / "shared" / "field"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    from tenfold.catalog import load_catalog

    return load_catalog()


def asked(catalog: Catalog, name: str, **more: Any) -> Any:
    file = FIELD / name
    if not file.is_file():
        pytest.skip("the shared cases are not here")
    return answer(EstimateConfigQuestion(file=str(file), **{"chip": "h100-sxm", **more}), catalog)


def billions(recipe: Recipe) -> float:
    assert recipe.shape is not None
    return float(total_parameters(recipe.shape)) / 1e9


# the cases of the field


def test_field_gates_and_windows(catalog: Catalog) -> None:
    found = asked(catalog, "megatron_quick_geglu.sh")
    assert found.parameters.language == pytest.approx(20.9e9, rel=0.002)
    recipe = read_megatron((FIELD / "megatron_quick_geglu.sh").read_text(), "run.sh")
    assert recipe.shape is not None
    assert recipe.shape.windowed_layers == 12


def test_field_pairs_of_layers(catalog: Catalog) -> None:
    found = asked(catalog, "maxtext_gemma2_pairs.yml", chip="tpu-v5p")
    assert found.parameters.language == pytest.approx(2.61e9, rel=0.002)
    recipe = read_maxtext((FIELD / "maxtext_gemma2_pairs.yml").read_text(), "c.yml")
    assert recipe.shape is not None
    assert (recipe.shape.layers, recipe.shape.windowed_layers) == (26, 13)


def test_field_axis_left_to_the_chips(catalog: Catalog) -> None:
    found = asked(catalog, "maxtext_auto_fsdp.yml", chip="tpu-v5p", chips=256)
    assert (found.estimate.layout.dp, found.estimate.layout.zero, found.estimate.global_batch) == (256, 3, 512)


@pytest.mark.parametrize(
    ("name", "more", "batch", "parameters"),
    [
        ("megatron_vocab_from_tokenizer.sh", {"model": "llama-3.1-8b"}, 256, 8.03e9),
        ("megatron_vocab_from_tokenizer.sh", {"stated": ("vocab_size=128256",)}, 256, 8.03e9),
        ("megatron_padded_vocab.sh", {}, 256, 8.03e9),
        ("megatron_default_batch.sh", {}, 32, 8.03e9),
    ],
)
def test_field_what_has_a_default_or_stands_elsewhere(
    catalog: Catalog, name: str, more: dict[str, Any], batch: int, parameters: float
) -> None:
    found = asked(catalog, name, **more)
    assert found.estimate.global_batch == batch
    assert found.parameters.language == pytest.approx(parameters, rel=0.001)


def test_field_lists_of_expert_layers() -> None:
    file = FIELD / "megatron_moe_freq_list.sh"
    if not file.is_file():
        pytest.skip("the shared cases are not here")
    shape = read_megatron(file.read_text(), "run.sh").shape
    assert shape is not None
    assert (shape.moe_layers, shape.dense_mlp_layers) == (4, 4)


def test_field_a_tool_is_timed_as_itself(catalog: Catalog) -> None:
    memory = asked(catalog, "megatron_fp32_gradients.args", chips=8).estimate.memory_bytes_per_chip
    assert memory["gradients"] == pytest.approx(6.7e9, rel=0.01)
    assert memory["total"] == pytest.approx(55e9, rel=0.04)


def test_field_states_on_the_host(catalog: Catalog) -> None:
    found = asked(catalog, "deepspeed_offload.json", model="qwen3-30b-a3b", chips=4, sequence_length=4096)
    assert found.estimate.memory_bytes_per_chip["optimizer"] == 0.0
    assert found.fits
    assert any("on the host" in line for line in found.assumed)


def test_field_single_precision_is_said(catalog: Catalog) -> None:
    with pytest.raises(InputError, match="32 bits"):
        asked(catalog, "deepspeed_fp32.json", model="llama-3.1-8b", chips=8, sequence_length=4096)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("deepspeed_default_accumulation.json", {}),
        ("deepspeed_all_auto.json", {"micro_batch": 4, "precision": "bf16"}),
    ],
)
def test_field_accumulation_and_auto(catalog: Catalog, name: str, more: dict[str, Any]) -> None:
    found = asked(catalog, name, model="llama-3.1-8b", chips=8, sequence_length=4096, **more)
    assert found.estimate.global_batch == 32


# own samples of the same kinds

FLAGS = (
    "--num-layers 8 --hidden-size 1024 --num-attention-heads 8 --swiglu --disable-bias-linear --normalization RMSNorm "
    "--position-embedding-type rope --untie-embeddings-and-output-weights --vocab-size 32000 --seq-length 2048 "
    "--micro-batch-size 2 --bf16 "
)


def megatron(more: str = "", **stated: Any) -> Recipe:
    return read_megatron(FLAGS + more, "run.sh", Stated(**stated))


def refused(more: str, **stated: Any) -> str:
    with pytest.raises(InputError) as caught:
        megatron(more, **stated)
    return str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "sparse"), [("2", 4), ("([0,1]*4)", 4), ("([0]*1+[1]*7)", 7), ("[0,0,1,1]*2", 4), ("([1]*8)", 8)]
)
def test_patterns_of_expert_layers(pattern: str, sparse: int) -> None:
    shape = megatron(f"--num-experts 4 --moe-ffn-hidden-size 256 --moe-layer-freq '{pattern}'").shape
    assert shape is not None
    assert shape.moe_layers == sparse


@pytest.mark.parametrize("skip", ["", "--window-attn-skip-freq 4", "--window-attn-skip-freq '([1]*3+[0]*1)*2'"])
def test_windows(skip: str) -> None:
    shape = megatron(f"--window-size 512,0 {skip}").shape
    assert shape is not None
    assert (shape.windowed_layers, shape.window) == (6 if skip else 8, 512)


def test_hybrid_patterns() -> None:
    shape = megatron("--hybrid-override-pattern M-M*M-M- --mamba-num-heads 32").shape
    assert shape is not None
    assert (shape.mamba_layers, shape.attention_layers, shape.dense_mlp_layers) == (4, 1, 3)
    assert "are not the 8 layers" in refused("--hybrid-override-pattern M-M")


def test_a_flag_that_changes_the_model_is_never_passed_over() -> None:
    for flag in ("--decoder-num-layers 3", "--heterogeneous-layers-config-path x.json", "--moe-latent-size 256"):
        assert "not understood" in refused(flag)
    assert megatron().not_understood == ()


@pytest.mark.parametrize(
    ("flags", "field", "value"),
    [
        ("--num-key-value-heads 2", "kv_heads", 2.0),
        ("--attention-head-type multiquery", "kv_heads", 1.0),
        ("--intermediate-size 3000", "ffn", 3000.0),
        ("--sliding-window 256", "windowed_layers", 8.0),
        ("--extra-vocab-size 200", "vocab", 32000.0),
        ("--multi-latent-attention --qk-nope-head-dim 96 --qk-rope-head-dim 32", "head_dim", 128.0),
        ("--attention-output-gate", "attention_gate", 1.0),
        ("--experimental-attention-variant gated_delta_net --linear-attention-freq 4", "mamba_layers", 6.0),
        ("--experimental-attention-variant gated_delta_net --linear-attention-freq '([1]*7+[0])'", "mamba_layers", 7.0),
        ("--experimental-attention-variant dsa --dsa-indexer-n-heads 32", "indexer_heads", 32.0),
        ("--hybrid-layer-pattern M-M*ME-M/*E/*E", "mtp_layers", 2.0),
        ("--hybrid-layer-pattern M-M*MEEM --num-experts 8 --moe-latent-size 256", "moe_layers", 2.0),
        ("--hybrid-layer-pattern M-M*MEEM --num-experts 8 --moe-latent-size 256", "latent_hidden", 256.0),
    ],
)
def test_spellings_of_other_versions(flags: str, field: str, value: float) -> None:
    shape = megatron(flags).shape
    assert getattr(shape, field) == value


def test_a_hybrid_needs_no_number_of_layers_and_rotary_positions_no_table() -> None:
    bare = FLAGS.replace("--num-layers 8 ", "").replace("--position-embedding-type rope ", "")
    text = f"{bare} --use-rotary-position-embeddings --max-position-embeddings 4096 --hybrid-layer-pattern M-M*M-"
    shape = read_megatron(text, "run.sh").shape
    assert shape is not None
    assert (shape.layers, shape.learned_positions) == (4.0, 0.0)


@pytest.mark.parametrize(
    ("flags", "zero", "recompute"),
    [
        ("--use-torch-fsdp2", 3, "none"),
        ("--zero-stage 1", 1, "none"),
        ("--zero-stage 3 --checkpoint-activations", 3, "full"),
        ("--activations-checkpoint-method uniform", 0, "full"),
        ('--use-megatron-fsdp --data-parallel-sharding-strategy \\"optim_grads\\"', 2, "none"),
    ],
)
def test_older_names_of_sharding_and_recomputation(flags: str, zero: int, recompute: str) -> None:
    layout = megatron(flags).layout
    assert (layout.zero, layout.recompute) == (zero, recompute)


def test_the_batch_is_a_micro_batch_each_where_it_is_not_said() -> None:
    recipe = megatron("--tensor-model-parallel-size 2")
    assert batch_on(recipe, layout_on(recipe, 16, "")) == 16
    assert any("global batch" in line for line in recipe.assumed)
    assert batch_on(megatron(global_batch=64), layout_on(recipe, 16, "")) == 64


def test_bytes_of_gradients_and_states() -> None:
    assert (megatron().gradient_bytes, megatron().optimizer_bytes) == (None, None)
    assert megatron("--grad-reduce-in-bf16").gradient_bytes == 2.0
    assert megatron("--optimizer-cpu-offload --optimizer-offload-fraction 0.5").optimizer_bytes == 6.0
    narrow = "--use-precision-aware-optimizer --exp-avg-dtype fp8 --exp-avg-sq-dtype fp8"
    assert megatron(narrow).optimizer_bytes == 6.0


@pytest.mark.parametrize(("layout", "chunks"), [("Et*2|(tt|)*2t|tL", 2), ("Et|t|t|tL", 2), ("E|(t|)*6L", 4)])
def test_a_pipeline_layout_says_its_chunks(layout: str, chunks: int) -> None:
    recipe = megatron(f"--pipeline-model-parallel-size 2 --pipeline-model-parallel-layout '{layout}'")
    assert recipe.layout.vpp == chunks
    assert any("same number of layers" in line for line in recipe.assumed)


SCRIPT = """#!/bin/bash
MODEL_SIZE=$1
TP=${2:-2}
GPUS=8; NODES=4
WORLD=$((GPUS * NODES))
if [ $MODEL_SIZE = 1B ]; then
    LAYERS=16; WIDTH=2048
elif [ $MODEL_SIZE = 3B ]; then
    LAYERS=28; WIDTH=3072
fi
if [ -z "$PRECISION" ]; then PRECISION=bf16; fi
case $PRECISION in
    fp16) narrow="--fp16" ;;
    bf16|fp8) narrow=" --bf16" ;;
esac
ARGS=(
    --num-layers $LAYERS       # of the size
    --hidden-size ${WIDTH} --num-attention-heads 16
    --micro-batch-size 1 --global-batch-size $((WORLD / TP * 4))
)
command="torchrun --nproc_per_node $GPUS --nnodes $NODES train.py ${ARGS[@]} ${narrow} --vocab-size 32000 \\
    --seq-length 4096 --tensor-model-parallel-size $TP --swiglu"
echo $command
eval $command
"""


@pytest.mark.parametrize(("size", "layers", "hidden"), [("1B", 16, 2048), ("3B", 28, 3072)])
def test_a_script_is_followed_by_what_is_given(size: str, layers: int, hidden: int) -> None:
    recipe = read_megatron(SCRIPT, "run.sh", Stated(settings={"MODEL_SIZE": size, "TP": "4"}))
    assert recipe.shape is not None
    assert (recipe.shape.layers, recipe.shape.hidden) == (layers, hidden)
    assert (recipe.chips, recipe.layout.tp, recipe.global_batch, recipe.precision) == (32, 4, 32, "bf16")


def test_what_a_script_does_not_set_is_asked_for_by_name() -> None:
    with pytest.raises(InputError) as caught:
        read_megatron(SCRIPT, "run.sh")
    assert "--set MODEL_SIZE=…" in str(caught.value)
    assert {"--num-layers", "--hidden-size"} <= {problem.key for problem in caught.value.problems}


def test_the_last_branch_does_not_win() -> None:
    branches = 'X=a\nif [ "$X" = a ]; then N=8; elif [ "$X" = b ]; then N=99; else N=77; fi\n'
    recipe = read_megatron(branches + "run " + FLAGS.replace("--num-layers 8", "--num-layers $N"), "run.sh")
    assert recipe.shape is not None
    assert recipe.shape.layers == 8


def test_variables_that_become_too_much_are_refused_at_once() -> None:
    bomb = (
        "A="
        + "a" * 64
        + "\n"
        + "".join(f"V{n}=${{V{n - 1}}}${{V{n - 1}}}\n" for n in range(1, 40)).replace("${V0}", "$A")
    )
    with pytest.raises(InputError, match="expand to more than"):
        read_megatron(bomb + "--num-layers $V39", "run.sh")


def test_arguments_in_yaml() -> None:
    pytest.importorskip("yaml")
    text = "ENV_VARS:\n  A: 1\nMODEL_ARGS:\n  --num-layers: 8\n  --hidden-size: 1024\n  --num-attention-heads: 8\n"
    text += "  --vocab-size: 32000\n  --bf16: true\n  --micro-batch-size: 2\n  --seq-length: 2048\n  --swiglu: true\n"
    recipe = read_megatron(text, "model_config.yaml")
    assert recipe.shape is not None
    assert (recipe.shape.layers, recipe.shape.gated_mlp, recipe.layout.micro_batch) == (8, 1.0, 2)


MAXTEXT = {
    "per_device_batch_size": 1, "max_target_length": 4096, "base_emb_dim": 512, "base_num_query_heads": 8,
    "base_num_kv_heads": 4, "base_num_decoder_layers": 8, "base_mlp_dim": 2048, "head_dim": 64, "vocab_size": 32000,
    "ici_fsdp_parallelism": 8, "dcn_data_parallelism": 1,
}  # fmt: skip


def maxtext(**more: Any) -> Any:
    pytest.importorskip("yaml")
    shape = read_maxtext(json.dumps(MAXTEXT | more), "c.yml").shape
    assert shape is not None
    return shape


def test_a_switch_of_maxtext_that_is_on_and_not_understood_is_refused_and_one_of_something_is_not() -> None:
    with pytest.raises(InputError, match="value_heads_are_doubled: changes the model"):
        maxtext(value_heads_are_doubled=True)
    assert maxtext(value_heads_are_doubled=False, value_heads_beside=1).layers


def test_blocks_of_maxtext() -> None:
    assert maxtext(decoder_block="gemma2", sliding_window_size=512).layers == 16
    assert maxtext(decoder_block="gemma3", sliding_window_size=512).windowed_layers == 7
    assert maxtext(decoder_block="llama4", chunk_attn_window_size=512, num_experts=4).windowed_layers == 6
    assert (
        maxtext(decoder_block="gpt_oss", sliding_window_size=128, num_experts=4, base_moe_mlp_dim=64).expert_bias == 1
    )
    hybrid = maxtext(decoder_block="qwen3_next")
    assert (hybrid.attention_layers, hybrid.mamba_layers, hybrid.attention_gate) == (2, 6, 1)
    assert (
        maxtext(decoder_block="olmo3", sliding_window_size=512, num_experts=4, interleave_moe_layer_step=2).moe_layers
        == 4
    )


def test_gemma_4_in_maxtext_weighs_what_the_catalog_says(catalog: Catalog) -> None:
    """Heads of full attention have sizes of their own, and the block beside the experts is as wide as the dense one."""
    moe = {
        "decoder_block": "gemma4", "base_emb_dim": 2816, "base_num_query_heads": 16, "base_num_kv_heads": 8,
        "head_dim": 256, "base_num_decoder_layers": 30, "base_mlp_dim": 2112, "base_moe_mlp_dim": 704,
        "num_experts": 128, "num_experts_per_tok": 8, "shared_experts": 1, "global_head_dim": 512,
        "global_num_kv_heads": 2, "share_kv_projections": True, "vocab_size": 262144, "sliding_window_size": 1024,
        "logits_via_embedding": True,
    }  # fmt: skip
    found, known = maxtext(**moe), catalog.model("gemma-4-26b").shape
    assert float(total_parameters(found)) == pytest.approx(float(total_parameters(known)), rel=1e-6)
    assert (found.windowed_layers, found.window) == (known.windowed_layers, known.window)


def test_a_tower_of_maxtext_is_counted_where_it_is_built_and_its_kind_is_known() -> None:
    tower = {
        "use_multimodal": True, "vision_encoder_block": "qwen3_vl", "hidden_size_for_vit": 1024,
        "intermediate_size_for_vit": 4096, "num_hidden_layers_for_vit": 24, "num_attention_heads_for_vit": 16,
        "patch_size_for_vit": 16, "temporal_patch_size_for_vit": 2, "spatial_merge_size_for_vit": 2,
        "out_hidden_size_for_vit": 2560, "num_position_embeddings_for_vit": 2304,
        "deepstack_visual_indexes_for_vit": [5, 11, 17],
    }  # fmt: skip
    assert maxtext(**tower).vision_parameters == pytest.approx(415.3e6, rel=0.001)  # Qwen3-VL-4B: 4.44 B in all
    assert maxtext(**tower | {"use_multimodal": False}).vision_parameters == 0.0
    with pytest.raises(InputError, match="num_hidden_layers_for_vit: changes the model"):
        maxtext(**tower | {"vision_encoder_block": "another"})


@pytest.mark.parametrize(
    ("read", "name", "text"),
    [
        (read_maxtext, "c.yml", "repos: []\nrules: {line-length: {max: 120}}\n"),
        (read_maxtext, "c.yml", "base_model: x/y\nsequence_len: 4096\nadapter: lora\n"),
        (read_maxtext, "c.yml", "model_name: x\nlearning_rate: 2.0e-5\ngradient_accumulation_steps: 8\n"),
        (read_megatron, "run.sh", "python run_clm.py --bf16 --per_device_train_batch_size 4 --seed 1\n"),
        (read_megatron, "run.sh", "# a note\necho --hello\n"),
        (read_deepspeed, "ds.json", '{"name": "x"}'),
        (read_torchtitan, "t.toml", "[project]\nname = 'x'\n"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused_whatever_is_stated_beside_it(
    read: Any, name: str, text: str
) -> None:
    stated = Stated(micro_batch=1, global_batch=64, precision="bf16", model=True)
    with pytest.raises(InputError, match="holds no setting that is"):
        read(text, name, stated)


@pytest.mark.parametrize(
    "more",
    [
        {"decoder_block": "my_block"},
        {"decoder_block": "gemma3"},
        {"decoder_block": "llama2", "sliding_window_size": 512},
        {"base_extra_layers": 4},
        {"use_multimodal_vision_layers": 2},
    ],
)
def test_a_setting_that_changes_the_model_is_never_passed_over(more: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        maxtext(**more)


def test_a_size_over_those_of_a_model_named_in_the_file_is_never_passed_over() -> None:
    text = "model_name: mixtral-8x7b\nbase_num_decoder_layers: 5\nper_device_batch_size: 1\n"
    with pytest.raises(InputError, match="base_num_decoder_layers: changes the model"):
        read_maxtext(text, "c.yml")
    assert read_maxtext("model_name: mixtral-8x7b\nper_device_batch_size: 1\n", "c.yml").shape is None


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"num_hidden_layers_for_vit": 27, "vision_encoder_block": "gemma3"}, "vision_parameters", 0.0),
        ({"use_indexer": True, "indexer_n_heads": 32}, "indexer_heads", 32.0),
        ({"decoder_block": "qwen3_5", "gdn_chunk_size": 64}, "attention_gate", 1.0),
        ({"mlp_activations_limit": 7.0}, "gated_mlp", 1.0),
    ],
)
def test_newer_settings_of_maxtext(more: dict[str, Any], field: str, value: float) -> None:
    assert getattr(maxtext(**more), field) == value


def test_a_tower_that_is_built_is_never_passed_over() -> None:
    with pytest.raises(InputError, match="num_hidden_layers_for_vit"):
        maxtext(use_multimodal=True, num_hidden_layers_for_vit=27)


DEEPSPEED: dict[str, Any] = {"train_micro_batch_size_per_gpu": 2, "bf16": {"enabled": True}}


TITAN = "[training]\nseq_len = 8192\n{}\n[parallelism]\n{}\n[model]\nname = 'llama3'\n{}\n"


@pytest.mark.parametrize(
    ("training", "parallelism", "model", "expected"),
    [
        ("tensor_parallel_degree = 4\n[experimental]\npipeline_parallel_degree = 2", "", "", {"tp": 4, "pp": 2}),
        ("local_batch_size = 8", "pipeline_parallel_degree = 4", "", {"pp": 4, "micro_batch": 1}),
        ("local_batch_size = 8", "pipeline_parallel_degree = 4\npipeline_parallel_microbatch_size = 2", "",
         {"micro_batch": 2}),
        ("local_batch_size = 8", "pipeline_parallel_degree = 2\npipeline_parallel_schedule = 'DualPipeV'", "",
         {"schedule": "dualpipe"}),
    ],
)  # fmt: skip
def test_torchtitan_of_2024_and_2025(training: str, parallelism: str, model: str, expected: dict[str, object]) -> None:
    layout = read_torchtitan(TITAN.format(training, parallelism, model), "train.toml").layout
    assert {name: getattr(layout, name) for name in expected} == expected


def test_torchtitan_says_formats_and_copies() -> None:
    text = TITAN.format("", "data_parallel_replicate_degree = 2", 'converters = ["mx"]')
    recipe = read_torchtitan(text, "train.toml")
    assert (recipe.precision, recipe.multiple) == ("mxfp8", 2)
    assert any("2 copies" in line for line in recipe.assumed)


def test_deepspeed_states() -> None:
    def states(**more: Any) -> float | None:
        return read_deepspeed(json.dumps(DEEPSPEED | more), "ds.json").optimizer_bytes

    assert states() is None
    assert states(optimizer={"type": "AdamW", "params": {"lr": 1e-4}}) is None
    assert states(optimizer={"type": "Lion"}) == 8.0
    assert states(zero_optimization={"stage": 3, "offload_optimizer": {"device": "cpu"}}) == 0.0
    assert states(bf16={"enabled": True, "bf16_optimizer_states": True}) == 8.0


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"zero_optimization": True}, "layout.zero", 1),
        ({"data_types": {"grad_accum_dtype": "fp32"}}, "gradient_bytes", 4.0),
        ({"train_batch_size": 64, "gradient_accumulation_steps": 4}, "chips", 8),
        ({"bf16": {"enabled": False}, "torch_autocast": {"enabled": True, "dtype": "bfloat16"}}, "precision", "bf16"),
    ],
)
def test_deepspeed_of_other_years(more: dict[str, Any], field: str, value: object) -> None:
    found: Any = read_deepspeed(json.dumps(DEEPSPEED | more), "ds.json")
    for part in field.split("."):
        found = getattr(found, part)
    assert found == value


def test_deepspeed_says_what_cannot_be() -> None:
    for more, wrong in (
        ({"train_batch_size": 65, "gradient_accumulation_steps": 4}, "no whole number"),
        ({"zero_optimization": {"stage": 3, "mics_shard_size": 8}}, "mics_shard_size"),
    ):
        with pytest.raises(InputError, match=wrong):
            read_deepspeed(json.dumps(DEEPSPEED | more), "ds.json")
    several = {"train_batch_size": 64, "gradient_accumulation_steps": 4, "bf16": {"enabled": True}}
    assert any("micro-batch of 1" in line for line in read_deepspeed(json.dumps(several), "ds.json").assumed)


def test_deepspeed_auto_is_given_by_option() -> None:
    text = json.dumps({"train_micro_batch_size_per_gpu": "auto", "bf16": {"enabled": "auto"}})
    with pytest.raises(InputError, match="--micro-batch"):
        read_deepspeed(text, "ds.json")
    recipe = read_deepspeed(text, "ds.json", Stated(micro_batch=4, precision="bf16"))
    assert batch_on(recipe, layout_on(recipe, 8, "")) == 32


def test_torchtitan_toml() -> None:
    from tenfold.performance.dialects import READERS

    text = """
    [training]
    local_batch_size = 2
    seq_len = 8192
    [parallelism]
    data_parallel_shard_degree = -1
    tensor_parallel_degree = 4
    [activation_checkpoint]
    mode = "full"
    """
    recipe = READERS["torchtitan"](text, "train.toml")
    layout = layout_on(recipe, 64, "train.toml")
    assert (recipe.layout.tp, recipe.layout.zero, recipe.layout.recompute, batch_on(recipe, layout)) == (
        4,
        3,
        "full",
        32,
    )
