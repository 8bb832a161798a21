"""Who may start now, compiled: the twins of ``fleet.admissions`` head, skip and easy."""

from __future__ import annotations

from tenfold.fleet.engine.compiled.capacity import copy_yard, find, fits, held_of, holds, move
from tenfold.fleet.engine.compiled.ends import insert, push
from tenfold.fleet.engine.compiled.line import first_of_all, leave, next_waiting
from tenfold.fleet.engine.compiled.scene import (
    ENDING,
    EXPECTED,
    FIRST,
    FREE,
    HERE,
    LARGEST,
    NOBODY,
    NOW,
    PLACEMENT,
    PROMISED_S,
    SPARE,
    Scene,
)
from tenfold.fleet.engine.kernel import kernel


@kernel
def start(scene: Scene, rank: int, nodes: int) -> None:
    """Start a job that waits, on the place that was found."""
    leave(scene, rank)
    chips, now_s = scene.chips[rank], scene.clock_s[NOW]
    scene.node[rank] = scene.place[0]
    scene.held[rank] = 0
    for at in range(nodes):
        node = scene.place[at]
        held = held_of(scene, HERE, node, chips)
        move(scene, HERE, node, -held)
        scene.held[rank] += held
        if nodes > 1:
            scene.after[node] = scene.place[at + 1] if at + 1 < nodes else NOBODY
    scene.started_s[rank] = now_s
    push(scene, ENDING, now_s + scene.work_s[rank], rank)
    insert(scene, EXPECTED, now_s + scene.estimate_s[rank], rank)


@kernel
def give_back(scene: Scene, yard: int, rank: int) -> None:
    """Let go of what a job holds, in a yard."""
    chips, node = scene.chips[rank], scene.node[rank]
    if chips <= scene.total[yard, LARGEST]:
        move(scene, yard, node, chips)
        return
    left = chips
    while left > 0:
        size = scene.node_chips[node]
        move(scene, yard, node, size)
        left -= size
        node = scene.after[node] if left > 0 else node


@kernel
def head(scene: Scene) -> None:
    """Start the first while it fits."""
    rank = first_of_all(scene)
    while rank >= 0:
        nodes = find(scene, HERE, scene.chips[rank], scene.told[PLACEMENT])
        if not nodes:
            return
        start(scene, rank, nodes)
        rank = first_of_all(scene)


@kernel
def skip(scene: Scene) -> None:
    """Start whoever fits, in order."""
    while scene.total[HERE, FREE]:
        found = NOBODY
        for size in range(len(scene.sizes)):
            if scene.waiting[size] and fits(scene, HERE, scene.sizes[size]):
                rank = scene.rank[scene.first[size]]
                if found < 0 or rank < found:
                    found = rank
        if found < 0:
            return
        start(scene, found, find(scene, HERE, scene.chips[found], scene.told[PLACEMENT]))


@kernel
def easy(scene: Scene) -> None:
    """Start the first while it fits; behind it, whoever ends before its promise or leaves room for it."""
    head(scene)
    first = first_of_all(scene)
    if first >= 0 and scene.total[HERE, FREE]:
        _backfill(scene, first)


@kernel
def _backfill(scene: Scene, first: int) -> None:
    if not _any_fits(scene):
        return
    if scene.told[FIRST] != first:
        _promise(scene, scene.chips[first])
        scene.told[FIRST] = first
    within_s = scene.clock_s[PROMISED_S] - scene.clock_s[NOW]
    for size in range(len(scene.sizes)):
        scene.passed[size] = scene.begins[size]
    while scene.total[HERE, FREE]:
        rank = _next(scene, first, within_s)
        if rank < 0:
            return
        chips = scene.chips[rank]
        nodes = find(scene, HERE, chips, scene.told[PLACEMENT])
        short = scene.estimate_s[rank] <= within_s
        if not short and not holds(scene, SPARE, nodes, chips):
            scene.passed[scene.size[rank]] += 1
            continue
        start(scene, rank, nodes)
        if not short:
            for at in range(nodes):
                move(scene, SPARE, scene.place[at], -held_of(scene, SPARE, scene.place[at], chips))


@kernel
def _any_fits(scene: Scene) -> bool:
    able = 0
    for size in range(len(scene.sizes)):
        able += scene.waiting[size] > 0 and fits(scene, HERE, scene.sizes[size])
    return able > 0


@kernel
def _next(scene: Scene, first: int, within_s: float) -> int:
    """First in order who fits, and is short or may leave room; -1 where nobody is."""
    found = NOBODY
    for size in range(len(scene.sizes)):
        if not scene.waiting[size] or not fits(scene, HERE, scene.sizes[size]):
            continue
        roomy = fits(scene, SPARE, scene.sizes[size])
        end = scene.begins[size + 1]
        spot = next_waiting(scene, max(scene.passed[size], scene.first[size]), end)
        while spot < end:
            rank = scene.rank[spot]
            if rank != first and (roomy or scene.estimate_s[rank] <= within_s):
                break
            spot = next_waiting(scene, spot + 1, end)
        scene.passed[size] = spot
        if spot < end and (found < 0 or scene.rank[spot] < found):
            found = scene.rank[spot]
    return found


@kernel
def _promise(scene: Scene, chips: int) -> None:
    """When a gang can start at the latest, by estimates, and what is spare then, its own place taken."""
    now_s = scene.clock_s[NOW]
    copy_yard(scene, SPARE, HERE)
    promised_s, at = now_s, 0
    while at < scene.ends[EXPECTED] and not fits(scene, SPARE, chips):
        promised_s = max(scene.end_s[EXPECTED, at], now_s)
        while at < scene.ends[EXPECTED] and scene.end_s[EXPECTED, at] <= promised_s:
            give_back(scene, SPARE, scene.end_rank[EXPECTED, at])
            at += 1
    nodes = find(scene, SPARE, chips, scene.told[PLACEMENT])
    for each in range(nodes):
        move(scene, SPARE, scene.place[each], -held_of(scene, SPARE, scene.place[each], chips))
    scene.clock_s[PROMISED_S] = promised_s
