"""Megatron-LM's arguments: a file of flags, or the shell script that holds them, read.

The names of flags are in ``flags``, a model's sizes in ``model``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from tenfold.performance.dialects.megatron.flags import (
    BATCH,
    CHANGES_MODEL,
    CHUNKS,
    DATA_SWITCHES,
    DEGREES,
    EXPERT_DEGREES,
    FP4,
    FP4_RECIPE,
    FP8,
    FP8_RECIPE,
    FP16,
    FULLY_SHARDED,
    GRANULARITY,
    LAYERS_PER_CHUNK,
    METHOD,
    NO_MATTER,
    NO_SUCH_FLAG,
    NODES,
    PER_NODE,
    RECOMPUTED_LAYERS,
    SELECTIVE,
    SHARDED,
    STAGE_LAYOUT,
    STAGES,
    STRATEGY,
    TENSOR_SWITCHES,
    TORCH_FSDP,
    UNEVEN_STAGES,
    UNSAID_AS,
    WHOLE_LAYERS,
    YAML_ARGUMENTS,
    ZERO_STAGE,
)
from tenfold.performance.dialects.megatron.model import EXPERTS, SEQUENCE, SIZES, read_shape
from tenfold.performance.dialects.megatron.optimizer import kept_bytes
from tenfold.performance.dialects.names import read_degrees, read_switches
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.dialects.shell import flags_of
from tenfold.performance.dialects.stated import NOTHING, OWN_SIZES, Stated, how_to_give
from tenfold.performance.layout import ParallelLayout
from tenfold.quantities import Expansion, InputError, Problem, visible, yaml_tree
from tenfold.workloads import RECOMPUTE, recompute_name

QUOTED = re.compile(r"""^(['"])(.*)\1$""", re.DOTALL)


OWN = frozenset({*DEGREES.values(), *EXPERT_DEGREES.values(), *SIZES.values(), *NO_SUCH_FLAG, BATCH, SEQUENCE})
"""Flags by which a command is Megatron-LM's."""


def read_megatron(text: str, file: str, stated: Stated = NOTHING) -> Recipe:
    """Read arguments: flags, the shell script that holds them, or the YAML that lists them.

    Raises ``InputError`` with every wrong one. A flag that changes the model and is not known is wrong; others that are
    not known are listed.
    """
    flags, undecided = _flags(text, file, stated)
    values: dict[str, object] = {name: _value(values) for name, values in flags.items()}
    settings = Settings(file=file, values=values | _given_flags(stated))
    for name, instead in NO_SUCH_FLAG.items():
        if settings.present(name):
            settings.report(name, "Megatron-LM has no such flag", f"Use {instead}")
    if stated.micro_batch is None:
        settings.require_or(DEGREES["micro_batch"], "Add it, or give --micro-batch")
    batch = stated.global_batch or settings.optional(BATCH)
    layout = _layout(settings, stated)
    kept = kept_bytes(settings)
    own = settings.present(SIZES["hidden"])
    if stated.model:
        settings.asked |= _asked_of_shape(settings)
    recipe = Recipe(
        shape=None if stated.model or not own else read_shape(settings),
        sequence_length=settings.optional(SEQUENCE),
        global_batch=batch,
        replica_batch=layout.micro_batch,
        precision=_precision(settings, stated),
        chips=_chips(settings),
        layout=layout,
        software="megatron-lm",
        gradient_bytes=kept.gradients,
        optimizer_bytes=kept.optimizer,
        assumed=(*_assumed(settings, batch), *kept.assumed, *((OWN_SIZES,) if own and stated.model else ())),
        not_understood=tuple(sorted(set(settings.values) - settings.asked - NO_MATTER)),
    )
    settings.refuse_others("Megatron-LM", OWN.__contains__)
    _refuse_unread(settings, recipe.not_understood if recipe.shape is not None else (), undecided)
    settings.finish()
    return recipe


def _flags(text: str, file: str, stated: Stated) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Flags of a script, and those of commands that may not run; of a YAML its ``MODEL_ARGS``."""
    if not re.search(rf"^{YAML_ARGUMENTS}\s*:", text, re.MULTILINE):
        found = flags_of(text, file, stated.settings)
        return found, found.undecided
    tree = yaml_tree(text, file, "Give arguments of Megatron-LM")
    table = tree.get(YAML_ARGUMENTS) if isinstance(tree, dict) else None
    if not isinstance(table, dict):
        remedy = "Write flags and their values below it"
        raise InputError(Problem(file=file, key=YAML_ARGUMENTS, wrong="is no table", remedy=remedy))
    rows = {str(name): value for name, value in table.items() if value not in (None, False)}
    return {name: () if value is True else (str(value),) for name, value in rows.items()}, {}


def _given_flags(stated: Stated) -> dict[str, object]:
    """Flags among what is stated: ``vocab_size=128256`` is ``--vocab-size``; names in capitals are variables."""
    return {
        f"--{name.lstrip('-').replace('_', '-')}": value
        for name, value in stated.settings.items()
        if name == name.lower() and not name.isdecimal()
    }


def _asked_of_shape(settings: Settings) -> set[str]:
    """Flags of the model's sizes, which the model named beside the file stands for."""
    scratch = Settings(file=settings.file, values=settings.values)
    read_shape(scratch)
    return scratch.asked


def _assumed(settings: Settings, batch: int | None) -> Iterator[str]:
    if batch is None:
        yield "the global batch is a micro-batch for each replica, as Megatron-LM has it where it is not said"
    uneven = [name for name in UNEVEN_STAGES if settings.present(name)]
    if uneven:
        yield f"stages hold the same number of layers: {', '.join(uneven)} left out of account"


def _refuse_unread(
    settings: Settings, not_understood: tuple[str, ...], undecided: Mapping[str, tuple[str, ...]]
) -> None:
    """Report flags that change the model and are not understood, and those that may or may not be there."""
    for name in not_understood:
        if CHANGES_MODEL.search(name):
            remedy = "Name the model with --model, or take the flag out if it does not count"
            settings.report(name, "changes the model in a way that is not understood", remedy)
    for name, names in undecided.items():
        if name not in NO_MATTER and (name in settings.asked or CHANGES_MODEL.search(name)):
            said = " and ".join(f"${visible(each)}" for each in names)
            settings.report(name, f"is there or not by {said}, which nothing sets", how_to_give(names))


def _value(values: tuple[str, ...]) -> object:
    """The first value, without quotes that a later shell would take off; a flag without one is True."""
    return QUOTED.sub(r"\2", values[0]) if values else True


def _layout(settings: Settings, stated: Stated) -> ParallelLayout:
    """The layout of one replica. Experts are as tensor-parallel as the rest, unless it is said."""
    degrees = read_degrees(settings, DEGREES)
    degrees["micro_batch"] = stated.micro_batch or degrees["micro_batch"]
    unsaid = {axis: degrees[other] for axis, other in UNSAID_AS.items()} if settings.present(EXPERTS) else {}
    experts = read_degrees(settings, EXPERT_DEGREES, **unsaid)
    chunks = _chunks(settings, degrees["pp"])
    return ParallelLayout(
        **degrees | experts | read_switches(settings, {**TENSOR_SWITCHES, **DATA_SWITCHES}),
        vpp=chunks,
        zero=_zero_stage(settings),
        recompute=_recompute(settings, degrees["pp"] * chunks),
    )


def _chips(settings: Settings) -> int | None:
    """Processes of ``torchrun``, when the script says them in numbers."""
    given = (next((name for name in names if settings.present(name)), "") for names in (PER_NODE, NODES))
    texts = [str(settings.values[name]) for name in given if name]
    if len(texts) < 2 or not all(re.fullmatch(r"[1-9]\d{0,6}", text) for text in texts):
        return None
    return int(texts[0]) * int(texts[1])


def _chunks(settings: Settings, stages: int) -> int:
    if settings.present(STAGE_LAYOUT):
        return max(1, _stages_of(settings.text(STAGE_LAYOUT, ""), settings.file) // stages)
    per_rank, per_chunk = settings.optional(CHUNKS), settings.optional(LAYERS_PER_CHUNK)
    if per_rank is not None or per_chunk is None:
        return per_rank or 1
    return max(1, settings.whole(SIZES["layers"], stages * per_chunk) // (stages * per_chunk))


def _stages_of(pattern: str, file: str) -> int:
    """Chunks of a pipeline layout such as ``Et*3|(tt|)*29|L``: each bar ends one."""
    bound = Expansion(file=file, most=100_000, what="patterns")

    def repeated(found: re.Match[str]) -> str:
        times = min(int(found[2][:6]), 100_000)
        bound.add(len(found[1]) * times)
        return found[1] * times

    spread = re.sub(r"\(([^()]*)\)\*([0-9]+)", repeated, pattern[:10_000])
    return len([each for each in spread.split("|") if each]) or 1


def _zero_stage(settings: Settings) -> int:
    strategy = settings.word(STRATEGY, "optim_grads_params", tuple(STAGES))
    sharded, stage = settings.present(SHARDED), settings.whole(ZERO_STAGE, 0, 0)
    if settings.present(TORCH_FSDP) or stage > 2:
        return 3
    return STAGES[strategy] if settings.present(FULLY_SHARDED) else max(int(sharded), stage)


def _recompute(settings: Settings, chunks: int) -> str:
    """Whole layers of each chunk become a share of its layers."""
    whole = settings.optional(RECOMPUTED_LAYERS)
    method = settings.word(METHOD, "", ("", "uniform", "block"))
    granularity = settings.word(GRANULARITY, "", ("", *RECOMPUTE[1:]))
    if sum(settings.present(name) for name in WHOLE_LAYERS):
        return "full"
    if settings.present(SELECTIVE):
        return "selective"
    if granularity != "full":
        return granularity or "none"
    if method != "block" or whole is None:
        return "full"
    layers = settings.whole(SIZES["layers"], chunks * whole)
    return recompute_name(1.0 + min(1.0, whole / math.ceil(layers / chunks)))


def _precision(settings: Settings, stated: Stated) -> str:
    """The recipe; Megatron-LM trains in 32 bits unless told otherwise, which is not known here."""
    narrow = settings.present(FP16), settings.present("--bf16")
    recipe = settings.word(FP8_RECIPE, "delayed", ("tensorwise", "delayed", "mxfp8", "blockwise", "custom"))
    found = "fp16" if narrow[0] else "bf16"
    if settings.present(FP4):
        found = settings.word(FP4_RECIPE, "nvfp4", ("nvfp4",))
    elif settings.present(FP8):
        found = "mxfp8" if recipe == "mxfp8" else "fp8"
    elif stated.precision is None and not any(narrow):
        wrong = "neither --bf16 nor --fp16: Megatron-LM then trains in 32 bits, which is not known here"
        settings.report("", wrong, "Add one, or give --precision")
    return stated.precision or found
