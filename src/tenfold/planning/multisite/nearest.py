"""What would let a campus be part of the run: a change that is named has a layout, and the power for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.planning.multisite.answer import NotHad, PowerShort
from tenfold.planning.multisite.columns import Subset, subsets_of
from tenfold.planning.multisite.power import MW
from tenfold.planning.multisite.run import Campus, MultisiteRun
from tenfold.planning.multisite.speed import Paces
from tenfold.quantities import Shortfall, format_enough
from tenfold.sites import chips_within_power

HALVINGS, DOUBLINGS = 4, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Campuses as they were looked up."""

    run: MultisiteRun
    paces: Paces
    shorts: Sequence[PowerShort | None]
    """What power each is short of."""
    usable: Sequence[int]
    """Those whose chips can be had, and powered."""
    need_w: Callable[[int, int], float]
    """Power of a campus for so many chips."""
    short_of: Callable[[int, int], PowerShort | None]
    """What a campus is short of for so many chips."""


def with_changes(asked: Places) -> tuple[PowerShort, ...]:
    """Campuses that are short of power, each with what would do."""
    return tuple(
        replace(short, nearest=_powered(asked, place, short))
        for place, short in enumerate(asked.shorts)
        if short is not None
    )


def without_layout(asked: Places, subsets: Iterable[Subset]) -> Iterator[NotHad]:
    """Campuses that have chips and power, and no layout of the model by themselves or in any of the subsets."""
    for place in _not_laid_out(asked, subsets):
        reason = Shortfall(kind="layout", short=_no_layout(asked, place), nearest=_more(asked, place))
        yield NotHad(site=asked.run.campuses[place].name, reason=reason)


def with_fewer(asked: Places, subsets: Iterable[Subset]) -> MultisiteRun:
    """The run in which campuses without a layout give the most of their chips that have one, and notes that say so.

    The same run where no campus does.
    """
    campuses, notes = list(asked.run.campuses), list[str]()
    for place in _not_laid_out(asked, subsets):
        campus, node = campuses[place], asked.paces.setups[place].system.chips_per_node
        fewer = next((count for count in _rounder(campus.chips, node) if has_layout(asked, place, count)), None)
        if fewer is not None:
            campuses[place] = replace(campus, chips=fewer)
            words = f"{campus.name} gives {fewer:,} of its {campus.chips:,} × {campus.chip}, the rest is not paid for"
            notes.append(f"{words}: {_no_layout(asked, place)}")
    return replace(asked.run, campuses=tuple(campuses), notes=(*asked.run.notes, *notes)) if notes else asked.run


def _not_laid_out(asked: Places, subsets: Iterable[Subset]) -> list[int]:
    """Places of the campuses that could be used and are in none of the subsets."""
    laid_out = {place for subset in subsets for place in subset.members}
    return [place for place in asked.usable if place not in laid_out]


def _no_layout(asked: Places, place: int) -> str:
    campus = asked.run.campuses[place]
    batch = f"the batch of {asked.run.global_batch:,} sequences, or a share of it"
    return f"no layout of {asked.run.model} on {campus.chips:,} × {campus.chip} takes {batch}"


def has_layout(asked: Places, place: int, chips: int) -> bool:
    """Whether one campus alone can train with so many chips."""
    campus = replace(asked.run.campuses[place], chips=chips)
    return bool(by_itself(asked.run, asked.paces, place, campus)[2])


def by_itself(
    whole: MultisiteRun, setups: Paces, place: int, campus: Campus
) -> tuple[MultisiteRun, Paces, Sequence[Subset]]:
    """Of a whole run the part on one campus alone, how fast it is, and the layouts that it has."""
    run = replace(whole, campuses=(campus,), fibres=())
    paces = Paces(setups=(setups.setups[place],), campuses=run.campuses)
    subsets = subsets_of(run, paces, [0])
    setups.layouts_considered += paces.layouts_considered
    return run, paces, subsets


def _powered(asked: Places, place: int, short: PowerShort) -> str:
    """A later day or more power for the chips that are stated, or fewer that work; more of both where none do."""
    campus = asked.run.campuses[place]
    changes = list[str]()
    if has_layout(asked, place, campus.chips):
        power = f"power = '{format_enough(short.need_mw * MW, 'W')}'"
        changes.append(power if short.fits_on is None else f"start on {short.fits_on.isoformat()}")
    node = asked.paces.setups[place].system.chips_per_node
    whole = int(chips_within_power(short.available_mw, short.need_mw / campus.chips, 1.0, node))
    fewer = next((count for count in _below(whole, node) if has_layout(asked, place, count)), None)
    if fewer is not None:
        changes.append(f"at most {fewer:,} chips")
    return ", or ".join(changes) or _more(asked, place)


def _below(whole: int, node: int) -> Iterable[int]:
    """The chips of whole nodes that there is power for, then powers of two below."""
    if whole:
        first = 1 << (whole.bit_length() - 1)
        yield whole
        yield from (count for step in range(HALVINGS) if (count := first >> step) < whole and count % node == 0)


def _rounder(chips: int, node: int) -> Iterator[int]:
    """Whole nodes below so many chips, down to half of them, in steps of a sixteenth of the power of two above."""
    step = max((1 << (chips - 1).bit_length()) // 16, 1)
    return (count for count in range((chips - 1) // step * step, chips // 2, -step) if count and count % node == 0)


def _more(asked: Places, place: int) -> str:
    """The first doubling of a node beyond the chips stated that has a layout, with its power where that is short."""
    chips, node = asked.run.campuses[place].chips, asked.paces.setups[place].system.chips_per_node
    first = node << int(np.ceil(np.log2(max(chips / node, 1.0))))
    enough = (first << step for step in range(DOUBLINGS))
    count = next((each for each in enough if each > chips and has_layout(asked, place, each)), None)
    if count is None:
        return "another chip, or another batch"
    if asked.short_of(place, count) is None:
        return f"{count:,} chips"
    return f"{count:,} chips with power = '{format_enough(asked.need_w(place, count), 'W')}'"
