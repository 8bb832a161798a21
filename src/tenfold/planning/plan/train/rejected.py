"""What was rejected, and why: too slow, too dear, without power, and what never was a design."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from tenfold.planning.plan.offered import refused_offers
from tenfold.planning.plan.train.evaluated import Evaluated
from tenfold.planning.plan.train.runs import Runs
from tenfold.planning.plan.verdicts import ANY_SITE, ANY_SUPPLY, Infeasible
from tenfold.planning.supply.bound import words_of
from tenfold.planning.supply.offer import Offer, Refused
from tenfold.planning.supply.rows import Limits
from tenfold.planning.supply.short import shortfalls
from tenfold.quantities import Indices, Shortfall

NO_DATA = ("price", "figure")
"""Kinds of shortfall that say that nobody recorded something, not that it is short."""


def lacks_data(rejected: Infeasible) -> bool:
    """Whether a design could not be judged for lack of data."""
    return any(reason.kind in NO_DATA for reason in rejected.reasons)


def too_short(evaluated: Evaluated, limits: Limits, places: Indices, most: int) -> list[Infeasible]:
    """Say what the designs at these places are short of; once what is the same at every site.

    ``most`` are the chips that a design may have.
    """
    designs, setups, sites = evaluated.designs, evaluated.runs.setups, evaluated.sites
    found = []
    for place in places:
        setup, site = setups[designs.chip[place]], sites[designs.site[place]]
        found.append(
            Infeasible(
                chip=setup.chip.key,
                chips=int(designs.chips[place]),
                supply=evaluated.supplies[designs.supply[place]],
                site=site.key,
                tier=evaluated.tiers[int(evaluated.rows.offer[designs.row[place]])].name,
                reasons=(
                    *_too_many(evaluated, int(place), most),
                    *shortfalls(designs, int(place), limits, site),
                ),
                bound=words_of(evaluated.bound, setup.chip.key),
                unasked=setup.chip.key in evaluated.unasked,
            )
        )
    return _once_for_all_sites(found, len(sites))


def with_enough(
    untimed: Iterable[Infeasible], timed: Sequence[Infeasible], fit: Collection[str]
) -> Iterator[Infeasible]:
    """Of chips that are too few for a layout, say too what the nearest of the same chip that are enough lack.

    ``fit`` are chips of which some design lacks nothing.
    """
    for each in untimed:
        enough = next((other for other in timed if other.chip == each.chip), None)
        if not each.is_too_few or enough is None or each.chip in fit:
            yield each
            continue
        counted = any(reason.kind == "layout" for reason in enough.reasons)
        own = tuple(replace(reason, nearest="") if counted else reason for reason in each.reasons)
        yield replace(each, reasons=(*own, *enough.reasons))


def unpriced(
    runs: Runs, offers: Sequence[Offer], refused: Sequence[Refused], most: int, sites_named: bool
) -> tuple[Infeasible, ...]:
    """What was rejected before it was timed: no figures, no memory, no price, not to be had there.

    What cannot be had at one of all sites is said where the user named them, or where it can be had at none.
    """
    return (
        *(
            Infeasible(chip=each.chip, chips=each.chips, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(each.reason,))
            for each in runs.unfit
        ),
        *refused_offers(offers, refused, most, sites_named=sites_named),
    )


def _too_many(evaluated: Evaluated, place: int, most: int) -> Iterator[Shortfall]:
    """More chips than there may be, idle ones of whole units among them."""
    chips, held = (int(column[place]) for column in (evaluated.designs.chips, evaluated.designs.held))
    if evaluated.designs.allowed[place]:
        return
    short = f"{held:,} chips are held, and at most {most:,} are allowed"
    if chips <= most:
        unit = int(evaluated.rows.unit[evaluated.designs.row[place]])
        short = (
            f"comes in units of {unit:,} chips: {held:,} are held for {chips:,} that work, at most {most:,} are allowed"
        )
    yield Shortfall(kind="layout", short=short, nearest=f"max_chips = {held}", times_over=held / most)


def _once_for_all_sites(found: Sequence[Infeasible], sites: int) -> list[Infeasible]:
    """Say once what is the same at every site."""
    same: dict[Infeasible, list[Infeasible]] = {}
    for design in found:
        same.setdefault(replace(design, site=ANY_SITE), []).append(design)
    return [kept for anywhere, each in same.items() for kept in ([anywhere] if len(each) == sites > 1 else each)]
