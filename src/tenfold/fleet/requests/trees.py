"""Least of many numbers that change one by one, and a heap of ends: work in the logarithm of their number."""

from __future__ import annotations

from tenfold.fleet.requests.scene import MOST, Numbers, Scene


def put(tree: Numbers, leaf: int, value: float) -> None:
    """Set a leaf, and the least of every pair above it."""
    at = len(tree) // 2 + leaf
    tree[at] = value
    at //= 2
    while at >= 1:
        left, right = tree[2 * at], tree[2 * at + 1]
        tree[at] = left if left <= right else right
        at //= 2


def leaf_of_least(tree: Numbers) -> int:
    """Leaf of the least value, the first of equal ones."""
    half = len(tree) // 2
    at = 1
    while at < half:
        at *= 2
        if tree[at + 1] < tree[at]:
            at += 1
    return at - half


def push_end(scene: Scene, unit: int, step: int, request: int) -> None:
    """Note the step after which a sequence ends."""
    first = unit * scene.tally[MOST]
    at = scene.running[unit]
    scene.running[unit] = at + 1
    while at > 0:
        above = (at - 1) // 2
        if not _before(step, request, scene.ends_after[first + above], scene.ends[first + above]):
            break
        scene.ends_after[first + at] = scene.ends_after[first + above]
        scene.ends[first + at] = scene.ends[first + above]
        at = above
    scene.ends_after[first + at] = step
    scene.ends[first + at] = request


def pop_end(scene: Scene, unit: int) -> int:
    """Take out the sequence that ends first; its number."""
    first = unit * scene.tally[MOST]
    found = scene.ends[first]
    count = scene.running[unit] - 1
    scene.running[unit] = count
    step, request = scene.ends_after[first + count], scene.ends[first + count]
    at = 0
    while 2 * at + 1 < count:
        below = 2 * at + 1
        right = below + 1
        if right < count and _before(
            scene.ends_after[first + right],
            scene.ends[first + right],
            scene.ends_after[first + below],
            scene.ends[first + below],
        ):
            below = right
        if not _before(scene.ends_after[first + below], scene.ends[first + below], step, request):
            break
        scene.ends_after[first + at] = scene.ends_after[first + below]
        scene.ends[first + at] = scene.ends[first + below]
        at = below
    scene.ends_after[first + at] = step
    scene.ends[first + at] = request
    return found


def _before(step: int, request: int, other_step: int, other: int) -> bool:
    return step < other_step or (step == other_step and request < other)
