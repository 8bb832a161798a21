"""Fleets that miss: those that keep the limits less surely than asked, and what the others are short of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tenfold.planning.plan.offered import too_many
from tenfold.planning.plan.serve.answer import FleetDesign, NearFleet
from tenfold.planning.plan.serve.counted import Fleet
from tenfold.planning.plan.serve.described import describe
from tenfold.planning.plan.serve.fleets import fleets_of
from tenfold.planning.plan.serve.planned import Chosen, Pool
from tenfold.planning.plan.serve.table import sure_z
from tenfold.planning.plan.verdicts import ANY_SITE, ANY_SUPPLY, Infeasible
from tenfold.planning.supply.choose import feasible, has_power, nearest_of_each_kind
from tenfold.planning.supply.rows import Designs
from tenfold.planning.supply.short import shortfalls
from tenfold.quantities import Indices, Shortfall

NEAR = 0.5
"""Share of the confidence asked for from which a fleet is near."""
NEAREST = 3


def kind_of(designs: Designs) -> Indices:
    """One number for each chip and supply."""
    return np.asarray(designs.chip * (designs.supply.max(initial=0) + 1) + designs.supply, dtype=np.intp)


def too_short(pool: Pool, chosen: Chosen) -> Iterator[Infeasible]:
    """What the nearest fleet of each chip and supply without one that fits is short of, the latency aside."""
    if chosen.designs is None:
        return
    market, kind = pool.market, kind_of(chosen.designs)
    sure = chosen.designs.assessed.in_time >= market.limits.confidence
    fits = feasible(chosen.designs, market.limits)
    designs = replace(chosen.designs, allowed=chosen.designs.allowed & sure & ~np.isin(kind, kind[fits]))
    for place in nearest_of_each_kind(designs, market.limits, kind).tolist():
        machine, site = market.machines[int(designs.chip[place])], market.sites[int(designs.site[place])]
        yield Infeasible(
            chip=machine.chip.key,
            chips=int(designs.chips[place]),
            supply=market.supplies[int(designs.supply[place])],
            site=site.key,
            reasons=shortfalls(designs, place, market.limits, machine.node_chips, site),
        )


def not_offered(pool: Pool, chosen: Chosen) -> Iterator[Infeasible]:
    """Counts that nobody is known to offer, that the limits forbid, or that the simulation leaves nothing of."""
    z, most = sure_z(pool.market.limits.confidence), pool.counts.most
    sure = [each for each in pool.fleets if each.candidate.z >= z and each.candidate not in pool.gone]
    had = set[tuple[str, str]]()
    if chosen.designs is not None:
        fits = np.flatnonzero(feasible(chosen.designs, pool.market.limits))
        pairs = {(int(chosen.designs.chip[each]), int(chosen.designs.supply[each])) for each in fits.tolist()}
        had = {(pool.market.machines[chip].chip.key, pool.market.supplies[supply]) for chip, supply in pairs}
    within = [each for each in sure if each.chips <= most]
    for short in too_many(fleets_of(pool.market.machines, within, most), pool.market.offered) if within else ():
        if (short.chip, short.supply) not in had:
            yield short
    yield from _beyond(pool, sure, most)
    left = {each.candidate.machine for each in sure}
    for machine in sorted({each.machine for each in pool.failed if each.z >= z} - left):
        share = pool.sized.service.percentile
        words = f"simulated, fewer than {share:.0%} of requests keep the latency at any load"
        reason = Shortfall(kind="latency", short=words, nearest="a looser latency, or a lower percentile")
        yield Infeasible(
            chip=pool.market.machines[machine].chip.key, chips=1, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(reason,)
        )


def _beyond(pool: Pool, sure: Sequence[Fleet], most: int) -> Iterator[Infeasible]:
    """Chips whose smallest fleet is larger than the limit."""
    least: dict[int, int] = {}
    for each in sure:
        machine = each.candidate.machine
        least[machine] = min(each.chips, least.get(machine, each.chips))
    for machine, chips in sorted(least.items()):
        if chips > most:
            short = f"{chips:,} chips carry the traffic, at most {most:,} are allowed"
            reason = Shortfall(kind="layout", short=short, nearest=f"max_chips = {chips}")
            key = pool.market.machines[machine].chip.key
            yield Infeasible(chip=key, chips=chips, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(reason,))


def near_fleets(pool: Pool, chosen: Chosen, best: FleetDesign | None) -> Iterator[NearFleet]:
    """Of each chip and supply that misses the confidence, the design that misses least, the surest first."""
    designs, limits = chosen.designs, pool.market.limits
    if designs is None:
        return
    both = designs.assessed.in_both
    near = designs.allowed & has_power(designs) & ~feasible(designs, limits) & (both >= NEAR * limits.confidence)
    places = np.flatnonzero(near)
    order = places[np.lexsort([places, designs.assessed.cost_usd[places], -both[places]])]
    _, first = np.unique(kind_of(designs)[order], return_index=True)
    saving = sorted(order[np.sort(first)].tolist(), key=lambda place: float(designs.assessed.cost_usd[place]))
    for place in saving[:NEAREST]:
        design = describe(pool, chosen, place)
        less = 0.0 if best is None else max(best.cost_usd.p50 - design.cost_usd.p50, 0.0)
        if best is None or less > 0.0:
            yield NearFleet(design=design, less_usd=less)
