"""Readers of other tools' configurations: what people write, what is wrong with it, and anything at all."""

from __future__ import annotations

import contextlib
import json
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.performance.dialects import READERS, layout_on, read_deepspeed, read_maxtext, read_megatron
from tenfold.performance.dialects.recipe import batch_on
from tenfold.quantities import InputError

SCRIPT = """#!/bin/bash
# trained with --num-layers 99 once
GPUS_PER_NODE=8
NNODES=${NNODES:-4}
TP=2; PP=4
MODEL_ARGS="
    --num-layers 32 --hidden-size 4096 \\
    --num-attention-heads 32 --group-query-attention --num-query-groups 8
    --swiglu --disable-bias-linear --normalization RMSNorm --position-embedding-type rope
    --untie-embeddings-and-output-weights --vocab-size 32000 --bf16
"
PARALLEL=(
    --tensor-model-parallel-size ${TP} --pipeline-model-parallel-size $PP
    --num-layers-per-virtual-pipeline-stage 4
    --sequence-parallel --use-distributed-optimizer --recompute-activations)
torchrun --nproc_per_node $GPUS_PER_NODE --nnodes $NNODES pretrain_gpt.py $MODEL_ARGS "${PARALLEL[@]}" \\
    --seq-length=4096 --micro-batch-size 1 --global-batch-size 256 --my-own-flag 3 --lr 3e-4
"""


def test_a_shell_script_with_variables_arrays_and_quotes() -> None:
    recipe = read_megatron(SCRIPT, "run.sh")
    assert (recipe.layout.tp, recipe.layout.pp, recipe.layout.vpp, recipe.chips) == (2, 4, 2, 32)
    assert (recipe.sequence_length, recipe.global_batch, recipe.layout.micro_batch) == (4096, 256, 1)
    assert (recipe.layout.zero, recipe.layout.sequence_parallel, recipe.layout.recompute) == (
        1,
        True,
        "selective",
    )
    assert not recipe.layout.tensor_overlap
    assert recipe.not_understood == ("--my-own-flag",)
    shape = recipe.shape
    assert shape is not None
    assert (shape.layers, shape.kv_heads, shape.head_dim) == (32, 8, 128)
    assert shape.ffn == 10880, "Megatron's default for gated blocks: 4·4096·2/3 in multiples of 64"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--virtual-pipeline-model-parallel-size 2", "--num-virtual-stages-per-pipeline-rank"),
        ("--tensor-model-parallel-size zero", "--tensor-model-parallel-size"),
        ("--tensor-model-parallel-size", "--tensor-model-parallel-size"),
        ("--tensor-model-parallel-size $UNSET", "UNSET"),
        ("--recompute-granularity partial", "partial"),
        ("--num-experts 8 --moe-layer-freq __import__", "--moe-layer-freq"),
        ("--num-experts 8 --moe-layer-freq ([0]*3+[1]*3)", "--moe-layer-freq"),
        ('--lr "3e-4', "quotes"),
    ],
)
def test_wrong_arguments_are_named(flags: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_megatron(SCRIPT + flags, "run.sh")
    assert said in str(caught.value)


def test_every_wrong_argument_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_megatron("--hidden-size 0 --seq-length many", "args.txt")
    said = str(caught.value)
    for name in ("--hidden-size", "--seq-length", "--num-layers", "--micro-batch-size", "--bf16"):
        assert name in said


def test_deepspeed_batch_from_accumulation_and_auto() -> None:
    text = json.dumps(
        {
            "train_micro_batch_size_per_gpu": 2,
            "gradient_accumulation_steps": 4,
            "train_batch_size": "auto",
            "bf16": {"enabled": True},
            "zero_optimization": {"stage": 3, "offload_param": {"device": "cpu"}},
        }
    )
    recipe = read_deepspeed(text, "ds.json")
    assert batch_on(recipe, layout_on(recipe, 16, "")) == 128
    assert recipe.layout.zero == 3
    assert any("weights are on the host" in line for line in recipe.assumed)
    assert recipe.not_understood == ()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"train_batch_size": 8}', '{"zero_optimization": {"stage": 7}}', '{"fp16": {"enabled": 2}}'],
)
def test_wrong_deepspeed_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_deepspeed(text, "ds.json")


