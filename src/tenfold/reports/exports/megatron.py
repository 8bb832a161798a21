"""Megatron-LM: a script for ``torchrun`` with the arguments of ``pretrain_gpt.py``."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from tenfold.performance.dialects.megatron import BATCH, PRECISION, Flag, layout_flags, run_flags, shape_flags
from tenfold.reports.exports.launch import Launch, comments
from tenfold.reports.exports.refusals import refuse
from tenfold.reports.exports.templates import render
from tenfold.workloads import whole_share

TOOL = "megatron"


def write_megatron(launch: Launch) -> Mapping[str, str]:
    """Write ``pretrain.sh``, to be run once on every node."""
    flags = [*megatron_flags(launch)]
    return {
        "pretrain.sh": render(
            "pretrain.sh.j2",
            head=comments(launch, "Megatron-LM (pretrain_gpt.py)", unexpressed(launch)),
            nodes=launch.nodes,
            chips_per_node=min(launch.chips_per_node, launch.chips),
            flags=[" ".join([flag[0], *(shlex.quote(value) for value in flag[1:])]) for flag in flags],
        )
    }


def megatron_flags(launch: Launch) -> Iterator[Flag]:
    """Arguments of ``pretrain_gpt.py`` that the plan decides."""
    if launch.shape.mamba_layers:
        raise refuse(TOOL, f"pretrain_gpt.py has no state-space layers, and {launch.model} has some", "Use --to slurm")
    if launch.precision not in PRECISION:
        known = ", ".join(PRECISION)
        raise refuse(TOOL, f"Megatron-LM does not train in {launch.precision}", f"Plan with one of {known}")
    yield from shape_flags(launch.shape, launch.sequence_length)
    yield from layout_flags(launch.layout, launch.layers, experts=launch.experts)
    yield BATCH, str(launch.global_batch)
    yield from PRECISION[launch.precision]
    yield from run_flags(launch.layout, steps=launch.steps, save_every=launch.save_every)


def unexpressed(launch: Launch) -> list[str]:
    """What the plan says and the arguments cannot."""
    shape, layout = launch.shape, launch.layout
    lines = ["learning rate, data and tokenizer: the plan does not hold them; give them below"]
    if layout.schedule != "1f1b" and layout.pp > 1:
        lines.append(f"the {layout.schedule} schedule: Megatron-LM core has 1F1B and interleaved 1F1B")
    if 0.0 < whole_share(layout.recompute) < 1.0:
        lines.append("layers not recomputed whole keep all activations; the plan recomputes them selectively")
    if layout.zero > 1:
        lines.append("asynchronous checkpoints: not with the fsdp_dtensor format")
    if not shape.learned_positions:
        lines.append("base and scaling of rotary positions (--rotary-base): the catalog does not hold them")
    if shape.moe_layers and shape.dense_mlp_layers:
        lines.append("the order of dense and expert layers: written with the dense layers first")
    if shape.windowed_layers and shape.windowed_layers != shape.attention_layers:
        lines.append("which layers attend over a window: all are written as full attention")
    if shape.parallel_block:
        lines.append("attention and feed-forward side by side: written one after the other")
    if shape.latent_hidden:
        lines.append("experts that work in a latent width")
    if shape.expert_bias or (shape.output_bias and not shape.mlp_bias):
        lines.append("biases of experts or of the attention output")
    return lines
