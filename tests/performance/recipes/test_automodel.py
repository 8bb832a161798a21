"""NeMo AutoModel's YAML: batch, degrees, what is kept, the model by its name on the hub; and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenfold.catalog import load_catalog
from tenfold.interfaces.python import estimate_config
from tenfold.performance.dialects import Stated, format_of
from tenfold.performance.dialects.automodel import read_automodel
from tenfold.quantities import InputError
from tenfold.workloads import model_on_hub

RUN = """
recipe: TrainFinetuneRecipeForNextTokenPrediction
step_scheduler: {global_batch_size: 128, local_batch_size: 2, max_steps: 30}
distributed:
  strategy: fsdp2
  tp_size: 1
  pp_size: 1
  ep_size: 8
  dp_size: none
  activation_checkpointing: true
  moe: {reshard_after_forward: false}
model:
  _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_config
  config: {_target_: transformers.AutoConfig.from_pretrained, pretrained_model_name_or_path: Qwen/Qwen3-30B-A3B}
  backend: {attn: te, experts: gmm}
  torch_dtype: bf16
optimizer: {_target_: torch.optim.AdamW, lr: 1.0e-5}
dataset: {seq_len: 4096}
"""


def test_a_recipe_says_batch_degrees_and_what_is_kept() -> None:
    recipe = read_automodel(RUN, "run.yaml")
    layout = recipe.layout
    assert (layout.zero, layout.ep, layout.recompute, layout.micro_batch) == (3, 8, "full", 2)
    assert (recipe.global_batch, recipe.sequence_length, recipe.precision, recipe.chips) == (128, 4096, "bf16", None)
    assert (recipe.gradient_bytes, recipe.optimizer_bytes) == (2.0, 4.0)
    assert (recipe.model, recipe.not_understood) == ("Qwen/Qwen3-30B-A3B", ())
    assert format_of("a.yaml", RUN) == "automodel"


def test_weights_in_32_bits_are_their_own_master_weights_and_fused_adam_keeps_what_it_is_told() -> None:
    wide = read_automodel(RUN.replace("torch_dtype: bf16", "torch_dtype: torch.float32"), "run.yaml")
    assert (wide.gradient_bytes, wide.optimizer_bytes) == (4.0, 12.0)
    fused = "transformer_engine.pytorch.optimizers.fused_adam.FusedAdam, master_weights: true, exp_avg_dtype: bfloat16"
    assert read_automodel(RUN.replace("torch.optim.AdamW", fused), "run.yaml").optimizer_bytes == 4.0 + 2.0 + 4.0


def test_layers_of_a_chunk_become_chunks_of_the_model(tmp_path: Path) -> None:
    pipe = "pp_size: 4\n  pipeline: {pp_schedule: interleaved1f1b, pp_microbatch_size: 1, layers_per_stage: 2}"
    text = RUN.replace("pp_size: 1", pipe).replace("local_batch_size: 2", "local_batch_size: 16")
    recipe = read_automodel(text, "run.yaml")
    assert (recipe.layout.pp, recipe.layout.micro_batch, recipe.layers_per_chunk) == (4, 1, 2)
    file = tmp_path / "run.yaml"
    file.write_text(text)
    found = estimate_config(str(file), chip="h100-sxm", chips=64)
    assert found.estimate.layout.vpp == 48 // (4 * 2)


def test_the_model_is_the_one_that_the_hub_calls_so() -> None:
    catalog = load_catalog()
    named = {
        "meta-llama/Llama-3.1-8B-Instruct": "llama-3.1-8b",
        "deepseek-ai/DeepSeek-V3-Base": "deepseek-v3",
        "Qwen/Qwen3-30B-A3B": "qwen3-30b-a3b",
        "llama2-70b": "llama-2-70b",
        "meta-llama/Llama-3.3-70B-Instruct": "llama-3.1-70b",
        "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16": "nemotron-3-super",
    }
    for name, key in named.items():
        found = model_on_hub(catalog, name)
        assert found is not None
        assert found.key == key
    assert model_on_hub(catalog, "nobody/Llama-3.1-9B") is None


def test_a_model_that_nobody_has_is_named_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "run.yaml"
    file.write_text(RUN.replace("Qwen/Qwen3-30B-A3B", "us/secret-1t"))
    with pytest.raises(InputError, match=r"names the model 'us/secret-1t'.*Give --model"):
        estimate_config(str(file), chip="h100-sxm", chips=8)
    found = estimate_config(str(file), chip="h100-sxm", chips=8, model="qwen3-30b-a3b")
    assert found.estimate.step_time_s.p50 > 0.0


def test_adapters_beside_frozen_weights_are_timed_as_such(tmp_path: Path) -> None:
    """LoRA keeps no states of the model's weights; in 4 bits they are smaller, and products run in 16 bits."""
    lora = RUN.replace(
        "dataset:", "peft: {_target_: nemo_automodel.components._peft.lora.PeftConfig, dim: 8}\ndataset:"
    )
    narrow = lora.replace("dataset:", "quantization: {load_in_4bit: true}\ndataset:")
    found = []
    for text in (RUN, lora, narrow):
        (tmp_path / "run.yaml").write_text(text)
        found.append(estimate_config(str(tmp_path / "run.yaml"), chip="h100-sxm", chips=8).estimate)
    assert [each.question.cluster.tuning for each in found] == ["full", "lora", "qlora"]
    memory = [each.memory_bytes_per_chip["weights"] for each in found]
    assert memory[0] == memory[1] > memory[2]
    assert found[0].memory_bytes_per_chip["optimizer"] > found[1].memory_bytes_per_chip["optimizer"]
    assert found[1].step_time_s.p50 < found[0].step_time_s.p50
    (tmp_path / "run.yaml").write_text(narrow.replace("dataset:", "fp8: {enabled: true}\ndataset:"))
    with pytest.raises(InputError, match="'fp8' stands beside tuning = 'qlora'"):
        estimate_config(str(tmp_path / "run.yaml"), chip="h100-sxm", chips=8)