def test_maxtext_leaves_a_data_axis_to_the_chips_and_no_other() -> None:
    pytest.importorskip("yaml")
    recipe = read_maxtext("ici_fsdp_parallelism: -1\nici_tensor_parallelism: 4\nper_device_batch_size: 2\n", "c.yml")
    layout = layout_on(recipe, 64, "c.yml")
    assert (recipe.chips, recipe.layout.zero, float(layout.data_parallel), batch_on(recipe, layout)) == (
        None,
        3,
        16,
        128,
    )
    with pytest.raises(InputError, match="multiple of 4"):
        layout_on(recipe, 6, "c.yml")
    with pytest.raises(InputError, match="Write the degree"):
        read_maxtext("ici_fsdp_parallelism: 1\nici_tensor_parallelism: -1\nper_device_batch_size: 1\n", "c.yml")


def test_degrees_that_do_not_divide_the_chips_are_refused() -> None:
    with pytest.raises(InputError, match="multiple of 8"):
        layout_on(read_megatron(SCRIPT, "run.sh"), 12, "run.sh")


NAMES = ["--num-layers", "--hidden-size", "--num-attention-heads", "--vocab-size", "--micro-batch-size", "--swiglu",
         "--global-batch-size", "--num-experts", "--moe-layer-freq", "--recompute-num-layers", "--recompute-method",
         "--recompute-granularity", "--pipeline-model-parallel-size", "--window-size", "--kv-channels", "--nnodes",
         "--num-layers-per-virtual-pipeline-stage", "--multi-latent-attention", "--fp8-format"]  # fmt: skip
KEYS = ["per_device_batch_size", "ici_fsdp_parallelism", "dcn_data_parallelism", "ici_pipeline_parallelism",
        "quantization", "num_pipeline_microbatches", "num_pipeline_repeats", "base_emb_dim", "base_num_query_heads",
        "vocab_size", "base_num_decoder_layers", "num_experts", "mlp_activations", "attention_type", "shared_experts",
        "gradient_accumulation_steps", "remat_policy", "first_num_dense_layers"]  # fmt: skip
SECTION = ["stage", "overlap_comm", "enabled", "autotp_size", "autoep_size"]
TOP = ["train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "sequence_parallel_size"]
words = st.one_of(st.integers(-3, 10**12).map(str), st.text(max_size=8), st.sampled_from(["full", "block", "$A", "()"]))
values: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**30), st.floats(), st.text(max_size=5), st.just([]), st.just({"a": 1})
)


def survives(format_: str, text: str) -> None:
    """Reading gives a recipe whose layout can be made, or an ``InputError``; nothing else."""
    with contextlib.suppress(InputError):
        recipe = READERS[format_](text, "file")
        layout_on(recipe, 64, "file")


@given(st.text(max_size=300))
def test_readers_survive_any_text(text: str) -> None:
    survives("megatron", text)
    survives("deepspeed", text)


@given(st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=20))
def test_megatron_survives_any_values(pairs: list[tuple[str, str]]) -> None:
    survives("megatron", " ".join(f"{name} {shlex.quote(word)}" for name, word in pairs))


@given(
    st.dictionaries(st.sampled_from(TOP), values),
    st.dictionaries(
        st.sampled_from(["zero_optimization", "tensor_parallel", "expert_parallel", "fp16"]),
        st.one_of(values, st.dictionaries(st.sampled_from(SECTION), values)),
    ),
)
def test_deepspeed_survives_any_values(top: dict[str, Any], sections: dict[str, Any]) -> None:
    survives("deepspeed", json.dumps(top | sections))


@given(st.one_of(st.text(max_size=200), st.dictionaries(st.sampled_from(KEYS), values).map(json.dumps)))
def test_maxtext_survives_any_values(text: str) -> None:
    pytest.importorskip("yaml")
    survives("maxtext", text)
