"""Where a gang stands: rivals with one signature, by name in ``PLACEMENTS``.

    placement(Nodes, chips) → place or None

A gang that is larger than a node takes nodes that are wholly free, whichever of them the placement prefers.

best-fit     the node with the least free that is enough; the lowest of several
first-fit    the lowest node with enough
spread       the node with the most free
random       any node with enough, by a generator of fixed seed
consolidate  as best-fit; among domains (``choices``) the narrowest
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tenfold.fleet.capacity.nodes import Nodes, Place

Placement = Callable[[Nodes, int], Place | None]


def best_fit(nodes: Nodes, chips: int) -> Place | None:
    """Least free that is enough."""
    if chips > nodes.largest_node:
        return nodes.wholly_free(chips)
    counts = nodes.counts
    for left in range(chips, nodes.largest_node + 1):
        if counts[left]:
            return ((nodes.lowest(left), chips),)
    return None


def first_fit(nodes: Nodes, chips: int) -> Place | None:
    """Lowest node that has enough."""
    if chips > nodes.largest_node:
        return nodes.wholly_free(chips)
    counts = nodes.counts
    lowest = [nodes.lowest(left) for left in range(chips, nodes.largest_node + 1) if counts[left]]
    return ((min(lowest), chips),) if lowest else None


def spread(nodes: Nodes, chips: int) -> Place | None:
    """Most free."""
    if chips > nodes.largest_node:
        return nodes.wholly_free(chips)
    counts = nodes.counts
    for left in range(nodes.largest_node, chips - 1, -1):
        if counts[left]:
            return ((nodes.lowest(left), chips),)
    return None


def at_random(nodes: Nodes, chips: int) -> Place | None:
    """Any node with enough; drawn anew from what is free, so that a replay gives the same each time."""
    if chips > nodes.largest_node:
        return nodes.wholly_free(chips)
    fitting = [node for node in nodes.members if nodes.left[node] >= chips]
    if not fitting:
        return None
    return ((random.Random(nodes.free * len(fitting)).choice(fitting), chips),)  # noqa: S311  (no secret)


PLACEMENTS: Mapping[str, Placement] = MappingProxyType(
    {"best-fit": best_fit, "first-fit": first_fit, "spread": spread, "random": at_random, "consolidate": best_fit}
)
"""Placements on nodes by name."""
