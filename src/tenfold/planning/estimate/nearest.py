"""When no layout can be: which option is in the way, and the nearest change that would fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite, isinf

from tenfold.performance.layout import ASKED, AXES, Layout, LayoutWish, in_terms
from tenfold.performance.training import REJECTIONS, CalibratedSetup, Fastest, search_layouts
from tenfold.planning.estimate.answer import Shortage
from tenfold.planning.estimate.asked import Wished
from tenfold.quantities import InputError, Problem, format_quantity

DOUBLINGS = 6
RELAXED = tuple(sorted((name for name in ASKED if ASKED[name].axis.relaxed), key=lambda name: ASKED[name].axis.relaxed))
"""Order in which given options are tried with other values: the smallest change first."""
OPTIONS: Mapping[str, tuple[str, ...]] = {
    reason: options
    for reason in REJECTIONS
    if (options := tuple(name for name, each in ASKED.items() if reason in each.axis.rejected))
}
"""Options behind each reason for which layouts are rejected."""


def smallest_layout(wished: Wished) -> Layout:
    """The layout of a wish that needs the least memory, whether or not it fits; some layout has to divide."""
    part = wished.setup.setup
    hardware = replace(part.hardware, hbm_bytes=float("inf"))
    front = search_layouts(
        part.shape, part.job, hardware, part.kernels, chips=wished.chips, space=wished.space, keep=1
    ).pareto
    return front.layout.at(len(front) - 1)


def shortage(wished: Wished, least_bytes: float) -> Shortage:
    """Say how much memory is short and what would fit."""
    return Shortage(short=lacking(wished.setup, least_bytes), nearest=_nearest_change(wished))


def lacking(setup: CalibratedSetup, need_bytes: float) -> str:
    """Say how much more memory is needed than the chip has."""
    have = float(setup.setup.hardware.hbm_bytes)
    need, there, more = (format_quantity(value, "B") for value in (need_bytes, have, need_bytes - have))
    return f"needs {need} per chip, {more} more than the {there} of {setup.chip.key}"


def _nearest_change(wished: Wished) -> str:
    wish, free = wished.wish, wished.with_wish(LayoutWish())
    for name in RELAXED:
        if name in wish.given:
            change = wished.with_wish(replace(wish, **{name: None})).fastest().layout
            if change is not None:
                return AXES[name].flag(getattr(in_terms(change), name))
    change = free.fastest().layout
    if change is not None:
        fits = {name: getattr(in_terms(change), name) for name in wish.given}
        return " ".join(AXES[name].flag(value) for name, value in fits.items() if value != wish.given[name])
    for doubling in range(1, DOUBLINGS + 1):
        if replace(free, chips=wished.chips << doubling).fastest().layout is not None:
            return f"--chips {wished.chips << doubling}"
    return "a chip with more memory, or a smaller model"


def require_divisible(wished: Wished, result: Fastest) -> None:
    """Raise ``InputError`` naming the options in the way when no layout of a wish divides."""
    if isfinite(result.least_memory_bytes):
        return
    wish = wished.wish
    for name in wish.given:
        freed = wished.with_wish(replace(wish, **{name: None})).fastest_of_any_memory().layout
        if freed is not None:
            use = AXES[name].flag(getattr(in_terms(freed), name))
            wrong = REJECTIONS[_reason(wish, result, (name,))]
            raise InputError(Problem(file="", key=name, wrong=wrong, remedy=f"Use {use}, or leave it to be chosen"))
    wrong = REJECTIONS[_reason(wish, result, tuple(wish.given))]
    if wish.given and not isinf(wished.with_wish(LayoutWish()).fastest_of_any_memory().step_s):
        remedy = "Leave some of them to be chosen"
        raise InputError(Problem(file="", key=", ".join(wish.given), wrong=wrong, remedy=remedy))
    batch = f"{wished.chips:,} chips and {int(wished.setup.setup.job.global_batch):,} sequences"
    remedy = "Use powers of two, or multiples of the chips of a node"
    raise InputError(Problem(file="", key="chips, global_batch", wrong=f"no layout divides {batch}", remedy=remedy))


def _reason(wish: LayoutWish, result: Fastest, blamed: tuple[str, ...]) -> str:
    """The most frequent reason for rejection that the blamed options have a part in."""
    if not result.layouts_considered:
        staged = (wish.vpp or 1) > 1 or wish.schedule not in (None, "1f1b")
        return "schedule" if staged and {"vpp", "schedule", "pp"} & {*blamed} else "chips"
    counts = {reason: count for reason, count in result.rejected.items() if count and reason in OPTIONS}
    theirs = {reason: count for reason, count in counts.items() if {*OPTIONS[reason]} & {*blamed}}
    among = theirs or counts
    return max(among, key=lambda reason: among[reason], default="chips")
