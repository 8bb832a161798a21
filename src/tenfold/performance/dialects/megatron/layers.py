"""Which layers a model in Megatron-LM's arguments has: patterns of hybrids, mixers in turn, lists a layer."""

from __future__ import annotations

import ast

from tenfold.performance.dialects.settings import Settings
from tenfold.workloads.huggingface import gated_delta

LAYERS = "--num-layers"
HYBRID = ("--hybrid-layer-pattern", "--hybrid-override-pattern")
VARIANT = "--experimental-attention-variant"
LINEAR_KIND, LINEAR_EVERY = "--linear-attention-type", "--linear-attention-freq"
MOST_LAYERS = 100_000


def blocks(settings: Settings) -> str | None:
    """Pattern of a hybrid, a letter a layer; None for a model that is none."""
    name = next((name for name in HYBRID if settings.present(name)), None)
    if name is None:
        return None
    pattern = settings.text(name, "").split("/")[0].replace("|", "")
    if not pattern or set(pattern) - set("M*-E"):
        settings.report(name, f"'{pattern[:40]}' is no pattern of blocks", 'Write a letter of "M*-E" for each layer')
        return "*"
    return pattern


def blocks_of_mtp(settings: Settings) -> int:
    """Further tokens that a hybrid's pattern predicts: a slash begins the blocks of each."""
    name = next((name for name in HYBRID if settings.present(name)), None)
    return 0 if name is None else settings.text(name, "").count("/")


def hybrid(settings: Settings, pattern: str, layers: int, hidden: int) -> dict[str, float]:
    """Layers of a hybrid by letter: M state space, * attention, - dense, E experts."""
    if len(pattern) != layers:
        wrong = f"{len(pattern)} blocks are not the {layers} layers of the model"
        settings.report(LAYERS, wrong, "Make both agree")
    width = settings.whole("--mamba-head-dim", 64)
    heads = settings.whole("--mamba-num-heads", max(1, 2 * hidden // width))
    return {
        "attention_layers": float(pattern.count("*")),
        "dense_mlp_layers": float(pattern.count("-")),
        "mamba_layers": float(pattern.count("M")),
        "mamba_heads": float(heads),
        "mamba_inner": float(heads * width),
        "mamba_state": float(settings.whole("--mamba-state-dim", 128)),
        "mamba_groups": float(settings.whole("--mamba-num-groups", 8)),
    }


def mixers(settings: Settings, layers: int, moe: int, hidden: int) -> dict[str, float]:
    """Mixers of a model without a pattern: attention everywhere, or Gated DeltaNet in all but every n-th layer.

    The indexer of sparse attention stands in every layer.
    """
    fields = {"attention_layers": float(layers), "dense_mlp_layers": float(layers - moe)}
    variant = settings.word(VARIANT, "", ("", "gated_delta_net", "dsa"))
    kind = settings.word(LINEAR_KIND, variant.replace("dsa", ""), ("", "gated_delta_net"))
    if variant == "dsa":
        return {**fields, **_indexer(settings, layers)}
    if not kind:
        return fields
    mixer = gated_delta(
        float(hidden),
        float(settings.whole("--linear-num-key-heads", 16)),
        float(settings.whole("--linear-key-head-dim", 128)),
        float(settings.whole("--linear-num-value-heads", 32)),
        float(settings.whole("--linear-value-head-dim", 128)),
        float(settings.whole("--linear-conv-kernel-dim", 4)),
    )
    linear = _linear_layers(settings, layers)
    return {**fields, **mixer.fields(float(hidden), float(linear)), "attention_layers": float(layers - linear)}


def _linear_layers(settings: Settings, layers: int) -> int:
    """Layers without attention: all but every n-th, or those that a list marks with 1."""
    said = settings.text(LINEAR_EVERY, "4").replace(" ", "")
    if said.isascii() and said.isdecimal() and 0 < len(said) < 6 and int(said):
        return layers - layers // int(said)
    kinds = listed(said)
    if kinds is None or len(kinds) != layers or set(kinds) - {0, 1}:
        remedy = "Write every how many layers attend, or a list of 0 and 1"
        settings.report(LINEAR_EVERY, f"'{said[:40]}' is not understood", remedy)
        return 0
    return sum(kinds)


def _indexer(settings: Settings, layers: int) -> dict[str, float]:
    for name in ("--dsa-indexer-loss-coeff", "--dsa-indexer-use-sparse-loss"):
        settings.present(name)
    return {
        "indexer_layers": float(layers),
        "indexer_heads": float(settings.whole("--dsa-indexer-n-heads", 64)),
        "indexer_head_dim": float(settings.whole("--dsa-indexer-head-dim", 128)),
        "sparse_tokens": float(settings.whole("--dsa-indexer-topk", 2048)),
    }


def listed(pattern: str) -> list[int] | None:
    """Kinds that an expression of lists means, such as ``([0]*3+[1]*58)`` or ``([0,1]*4)``; None for another text."""
    try:
        return _row(ast.parse(pattern.strip("'\"")[:2000], mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _row(node: ast.expr) -> list[int]:
    """Value of a syntax tree of lists of whole numbers. Raises ``ValueError`` for anything else."""
    match node:
        case ast.List(elts=entries):
            return [each.value for each in entries if isinstance(each, ast.Constant) and isinstance(each.value, int)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _row(left) + _row(right)
        case ast.BinOp(left=left, op=ast.Mult(), right=ast.Constant(value=int(times))):
            row = _row(left)
            if len(row) * times <= MOST_LAYERS:
                return row * times
    raise ValueError("no list")
