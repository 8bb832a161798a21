"""When running jobs end: a heap of ends as they will be, and a list in order of ends as estimated; compiled."""

from __future__ import annotations

from tenfold.fleet.engine.compiled.scene import Scene
from tenfold.fleet.engine.kernel import kernel


@kernel
def _before(scene: Scene, ends: int, one: int, at_s: float, rank: int) -> bool:
    """Whether an end comes before a time, or before a job at the same time."""
    other_s: float = scene.end_s[ends, one]
    other: int = scene.end_rank[ends, one]
    return other_s < at_s or (other_s == at_s and other < rank)


@kernel
def push(scene: Scene, ends: int, at_s: float, rank: int) -> None:
    """Let an end join a heap, by time, then rank."""
    place = scene.ends[ends]
    scene.ends[ends] += 1
    while place:
        above = (place - 1) >> 1
        if _before(scene, ends, above, at_s, rank):
            break
        scene.end_s[ends, place], scene.end_rank[ends, place] = scene.end_s[ends, above], scene.end_rank[ends, above]
        place = above
    scene.end_s[ends, place], scene.end_rank[ends, place] = at_s, rank


@kernel
def pop(scene: Scene, ends: int) -> int:
    """Take the first end of a heap."""
    first: int = scene.end_rank[ends, 0]
    scene.ends[ends] -= 1
    count = scene.ends[ends]
    at_s, rank, place = scene.end_s[ends, count], scene.end_rank[ends, count], 0
    while 2 * place + 1 < count:
        below = 2 * place + 1
        right = below + 1
        if right < count and _before(scene, ends, right, scene.end_s[ends, below], scene.end_rank[ends, below]):
            below = right
        if not _before(scene, ends, below, at_s, rank):
            break
        scene.end_s[ends, place], scene.end_rank[ends, place] = scene.end_s[ends, below], scene.end_rank[ends, below]
        place = below
    scene.end_s[ends, place], scene.end_rank[ends, place] = at_s, rank
    return first


@kernel
def _place(scene: Scene, ends: int, at_s: float, rank: int) -> int:
    low, high = 0, scene.ends[ends]
    while low < high:
        middle = (low + high) >> 1
        if _before(scene, ends, middle, at_s, rank):
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def insert(scene: Scene, ends: int, at_s: float, rank: int) -> None:
    """Let an end join a list in order."""
    place = _place(scene, ends, at_s, rank)
    for at in range(scene.ends[ends], place, -1):
        scene.end_s[ends, at], scene.end_rank[ends, at] = scene.end_s[ends, at - 1], scene.end_rank[ends, at - 1]
    scene.end_s[ends, place], scene.end_rank[ends, place] = at_s, rank
    scene.ends[ends] += 1


@kernel
def remove(scene: Scene, ends: int, at_s: float, rank: int) -> None:
    """Let an end leave a list in order."""
    scene.ends[ends] -= 1
    for at in range(_place(scene, ends, at_s, rank), scene.ends[ends]):
        scene.end_s[ends, at], scene.end_rank[ends, at] = scene.end_s[ends, at + 1], scene.end_rank[ends, at + 1]
