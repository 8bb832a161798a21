"""Megatron-Bridge's recipes in Python: ``cfg.model.…``, ``cfg.train.…``, ``cfg.ddp.…`` of one function, read only.

Fields as in NVIDIA-NeMo/Megatron-Bridge 026d7fa3 (2026), ``src/megatron/bridge/recipes``. A module holds many recipes:
``--set recipe=FUNCTION`` says which. The model is made by code that is not read, so it has to be named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from tenfold.performance.dialects.assigned import START, Assigned, functions_of, python_tree
from tenfold.performance.dialects.names import Names, read_degrees
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.dialects.shell import unknowns_in
from tenfold.performance.dialects.stated import NOTHING, Stated
from tenfold.performance.layout import ParallelLayout
from tenfold.quantities import InputError, Problem, shown, visible
from tenfold.workloads import FULL, LORA

REMEDY = "Give a module of recipes of Megatron-Bridge"
RECIPE = "recipe"
"""Setting that says which function of a module is meant."""
CHUNKS, STAGES = "model.virtual_pipeline_model_parallel_size", "model.pipeline_model_parallel_layout"
SEQUENCE_PARALLEL, BATCH = "model.sequence_parallel", "train.global_batch_size"
LENGTHS = ("model.seq_length", "dataset.seq_length", "dataset.sequence_length")
SHARDED, FULLY_SHARDED, STRATEGY = (
    "ddp.use_distributed_optimizer", "ddp.use_megatron_fsdp", "ddp.data_parallel_sharding_strategy",
)  # fmt: skip
ZERO_OF_STRATEGY: Mapping[str, int] = {"no_shard": 0, "optim": 1, "optim_grads": 2, "optim_grads_params": 3}
RECOMPUTE = "model.recompute_granularity"
DATA_OVERLAP, TENSOR_OVERLAP = "ddp.overlap_grad_reduce", "comm_overlap.tp_comm_overlap"
MIXED = "mixed_precision"
PRECISION_OF: Mapping[str, str] = {
    "bf16_mixed": "bf16",
    "fp16_mixed": "fp16",
    "bf16_with_fp8_mixed": "fp8",
    "bf16_with_fp8_delayed_scaling_mixed": "fp8",
    "bf16_with_fp8_current_scaling_mixed": "fp8",
    "bf16_with_fp8_subchannel_scaling_mixed": "fp8",
    "bf16_with_mxfp8_mixed": "mxfp8",
    "bf16_with_nvfp4_mixed": "nvfp4",
    "bf16": "bf16",
    "fp8_cs": "fp8",
    "fp8_ds": "fp8",
    "fp8_sc": "fp8",
    "fp8_mx": "mxfp8",
    "nvfp4": "nvfp4",
}
"""Name of a mixed precision, or its short name in ``perf_recipes``, to the number format of its products."""
SETTERS = {"_with_global_batch_size": BATCH}
"""Functions of ``perf_recipes`` around another recipe, with the setting that they change."""
SIZES = tuple(
    f"model.{name}"
    for name in (
        "num_layers", "hidden_size", "ffn_hidden_size", "num_attention_heads", "num_query_groups", "kv_channels",
        "vocab_size", "num_moe_experts", "moe_router_topk", "moe_ffn_hidden_size",
        "moe_shared_expert_intermediate_size", "moe_layer_freq", "mtp_num_layers", "window_size",
    )
)  # fmt: skip
"""Settings that change the model."""
ADAPTERS, SCHEME = "peft", f"{START}.peft_scheme"
"""Setting of what is trained beside frozen weights, and part of the name of what such recipes start from."""
NO_MATTER = frozenset({
    "ddp.average_in_collective", "ddp.check_for_nan_in_grad", "model.transformer_impl", "train.manual_gc",
    "train.manual_gc_interval", "train.train_iters", "train.eval_interval", "train.eval_iters", "optimizer.lr",
    "optimizer.min_lr", "optimizer.weight_decay", "optimizer.adam_beta1", "optimizer.adam_beta2", "optimizer.adam_eps",
    "optimizer.clip_grad", "model.pipeline_dtype", "model.cuda_graph_warmup_steps",
})  # fmt: skip
"""Settings that do not change the estimate."""
COUNTED_FOR = ("model", "train", "ddp", "comm_overlap", "mixed_precision", "optimizer")
"""Tables whose other settings are listed as not understood."""


def read_bridge_recipe(text: str, file: str, degrees: Names, stated: Stated = NOTHING) -> Recipe:
    """Read one recipe of a module; ``degrees`` are the settings of the axes.

    Raises ``InputError`` for what is no Python, and with every wrong value.
    """
    every = functions_of(python_tree(text, file, REMEDY), SETTERS)
    name = stated.settings.get(RECIPE, "")
    _refuse_start_elsewhere(every, degrees["tp"], file, name)
    chosen = chosen_recipe(tuple(each for each in every if degrees["tp"] in each.values), file, name)
    over = {name: value for name, value in stated.settings.items() if name != RECIPE}
    settings = Settings(file=file, values={**chosen.values, **over})
    _report_other_models(settings, chosen.called | over.keys())
    layout = _layout(settings, degrees, stated)
    recipe = Recipe(
        shape=None,
        sequence_length=_length(settings),
        global_batch=stated.global_batch or settings.optional(BATCH),
        precision=stated.precision or _precision(settings),
        software="megatron-bridge",
        chips=None,
        layout=layout,
        tuning=tuning_said(settings),
        assumed=tuple(_assumed(settings, chosen.passed_to)),
        not_understood=tuple(sorted(set(_others(settings)))),
    )
    settings.finish()
    return recipe


def _refuse_start_elsewhere(every: tuple[Assigned, ...], degree: str, file: str, name: str) -> None:
    """Raise ``InputError`` for the recipe of this name where it sets no degree and starts from another module's."""
    for each in every:
        if each.name == name and degree not in each.values and START in each.values:
            start = visible(str(each.values[START]))
            remedy = f"Give the module that holds it, with --set {RECIPE}={start}"
            raise InputError(
                Problem(file=file, key=RECIPE, wrong=f"starts from {start} of another module", remedy=remedy)
            )


