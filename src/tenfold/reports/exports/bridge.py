"""Megatron-Bridge: one command that starts a recipe of its performance scripts with the plan's layout.

Options as in NVIDIA-NeMo/Megatron-Bridge 067f987d (2026-08-22), ``scripts/performance/argument_parser.py``; here the
virtual stages are ``--virtual_pipeline_model_parallel_size``, unlike in Megatron-LM.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from tenfold.reports.exports.launch import Launch, comments
from tenfold.reports.exports.refusals import refuse
from tenfold.reports.exports.templates import render

Entry = TypeVar("Entry")
TOOL = "megatron-bridge"
RECIPES: Mapping[str, tuple[str, str]] = {
    "llama-3-8b": ("llama", "llama3_8b"),
    "llama-3-70b": ("llama", "llama3_70b"),
    "llama-3.1-405b": ("llama", "llama31_405b"),
    "deepseek-v3": ("deepseek", "deepseek_v3"),
    "qwen3-30b-a3b": ("qwen", "qwen3_30b_a3b"),
    "qwen3-235b-a22b": ("qwen", "qwen3_235b_a22b"),
    "gpt-oss-120b": ("gpt_oss", "gpt_oss_120b"),
    "kimi-k2": ("kimi", "kimi_k2"),
}
"""Model to its family and recipe under ``scripts/performance/configs``."""
GPUS: Mapping[str, str] = {
    "h100-sxm": "h100",
    "b200": "b200",
    "b300": "b300",
    "gb200": "gb200",
    "gb300": "gb300",
    "vr200": "vr200",
}
PRECISION: Mapping[str, str] = {"bf16": "bf16", "fp8": "fp8_cs", "mxfp8": "fp8_mx", "nvfp4": "nvfp4"}


def write_bridge(launch: Launch) -> Mapping[str, str]:
    """Write ``launch.sh``, to be run once from the Megatron-Bridge folder."""
    head = comments(launch, "Megatron-Bridge (scripts/performance)", _unexpressed(launch))
    options = [" ".join(option) for option in _options(launch)]
    return {"launch.sh": render("bridge.sh.j2", head=head, options=options)}


def _options(launch: Launch) -> Iterator[tuple[str, str]]:
    family, recipe = _known(RECIPES, launch.model, "recipe for the model")
    yield "--model_family_name", family
    yield "--model_recipe_name", recipe
    yield "--task", "pretrain"
    yield "--gpu", _known(GPUS, launch.chip, "recipes for the chip")
    yield "--num_gpus", str(launch.chips)
    yield "--gpus_per_node", str(min(launch.chips_per_node, launch.chips))
    yield "--compute_dtype", _known(PRECISION, launch.precision, "recipes in")
    yield "--tensor_model_parallel_size", str(launch.tp)
    yield "--pipeline_model_parallel_size", str(launch.pp)
    yield "--virtual_pipeline_model_parallel_size", str(launch.vpp) if launch.vpp > 1 else "None"
    yield "--context_parallel_size", str(launch.cp)
    if launch.shape.moe_layers:
        yield "--expert_model_parallel_size", str(launch.ep)
        yield "--expert_tensor_parallel_size", "1"
    if launch.zero_stage > 1:
        yield "--use_megatron_fsdp", "true"
    yield "--global_batch_size", str(launch.global_batch)
    yield "--micro_batch_size", str(launch.micro_batch)
    yield "--seq_length", str(launch.sequence_length)
    yield "--max_steps", str(launch.steps)
    yield "--save_interval", str(launch.save_every)
    if launch.recompute > 1.0:
        layers = launch.layers_per_chunk * (launch.recompute - 1.0)
        yield "--recompute_num_layers", str(max(1, round(layers)))


def _unexpressed(launch: Launch) -> list[str]:
    lines = ["everything else of the recipe: the plan's layout only overrides its sizes"]
    if launch.recompute == 1.0:
        lines.append("selective recompute: the recipe's own --recompute_modules stay")
    if not launch.sequence_parallel and launch.tp > 1:
        lines.append("tensor parallelism without sequence parallelism: the recipe decides")
    if launch.schedule != "1f1b" and launch.pp > 1:
        lines.append(f"the {launch.schedule} schedule: Megatron core has 1F1B and interleaved 1F1B")
    if launch.missing_layers:
        lines.append("the uneven deal of layers to stages: the recipe's pipeline layout stays")
    return lines


def _known(table: Mapping[str, Entry], key: str, what: str) -> Entry:
    if key not in table:
        known = ", ".join(table)
        raise refuse(TOOL, f"Megatron-Bridge has no {what} {key}; it has {known}", "Use --to megatron")
    return table[key]
