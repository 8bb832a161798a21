"""Bytes that Megatron-LM keeps for each parameter beside its weight, where its arguments change them.

Adam keeps a 32-bit master weight and two 32-bit moments, 12 bytes; gradients are accumulated in 32 bits in bf16 runs
unless ``--grad-reduce-in-bf16`` (``arguments.py`` and ``OptimizerConfig`` of NVIDIA/Megatron-LM d98e8a64).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.performance.dialects.settings import Settings

WIDTHS: Mapping[str, float] = {"fp32": 4.0, "bf16": 2.0, "fp16": 2.0, "fp8": 1.0}
STATES: Mapping[str, tuple[float, float]] = {
    "adam": (4.0, 8.0), "adamw": (4.0, 8.0), "sgd": (4.0, 4.0), "muon": (4.0, 4.0), "dist_muon": (4.0, 4.0),
    "lion": (4.0, 4.0),
}  # fmt: skip
"""Bytes of the master weight and of all moments, by optimizer; the momentum of sgd counts."""
MASTER, FIRST, SECOND = "--main-params-dtype", "--exp-avg-dtype", "--exp-avg-sq-dtype"
MOVING = "the time to move them is left out, so a step takes longer than said"
OFFLOAD, OFFLOADED_SHARE = "--optimizer-cpu-offload", "--optimizer-offload-fraction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Bytes per parameter, None where they are as the software has them."""

    gradients: float | None
    optimizer: float | None
    assumed: tuple[str, ...] = ()


def kept_bytes(settings: Settings) -> Kept:
    """What the arguments make of gradients and optimizer states."""
    assumed: list[str] = []
    narrow = settings.present("--grad-reduce-in-bf16")
    name = settings.text("--optimizer", "adam").casefold()
    if name not in STATES:
        settings.report("--optimizer", f"'{name[:40]}' is not known here", f"Use one of {', '.join(STATES)}")
    master, moments = STATES.get(name, STATES["adam"])
    if settings.present("--use-precision-aware-optimizer"):
        master = _width(settings, MASTER)
        moments = _width(settings, FIRST) + _width(settings, SECOND)
    kept = master + moments
    if settings.present(OFFLOAD):
        share = min(1.0, settings.number(OFFLOADED_SHARE, 1.0))
        kept *= 1.0 - share
        assumed.append(f"{share:.0%} of the optimizer states are on the host; {MOVING}")
    changed = kept != sum(STATES["adam"])
    return Kept(gradients=2.0 if narrow else None, optimizer=kept if changed else None, assumed=tuple(assumed))


def _width(settings: Settings, name: str) -> float:
    return WIDTHS[settings.word(name, "fp32", tuple(WIDTHS))]
