"""One service: its layouts priced, the cheapest simulated and priced again until the first stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tenfold.planning.plan.offered import may_be_had
from tenfold.planning.plan.serve.chosen import Chosen, Counts, Priced, kind_of, standing
from tenfold.planning.plan.serve.counted import class_of, fleet_of, is_up, most_available, whole_nodes
from tenfold.planning.plan.serve.fleets import Candidate, Fleet, Fleets, fleets_of
from tenfold.planning.plan.serve.layouts import chips_of
from tenfold.planning.plan.serve.nearest import nearest_fleets
from tenfold.planning.plan.serve.priced import Market, designs_of, joined, price
from tenfold.planning.plan.serve.sized import Sized
from tenfold.planning.plan.serve.verified import Verifier
from tenfold.planning.supply.choose import best_of_each_kind, feasible, free_first, has_power, ranked
from tenfold.planning.supply.rows import Designs
from tenfold.quantities import Flags, Indices

FEW = 12
"""Chips up to which each of them is simulated and listed with its first fleet."""
FIRST = 6
"""Kinds of design (chip and supply) that are simulated and listed."""
NONE: Indices = np.zeros(0, dtype=np.intp)
ROUNDS = 12
"""Rounds of simulating and pricing again at most; every round settles the layouts that led it."""


@dataclass(slots=True, kw_only=True)
class Pool:
    """The fleets of one service with their prices; those of a candidate give way when it was simulated."""

    sized: Sized
    verifier: Verifier
    market: Market
    counts: Counts
    availability: float
    fleets: list[Fleet] = field(default_factory=list)
    parts: list[tuple[Priced, int]] = field(default_factory=list)
    """Prices of fleets, and of how many, in their order."""
    gone: set[Candidate] = field(default_factory=set)
    failed: list[Candidate] = field(default_factory=list)
    """Candidates that the simulation left nothing of."""

    def add(self, candidates: Sequence[Candidate]) -> None:
        """Count and price the fleets of candidates."""
        every = dict.fromkeys(class_of(supply) for supply in self.market.supplies)
        new = [self._fleet(candidate, each) for candidate in candidates for each in every]
        if not new:
            return
        until = np.array([self.sized.lasts_until(fleet) for fleet in new])
        self.parts.append((price(self.market, self._columns(new), until), len(new)))
        self.fleets += new

    def _fleet(self, candidate: Candidate, supplied: str) -> Fleet:
        rate, catalog = self.sized.demand.peak_rate_per_s, self.market.catalog
        share = self.availability if is_up(catalog, supplied, self.availability) else most_available(catalog, supplied)
        found = fleet_of(catalog, self.sized.space, candidate, supplied, rate, share)
        if found.chips >= self.counts.least:
            return found
        node = self.market.machines[candidate.machine].node_chips
        return replace(found, chips=whole_nodes(self.counts.least, node, supplied))

    def _columns(self, fleets: Sequence[Fleet]) -> Fleets:
        return fleets_of(self.market.machines, fleets, self.counts.most)

    def settle(self) -> Chosen:
        """Simulate what leads until everything that leads was simulated. What is simulated only ever costs more.

        It may keep its latency more surely, as replicas are added: first all that may fit then lead, then what does.
        """
        for fits in (self._may_fit, self._fits):
            for _ in range(ROUNDS):
                new = list(dict.fromkeys(each for each in self._choose(fits).leading if not each.verified))
                if not new:
                    break
                found = [(each, self.verifier.verified(each)) for each in new]
                self.gone.update(new)
                self.failed += [each for each, made in found if made is None]
                self.add([made for _, made in found if made is not None])
        return self._choose(self._fits)

    def _fits(self, designs: Designs, _: Flags) -> Flags:
        """Designs that keep all limits."""
        return feasible(designs, self.market.limits)

    def _may_fit(self, designs: Designs, verified: Flags) -> Flags:
        """The same, and those that keep each limit and may keep them together once they are simulated."""
        assessed, limits = designs.assessed, self.market.limits
        each = np.minimum(assessed.in_time, assessed.in_budget) >= limits.confidence
        return feasible(designs, limits) | (designs.allowed & has_power(designs) & each & ~verified)

    def _choose(self, fits: Callable[[Designs, Flags], Flags]) -> Chosen:
        if not self.fleets:
            return self._led(None, None, NONE)
        priced = joined([each for each, _ in self.parts], [count for _, count in self.parts])
        there = standing(self.fleets, self.gone)
        catalog = self.market.catalog
        up = np.array([is_up(catalog, each.supplied, self.availability) for each in self.fleets], dtype=np.bool_)
        allowed = (self._columns(self.fleets).allowed & there & up)[priced.rows.run]
        designs = designs_of(self.market, priced, allowed & may_be_had(priced.rows, self.counts.most_held))
        limits = self.market.limits
        verified = np.array([each.candidate.verified for each in self.fleets], dtype=np.bool_)
        found = fits(designs, verified[priced.rows.run[designs.row]])
        order = ranked(designs, np.flatnonzero(found), "cheapest")
        order = free_first(order, self.market.unasked_of(designs))
        first = best_of_each_kind(designs, order, kind_of(self.market.machines, designs))
        if not len(first):
            stand = np.flatnonzero(there[priced.rows.run[designs.row]])
            nearest = stand[nearest_fleets(self.market.machines, designs.take(stand), limits)]
            nearest = free_first(nearest, self.market.unasked_of(designs))[:FIRST]
            return self._led(priced, designs, first, nearest=nearest)
        return self._led(priced, designs, self._lead(designs, first), self._rivals(designs, order))

    def _rivals(self, designs: Designs, order: Indices) -> Indices:
        """The first design of every other engine on the chip of the best, had as it is."""
        kind = kind_of(self.market.machines, designs)[order]
        alike = order[kind == kind[:1]]
        return best_of_each_kind(designs, alike, designs.chip)[1:]

    def _led(
        self,
        priced: Priced | None,
        designs: Designs | None,
        order: Indices,
        rivals: Indices = NONE,
        nearest: Indices = NONE,
    ) -> Chosen:
        return Chosen(
            fleets=tuple(self.fleets),
            priced=priced,
            designs=designs,
            order=order,
            rivals=rivals,
            nearest=nearest,
            gone=frozenset(self.gone),
            failed=tuple(self.failed),
        )

    def _lead(self, designs: Designs, first: Indices) -> Indices:
        """The first kinds, and where few chips are planned with the first of each chip."""
        chip = chips_of(self.market.machines)
        if len(np.unique(chip)) > FEW:
            return first[:FIRST]
        _, of_chip = np.unique(chip[designs.chip[first]], return_index=True)
        return first[np.union1d(np.arange(min(len(first), FIRST)), of_chip)]
