"""The dump of arguments at the start of a Megatron-LM log, as columns of a measured run.

Each line is two spaces, the argument, dots up to column 48 and the value as Python prints it, between
``---- arguments ----`` and ``---- end of arguments ----`` (Megatron-LM, ``_print_args`` of ``arguments.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tenfold.performance.dialects.megatron import (
    BATCH,
    DEGREES,
    EXPERT_DEGREES,
    EXPERT_LAYERS,
    EXPERT_WIDTH,
    EXPERTS,
    FP8_RECIPE,
    FULLY_SHARDED,
    GATED,
    GRANULARITY,
    GROUPED,
    GROUPS,
    HEAD_WIDTH,
    LATENT,
    LOGGED,
    METHOD,
    SEQUENCE,
    SHARDED,
    SHARED_WIDTH,
    SIZES,
    STRATEGY,
    TOP_K,
    WIDTH,
    argument,
)
from tenfold.quantities import Problem, shown
from tenfold.validation.logs.lines import log_problem, positive_number
from tenfold.validation.training.runs import MeasuredRun

BEGIN = re.compile(r"-{3,} arguments -{3,}")
END = re.compile(r"-{3,} end of arguments -{3,}")
_ARGUMENT = re.compile(r"(?:^|\s)([A-Za-z]\w*) (?:\.+(?: (.*))?| (\S.*))$")
_NO = ("", "None", "False")

Arguments = Mapping[str, str]

NUMBERS = {
    "n_chips": ("world_size",),
    **{axis: (LOGGED[axis],) for axis in (*DEGREES, "dp")},
    "global_batch": (argument(BATCH),),
    "seq": (argument(SEQUENCE),),
    "layers": (argument(SIZES["layers"]),),
    "hidden": (argument(SIZES["hidden"]),),
    "heads": (argument(SIZES["heads"]),),
    "vocab": ("padded_vocab_size", argument(SIZES["vocab"])),
}
"""Columns that are one argument, the first that is set."""


def argument_of(text: str) -> tuple[str, str] | None:
    """Name and value of a line of the dump; None for any other line."""
    found = _ARGUMENT.search(text.rstrip())
    return (found[1], (found[2] or found[3] or "").strip()) if found else None


def columns_of(arguments: Arguments, file: str, line: int, problems: list[Problem]) -> dict[str, str | float]:
    """Columns of a run that the arguments tell; what is not well formed is added to ``problems``."""
    columns: dict[str, str | float] = {}
    for column, names in NUMBERS.items():
        value = _number(arguments, names, file, line, problems)
        if value is not None:
            columns[column] = value
    columns |= _experts(arguments, file, line, problems)
    columns |= _widths(arguments, columns, file, line, problems)
    columns |= {"recompute": recompute_of(arguments)} if arguments else {}
    columns |= _precision(arguments, file, line, problems)
    columns["framework"] = "Megatron-DeepSpeed" if "zero_stage" in arguments else "Megatron-LM"
    if arguments:
        columns["zero_stage"] = _zero_stage(arguments)
    return columns


def _number(
    arguments: Arguments, names: tuple[str, ...], file: str, line: int, problems: list[Problem]
) -> float | None:
    for name in names:
        text = arguments.get(name, "")
        if text in _NO:
            continue
        value = positive_number(text)
        if value is None:
            wrong = f"the argument {name} is {shown(text)}, not a positive number"
            problems.append(log_problem(file, line, wrong, "Give the log as Megatron wrote it"))
        return value
    return None


def _experts(arguments: Arguments, file: str, line: int, problems: list[Problem]) -> dict[str, str | float]:
    experts = _number(arguments, (argument(EXPERTS),), file, line, problems)
    if experts is None:
        return {"arch": "dense"} if arguments else {}
    top_k = _number(arguments, (argument(TOP_K), "topk"), file, line, problems)
    degrees = {axis: _number(arguments, (LOGGED[axis],), file, line, problems) for axis in EXPERT_DEGREES}
    stated = {axis: degree for axis, degree in degrees.items() if degree is not None}
    return {"arch": "moe", "experts": experts, "top_k": top_k or 1.0, "ep": 1.0, **stated}


def _widths(
    arguments: Arguments, columns: Mapping[str, str | float], file: str, line: int, problems: list[Problem]
) -> dict[str, str | float]:
    """Columns that need two arguments: width of the feed-forward block, key-value heads, pipeline chunks."""
    out: dict[str, str | float] = {}
    names = (argument(EXPERT_WIDTH), argument(WIDTH)) if "experts" in columns else (argument(WIDTH),)
    if (ffn := _number(arguments, names, file, line, problems)) is not None:
        out["ffn"] = ffn
    grouped = arguments.get(argument(GROUPED)) == "True"
    groups = _number(arguments, (argument(GROUPS),), file, line, problems) if grouped else None
    if (heads := groups or columns.get("heads")) is not None:
        out["kv_heads"] = heads
    chunks = _number(arguments, (LOGGED["vpp"],), file, line, problems)
    if arguments:
        out["vpp"] = chunks or 1.0
    return out


def recompute_of(arguments: Arguments) -> str:
    """The recompute policy: none, selective, full, or custom where only some layers are recomputed."""
    granularity = arguments.get(argument(GRANULARITY), "")
    if arguments.get("checkpoint_activations") == "True":
        return "full"
    if granularity == "selective":
        return "selective" if arguments.get("recompute_modules", "") in (*_NO, "['core_attn']") else "custom"
    if granularity == "full":
        partial = arguments.get(argument(METHOD)) == "block"
        return "custom" if partial else "full"
    return "none"


def _precision(arguments: Arguments, file: str, line: int, problems: list[Problem]) -> dict[str, str | float]:
    """The recipe; single precision, which the training model does not know, is a problem."""
    if not arguments:
        return {}
    if arguments.get("fp4", "") not in _NO:
        return {"precision": "nvfp4"}
    if arguments.get("fp8", "") not in _NO:
        return {"precision": "mxfp8" if arguments.get(argument(FP8_RECIPE)) == "mxfp8" else "fp8"}
    for name in ("bf16", "fp16"):
        if arguments.get(name) == "True":
            return {"precision": name}
    if {"bf16", "fp16"} <= arguments.keys():
        remedy = "The training model knows 16 bits and less; leave this log out"
        problems.append(log_problem(file, line, "the run is in single precision", remedy))
    return {}


def _zero_stage(arguments: Arguments) -> float:
    """Sharding: DeepSpeed's own stage, 3 for fully sharded data parallel, 1 for the distributed optimizer, else 0."""
    stage = arguments.get("zero_stage", "")
    if stage in ("0", "1", "2", "3"):
        return float(stage)
    sharded = arguments.get(argument(STRATEGY)) == "optim_grads_params"
    own = any(arguments.get(name) == "True" for name in (argument(FULLY_SHARDED), "use_custom_fsdp", "use_torch_fsdp2"))
    if arguments.get("use_torch_fsdp2") == "True" or (own and sharded):
        return 3.0
    return float(arguments.get(argument(SHARDED)) == "True")


