"""Megatron-Bridge: one command that starts a recipe of its performance scripts with the plan's layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from tenfold.performance.dialects import bridge
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


def write_bridge(launch: Launch) -> Mapping[str, str]:
    """Write ``launch.sh``, to be run once from the Megatron-Bridge folder."""
    head = comments(launch, "Megatron-Bridge (scripts/performance)", _unexpressed(launch))
    options = [" ".join(option) for option in _options(launch)]
    return {"launch.sh": render("bridge.sh.j2", head=head, options=options)}


def _options(launch: Launch) -> Iterator[tuple[str, str]]:
    family, recipe = _known(RECIPES, launch.model, "recipe for the model")
    yield bridge.FAMILY, family
    yield bridge.RECIPE, recipe
    yield bridge.TASK, "pretrain"
    yield bridge.CHIP, _known(GPUS, launch.chip, "recipes for the chip")
    yield bridge.CHIPS, str(launch.chips)
    yield bridge.CHIPS_PER_NODE, str(min(launch.chips_per_node, launch.chips))
    yield bridge.DTYPE, _known(bridge.PRECISION, launch.precision, "recipes in")
    yield from bridge.layout_options(launch.layout, experts=launch.experts)
    yield bridge.BATCH, str(launch.global_batch)
    yield bridge.SEQUENCE, str(launch.sequence_length)
    yield bridge.STEPS, str(launch.steps)
    yield bridge.SAVE_EVERY, str(launch.save_every)
    yield from bridge.recompute_options(launch.layout, launch.layers)


def _unexpressed(launch: Launch) -> list[str]:
    layout, lines = launch.layout, ["everything else of the recipe: the plan's layout only overrides its sizes"]
    if layout.recompute == "selective":
        lines.append("selective recompute: the recipe's own --recompute_modules stay")
    if not layout.sequence_parallel and layout.tp > 1:
        lines.append("tensor parallelism without sequence parallelism: the recipe decides")
    if layout.schedule != "1f1b" and layout.pp > 1:
        lines.append(f"the {layout.schedule} schedule: Megatron core has 1F1B and interleaved 1F1B")
    if layout.missing_layers(launch.layers):
        lines.append("the uneven deal of layers to stages: the recipe's pipeline layout stays")
    return lines


def _known(table: Mapping[str, Entry], key: str, what: str) -> Entry:
    if key not in table:
        known = ", ".join(table)
        raise refuse(TOOL, f"Megatron-Bridge has no {what} {key}; it has {known}", "Use --to megatron")
    return table[key]
