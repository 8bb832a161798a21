"""Words of a training recipe: what is recomputed, how a pipeline is scheduled, what ZeRO shards."""

from __future__ import annotations

RECOMPUTE = ("none", "selective", "full")
"""What is recomputed in the backward pass: nothing; norms, activations and unfused scores; whole layers."""
SCHEDULES = ("1f1b", "zero-bubble", "dualpipe")
"""Pipeline schedules; 1f1b with more than one virtual stage is the interleaved schedule."""
ZERO_STAGES = (0, 1, 2, 3)
"""0: replicated; 1: optimizer sharded; 2: and gradients; 3: and weights (FSDP)."""


def recompute_name(value: float) -> str:
    """Name of a recompute policy: none, selective, full, or ``full:0.50`` for half of the layers recomputed whole.

    ``recompute_value`` gives the value back, to the last bit.
    """
    if not 1.0 < value < 2.0:
        return RECOMPUTE[round(value)]
    short = f"full:{value - 1.0:.2f}"
    return short if recompute_value(short) == value else f"full:{value - 1.0!r}"


def recompute_value(name: str) -> float | None:
    """Value of a name that ``recompute_name`` gives; None for a name that means no policy."""
    if name in RECOMPUTE:
        return float(RECOMPUTE.index(name))
    word, _, share = name.partition(":")
    try:
        value = 1.0 + float(share)
    except ValueError:
        return None
    return value if word == "full" and 1.0 < value <= 2.0 else None
