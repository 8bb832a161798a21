"""Caches of prefixes, one a unit: which blocks of a prompt are there, least recently used out first. Exact.

Every touch of a block is queued; the oldest entry of the queue that is still a block's last touch is the block that
was used least recently.
"""

from __future__ import annotations

from tenfold.fleet.requests.scene import (
    BLOCK_TOKENS,
    BLOCKS,
    CACHE_TOKENS,
    NOBODY,
    TOUCHES,
    Scene,
)

SCATTER = 2_654_435_761
"""Knuth's multiplier of Fibonacci hashing."""


def place_of(scene: Scene, unit: int, block: int) -> int:
    """Place of a pair in the table, where it stands or would."""
    key = unit * scene.tally[BLOCKS] + block + 1
    mask = len(scene.key) - 1
    place = ((key * SCATTER) >> 12) & mask
    while scene.key[place] != 0 and scene.key[place] != key:
        place = (place + 1) & mask
    return place


def is_there(scene: Scene, unit: int, block: int) -> bool:
    """Whether a unit holds a block."""
    place = place_of(scene, unit, block)
    return scene.key[place] != 0 and scene.touched[place] > 0


def known_tokens(scene: Scene, unit: int, request: int) -> float:
    """Tokens at the start of a prompt that a unit holds; one is always new."""
    place, end = scene.block_start[request], scene.block_start[request + 1]
    first = place
    while place < end and is_there(scene, unit, scene.block[place]):
        place += 1
    most = max(scene.prompt_tokens[request] - 1.0, 0.0)
    return min((place - first) * scene.rank[BLOCK_TOKENS], most)


def keep(scene: Scene, unit: int, request: int) -> None:
    """Touch the blocks of a prompt, the last first, so that the ends of prompts go before their beginnings."""
    for place in range(scene.block_start[request + 1] - 1, scene.block_start[request] - 1, -1):
        _touch(scene, unit, scene.block[place])
    make_room(scene, unit)


def _touch(scene: Scene, unit: int, block: int) -> None:
    place = place_of(scene, unit, block)
    scene.key[place] = unit * scene.tally[BLOCKS] + block + 1
    if scene.touched[place] == 0:
        scene.cached_blocks[unit] += 1
    touch = scene.tally[TOUCHES]
    scene.tally[TOUCHES] = touch + 1
    scene.touched[place] = touch
    scene.holder[block] = unit
    scene.touch_pair[touch] = place
    if scene.oldest[unit] == NOBODY:
        scene.oldest[unit] = touch
    else:
        scene.touch_next[scene.newest[unit]] = touch
    scene.newest[unit] = touch


def make_room(scene: Scene, unit: int) -> None:
    """Evict until blocks and running answers fit."""
    room = scene.rank[CACHE_TOKENS] - scene.answering_tokens[unit]
    while scene.oldest[unit] != NOBODY and scene.cached_blocks[unit] * scene.rank[BLOCK_TOKENS] > room:
        touch = scene.oldest[unit]
        place = scene.touch_pair[touch]
        if scene.touched[place] == touch:
            scene.touched[place] = 0
            scene.cached_blocks[unit] -= 1
        scene.oldest[unit] = scene.touch_next[touch]
