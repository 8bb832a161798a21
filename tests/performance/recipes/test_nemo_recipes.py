"""Recipes of NeMo 2: what their calls and lines say, and what only running them would tell."""

from __future__ import annotations

import pytest

from tenfold.performance.dialects import Stated, format_of
from tenfold.performance.dialects.nemo import read_nemo
from tenfold.quantities import InputError

MODULE = """
import nemo_run as run
def trainer(tensor_parallelism=1, pipeline_parallelism=4, context_parallelism=2, num_nodes=1, num_gpus_per_node=8):
    return run.Config(Trainer, num_nodes=num_nodes, plugins=bf16_mixed())
def pretrain_recipe(num_nodes=2, num_gpus_per_node=8):
    return run.Partial(pretrain, model=model(), trainer=trainer(num_nodes=num_nodes, tensor_parallelism=2),
        data=run.Config(MockDataModule, seq_length=8192, global_batch_size=512, micro_batch_size=1))
"""
SCRIPT = """
from nemo.collections import llm
def configure(nodes: int = 4):
    recipe = llm.llama3_70b.pretrain_recipe(name="x", num_nodes=nodes, num_gpus_per_node=8)
    recipe.trainer.strategy.tensor_model_parallel_size = 4
    recipe.trainer.strategy.pipeline_model_parallel_size = 2
    recipe.trainer.strategy.sequence_parallel = True
    recipe.data.micro_batch_size = 2
    recipe.data.global_batch_size = 128
    recipe.trainer.plugins = run.Config(bf16_with_fp8_mixed)
    return recipe
"""


def test_arguments_stand_over_the_defaults_of_the_trainer() -> None:
    recipe = read_nemo(MODULE, "recipe.py")
    layout = recipe.layout
    assert (layout.tp, layout.pp, layout.cp, layout.micro_batch, layout.zero) == (2, 4, 2, 1, 1)
    assert (recipe.global_batch, recipe.sequence_length, recipe.chips, recipe.precision) == (512, 8192, 16, "bf16")


def test_lines_stand_over_calls() -> None:
    recipe = read_nemo(SCRIPT, "mine.py")
    layout = recipe.layout
    assert (layout.tp, layout.pp, layout.micro_batch, layout.sequence_parallel) == (4, 2, 2, True)
    assert (recipe.global_batch, recipe.chips, recipe.precision) == (128, 32, "fp8")


def test_what_a_script_leaves_to_the_recipe_is_asked_for() -> None:
    text = SCRIPT.replace("    recipe.trainer.strategy.pipeline_model_parallel_size = 2\n", "")
    with pytest.raises(InputError, match="pipeline_model_parallel_size: is missing"):
        read_nemo(text, "mine.py")
    given = Stated(settings={"trainer.strategy.pipeline_model_parallel_size": "8"})
    assert read_nemo(text, "mine.py", given).layout.pp == 8


def test_what_only_running_would_tell_is_asked_for() -> None:
    with pytest.raises(InputError, match="tensor_model_parallel_size: depends on"):
        read_nemo(SCRIPT.replace("size = 4", "size = nodes * 2"), "mine.py")


def test_recipes_that_start_from_another_have_what_it_gives_and_adapters_are_known_by_name() -> None:
    more = """
def fast_recipe(num_nodes=4):
    recipe = pretrain_recipe(num_nodes=num_nodes)
    recipe.data.micro_batch_size = 4
    return recipe
def finetune_recipe(num_nodes=4):
    recipe = pretrain_recipe(num_nodes=num_nodes)
    recipe.peft = run.Config(LoRA)
    return recipe
"""
    fast = read_nemo(MODULE + more, "recipe.py", Stated(settings={"recipe": "fast_recipe"}))
    assert (fast.layout.tp, fast.layout.pp, fast.layout.micro_batch, fast.chips) == (2, 4, 4, 32)
    assert read_nemo(MODULE + more, "recipe.py", Stated(settings={"recipe": "finetune_recipe"})).tuning == "lora"
    other = (MODULE + more).replace("run.Config(LoRA)", "run.Config(Another)")
    with pytest.raises(InputError, match="adapters are trained"):
        read_nemo(other, "recipe.py", Stated(settings={"recipe": "finetune_recipe"}))


def test_a_precision_that_is_put_together_is_seen() -> None:
    text = MODULE.replace("bf16_mixed()", 'run.Config(MegatronMixedPrecision, precision="bf16-mixed", fp8="hybrid")')
    assert read_nemo(text, "recipe.py").precision == "fp8"


def test_the_format_shows() -> None:
    assert format_of("a.py", MODULE) == format_of("a.py", SCRIPT) == "nemo"
