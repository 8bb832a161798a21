"""Fleets that miss: those that keep the limits less surely than asked, and what the others are short of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tenfold.planning.plan.offered import too_many
from tenfold.planning.plan.serve.answer import FleetDesign, NearFleet
from tenfold.planning.plan.serve.chosen import Chosen, Counts, kind_of
from tenfold.planning.plan.serve.counted import there_share
from tenfold.planning.plan.serve.fleets import Fleet, fleets_of
from tenfold.planning.plan.serve.layouts import chips_of
from tenfold.planning.plan.serve.nearest import nearest_fleets
from tenfold.planning.plan.serve.pace import sure_z
from tenfold.planning.plan.serve.priced import Market
from tenfold.planning.plan.verdicts import ANY_SITE, ANY_SUPPLY, Infeasible
from tenfold.planning.supply.bound import words_of
from tenfold.planning.supply.choose import feasible, has_power
from tenfold.planning.supply.short import shortfalls
from tenfold.planning.supply.tiers import SPOT
from tenfold.quantities import Shortfall, format_share

NEAR = 0.5
"""Share of the confidence asked for from which a fleet is near."""
NEAREST = 3


def too_short(market: Market, chosen: Chosen) -> Iterator[Infeasible]:
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
            reasons=shortfalls(designs, place, market.limits, machine.node_chips, site),
        )


def not_offered(
    market: Market, chosen: Chosen, counts: Counts, percentile: float, availability: float
) -> Iterator[Infeasible]:
    """Counts that nobody is known to offer, that the limits forbid, or that the simulation leaves nothing of."""
    z, most = sure_z(market.limits.confidence), counts.most
    sure = [each for each in chosen.fleets if each.candidate.z >= z and each.candidate not in chosen.gone]
    had = set[tuple[str, str]]()
    if chosen.designs is not None:
        fits = np.flatnonzero(feasible(chosen.designs, market.limits))
        pairs = {(int(chosen.designs.chip[each]), int(chosen.designs.supply[each])) for each in fits.tolist()}
        had = {(market.machines[chip].chip.key, market.supplies[supply]) for chip, supply in pairs}
    within = [each for each in sure if each.chips <= most]
    for short in too_many(fleets_of(market.machines, within, most), market.offered) if within else ():
        if (short.chip, short.supply) not in had:
            yield short
    yield from _beyond(market, chosen, sure, most)
    yield from _in_units(market, chosen, counts.most_held)
    yield from _taken_back(market, availability)
    chip = chips_of(market.machines)
    left = {int(chip[each.candidate.machine]) for each in sure}
    for machine in sorted({int(chip[each.machine]) for each in chosen.failed if each.z >= z} - left):
        words = f"simulated, fewer than {percentile:.0%} of requests keep the latency at any load"
        reason = Shortfall(kind="latency", short=words, nearest="a looser latency, or a lower percentile")
        yield Infeasible(
            chip=market.machines[machine].chip.key, chips=1, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(reason,)
        )


def _taken_back(market: Market, availability: float) -> Iterator[Infeasible]:
    """Chips on spot, whose provider takes a whole pool back more often than the service may be down."""
    there = there_share(market.catalog, SPOT)
    if SPOT not in market.supplies or there > availability:
        return
    words = f"all of a spot pool is away {format_share(1.0 - there)} of the time, which no spares help"
    reason = Shortfall(kind="availability", short=words, nearest=f"availability = {math.floor(there * 1e3) / 1e3:g}")
    for chip in dict.fromkeys(each.chip for each in market.offered.offers if each.supply == SPOT):
        yield Infeasible(chip=chip, chips=1, supply=SPOT, site=ANY_SITE, reasons=(reason,))


def _beyond(market: Market, chosen: Chosen, sure: Sequence[Fleet], most: int) -> Iterator[Infeasible]:
    """Chips whose smallest fleet is larger than the limit."""
    least: dict[int, int] = {}
    chip = chips_of(market.machines)
    for each in sure:
        machine = int(chip[each.candidate.machine])
        least[machine] = min(each.chips, least.get(machine, each.chips))
    for machine, chips in sorted(least.items()):
        if chips > most:
            short = f"{chips:,} chips carry the traffic, at most {most:,} are allowed"
            reason = Shortfall(
                kind="layout", short=short, nearest=f"max_chips = {_held_by(market, chosen, machine, chips)}"
            )
            key = market.machines[machine].chip.key
            yield Infeasible(chip=key, chips=chips, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(reason,))


def _held_by(market: Market, chosen: Chosen, chip: int, chips: int) -> int:
    """Chips that are there or ordered at least where so many of a chip work; as many where nobody offers them."""
    if chosen.priced is None:
        return chips
    rows = chosen.priced.rows
    own = (chips_of(market.machines)[rows.chip] == chip) & (rows.chips == chips)
    return int(rows.chips_held[own].min()) if own.any() else chips


def _in_units(market: Market, chosen: Chosen, most: int | None) -> Iterator[Infeasible]:
    """Of each chip and supply whose fleets are within the limit and whose orders in whole units are not, the least."""
    if most is None or chosen.priced is None:
        return
    rows = chosen.priced.rows
    held, chip = rows.chips_held, chips_of(market.machines)[rows.chip]
    within = (rows.chips <= most) & chosen.stands[rows.run]
    for own, supply in sorted(set(zip(chip[within].tolist(), rows.supply[within].tolist(), strict=True))):
        alike = np.flatnonzero(within & (chip == own) & (rows.supply == supply))
        row = alike[np.argmin(held[alike])]
        if held[row] > most:
            key, name = market.machines[own].chip.key, market.supplies[supply]
            words = f"{key} {name} comes in units of {rows.unit[row]:,.0f} chips: {held[row]:,.0f} are held for"
            short = f"{words} {rows.chips[row]:,.0f} that work, and at most {most:,} are allowed"
            reason = Shortfall(kind="layout", short=short, nearest=f"max_chips = {held[row]:.0f}")
            yield Infeasible(chip=key, chips=int(rows.chips[row]), supply=name, site=ANY_SITE, reasons=(reason,))


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
