"""Near misses: designs that keep the limits in fewer outcomes than were asked for, and what they would save."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenfold.planning.plan.answer import Design, NearMiss
from tenfold.planning.plan.train.evaluated import Evaluated
from tenfold.planning.supply.choose import feasible, has_power
from tenfold.planning.supply.rows import Limits
from tenfold.quantities import Flags, Indices

NEAR = 0.5
"""Share of the confidence asked for from which a design is near."""
MOST = 5
LEAST_SAVING = 0.001
"""Share of money or time that is one: the same chips elsewhere are done in the same time."""


def near_misses(
    evaluated: Evaluated,
    limits: Limits,
    best: Design | None,
    describe: Callable[[Evaluated, Indices], tuple[Design, ...]],
    among: Flags | bool = True,
) -> tuple[NearMiss, ...]:
    """The nearest of each chip and supply, the most likely first; ``describe`` makes designs of places.

    Beside a best design, those of ``among`` that would save money or time; only those that save time where the fastest
    is wanted.
    """
    places = _places(evaluated, limits, best, among)
    found = describe(evaluated, places)
    order = sorted(zip(found, places.tolist(), strict=True), key=lambda pair: -pair[0].probability.both)
    return tuple(
        NearMiss(
            design=design,
            less_usd=0.0 if best is None else max(best.cost_usd.p50 - design.cost_usd.p50, 0.0),
            sooner_days=0.0 if best is None else max(best.finish_days.p50 - design.finish_days.p50, 0.0),
        )
        for design, _ in order
    )


def _places(evaluated: Evaluated, limits: Limits, best: Design | None, among: Flags | bool) -> Indices:
    """Of each chip and supply that misses, the design that misses least."""
    designs = evaluated.designs
    both = designs.assessed.in_both
    near = designs.allowed & has_power(designs) & ~feasible(designs, limits) & (both >= NEAR * limits.confidence)
    near &= among
    if best is not None:
        near &= _saves(evaluated, best)
    places = np.flatnonzero(near)
    order = places[np.lexsort([places, designs.assessed.cost_usd[places], -both[places]])]
    kind = designs.chip[order] * (designs.supply.max(initial=0) + 1) + designs.supply[order]
    _, first = np.unique(kind, return_index=True)
    return order[np.sort(first)][:MOST]


def _saves(evaluated: Evaluated, best: Design) -> Flags:
    """Designs that are done before the best one, or where that counts cost less."""
    assessed, less = evaluated.designs.assessed, 1.0 - LEAST_SAVING
    sooner = assessed.finish_days < less * best.finish_days.p50
    return sooner if evaluated.objective == "fastest" else sooner | (assessed.cost_usd < less * best.cost_usd.p50)
