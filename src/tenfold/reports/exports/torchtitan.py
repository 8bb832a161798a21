"""torchtitan: a Python module with a function that returns ``Trainer.Config``.

Fields as in pytorch/torchtitan b5bcd76c (2026-08-21), which configures runs in Python; its TOML files are gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.performance.dialects import torchtitan
from tenfold.reports.exports.launch import Launch, comments
from tenfold.reports.exports.refusals import refuse
from tenfold.reports.exports.templates import render
from tenfold.workloads import operations_of, whole_share

TOOL = "torchtitan"


@dataclass(frozen=True, slots=True, kw_only=True)
class TitanModel:
    """A model torchtitan ships: where its configuration is, and its flavor in the model registry."""

    module: str
    function: str
    flavor: str


MODELS: Mapping[str, TitanModel] = {
    "llama-3.1-8b": TitanModel(module="llama3", function="llama3_8b", flavor="8B"),
    "llama-3.1-70b": TitanModel(module="llama3", function="llama3_70b", flavor="70B"),
    "llama-3.1-405b": TitanModel(module="llama3", function="llama3_405b", flavor="405B"),
    "deepseek-v3": TitanModel(module="deepseek_v3", function="deepseek_v3_671b", flavor="671B"),
}
CONVERTERS: Mapping[str, str] = {
    "bf16": "",
    "fp8": 'Float8LinearConverter.Config(filter_fqns=["lm_head"], model_compile_enabled=True)',
    "mxfp8": "MXFP8LinearConverter.Config(model_compile_enabled=True)",
}
"""Precision to the converter of the model's linear layers; the LM head keeps 16 bits."""


def write_torchtitan(launch: Launch) -> Mapping[str, str]:
    """Write ``config_registry.py`` of a module of one's own, and the command that starts it."""
    model = _model(launch)
    if launch.precision not in CONVERTERS:
        known = ", ".join(CONVERTERS)
        raise refuse(TOOL, f"no converter to {launch.precision} is known", f"Plan with one of {known}")
    head = comments(launch, "torchtitan", _unexpressed(launch))
    layout = launch.layout
    values = {
        "launch": launch,
        "model": model,
        "converter": CONVERTERS[launch.precision],
        "head": head,
        "parallelism": torchtitan.parallelism(
            layout, launch.layers, experts=launch.experts, micro_batches=launch.micro_batches
        ),
        "recompute": torchtitan.recompute_class(layout),
        "async_tensor_parallel": torchtitan.async_tensor_parallel(layout),
        "names": torchtitan,
    }
    return {
        "tenfold_plan/__init__.py": "",
        "tenfold_plan/config_registry.py": render("torchtitan.py.j2", **values),
        "run.sh": render(
            "torchtitan.sh.j2",
            head=head,
            nodes=launch.nodes,
            chips_per_node=min(launch.chips_per_node, launch.chips),
        ),
    }


def _model(launch: Launch) -> TitanModel:
    if launch.model not in MODELS:
        known = ", ".join(MODELS)
        raise refuse(TOOL, f"no configuration of {launch.model} is known; {known} are", "Use --to megatron")
    return MODELS[launch.model]


def _unexpressed(launch: Launch) -> list[str]:
    layout, lines = (
        launch.layout,
        ["data, optimizer and learning rate: those of torchtitan's own configuration of the model stay"],
    )
    if layout.schedule != "1f1b" and layout.pp > 1:
        lines.append(f"the {layout.schedule} schedule with one stage on each rank: written as 1F1B")
    if layout.zero in (1, 2):
        lines.append(f"ZeRO-{layout.zero}: written as FSDP that keeps the gathered weights, which takes as much")
    if layout.recompute == "none":
        lines.append("no recompute at all: written as selective, which recomputes the cheap operations")
    if operations_of(layout.recompute):
        lines.append(f"recompute of {layout.recompute}: written as selective, which recomputes the cheap operations")
    if 0.0 < (share := whole_share(layout.recompute)) < 1.0:
        lines.append(f"recompute of {share:.0%} of the layers: written as all of them")
    return lines
