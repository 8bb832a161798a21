"""Who waits, compiled: the twin of ``fleet.lines.BySize``. A spot is a place among all jobs, by size, then in order."""

from __future__ import annotations

from tenfold.fleet.engine.compiled.scene import BLOCK, NOBODY, Scene
from tenfold.fleet.engine.kernel import kernel


@kernel
def next_waiting(scene: Scene, spot: int, end: int) -> int:
    """First spot from one on, before ``end``, where somebody waits; ``end`` where nobody does."""
    while spot < end:
        if scene.waits[spot]:
            return spot
        spot += 1
        while spot < end and spot % BLOCK == 0 and not scene.waiting_in_block[spot // BLOCK]:
            spot += BLOCK
    return end


@kernel
def join(scene: Scene, rank: int) -> None:
    """Let a job join."""
    spot, size = scene.spot[rank], scene.size[rank]
    scene.waits[spot] = True
    scene.waiting_in_block[spot // BLOCK] += 1
    if scene.waiting[size] == 0 or spot < scene.first[size]:
        scene.first[size] = spot
    scene.waiting[size] += 1


@kernel
def leave(scene: Scene, rank: int) -> None:
    """Let a job leave."""
    spot, size = scene.spot[rank], scene.size[rank]
    scene.waits[spot] = False
    scene.waiting_in_block[spot // BLOCK] -= 1
    scene.waiting[size] -= 1
    if scene.waiting[size] and scene.first[size] == spot:
        scene.first[size] = next_waiting(scene, spot + 1, scene.begins[size + 1])


@kernel
def first_of_all(scene: Scene) -> int:
    """First in order; -1 where nobody waits."""
    found = NOBODY
    for size in range(len(scene.sizes)):
        if scene.waiting[size]:
            rank = scene.rank[scene.first[size]]
            if found < 0 or rank < found:
                found = rank
    return found
