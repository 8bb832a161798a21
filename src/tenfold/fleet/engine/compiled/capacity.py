"""What is free, compiled: the twin of ``fleet.capacity``. A pool is one node.

A place is nodes, one after another in an array; a gang that is no larger than a node takes its chips of one, a larger
one takes nodes that are wholly free, all of each.
"""

from __future__ import annotations

from tenfold.fleet.engine.compiled.scene import BLOCK, FREE, LARGEST, WHOLE, Scene
from tenfold.fleet.engine.kernel import kernel

BEST_FIT, FIRST_FIT = 0, 1


@kernel
def copy_yard(scene: Scene, yard: int, other: int) -> None:
    """Take over what another holds."""
    for node in range(len(scene.node_chips)):
        scene.left[yard, node] = scene.left[other, node]
    for block in range(scene.idle.shape[1]):
        scene.idle[yard, block] = scene.idle[other, block]
    for left in range(scene.nodes_by_left.shape[1]):
        scene.nodes_by_left[yard, left] = scene.nodes_by_left[other, left]
        for block in range(scene.idle.shape[1]):
            scene.in_block[yard, left, block] = scene.in_block[other, left, block]
    for total in range(scene.total.shape[1]):
        scene.total[yard, total] = scene.total[other, total]


@kernel
def fits(scene: Scene, yard: int, chips: int) -> bool:
    """Whether a gang could start."""
    if len(scene.node_chips) == 1:
        return bool(chips <= scene.left[yard, 0])
    if chips > scene.total[yard, LARGEST]:
        return bool(chips <= scene.total[yard, WHOLE])
    nodes = 0
    for left in range(chips, scene.total[yard, LARGEST] + 1):
        nodes += scene.nodes_by_left[yard, left]
    return nodes > 0


@kernel
def held_of(scene: Scene, yard: int, node: int, chips: int) -> int:
    """Chips of a node that a gang on it holds."""
    return int(scene.node_chips[node] if chips > scene.total[yard, LARGEST] else chips)


@kernel
def _lowest(scene: Scene, yard: int, left: int) -> int:
    for block in range(scene.idle.shape[1]):
        if scene.in_block[yard, left, block]:
            for node in range(block * BLOCK, min((block + 1) * BLOCK, len(scene.node_chips))):
                if scene.left[yard, node] == left:
                    return node
    return -1


@kernel
def _wholly_free(scene: Scene, yard: int, chips: int) -> int:
    found = 0
    for block in range(scene.idle.shape[1]):
        if not scene.idle[yard, block]:
            continue
        for node in range(block * BLOCK, min((block + 1) * BLOCK, len(scene.node_chips))):
            if scene.left[yard, node] == scene.node_chips[node]:
                scene.place[found] = node
                found += 1
                chips -= scene.node_chips[node]
                if chips <= 0:
                    return found
    return 0


@kernel
def find(scene: Scene, yard: int, chips: int, placement: int) -> int:
    """Write the nodes of a place for a gang, and give how many they are; 0 where it does not fit."""
    if not fits(scene, yard, chips):
        return 0
    if len(scene.node_chips) == 1:
        scene.place[0] = 0
        return 1
    if chips > scene.total[yard, LARGEST]:
        return _wholly_free(scene, yard, chips)
    lowest = len(scene.node_chips)
    for left in range(chips, scene.total[yard, LARGEST] + 1):
        if scene.nodes_by_left[yard, left]:
            lowest = min(lowest, _lowest(scene, yard, left))
            if placement == BEST_FIT:
                break
    scene.place[0] = lowest
    return 1


@kernel
def move(scene: Scene, yard: int, node: int, change: int) -> None:
    """Let chips of a node go, or hold them where the change is negative."""
    before = scene.left[yard, node]
    now = before + change
    scene.left[yard, node] = now
    scene.total[yard, FREE] += change
    size, block = scene.node_chips[node], node // BLOCK
    if len(scene.node_chips) > 1:
        scene.nodes_by_left[yard, before] -= 1
        scene.nodes_by_left[yard, now] += 1
        scene.in_block[yard, before, block] -= 1
        scene.in_block[yard, now, block] += 1
    if now == size:
        scene.total[yard, WHOLE] += size
        scene.idle[yard, block] += 1
    elif before == size:
        scene.total[yard, WHOLE] -= size
        scene.idle[yard, block] -= 1


@kernel
def holds(scene: Scene, yard: int, nodes: int, chips: int) -> bool:
    """Whether a place is free."""
    missing = 0
    for at in range(nodes):
        node = scene.place[at]
        missing += scene.left[yard, node] < held_of(scene, yard, node, chips)
    return missing == 0


@kernel
def largest_part(scene: Scene, yard: int) -> int:
    """Most chips that are free on one node."""
    for left in range(scene.total[yard, LARGEST], 0, -1):
        if scene.nodes_by_left[yard, left]:
            return left
    return 0