@pytest.mark.parametrize(
    ("found", "instead", "said"),
    [
        ("TrainFinetuneRecipeForNextTokenPrediction", "TrainEagle3Recipe", "recipe: TrainEagle3Recipe does not train"),
        ("dataset:", "peft: {_target_: x.ia3.PeftConfig}\ndataset:", "peft._target_: adapters other than LoRA's"),
        ("dataset:", "quantization: {load_in_4bit: true}\ndataset:", "quantization.load_in_4bit: .*cannot be trained"),
        ("dataset:", "quantization: {load_in_8bit: true}\ndataset:", "quantization.load_in_8bit: .*8 bits"),
        ("strategy: fsdp2", "strategy: fsdp9", "distributed.strategy: 'fsdp9' is not known here"),
        ("fsdp2", "megatron_fsdp\n  zero_dp_strategy: 7", "distributed.zero_dp_strategy: there is no stage 7"),
        ("tp_size: 1", "tp_size: two", "distributed.tp_size: 'two' is no number"),
        ("torch_dtype: bf16", "torch_dtype: int3", "model.torch_dtype: int3 is not known here"),
        ("  torch_dtype", "  num_hidden_layers: 4\n  torch_dtype", "model.num_hidden_layers: changes the model"),
        ("ep_size: 8", "ep_size: 8\n  pipeline: {pp_schedule: roundabout}", "pp_schedule: roundabout is not known"),
    ],
)
def test_what_would_be_timed_wrongly_is_refused(found: str, instead: str, said: str) -> None:
    assert found in RUN
    with pytest.raises(InputError, match=said):
        read_automodel(RUN.replace(found, instead), "run.yaml")


def test_a_size_that_the_file_changes_does_not_count_where_the_model_is_named() -> None:
    text = RUN.replace("  torch_dtype", "  num_hidden_layers: 4\n  torch_dtype")
    recipe = read_automodel(text, "run.yaml", Stated(model=True))
    assert (recipe.model, recipe.not_understood) == ("", ("model.num_hidden_layers",))