def needs_model(arguments: Arguments, run: MeasuredRun) -> tuple[str, ...]:
    """Parts of the shape that no column of a run can tell."""
    reasons = {
        "multi-head latent attention": arguments.get(argument(LATENT)) == "True",
        "state-space layers": arguments.get("is_hybrid_model") == "True"
        or arguments.get("hybrid_override_pattern", "") not in _NO,
        "shared experts": arguments.get(argument(SHARED_WIDTH), "") not in _NO,
        "dense layers among expert layers": run.arch == "moe"
        and arguments.get(argument(EXPERT_LAYERS), "1") not in ("1", ""),
        "heads of a width other than hidden ÷ heads": _odd_heads(arguments, run),
        "a feed-forward block of four times the hidden width with a gate": _plain(run)
        and arguments.get(argument(GATED)) == "True",
        "a plain feed-forward block of another width than four times the hidden one": bool(run.ffn)
        and not _plain(run)
        and arguments.get(argument(GATED)) == "False",
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def _plain(run: MeasuredRun) -> bool:
    return bool(run.ffn and run.hidden and run.ffn == 4.0 * run.hidden)


def _odd_heads(arguments: Arguments, run: MeasuredRun) -> bool:
    width = positive_number(arguments.get(argument(HEAD_WIDTH), ""))
    return bool(width and run.hidden and run.heads and width * run.heads != run.hidden)
