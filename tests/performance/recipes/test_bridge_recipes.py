"""Recipes of Megatron-Bridge in Python: read as text, one function of many, nothing of it run."""

from __future__ import annotations

import pytest

from tenfold.performance.dialects import Recipe, Stated, format_of
from tenfold.performance.dialects.bridge import read_bridge
from tenfold.quantities import InputError

MODULE = """
from megatron.bridge import AutoBridge

LONG: int = 16384


def base_config():
    cfg = _pretrain_common()
    cfg.model = AutoBridge.from_hf_pretrained("some/model").to_megatron_provider(load_weights=False)
    cfg.model.tensor_model_parallel_size = 4
    cfg.model.pipeline_model_parallel_size = 2
    cfg.model.virtual_pipeline_model_parallel_size = None
    cfg.model.context_parallel_size = 2
    cfg.model.sequence_parallel = True
    cfg.model.seq_length = LONG
    cfg.dataset.seq_length = LONG
    cfg.train.global_batch_size = 512
    cfg.train.micro_batch_size = 1
    cfg.model.recompute_granularity = "full"
    cfg.model.moe_permute_fusion = True
    cfg.ddp.use_distributed_optimizer = True
    cfg.ddp.overlap_grad_reduce = False
    return cfg


def narrow_config():
    cfg = base_config()
    cfg.mixed_precision = bf16_with_mxfp8_mixed()
    cfg.model.virtual_pipeline_model_parallel_size = 5
    cfg.comm_overlap = CommOverlapConfig(tp_comm_overlap=True)
    cfg.ddp.use_megatron_fsdp = True
    cfg.ddp.data_parallel_sharding_strategy = "optim_grads_params"
    return cfg
"""


def read(text: str = MODULE, recipe: str = "base_config", **settings: str) -> Recipe:
    return read_bridge(text, "llama.py", Stated(settings={"recipe": recipe, **settings} if recipe else settings))


def test_a_recipe_is_what_its_function_sets() -> None:
    found = read()
    layout = found.layout
    assert (layout.tp, layout.pp, layout.cp, layout.vpp, layout.micro_batch, layout.zero) == (4, 2, 2, 1, 1, 1)
    assert (found.sequence_length, found.global_batch, found.precision) == (16384, 512, "bf16")
    assert (layout.sequence_parallel, layout.recompute, layout.data_overlap) == (True, "full", False)
    assert found.not_understood == ("model.moe_permute_fusion",)
    assert any("bf16" in each for each in found.assumed)


def test_a_recipe_that_starts_from_another_has_what_that_sets() -> None:
    found = read(recipe="narrow_config")
    layout = found.layout
    assert (layout.tp, layout.vpp, layout.zero, layout.tensor_overlap) == (4, 5, 3, True)
    assert (found.precision, found.global_batch) == ("mxfp8", 512)


def test_which_recipe_has_to_be_said_where_there_are_several() -> None:
    with pytest.raises(InputError, match=r"2 recipes\. Say which: --set recipe=NAME, one of base_config, narrow"):
        read(recipe="")
    with pytest.raises(InputError, match="no recipe 'other'"):
        read(recipe="other")
    with pytest.raises(InputError, match="no function sets"):
        read("import megatron.bridge\n")
    with pytest.raises(InputError, match="is no Python"):
        read("def (")


