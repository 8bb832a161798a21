"""When no layout can be: which option is in the way, and the nearest change that would fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite

from tenfold.interfaces.old_python.layouts import LayoutWish, flag, in_terms, layout_at, narrowed
from tenfold.performance.training.layout import Layout
from tenfold.performance.training.search import SearchResult, search_layouts
from tenfold.performance.training.setup import CalibratedSetup
from tenfold.performance.training.space import REJECTIONS
from tenfold.quantities import InputError, Problem, format_quantity

DOUBLINGS = 6
RELAXED = ("micro_batch", "recompute", "zero", "sequence_parallel", "cp", "tp", "pp", "ep", "vpp")
"""Order in which given options are tried with other values: the smallest change first."""
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "chips": ("tp", "pp", "cp"),
    "heads": ("tp",),
    "experts": ("ep",),
    "layers": ("pp", "vpp"),
    "sequence": ("cp",),
    "batch": ("micro_batch", "tp", "pp", "cp"),
    "schedule": ("schedule", "vpp", "pp"),
}
"""Options behind each reason for which layouts are rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Memory that the smallest layout lacks, and the nearest change that would fit."""

    short: str
    nearest: str


def search_wish(setup: CalibratedSetup, wish: LayoutWish, chips: int, *, unlimited: bool = False) -> SearchResult:
    """Search the layouts of a wish; ``unlimited`` by memory when asked."""
    part = setup.setup
    hardware = replace(part.hardware, hbm_bytes=float("inf")) if unlimited else part.hardware
    space = narrowed(setup, wish)
    return search_layouts(part.shape, part.job, hardware, part.kernels, chips=chips, space=space, keep=1)


def smallest_layout(setup: CalibratedSetup, wish: LayoutWish, chips: int) -> Layout:
    """The layout of a wish that needs the least memory, whether or not it fits."""
    front = search_wish(setup, wish, chips, unlimited=True).pareto
    return layout_at(front.layout, len(front) - 1)


def shortage(setup: CalibratedSetup, wish: LayoutWish, chips: int, least_bytes: float) -> Shortage:
    """Say how much memory is short and what would fit."""
    return Shortage(short=lacking(setup, least_bytes), nearest=_nearest_change(setup, wish, chips))


def lacking(setup: CalibratedSetup, need_bytes: float) -> str:
    """Say how much more memory is needed than the chip has."""
    have = float(setup.setup.hardware.hbm_bytes)
    need, there, more = (format_quantity(value, "B") for value in (need_bytes, have, need_bytes - have))
    return f"needs {need} per chip, {more} more than the {there} of {setup.chip.key}"


def _nearest_change(setup: CalibratedSetup, wish: LayoutWish, chips: int) -> str:
    for name in RELAXED:
        if name in wish.given:
            change = _freed(setup, replace(wish, **{name: None}), chips)
            if change is not None:
                return flag(name, getattr(in_terms(change), name))
    change = _freed(setup, LayoutWish(), chips)
    if change is not None:
        fits = {name: getattr(in_terms(change), name) for name in wish.given}
        return " ".join(flag(name, value) for name, value in fits.items() if value != wish.given[name])
    for doubling in range(1, DOUBLINGS + 1):
        if _freed(setup, LayoutWish(), chips << doubling) is not None:
            return f"--chips {chips << doubling}"
    return "a chip with more memory, or a smaller model"


def _freed(setup: CalibratedSetup, wish: LayoutWish, chips: int) -> Layout | None:
    best = search_wish(setup, wish, chips).best
    return layout_at(best.layout, 0) if len(best) else None


def require_divisible(setup: CalibratedSetup, wish: LayoutWish, chips: int, result: SearchResult) -> None:
    """Raise ``InputError`` naming the options in the way when no layout of a wish divides."""
    if isfinite(result.least_memory_bytes):
        return
    for name in wish.given:
        freed = search_wish(setup, replace(wish, **{name: None}), chips, unlimited=True).best
        if len(freed):
            use = flag(name, getattr(in_terms(layout_at(freed.layout, 0)), name))
            wrong = REJECTIONS[_reason(wish, result, (name,))]
            raise InputError(Problem(file="", key=name, wrong=wrong, remedy=f"Use {use}, or leave it to be chosen"))
    wrong = REJECTIONS[_reason(wish, result, tuple(wish.given))]
    if wish.given and len(search_wish(setup, LayoutWish(), chips, unlimited=True).best):
        remedy = "Leave some of them to be chosen"
        raise InputError(Problem(file="", key=", ".join(wish.given), wrong=wrong, remedy=remedy))
    batch = f"{chips:,} chips and {int(setup.setup.job.global_batch):,} sequences"
    remedy = "Use powers of two, or multiples of the chips of a node"
    raise InputError(Problem(file="", key="chips, global_batch", wrong=f"no layout divides {batch}", remedy=remedy))


def _reason(wish: LayoutWish, result: SearchResult, blamed: tuple[str, ...]) -> str:
    """The most frequent reason for rejection that the blamed options have a part in."""
    if not result.counts.layouts_considered:
        staged = (wish.vpp or 1) > 1 or wish.schedule not in (None, "1f1b")
        return "schedule" if staged and {"vpp", "schedule", "pp"} & {*blamed} else "chips"
    counts = {reason: count for reason, count in result.counts.rejected.items() if count and reason in OPTIONS}
    theirs = {reason: count for reason, count in counts.items() if {*OPTIONS[reason]} & {*blamed}}
    among = theirs or counts
    return max(among, key=lambda reason: among[reason], default="chips")


def require_meaning(setup: CalibratedSetup, wish: LayoutWish) -> list[Problem]:
    """List wishes that mean nothing for the model: expert parallelism without experts."""
    if (wish.ep or 1) > 1 and not float(setup.setup.shape.moe_layers) > 0:
        return [Problem(file="", key="ep", wrong="the model has no experts", remedy="Leave --ep out, or use --ep 1")]
    return []
