"""Fleets that miss: those that keep the limits less surely than asked, and what the others are short of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from tenfold.planning.plan.offered import too_many
from tenfold.planning.plan.serve.answer import FleetDesign, NearFleet
from tenfold.planning.plan.serve.chosen import Chosen, Counts, kind_of
from tenfold.planning.plan.serve.counted import class_of, is_up, most_available, there_share
from tenfold.planning.plan.serve.fleets import fleets_of
from tenfold.planning.plan.serve.layouts import chips_of
from tenfold.planning.plan.serve.nearest import nearest_fleets
from tenfold.planning.plan.serve.pace import sure_z
from tenfold.planning.plan.serve.priced import Market
from tenfold.planning.plan.serve.short import CROWDED, when_simulated
from tenfold.planning.plan.serve.verified import Verifier
from tenfold.planning.plan.verdicts import Infeasible
from tenfold.planning.supply.bound import words_of
from tenfold.planning.supply.choose import feasible, has_power
from tenfold.planning.supply.rows import Designs, Rows
from tenfold.planning.supply.short import shortfalls
from tenfold.quantities import Shortfall, format_share

NEAR = 0.5
"""Share of the confidence asked for from which a fleet is near."""
NEAREST = 3


def too_short(market: Market, chosen: Chosen, counts: Counts, availability: float) -> Iterator[Infeasible]:
    """What the nearest fleet of each chip and supply without one that fits is short of, the latency aside."""
    if chosen.designs is None or chosen.priced is None:
        return
    designs = chosen.designs.take(np.flatnonzero(chosen.stands[chosen.priced.rows.run[chosen.designs.row]]))
    for place in nearest_fleets(market.machines, designs, market.limits).tolist():
        machine, site = market.machines[int(designs.chip[place])], market.sites[int(designs.site[place])]
        yield Infeasible(
            chip=machine.chip.key,
            chips=int(designs.chips[place]),
            supply=market.supplies[int(designs.supply[place])],
            site=site.key,
            bound=words_of(market.bound, machine.chip.key),
            unasked=machine.chip.key in market.unasked,
            reasons=(
                *_taken_back(market, market.supplies[int(designs.supply[place])], availability),
                *_too_many(designs, place, chosen.priced.rows, counts),
                *shortfalls(designs, place, market.limits, site),
            ),
        )


def not_offered(market: Market, chosen: Chosen, counts: Counts, verifier: Verifier) -> Iterator[Infeasible]:
    """Counts that nobody is known to offer, or that the simulation leaves nothing of."""
    z, most = sure_z(market.limits.confidence), counts.most
    sure = [each for each in chosen.fleets if each.candidate.z >= z and each.candidate not in chosen.gone]
    had = set[tuple[str, str]]()
    if chosen.designs is not None:
        fits = np.flatnonzero(feasible(chosen.designs, market.limits))
        pairs = {(int(chosen.designs.chip[each]), int(chosen.designs.supply[each])) for each in fits.tolist()}
        had = {(market.machines[chip].chip.key, market.supplies[supply]) for chip, supply in pairs}
    asked = [each for each in sure if each.chips <= most] or sure
    for short in too_many(fleets_of(market.machines, asked, math.inf), market.offered) if asked else ():
        if (short.chip, short.supply) not in had:
            yield short
    chip = chips_of(market.machines)
    left = {int(chip[each.candidate.machine]) for each in sure}
    failed = {int(chip[each.machine]): each for each in reversed(chosen.failed) if each.z >= z}
    for place in sorted(failed.keys() - left):
        each, space = failed[place], verifier.sized.space
        chips = sum(space.chips(part.setting) for part in (each.answers, each.prompts) if part)
        least = verifier.least_s(each)
        confidence = market.limits.confidence
        yield when_simulated(verifier.sized.service, least, chips, market.machines[place].chip.key, confidence)


def _taken_back(market: Market, supply: str, availability: float) -> Iterator[Shortfall]:
    """A provider of spot takes a whole pool back more often than the service may be down."""
    if not is_up(market.catalog, class_of(supply), availability):
        there = there_share(market.catalog, class_of(supply))
        words = f"all of a spot pool is away {format_share(1.0 - there)} of the time, which no spares help"
        most = most_available(market.catalog, class_of(supply))
        over = (1.0 - most) / (1.0 - availability)
        moves = (("availability", most),)
        yield Shortfall(
            kind="availability", short=words, nearest=f"availability = {most:g}", times_over=over, moves=moves
        )


def _too_many(designs: Designs, place: int, rows: Rows, counts: Counts) -> Iterator[Shortfall]:
    """More chips than there may be, those that work or with them idle ones of whole units."""
    chips, held = int(designs.chips[place]), int(designs.held[place])
    most = counts.most if counts.most_held is None else min(counts.most, counts.most_held)
    if chips > counts.most:
        short = f"{chips:,} chips carry the traffic, at most {most:,} are allowed"
    elif counts.most_held is not None and held > counts.most_held:
        unit = int(rows.unit[designs.row[place]])
        short = (
            f"comes in units of {unit:,} chips: {held:,} are held for {chips:,} that work, at most {most:,} are allowed"
        )
    else:
        return
    yield Shortfall(kind=CROWDED, short=short, nearest=f"max_chips = {held}", times_over=held / most)


def near_places(market: Market, chosen: Chosen) -> list[int]:
    """Of each chip and supply that misses the confidence, the place that misses least; the cheapest of those, first."""
    designs, limits = chosen.designs, market.limits
    if designs is None:
        return []
    both = designs.assessed.in_both
    near = designs.allowed & has_power(designs) & ~feasible(designs, limits) & (both >= NEAR * limits.confidence)
    if chosen.settled:
        unasked = market.unasked_of(designs)
        near &= ~unasked | unasked[chosen.settled[0]]
    places = np.flatnonzero(near)
    order = places[np.lexsort([places, designs.assessed.cost_usd[places], -both[places]])]
    _, first = np.unique(kind_of(market.machines, designs)[order], return_index=True)
    saving = sorted(order[np.sort(first)].tolist(), key=lambda place: float(designs.assessed.cost_usd[place]))
    return saving[:NEAREST]


def near_fleets(near: Iterable[FleetDesign], best: FleetDesign | None) -> Iterator[NearFleet]:
    """Those that cost less than the best; all where nothing fits."""
    for design in near:
        less = 0.0 if best is None else max(best.cost_usd.p50 - design.cost_usd.p50, 0.0)
        if best is None or less > 0.0:
            yield NearFleet(design=design, less_usd=less)