def chosen_recipe(found: tuple[Assigned, ...], file: str, name: str) -> Assigned:
    """The recipe that is named, or the only one. Raises ``InputError`` where neither is there."""
    listed = ", ".join(visible(each.name) for each in found[:5]) + (" …" if len(found) > 5 else "")
    wanted = [each for each in found if name in ("", each.name)]
    if len(wanted) == 1:
        return wanted[0]
    if not found:
        wrong, remedy = "no function sets the degrees of a recipe", REMEDY
    elif name:
        wrong, remedy = f"no recipe '{visible(name)}'", f"Give --set {RECIPE}=NAME, one of {listed}"
    else:
        wrong, remedy = f"{len(found)} recipes", f"Say which: --set {RECIPE}=NAME, one of {listed}"
    raise InputError(Problem(file=file, key=RECIPE, wrong=wrong, remedy=remedy))


def _report_other_models(settings: Settings, known: Set[str]) -> None:
    """Report what makes the model another than the one that is named; ``known`` settings are in that already."""
    for name in SIZES:
        if settings.present(name) and settings.values[name] != 0 and name not in known:
            remedy = f"Name a model that has it, and say so: --set {name}={visible(str(settings.values[name]))[:20]}"
            settings.report(name, "makes the model another than the one its recipe starts from", remedy)


def tuning_said(settings: Settings) -> str:
    """What is trained: adapters where they are set up, or where what a recipe starts from is of them.

    Reports adapters that are not LoRA's, or that nothing says the kind of.
    """
    started = ADAPTERS in settings.text(START, "")
    if not settings.present(ADAPTERS) and not started:
        return FULL
    said = settings.values.get(ADAPTERS, settings.values.get(SCHEME))
    if not isinstance(said, str) or said.casefold() != LORA:
        wrong = "adapters are trained beside frozen weights, and their kind is not known here"
        settings.report(
            ADAPTERS, wrong, f"Give --set {ADAPTERS}={LORA}, or ask tenfold estimate training with --tuning"
        )
    return LORA


def _layout(settings: Settings, names: Names, stated: Stated) -> ParallelLayout:
    degrees = read_degrees(settings, names)
    if stated.micro_batch:
        degrees["micro_batch"] = stated.micro_batch
    fully = settings.flag(FULLY_SHARDED, False)
    strategy = settings.word(STRATEGY, "optim_grads_params" if fully else "no_shard", tuple(ZERO_OF_STRATEGY))
    return ParallelLayout(
        **degrees,
        vpp=settings.whole(CHUNKS, 1),
        zero=ZERO_OF_STRATEGY[strategy] if fully else int(settings.flag(SHARDED, True)),
        sequence_parallel=settings.flag(SEQUENCE_PARALLEL, False),
        recompute=settings.word(RECOMPUTE, "none", ("none", "selective", "full")),
        data_overlap=settings.flag(DATA_OVERLAP, True),
        tensor_overlap=settings.flag(TENSOR_OVERLAP, False),
    )


def _length(settings: Settings) -> int | None:
    """Tokens of a sequence; a model and its data that disagree are reported."""
    given = [name for name in LENGTHS if settings.present(name) and not unknowns_in(str(settings.values[name]))]
    said = {name: settings.whole(name, 1) for name in given}
    if len(set(said.values())) > 1:
        settings.report(
            LENGTHS[0], " and ".join(f"{name} {value:,}" for name, value in said.items()), "Keep one length"
        )
    return next(iter(said.values()), None)


def _precision(settings: Settings) -> str:
    """Number format of the products; bf16 where a recipe leaves it to what all recipes start from."""
    for name in ("fp8", "fp8_recipe", "fp4"):
        if settings.present(f"{MIXED}.{name}"):
            settings.report(f"{MIXED}.{name}", "a precision that is put together is not read", "Give --precision")
    said = settings.text(MIXED, "bf16_mixed")
    if said not in PRECISION_OF:
        settings.report(MIXED, f"{shown(said)} is not known here", "Give --precision")
    return PRECISION_OF.get(said, "bf16")


def _assumed(settings: Settings, passed_to: tuple[str, ...]) -> Iterator[str]:
    if passed_to:
        yield f"what {', '.join(visible(each) for each in passed_to)} of other modules set is not read"
    yield "what the recipe does not set is as such recipes start: optimizer states sharded, traffic overlapped"
    if not settings.present(MIXED):
        yield "products in bf16, as such recipes start"
    if settings.present(STAGES):
        yield "layers are dealt evenly over the stages, not as the recipe's own list deals them"


def _others(settings: Settings) -> Iterator[str]:
    """Settings of the tables that matter which nothing was done with; ``None`` sets nothing."""
    for name, value in settings.values.items():
        table, _, below = name.partition(".")
        said = value not in (None, False) and not unknowns_in(str(value))
        if table in COUNTED_FOR and below and said and name not in settings.asked | NO_MATTER:
            yield name
