"""The engine of ``steady``, compiled: strict, skipping and EASY lines on pools, and on nodes by best or first fit.

Needs the extra ``fast``. A test holds it equal to its plain twin, start by start; ``benchmarks/fleet.py`` shows what
it is worth. What is not compiled goes to the plain engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from tenfold.fleet.engine.compiled.admit import easy, give_back, head, skip
from tenfold.fleet.engine.compiled.capacity import BEST_FIT, FIRST_FIT, largest_part
from tenfold.fleet.engine.compiled.ends import pop, remove
from tenfold.fleet.engine.compiled.line import join
from tenfold.fleet.engine.compiled.scene import ENDING, EXPECTED, FIRST, HERE, NOBODY, NOW, WHOLE, Scene, scene_of
from tenfold.fleet.engine.kernel import kernel
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.runs import Room, Runs
from tenfold.quantities import Floats, Integers

__all__ = ["COMPILED_ADMISSIONS", "COMPILED_PLACEMENTS", "replay_compiled"]

COMPILED_ADMISSIONS: Mapping[str, Callable[[Scene], None]] = MappingProxyType(
    {"head": head, "skip": skip, "easy": easy}
)
"""Admissions that are compiled, by name."""
COMPILED_PLACEMENTS: Mapping[str, int] = MappingProxyType({"best-fit": BEST_FIT, "first-fit": FIRST_FIT})
"""Placements that are compiled, by name."""


def replay_compiled(
    jobs: Jobs,
    sizes: Sequence[int],
    keys: Floats,
    admission: str,
    placement: str,
    *,
    interval_s: float = 0.0,
    until: int | None = None,
) -> Runs:
    """Replay jobs as ``steady.replay_steady`` does, on nodes of these sizes; one node is a pool."""
    count = len(jobs)
    order = np.lexsort((np.arange(count), keys))
    rank_of = np.empty(count, dtype=np.int64)
    rank_of[order] = np.arange(count)
    scene = scene_of(jobs.take(order), np.asarray(sizes, dtype=np.int64), COMPILED_PLACEMENTS[placement])
    last = -1 if until is None else int(rank_of[until])
    admit = COMPILED_ADMISSIONS[admission]
    passes = np.empty((2 * count + 2) if len(sizes) > 1 else 0)
    gang, part = (np.empty(len(passes), np.int64) for _ in range(2))
    seen = _loop(scene, admit, jobs.submit_s, rank_of, float(interval_s), last, passes, gang, part)
    room = Room(len(sizes) > 1, passes[:seen].tolist(), gang[:seen].tolist(), part[:seen].tolist())
    return Runs.whole(scene.started_s[rank_of], jobs.work_s, scene.held[rank_of], room)


@kernel
def _loop(
    scene: Scene,
    admit: Callable[[Scene], None],
    submit_s: Floats,
    rank_of: Integers,
    interval_s: float,
    last: int,
    passes_s: Floats,
    gang: Integers,
    part: Integers,
) -> int:
    """Go from event to event; the number of passes whose room was noted."""
    count, at, seen, shaped = len(submit_s), 0, 0, len(passes_s) > 0
    while at < count or scene.ends[ENDING]:
        now_s = scene.end_s[ENDING, 0] if scene.ends[ENDING] else np.inf
        if at < count:
            now_s = min(now_s, submit_s[at])
        if interval_s:
            now_s = -(-now_s // interval_s) * interval_s
        scene.clock_s[NOW] = now_s
        while scene.ends[ENDING] and scene.end_s[ENDING, 0] <= now_s:
            _end(scene, pop(scene, ENDING))
        while at < count and submit_s[at] <= now_s:
            join(scene, rank_of[at])
            at += 1
        admit(scene)
        if last >= 0 and scene.started_s[last] < np.inf:
            break
        if shaped:
            passes_s[seen], part[seen] = now_s, largest_part(scene, HERE)
            gang[seen] = max(scene.total[HERE, WHOLE], part[seen])
            seen += 1
    return seen


@kernel
def _end(scene: Scene, rank: int) -> None:
    """Let go of the place of a job; the promise is void."""
    give_back(scene, HERE, rank)
    scene.told[FIRST] = NOBODY
    remove(scene, EXPECTED, scene.started_s[rank] + scene.estimate_s[rank], rank)
