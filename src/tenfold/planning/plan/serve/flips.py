"""What would change the choice: the price of a chip at which another fleet is the cheapest."""

from __future__ import annotations

from collections.abc import Container, Iterator

import numpy as np

from tenfold.planning.plan.serve.answer import FleetDesign
from tenfold.planning.plan.verdicts import Flip

FARTHEST = 4.0
"""Factor beyond which nothing is said: whoever knows that little of a price has other questions."""
RIVALS = 3


def flips(designs: tuple[FleetDesign, ...], unasked: Container[str]) -> tuple[Flip, ...]:
    """List what changes the choice, the smallest change first; ``designs`` are those that fit, best first.

    ``unasked`` are chips bound to a place or an owner that nobody named: no price puts them before a free one.
    A rent is paid in proportion to its price, extras and unused terms among it, so that a cost moves by the factor that
    its price does, but for what chips that are there cost beside it.
    """
    free = designs[0].chip not in unasked
    found = list(_prices(tuple(each for each in designs if not (free and each.chip in unasked))))
    return tuple(flip for _, flip in sorted(found, key=lambda pair: pair[0]))


def _prices(designs: tuple[FleetDesign, ...]) -> Iterator[tuple[float, Flip]]:
    """Prices of the best, and of rivals, at which the order of their sure costs changes, all else as it is."""
    best, others = designs[0], designs[1:]
    if others and best.price_usd_per_chip_hour is not None and best.holds_usd and others[0].holds_usd:
        yield from _flip("price of the chip", best, others[0].holds_usd / best.holds_usd, others[0].name)
    rented = [each for each in others if each.price_usd_per_chip_hour is not None]  # an owned hour is many prices
    for rival in rented[:RIVALS]:
        if best.holds_usd and rival.holds_usd:
            factor = best.holds_usd / rival.holds_usd
            yield from _flip(f"price of the chip of {rival.name}", rival, factor, rival.name)


def _flip(what: str, design: FleetDesign, factor: float, choice: str) -> Iterator[tuple[float, Flip]]:
    price, factor = design.price_usd_per_chip_hour, 1.0 + (factor - 1.0) / _rented_share(design)
    if price is None or not price.p50 or not (1.0 / FARTHEST <= factor <= FARTHEST):
        return
    yield (
        abs(float(np.log(factor))),
        {
            "input": what,
            "from": price.p50,
            "to": price.p50 * factor,
            "unit": "USD/h",
            "written": "",
            "choice": choice,
        },
    )


def _rented_share(design: FleetDesign) -> float:
    """Share of the cost that goes with the price of the chip: all but what chips that are there cost."""
    there = design.cost_terms_usd.get("chips_there", 0.0)
    return 1.0 - there / sum(design.cost_terms_usd.values()) if there else 1.0
