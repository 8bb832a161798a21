"""Megatron-LM, Megatron-Bridge and torchtitan files: exact flags, and the traps."""

from __future__ import annotations

import re
import subprocess

import pytest
from launches import launch

from tenfold.quantities import InputError
from tenfold.reports.exports import WRITERS


def flags(text: str) -> dict[str, str]:
    found = (line.strip().split(" ", 1) for line in text.splitlines() if line.startswith("    --"))
    return {parts[0]: parts[1] if len(parts) > 1 else "" for parts in found}


def megatron(**given: object) -> dict[str, str]:
    return flags(WRITERS["megatron"](launch(**given))["pretrain.sh"].split("exec torchrun", 1)[0])


def test_degrees_batch_and_length_of_the_run() -> None:
    found = megatron()
    assert (found["--tensor-model-parallel-size"], found["--pipeline-model-parallel-size"]) == ("4", "4")
    assert found["--num-virtual-stages-per-pipeline-rank"] == "2"
    assert (found["--micro-batch-size"], found["--global-batch-size"]) == ("1", "512")
    assert found["--train-iters"] == "476838", "1e12 tokens over 512 sequences of 4,096, rounded up"
    assert found["--save-interval"] == "286", "1,430 s of steps of 5 s"
    assert {"--use-distributed-optimizer", "--overlap-grad-reduce", "--overlap-param-gather"} <= set(found)


def test_the_flag_that_does_not_exist_is_never_written() -> None:
    assert not any("virtual-pipeline-model-parallel" in name for name in megatron())


def test_no_virtual_stages_without_a_pipeline() -> None:
    assert "--num-virtual-stages-per-pipeline-rank" not in megatron(pp=1, vpp=1, schedule="1f1b")


@pytest.mark.parametrize(
    ("recompute", "granularity", "method", "layers"),
    [
        ("none", None, None, None),
        ("selective", "selective", None, None),
        ("full", "full", "uniform", "1"),
        ("full:0.5", "full", "block", "5"),
        ("full:0.25", "full", "block", "3"),
    ],
)
def test_recompute(recompute: object, granularity: str | None, method: str | None, layers: str | None) -> None:
    found = megatron(recompute=recompute)  # 80 layers on 4 stages of 2 chunks: 10 a chunk
    assert found.get("--recompute-granularity") == granularity
    assert found.get("--recompute-method") == method
    assert found.get("--recompute-num-layers") == layers


@pytest.mark.parametrize(
    ("precision", "wanted"),
    [
        ("bf16", {"--bf16": ""}),
        ("fp8", {"--fp8-format": "hybrid", "--fp8-recipe": "tensorwise"}),
        ("mxfp8", {"--fp8-format": "e4m3", "--fp8-recipe": "mxfp8"}),
        ("nvfp4", {"--fp4-format": "e2m1", "--fp4-recipe": "nvfp4"}),
    ],
)
def test_precision(precision: str, wanted: dict[str, str]) -> None:
    assert wanted.items() <= megatron(precision=precision).items()


@pytest.mark.parametrize("precision", ["int8", "mxfp4"])
def test_precision_that_megatron_has_not_is_refused(precision: str) -> None:
    with pytest.raises(InputError, match=precision):
        megatron(precision=precision)


@pytest.mark.parametrize(("stage", "strategy"), [(2, "optim_grads"), (3, "optim_grads_params")])
def test_sharding(stage: int, strategy: str) -> None:
    found = megatron(zero=stage)
    assert found["--data-parallel-sharding-strategy"] == strategy
    assert "--async-save" not in found


def test_replicated_optimizer_is_not_sharded() -> None:
    assert "--use-distributed-optimizer" not in megatron(zero=0)


def test_layers_short_by_two_are_the_embedding_and_the_loss() -> None:
    found = megatron(model="llama-3.1-405b", pp=16, vpp=8, dp=2)
    assert {"--account-for-loss-in-pipeline-split", "--account-for-embedding-in-pipeline-split"} <= set(found)
    assert "--account-for-loss-in-pipeline-split" not in megatron()


def test_experts_and_latent_attention() -> None:
    found = megatron(model="deepseek-v3", pp=1, vpp=1, ep=8, schedule="1f1b")
    assert found["--moe-layer-freq"] == "'([0]*3+[1]*58)'"
    assert (found["--qk-head-dim"], found["--qk-pos-emb-head-dim"], found["--v-head-dim"]) == ("128", "64", "128")
    assert found["--expert-model-parallel-size"] == "8"
    assert "--kv-channels" not in found


def test_state_space_models_are_refused() -> None:
    with pytest.raises(InputError, match="state-space"):
        megatron(model="nemotron-3-nano")


def test_other_schedules_are_named_as_not_expressed() -> None:
    text = WRITERS["megatron"](launch(vpp=1, schedule="zero-bubble"))["pretrain.sh"]
    assert re.search(r"^# - the zero-bubble schedule: ", text, re.MULTILINE)


def test_every_script_is_shell(tmp_path: object) -> None:
    for tool in ("megatron", "megatron-bridge", "torchtitan", "slurm"):
        made = launch(model="llama-3.1-405b", pp=9, vpp=7, dp=2, batch=360)
        for name, text in WRITERS[tool](made).items():
            if name.endswith((".sh", ".sbatch")):
                done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
                assert done.returncode == 0, (name, done.stderr)


def test_bridge_overrides_have_underscores() -> None:
    made = launch(model="llama-3.1-405b", pp=9, vpp=7, dp=2, batch=360)
    found = flags(WRITERS["megatron-bridge"](made)["launch.sh"])
    assert (found["--model_family_name"], found["--model_recipe_name"]) == ("llama", "llama31_405b")
    assert (found["--gpu"], found["--num_gpus"], found["--gpus_per_node"]) == ("h100", "72", "8")
    assert found["--virtual_pipeline_model_parallel_size"] == "7"


@pytest.mark.parametrize(("given", "named"), [({"chip": "mi300x"}, "mi300x"), ({"model": "yi-34b"}, "yi-34b")])
def test_bridge_refuses_what_it_has_no_recipe_for(given: dict[str, str], named: str) -> None:
    with pytest.raises(InputError, match=named):
        WRITERS["megatron-bridge"](launch(**({"model": "llama-3.1-405b", "pp": 1, "vpp": 1} | given)))


def test_torchtitan_is_python_with_the_plan_in_it() -> None:
    text = WRITERS["torchtitan"](launch())["tenfold_plan/config_registry.py"]
    compile(text, "config_registry.py", "exec")
    assert "def tenfold_plan() -> Trainer.Config:" in text
    for line in (
        "num_tokens_per_microbatch_per_dp_rank = 4096",
        "num_tokens_per_train_step = 2097152",
        "tensor_parallel_degree=4,",
        'pipeline_parallel_schedule="Interleaved1F1B",',
        "num_pp_microbatches=64,",
        "config.checkpoint.interval = 286",
    ):
        assert line in text


@pytest.mark.parametrize(("stage", "replicate", "shard"), [(0, 8, 1), (1, 1, 8), (3, 1, 8)])
def test_torchtitan_shards(stage: int, replicate: int, shard: int) -> None:
    text = WRITERS["torchtitan"](launch(zero=stage))["tenfold_plan/config_registry.py"]
    assert f"data_parallel_replicate_degree={replicate}," in text
    assert f"data_parallel_shard_degree={shard}," in text


def test_torchtitan_refuses_models_it_does_not_ship() -> None:
    with pytest.raises(InputError, match="no configuration of yi-34b"):
        WRITERS["torchtitan"](launch(model="yi-34b", pp=4, vpp=1))
