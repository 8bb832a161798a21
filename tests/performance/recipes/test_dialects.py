"""Every dialect that is written is read back: the same layout, as far as the tool can say one."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.performance.dialects import bridge, deepspeed, maxtext, megatron, torchtitan
from tenfold.performance.dialects.mesh import deal
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.layout import ParallelLayout
from tenfold.workloads.recipe import RECOMPUTE

LAYERS, POWERS = 96, (1, 2, 4, 8)


@st.composite
def layouts(draw: st.DrawFn) -> ParallelLayout:
    """Layouts of a model with experts, of so many layers; what means nothing without tensor parallelism is off."""
    tp, pp = draw(st.sampled_from(POWERS)), draw(st.sampled_from(POWERS))
    sequence = draw(st.booleans()) and tp > 1
    return ParallelLayout(
        tp=tp,
        pp=pp,
        vpp=draw(st.sampled_from((1, 2, 4))) if pp > 1 else 1,
        cp=draw(st.sampled_from(POWERS)),
        ep=draw(st.sampled_from(POWERS)),
        etp=draw(st.sampled_from([degree for degree in POWERS if tp % degree == 0])),
        dp=draw(st.sampled_from((8, 16, 64))),
        zero=draw(st.integers(0, 3)),
        sequence_parallel=sequence,
        recompute=draw(st.sampled_from(RECOMPUTE)),
        micro_batch=draw(st.sampled_from(POWERS)),
        tensor_overlap=draw(st.booleans()) and sequence,
        data_overlap=draw(st.booleans()),
    )


def same(recipe: Recipe, layout: ParallelLayout) -> None:
    assert replace(recipe.layout, dp=layout.dp) == layout
    assert recipe.not_understood == ()


@given(layouts(), st.integers(1, LAYERS))
def test_megatron(layout: ParallelLayout, whole: int) -> None:
    each = layout.layers_per_chunk(LAYERS)
    if layout.recompute == "full" and whole < each:
        layout = replace(layout, recompute=f"full:{whole / each!r}")
    flags = [
        *megatron.layout_flags(layout, LAYERS, experts=True),
        (megatron.BATCH, "512"),
        ("--num-layers", f"{LAYERS}"),
        ("--bf16",),
    ]
    text = "\n".join(shlex.join(flag) for flag in [*flags, ("--num-experts", "64")])
    found = replace(megatron.read_megatron(text, "args").layout, dp=layout.dp)
    shares = (found.recompute, layout.recompute)
    assert replace(found, recompute="none") == replace(layout, recompute="none")
    assert shares[0] == shares[1] or float(shares[0][5:]) == pytest.approx(float(shares[1][5:]), rel=1e-12)


@given(layouts())
def test_bridge_leaves_the_rest_to_its_recipe(layout: ParallelLayout) -> None:
    options = [*bridge.layout_options(layout, experts=True), *bridge.recompute_options(layout, LAYERS)]
    recipe = bridge.read_bridge("\n".join(" ".join(option) for option in options), "launch.sh")
    of_recipe = ParallelLayout()
    same(
        recipe,
        replace(
            layout,
            zero=3 if layout.zero > 1 else 1,
            recompute="full" if layout.recompute == "full" else "none",
            sequence_parallel=of_recipe.sequence_parallel,
            tensor_overlap=of_recipe.tensor_overlap,
            data_overlap=of_recipe.data_overlap,
        ),
    )


@given(layouts())
def test_deepspeed(layout: ParallelLayout) -> None:
    layout = replace(layout, pp=1, vpp=1, etp=1, sequence_parallel=False, tensor_overlap=False)
    if layout.recompute == "selective":
        layout = replace(layout, recompute="none")
    values: dict[str, Any] = deepspeed.layout_settings(layout, LAYERS, experts=True)
    values |= {deepspeed.MICRO_BATCH: layout.micro_batch, deepspeed.ACCUMULATION: 4, "bf16.enabled": True}
    same(deepspeed.read_deepspeed(json.dumps(deepspeed.nested(values)), "ds.json"), layout)


@settings(deadline=None)  # YAML is imported
@given(layouts(), st.sampled_from((8, 64, 256)))
def test_maxtext(layout: ParallelLayout, domain_chips: int) -> None:
    pytest.importorskip("yaml")
    layout = replace(layout, etp=1, tensor_overlap=True, data_overlap=True)
    layout = replace(layout, zero=1 if layout.zero == 2 else layout.zero)
    if layout.zero == 3 and layout.dp == layout.ep:
        layout = replace(layout, zero=0)  # nothing is left to shard over: MaxText's axis is of one
    mesh = deal(maxtext.mesh_degrees(layout, experts=True), layout.ranks * layout.dp, domain_chips)
    assert mesh is not None, "powers of two fill a slice"
    values = {
        **maxtext.mesh_settings(mesh),
        **maxtext.batch_settings(layout, LAYERS, layout.dp * layout.micro_batch * 8),
        **maxtext.policy_settings(layout),
        "base_num_decoder_layers": LAYERS,
    }
    recipe = maxtext.read_maxtext(json.dumps(values), "maxtext.yml")
    assert recipe.chips == layout.ranks * layout.dp
    assert recipe.global_batch == layout.dp * layout.micro_batch * 8
    assert replace(recipe.layout, dp=layout.dp) == layout


@given(layouts())
def test_torchtitan(layout: ParallelLayout) -> None:
    layout = replace(layout, etp=1, vpp=min(layout.vpp, 2), data_overlap=True)
    layout = replace(layout, zero=2 if layout.zero == 1 else layout.zero)
    if layout.recompute == "none":
        layout = replace(layout, recompute="selective")
    arguments = torchtitan.parallelism(layout, LAYERS, experts=True, micro_batches=8)
    written = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    text = (
        f"config.{torchtitan.LENGTH} = 4096\nconfig.{torchtitan.MICRO_TOKENS} = {4096 * layout.micro_batch}\n"
        f"config.{torchtitan.STEP_TOKENS} = {4096 * 512}\nconfig.parallelism = ParallelismConfig({written})\n"
        f"config.activation_checkpoint = {torchtitan.recompute_class(layout)}.Config()\n"
        f"config.compile = CompileConfig({torchtitan.TENSOR_OVERLAP}={torchtitan.async_tensor_parallel(layout)})\n"
    )
    recipe = torchtitan.read_torchtitan(text, "config_registry.py")
    assert (recipe.chips, recipe.global_batch) == (layout.ranks * layout.dp, 512)
    same(recipe, layout)


@pytest.mark.parametrize("text", ["def", "x = (", "config.parallelism = ParallelismConfig(tensor_parallel_degree='a')"])
def test_what_is_no_configuration_of_torchtitan_is_refused(text: str) -> None:
    from tenfold.quantities import InputError

    with pytest.raises(InputError):
        torchtitan.read_torchtitan(text, "config_registry.py")


def test_operations_recomputed_singly_are_modules() -> None:
    layout = ParallelLayout(pp=16, recompute="norms+up-projections")
    flags = list(megatron.layout_flags(layout, LAYERS, experts=False))
    assert ("--recompute-granularity", "selective") in flags
    assert ("--recompute-modules", "layernorm", "mla_up_proj") in flags
    assert list(bridge.recompute_options(layout, LAYERS)) == [("--recompute_modules", "layernorm,mla_up_proj")]
    assert torchtitan.recompute_class(layout) == torchtitan.recompute_class(replace(layout, recompute="selective"))
