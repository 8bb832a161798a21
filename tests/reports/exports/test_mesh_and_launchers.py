"""MaxText's axes, DeepSpeed's JSON, Slurm and SkyPilot, and what all writers share."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from launches import launch, launch_from, plan_data

from tenfold.performance.dialects.mesh import chips_per_slice, deal
from tenfold.quantities import InputError
from tenfold.reports.exports import WRITERS

MAXTEXT: dict[str, Any] = {"tp": 4, "pp": 1, "vpp": 1, "dp": 16, "zero": 3, "schedule": "1f1b"}


def maxtext(**given: Any) -> dict[str, Any]:
    text = WRITERS["maxtext"](launch(**(MAXTEXT | given)))["tenfold.yml"]
    pairs = (line.split(": ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {key: json.loads(value) for key, value in pairs}


def axes(values: dict[str, Any], network: str) -> int:
    return math.prod(value for key, value in values.items() if key.startswith(network) and "parallelism" in key)


@pytest.mark.parametrize(
    ("given", "slices"),
    [
        ({}, 8),
        ({"chip": "tpu-v5p"}, 1),
        ({"pp": 4, "dp": 4, "vpp": 1, "schedule": "1f1b"}, 8),
        ({"model": "mixtral-8x7b", "ep": 8}, 8),
    ],
)
def test_axes_fill_slices_and_slices_fill_the_cluster(given: dict[str, Any], slices: int) -> None:
    values = maxtext(**given)
    assert (axes(values, "dcn_"), axes(values, "ici_") * axes(values, "dcn_")) == (slices, 64)
    assert values["dcn_tensor_parallelism"] == values["dcn_tensor_sequence_parallelism"] == 1


def test_batch_is_the_plan_s_whether_accumulated_or_pipelined() -> None:
    plain = maxtext()
    assert plain["per_device_batch_size"] * 64 * plain["gradient_accumulation_steps"] == 512
    piped = maxtext(pp=4, dp=4, vpp=2, schedule="1f1b")
    assert piped["per_device_batch_size"] * 64 == 512
    assert (piped["num_pipeline_microbatches"], piped["num_pipeline_repeats"]) == (128, 2)
    assert piped["num_layers_per_pipeline_stage"] == 10


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"model": "llama-3.1-405b", "pp": 16, "dp": 1, "vpp": 8, "schedule": "1f1b"}, "equal chunks"),
        ({"model": "mixtral-8x7b", "dp": 4, "ep": 8}, "expert-parallel ranks do not divide"),
        ({"chip": "trainium2"}, "does not run on trainium2"),
        ({"model": "falcon-40b", "tp": 4}, "no decoder block"),
        ({"precision": "nvfp4", "chip": "b200"}, "does not train in nvfp4"),
        ({"tp": 16, "dp": 4}, "do not fill slices"),
        ({"precision": "fp8"}, "does not go with the 32 micro-batches"),
    ],
)
def test_maxtext_refuses_what_it_cannot_run(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        maxtext(**given)


@given(
    tp=st.sampled_from([1, 2, 3, 4, 8]),
    pp=st.integers(1, 12),
    dp=st.integers(1, 24),
    domain=st.sampled_from([1, 4, 8, 72, 256]),
)
def test_dealt_factors_multiply_to_the_degrees(tp: int, pp: int, dp: int, domain: int) -> None:
    degrees, chips = {"tensor": tp, "data": dp, "pipeline": pp}, tp * pp * dp
    size = chips_per_slice(chips, domain)
    assert chips % size == 0
    assert size <= domain
    mesh = deal(degrees, chips, domain)
    if mesh is not None:
        assert math.prod(mesh.inside.values()) == size
        assert math.prod(mesh.between.values()) == mesh.slices == chips // size
        assert all(mesh.inside[axis] * mesh.between[axis] == degree for axis, degree in degrees.items())


def test_deepspeed_batches_agree() -> None:
    config = json.loads(WRITERS["deepspeed"](launch(pp=1, vpp=1, dp=16, zero=3))["ds_config.json"])
    assert config["train_batch_size"] == 512
    assert config["train_micro_batch_size_per_gpu"] * config["gradient_accumulation_steps"] * 16 == 512
    assert config["zero_optimization"]["stage"] == 3
    assert config["tensor_parallel"] == {"autotp_size": 4}


@pytest.mark.parametrize("given", [{"zero": 3}, {"precision": "fp8", "zero": 1}])
def test_deepspeed_refuses_what_it_cannot_run(given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="--to deepspeed"):
        WRITERS["deepspeed"](launch(**given))


def test_resources_of_skypilot_are_per_node() -> None:
    text = WRITERS["skypilot"](launch())["task.yaml"]
    assert 'accelerators: "H100:8"' in text
    assert "num_nodes: 16" in text
    assert "use_spot: true" in text


def test_slurm_asks_for_the_nodes() -> None:
    text = WRITERS["slurm"](launch())["job.sbatch"]
    assert "#SBATCH --nodes=16\n" in text
    assert "#SBATCH --gpus-per-node=8\n" in text


@pytest.mark.parametrize("tool", WRITERS)
def test_every_export_says_its_plan_and_what_is_left_out_and_never_changes(tool: str) -> None:
    model = "llama-3.1-405b" if tool == "megatron-bridge" else "llama-3.1-70b"
    made = launch(model=model, pp=1, vpp=1, dp=16, schedule="1f1b")
    files = WRITERS[tool](made)
    text = "\n".join(files.values())
    for said in (
        f"Goal: {model} on 1T tokens",
        "catalog abc123, seed 7",
        "Not expressed here:",
        "expected goodput 80.0%",
    ):
        assert said in text
    assert WRITERS[tool](made) == files


def test_text_of_a_plan_cannot_leave_its_comment() -> None:
    data = plan_data()
    data["best"]["site"] = "us\nrm -rf /\r; \x1b[31m"
    data["made"]["catalog"] = "a\nb"
    lines = WRITERS["megatron"](launch_from(data))["pretrain.sh"].splitlines()
    assert not any(line.startswith(("rm", "b,")) for line in lines)
    assert not any("\x1b" in line or "\r" in line for line in lines)


@pytest.mark.parametrize(
    ("part", "key", "value", "place"),
    [
        ("best", "chips", 99, "best.layout"),
        ("best", "chips", "many", "best.chips"),
        ("best", "step_time_s", None, "best.step_time_s.p50"),
        ("", "global_batch", 0, "global_batch"),
        ("goal", "tokens", float("nan"), "question.goal.tokens"),
        ("layout", "schedule", "spiral", "unknown schedule"),
        ("layout", "recompute", "some", "best.layout.recompute"),
        ("layout", "tp", 2.5, "best.layout.tp"),
        ("layout", "sequence_parallel", 1, "best.layout.sequence_parallel"),
        ("", "global_batch", 100, "does not divide the global batch"),
    ],
)
def test_a_value_no_plan_has_is_named(part: str, key: str, value: object, place: str) -> None:
    data = plan_data()
    parts = {"": data, "best": data["best"], "layout": data["best"]["layout"], "goal": data["question"]["goal"]}
    parts[part][key] = value
    with pytest.raises(InputError, match=place):
        launch_from(data)
