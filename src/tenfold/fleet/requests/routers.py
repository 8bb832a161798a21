"""Who gets a request: one function a router, by name in ``ROUTERS``."""

from __future__ import annotations

from types import MappingProxyType

from tenfold.fleet.requests.cached import is_there
from tenfold.fleet.requests.scene import (
    ACTIVE,
    BLOCK_TOKENS,
    CURSOR,
    FAR_AHEAD,
    LEAST_SHARE,
    NOBODY,
    ROUTER,
    TIMES_AHEAD,
    Scene,
)
from tenfold.fleet.requests.trees import leaf_of_least

ROUND_ROBIN, LEAST_LOAD, PREFIX_AWARE = 0, 1, 2
ROUTERS = MappingProxyType({"round-robin": ROUND_ROBIN, "least-load": LEAST_LOAD, "prefix-aware": PREFIX_AWARE})


def routed(scene: Scene, request: int) -> int:
    """Unit that takes a request."""
    if scene.tally[ROUTER] == ROUND_ROBIN:
        return _next_in_turn(scene)
    if scene.tally[ROUTER] == PREFIX_AWARE:
        found = _holder_of_longest(scene, request)
        if found != NOBODY and not _is_ahead(scene, found):
            return found
    return leaf_of_least(scene.least_load)


def _next_in_turn(scene: Scene) -> int:
    found = scene.tally[CURSOR] % scene.tally[ACTIVE]
    scene.tally[CURSOR] = found + 1
    return found


def _holder_of_longest(scene: Scene, request: int) -> int:
    """Unit that had the longest known part of a prompt last, still holds its end, and is worth going to."""
    start = scene.block_start[request]
    least = scene.rank[LEAST_SHARE] * scene.prompt_tokens[request]
    for place in range(scene.block_start[request + 1] - 1, start - 1, -1):
        if (place - start + 1) * scene.rank[BLOCK_TOKENS] < least:
            break
        block = scene.block[place]
        unit = scene.holder[block]
        if unit != NOBODY and unit < scene.tally[ACTIVE] and is_there(scene, unit, block):
            return unit
    return NOBODY


def _is_ahead(scene: Scene, unit: int) -> bool:
    """Whether a unit has so much more to do than the idlest that its cache is not worth it: both bounds passed."""
    least = scene.least_load[1]
    load = scene.load[unit]
    return load > least + scene.rank[FAR_AHEAD] and load > least * scene.rank[TIMES_AHEAD]
