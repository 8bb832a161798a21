"""Words of a training recipe: what is recomputed, how a pipeline is scheduled, what ZeRO shards."""

from __future__ import annotations

from collections.abc import Mapping

RECOMPUTE = ("none", "selective", "full")
"""What is recomputed in the backward pass: nothing; norms, activations and unfused scores; whole layers."""
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "norms": ("norms",),
    "activations": ("gates", "expert_gates"),
    "attention": ("scores",),
    "up-projections": ("heads",),
    "experts": ("expert_gates", "experts"),
}
"""Operations that may be recomputed one by one, and the parts of a layer that each of them rebuilds: results of norms,
of gates and activations, the attention core, heads expanded from latent vectors, the whole block of experts."""
SCHEDULES = ("1f1b", "zero-bubble", "dualpipe")
"""Pipeline schedules; 1f1b with more than one virtual stage is the interleaved schedule."""
ZERO_STAGES = (0, 1, 2, 3)
"""0: replicated; 1: optimizer sharded; 2: and gradients; 3: and weights (FSDP)."""


SETS = float(len(RECOMPUTE) - 1)
"""Policies above this number are sets of operations: a bit each of what is beyond it."""
BETWEEN = "+"


def recompute_name(value: float) -> str:
    """Name of a recompute policy: none, selective, full, ``full:0.50`` for half of the layers recomputed whole.

    Single operations are joined, as in ``norms+up-projections``. ``recompute_value`` gives the value back, to the last
    bit.
    """
    if value > SETS:
        return BETWEEN.join(name for place, name in enumerate(OPERATIONS) if int(value - SETS) >> place & 1)
    if not 1.0 < value < SETS:
        return RECOMPUTE[round(value)]
    short = f"full:{value - 1.0:.2f}"
    return short if recompute_value(short) == value else f"full:{value - 1.0!r}"


def recompute_value(name: str) -> float | None:
    """Value of a name that ``recompute_name`` gives; None for a name that means no policy."""
    if name in RECOMPUTE:
        return float(RECOMPUTE.index(name))
    operations = name.split(BETWEEN)
    if set(operations) <= OPERATIONS.keys() and len(set(operations)) == len(operations):
        return SETS + sum(2.0 ** list(OPERATIONS).index(each) for each in operations)
    word, _, share = name.partition(":")
    try:
        value = 1.0 + float(share)
    except ValueError:
        return None
    return value if word == "full" and 1.0 < value <= SETS else None


def whole_share(name: str) -> float:
    """Share of the layers that a policy recomputes whole; 0 for a name that means none of them, or no policy."""
    value = recompute_value(name) or 0.0
    return value - 1.0 if 1.0 < value <= SETS else 0.0


def operations_of(name: str) -> tuple[str, ...]:
    """Operations that a policy recomputes singly; empty for other policies."""
    return tuple(name.split(BETWEEN)) if (recompute_value(name) or 0.0) > SETS else ()