def test_what_only_running_would_tell_is_refused_and_can_be_given() -> None:
    text = MODULE.replace("parallel_size = 4", "parallel_size = ranks()").replace(
        "    cfg.train.global_batch_size = 512", "    if long:\n        cfg.train.global_batch_size = 256"
    )
    with pytest.raises(InputError) as refused:
        read(text)
    said = str(refused.value)
    assert "model.tensor_model_parallel_size" in said
    assert "train.global_batch_size" in said
    given = {"model.tensor_model_parallel_size": "8", "train.global_batch_size": "128"}
    found = read(text, **given)
    assert (found.layout.tp, found.global_batch) == (8, 128)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cfg.model.num_layers = 8", "makes the model another"),
        ("cfg.model.mtp_num_layers = 1", "makes the model another"),
        ("cfg.dataset.seq_length = 4096", "Keep one length"),
        ('cfg.mixed_precision = "bf16_with_some_mixed"', "is not known here"),
        ('cfg.mixed_precision.fp8 = "e4m3"', "Give --precision"),
        ('cfg.ddp.data_parallel_sharding_strategy = "half"', "is not known here"),
        ('cfg.model.recompute_granularity = "some"', "is not known here"),
        ("cfg.peft = default_peft_config(kind)", "adapters are trained beside frozen weights"),
    ],
)
def test_no_silent_wrong_value(line: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(MODULE.replace("    cfg.ddp.overlap_grad_reduce = False", f"    {line}"))


def test_recipes_of_adapters_are_not_timed_as_full_training() -> None:
    with pytest.raises(InputError, match="adapters are trained"):
        read(MODULE.replace("_pretrain_common()", "_peft_common()"))
    assert read(MODULE.replace("_pretrain_common()", '_peft_common(peft_scheme="lora")')).tuning == "lora"
    line = "    cfg.peft = default_peft_config(kind)\n    return cfg"
    text = MODULE.replace("    return cfg", line, 1).replace("def base_config():", 'def base_config(kind="LoRA"):')
    assert read(text).tuning == "lora"
    assert read().tuning == "full"


def test_what_makes_the_model_may_split_it_too() -> None:
    made = "Provider(num_layers=32, context_parallel_size=8, tensor_model_parallel_size=16)"
    text = MODULE.replace('AutoBridge.from_hf_pretrained("some/model").to_megatron_provider(load_weights=False)', made)
    found = read(text.replace("    cfg.model.context_parallel_size = 2\n", ""))
    assert (found.layout.cp, found.layout.tp) == (8, 4), "a line of its own stands over it"


def test_arguments_and_names_that_are_written_out_count() -> None:
    text = MODULE.replace("def base_config():", "def base_config(length=2048, *, ranks=8):\n    batch = 64")
    text = text.replace("= LONG", "= length").replace("parallel_size = 4", "parallel_size = ranks")
    found = read(text.replace("batch_size = 512", "batch_size = batch"))
    assert (found.sequence_length, found.layout.tp, found.global_batch) == (2048, 8, 64)


def test_a_model_that_has_what_the_recipe_changes_can_be_named() -> None:
    changed = MODULE.replace("    cfg.ddp.overlap_grad_reduce = False", "    cfg.model.num_layers = 8")
    assert read(changed, **{"model.num_layers": "8"}).layout.tp == 4


def test_recipes_that_start_from_each_other_are_no_recipes() -> None:
    circle = MODULE.replace("cfg = _pretrain_common()", "cfg = narrow_config()")
    with pytest.raises(InputError, match="no function sets"):
        read(circle, recipe="")


def test_what_python_would_warn_of_is_nobodys_matter() -> None:
    assert read(MODULE.replace("= 512", "= 512if True else 0"), **{"train.global_batch_size": "4"}).global_batch == 4


def test_the_format_is_told_by_what_is_imported() -> None:
    assert format_of("llama3.py", MODULE) == "megatron-bridge"
    assert format_of("config.py", "from torchtitan.trainer import Trainer\n") == "torchtitan"


PERFORMANCE = """
def _local(cfg):
    cfg.model.recompute_granularity = "full"
    print(cfg)


def small_config():
    cfg = pretrain_config_of_another_module()
    cfg.mixed_precision = _perf_precision("fp8_mx")
    cfg.model.tensor_model_parallel_size = 2
    cfg.train.micro_batch_size = 1
    cfg.train.global_batch_size = 128
    cfg.model.seq_length = 4096
    cfg.dataset.seq_length = cfg.model.seq_length
    _local(cfg)
    _benchmark_common(cfg)
    return cfg


def large_config():
    cfg = _with_global_batch_size(small_config(), 4096)
    cfg.env_vars = {"NCCL_NVLS_ENABLE": 0}
    return cfg


def moved_config():
    cfg = recipe_of_another_chip()
    return cfg


def odd_config():
    cfg = small_config()
    cfg.mixed_precision = _precision_of_our_own()
    cfg.dataset.seq_length = cfg.model.another_length
    return cfg


def circle_config():
    cfg = small_config()
    circle_config(cfg)
    return cfg
"""


def test_recipes_of_performance_have_short_names_of_precision_and_what_local_functions_set() -> None:
    found = read(PERFORMANCE, "small_config")
    assert (found.precision, found.sequence_length, found.global_batch) == ("mxfp8", 4096, 128)
    assert (found.layout.tp, found.layout.recompute) == (2, "full")
    assert "what _benchmark_common of other modules set is not read" in found.assumed


def test_a_function_around_a_recipe_sets_its_batch() -> None:
    found = read(PERFORMANCE, "large_config")
    assert (found.global_batch, found.layout.tp, found.precision) == (4096, 2, "mxfp8")
    assert any("_benchmark_common" in each for each in found.assumed)


def test_a_recipe_of_another_module_a_precision_of_its_own_and_a_circle_are_said() -> None:
    with pytest.raises(InputError, match=r"starts from recipe_of_another_chip of another module.*--set recipe=recipe_"):
        read(PERFORMANCE, "moved_config")
    with pytest.raises(InputError, match=r"'_precision_of_our_own' is not known here\. Give --precision"):
        read(PERFORMANCE, "odd_config")
    stated = Stated(settings={"recipe": "odd_config"}, precision="fp8")
    assert read_bridge(PERFORMANCE, "a.py", stated).sequence_length == 4096
    with pytest.raises(InputError, match="no recipe 'circle_config'"):
        read(PERFORMANCE, "circle_config")
