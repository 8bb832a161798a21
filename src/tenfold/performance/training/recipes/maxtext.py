"""MaxText's YAML: mesh axes, batch, policies and the model's sizes.

Keys and defaults as in AI-Hypercomputer/maxtext e591f30c (2026-08-22), ``src/maxtext/configs/base.yml``. What a file
leaves out comes from ``base.yml`` there; sizes of the model are never taken from it, because they are an example.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.catalog.models import TransformerShape
from tenfold.performance.training.recipes.recipe import Recipe
from tenfold.performance.training.recipes.settings import Settings
from tenfold.quantities import InputError, Problem, shown

REMAT = {"minimal_with_context": 0.0, "minimal": 1.0, "full": 2.0}
"""``remat_policy`` to the scale of ``Layout.recompute``."""
QUANTIZATION = {"": "bf16", "int8": "int8", "fp8": "fp8", "nanoo_fp8": "fp8", "fp8_full": "fp8"}
AXES = ("data", "fsdp", "fsdp_transpose", "context", "tensor", "tensor_sequence", "expert", "pipeline")
SIZES = ("base_emb_dim", "base_num_query_heads", "base_num_decoder_layers", "vocab_size")
"""Sizes without which there is no model."""
NO_MATTER = frozenset({
    "base_config", "run_name", "num_slices", "steps", "hardware", "enable_checkpointing", "async_checkpointing",
    "checkpoint_period",
    "dataset_type", "tokenizer_path", "base_output_directory", "decoder_block", "normalization_layer_epsilon",
    "enable_dropout", "rope_max_timescale", "model_name", "scan_layers", "attention", "log_period", "profiler",
})  # fmt: skip
"""Settings that do not change the estimate."""


def read_maxtext(text: str, file: str) -> Recipe:
    """Read a configuration. Raises ``InputError`` for what is no YAML mapping, and for every wrong value."""
    settings = Settings(file=file, values=_parse(text, file))
    degrees = _degrees(settings)
    chips = _product(degrees.values())
    recipe = Recipe(
        shape=_shape(settings) if settings.present("base_emb_dim") else None,
        sequence_length=settings.whole("max_target_length", 2048),
        global_batch=_global_batch(settings, chips),
        precision=QUANTIZATION[settings.word("quantization", "", tuple(QUANTIZATION))],
        chips=chips,
        tp=degrees["tensor"] * degrees["tensor_sequence"],
        pp=degrees["pipeline"],
        vpp=_repeats(settings, degrees["pipeline"]),
        cp=degrees["context"],
        ep=degrees["expert"],
        zero_stage=_zero_stage(settings, degrees),
        sequence_parallel=degrees["tensor_sequence"] > 1,
        recompute=REMAT[settings.word("remat_policy", "full", tuple(REMAT))],
        micro_batch=_micro_batch(settings, degrees, chips),
        tensor_overlap=True,
        data_overlap=True,
        assumed=("traffic overlaps with compute as XLA does by default",),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - NO_MATTER)),
    )
    settings.finish()
    return recipe


def _product(factors: object) -> int:
    total = 1
    for factor in factors:  # type: ignore[attr-defined]
        total *= factor
    return total


def _degrees(settings: Settings) -> dict[str, int]:
    """Degree of each axis, inside a slice times between slices. An automatic axis (-1) has to be given."""
    degrees = dict[str, int]()
    for axis in AXES:
        names = (f"ici_{axis}_parallelism", f"dcn_{axis}_parallelism")
        for name in names:
            if settings.values.get(name) == -1:
                settings.report(name, "-1 leaves the degree to MaxText", "Write the degree")
        degrees[axis] = _product(settings.whole(name, 1, -1) for name in names)
    for name, axis in (("ici_fsdp_parallelism", "fsdp"), ("dcn_data_parallelism", "data")):
        if not settings.present(name):
            settings.report(name, f"is left to MaxText, so the {axis} degree is unknown", "Write the degree")
    return {axis: max(1, degree) for axis, degree in degrees.items()}


def _zero_stage(settings: Settings, degrees: Mapping[str, int]) -> int:
    sharded = settings.flag("shard_optimizer_over_data", False)
    return 3 if degrees["fsdp"] * degrees["fsdp_transpose"] > 1 else int(sharded)


def _replicas(degrees: Mapping[str, int]) -> int:
    return _product(degrees[axis] for axis in ("data", "fsdp", "fsdp_transpose", "expert"))


def _global_batch(settings: Settings, chips: int) -> int:
    per_device = settings.number("per_device_batch_size", 12.0)
    batch = per_device * chips * settings.whole("gradient_accumulation_steps", 1)
    if round(batch) < 1 or abs(batch - round(batch)) > 1e-6 * max(1.0, batch):
        settings.report("per_device_batch_size", f"gives {batch:g} sequences a step, no whole number", "Write another")
    return max(1, round(batch))


def _micro_batch(settings: Settings, degrees: Mapping[str, int], chips: int) -> int:
    """Sequences a replica runs through at once: its share of the batch over accumulation and pipeline micro-batches."""
    stages = degrees["pipeline"]
    pieces = settings.whole("num_pipeline_microbatches", stages, -1) if stages > 1 else 1
    pieces = stages if pieces < 1 else pieces
    size = settings.number("per_device_batch_size", 12.0) * chips / (_replicas(degrees) * pieces)
    if round(size) < 1 or abs(size - round(size)) > 1e-6 * max(1.0, size):
        settings.report("per_device_batch_size", f"gives {size:g} sequences a micro-batch", "Write another")
    return max(1, round(size))


def _repeats(settings: Settings, stages: int) -> int:
    if stages == 1:
        settings.whole("num_pipeline_repeats", 1, -1)
        settings.whole("num_layers_per_pipeline_stage", 1)
        return 1
    given = settings.whole("num_pipeline_repeats", -1, -1)
    layers = settings.whole("base_num_decoder_layers", stages)
    each = settings.whole("num_layers_per_pipeline_stage", 1)
    return given if given > 0 else max(1, layers // (stages * each))


def _shape(settings: Settings) -> TransformerShape:
    settings.require(*SIZES)
    layers = settings.whole("base_num_decoder_layers", 1)
    heads = settings.whole("base_num_query_heads", 1)
    moe = settings.whole("num_experts", 1) > 1
    dense = settings.whole("first_num_dense_layers", 0, 0) if moe else layers
    ffn = settings.whole("base_mlp_dim", 1) if dense else 0
    head_dim = settings.whole("head_dim", 128)
    latent = settings.word("attention_type", "global", ("global", "mla")) == "mla"
    rope = settings.whole("qk_rope_head_dim", 64) if latent else 0
    settings.asked.add("base_mlp_dim")
    return TransformerShape(
        hidden=float(settings.whole("base_emb_dim", 1)),
        vocab=float(settings.whole("vocab_size", 1)),
        attention_layers=float(layers),
        dense_mlp_layers=float(min(dense, layers)),
        heads=float(heads),
        kv_heads=float(settings.whole("base_num_kv_heads", heads)),
        head_dim=float(settings.whole("qk_nope_head_dim", 128) + rope if latent else head_dim),
        value_head_dim=float(settings.whole("v_head_dim", 128) if latent else head_dim),
        ffn=float(ffn),
        gated_mlp=float(_gated(settings)),
        tied_embeddings=float(settings.flag("logits_via_embedding", False)),
        attention_bias=float(settings.flag("attention_bias", False)),
        moe_layers=float(max(0, layers - dense)),
        experts=float(settings.whole("num_experts", 1)) if moe else 0.0,
        top_k=float(settings.whole("num_experts_per_tok", 1)) if moe else 0.0,
        expert_ffn=float(settings.whole("base_moe_mlp_dim", 1)) if moe else 0.0,
        shared_ffn=float(settings.whole("shared_experts", 0, 0) * settings.whole("base_moe_mlp_dim", 1))
        if moe
        else 0.0,
        q_lora_rank=float(settings.whole("q_lora_rank", 0, 0)) if latent else 0.0,
        kv_lora_rank=float(settings.whole("kv_lora_rank", 512)) if latent else 0.0,
        rope_head_dim=float(rope),
        mtp_layers=float(settings.whole("mtp_num_layers", 0, 0)),
    )


def _gated(settings: Settings) -> bool:
    """Two activations are multiplied with each other: a gate."""
    settings.asked.add("mlp_activations")
    activations = settings.values.get("mlp_activations", ["silu", "linear"])
    if not isinstance(activations, list):
        settings.report(
            "mlp_activations", f"{shown(activations)} is no list", 'Write a list such as ["silu", "linear"]'
        )
        return True
    return len(activations) > 1


def _parse(text: str, file: str) -> Mapping[str, object]:
    def refuse(wrong: str) -> InputError:
        return InputError(Problem(file=file, key="", wrong=wrong, remedy="Give a configuration of MaxText"))

    try:
        import yaml
    except ModuleNotFoundError:
        raise InputError(
            Problem(file=file, key="", wrong="YAML cannot be read", remedy="Type: uv add pyyaml")
        ) from None
    try:
        tree = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as trouble:
        raise refuse(f"is no YAML ({shown(' '.join(str(trouble).split()))[1:-1]})") from None
    if not isinstance(tree, dict) or not all(isinstance(key, str) for key in tree):
        raise refuse("is no YAML mapping of names to values")
    return tree
