"""What a job waits for on a pool when all that will happen is known: who waits, in which order, what each lasts.

A draw goes from ending to ending over plain lists, with nothing else to keep. Its loops are written flat, since each is
run for every draw; they give what ``steady`` gives of a draw (tested).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from tenfold.fleet.engine.foreseen_easy import easy
from tenfold.fleet.engine.foreseen_ends import Draw, Queue, first_pass, next_pass
from tenfold.quantities import Floats, Integers


def head(queue: Queue) -> Draw:
    """The line stops at the first that does not fit, so that whoever is behind the own job does not matter."""
    gangs, needs, interval_s = queue.chips[: queue.own + 1], queue.chips[queue.own], queue.interval_s

    def draw(lasts_s: Floats) -> tuple[float, float]:
        ends, held, free = list[float](), dict[float, int](), queue.places
        now_s, fitting_s = first_pass(queue)
        for gang, last_s in zip(gangs, lasts_s[: len(gangs)].tolist(), strict=True):
            while free < gang:
                end = ends.pop()
                if free >= needs:
                    fitting_s -= now_s + end
                now_s = -end
                free += held.pop(end)
                if interval_s:
                    now_s, free, more_s = next_pass(queue, ends, held, now_s, free)
                    fitting_s += more_s
            free -= gang
            end = -now_s - last_s
            if end in held:
                held[end] += gang
            else:
                held[end] = gang
                insort(ends, end)
        return now_s - queue.now_s, fitting_s

    return draw


def skip(queue: Queue) -> Draw:
    """In order, whoever fits: of each size only the first has to be looked at."""
    sizes, chips, own, interval_s = sorted(set(queue.chips)), queue.chips, queue.own, queue.interval_s
    kind_of = [sizes.index(gang) for gang in chips]
    nobody, least, second = len(chips), sizes[0], [*sizes, queue.places + 1][1]
    by_size = [[rank for rank in range(nobody) if kind_of[rank] == kind] for kind in range(len(sizes))]

    def draw(lasts_s: Floats) -> tuple[float, float]:
        ends, held, free, needs, last_s = list[float](), dict[float, int](), queue.places, chips[own], lasts_s.tolist()
        now_s, fitting_s = first_pass(queue)
        lines = [iter(ranks) for ranks in by_size]
        firsts = [next(line) for line in lines]
        while True:
            while free >= least:
                rank = firsts[0] if free < second else min(firsts[: bisect_right(sizes, free)])
                if rank == own:
                    return now_s - queue.now_s, fitting_s
                if rank == nobody:
                    break
                gang, kind = chips[rank], kind_of[rank]
                firsts[kind] = next(lines[kind], nobody)
                free -= gang
                end = -now_s - last_s[rank]
                if end in held:
                    held[end] += gang
                else:
                    held[end] = gang
                    insort(ends, end)
            end = ends.pop()
            if free >= needs:
                fitting_s -= now_s + end
            now_s = -end
            free += held.pop(end)
            if interval_s:
                now_s, free, more_s = next_pass(queue, ends, held, now_s, free)
                fitting_s += more_s

    return draw


FORESEEN: Mapping[str, Callable[[Queue], Draw]] = MappingProxyType({"head": head, "skip": skip, "easy": easy})
"""Draws by the name of their admission."""


def foreseen_waits(
    now_s: float, places: int, chips: Integers, lasts_s: Floats, own: int, admission: str, interval_s: float = 0.0
) -> tuple[Floats, Floats]:
    """How long a job waits, s, and how long of that as many chips are free as it needs; one entry a draw.

    ``chips`` is the gang of each job in the order in which they are served, (jobs,), of which none takes more than
    there are ``places``; ``lasts_s`` is how long each holds them, (draws, jobs); ``own`` is the place of the job in
    that order; ``interval_s`` is the time between two passes, 0 for one at every event. All wait from ``now_s`` on.
    """
    queue = Queue(now_s=now_s, places=places, chips=chips.tolist(), own=own, interval_s=interval_s)
    draw = FORESEEN[admission](queue)
    waits_s, fitting_s = np.array([draw(each) for each in lasts_s]).T
    return waits_s, fitting_s
