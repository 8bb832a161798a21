"""What a job waits for on a pool when all that will happen is known: who waits, in which order, what each lasts.

A draw goes from ending to ending over plain lists, with nothing else to keep. Its loops are written flat, since each is
run for every draw; they give what ``steady`` gives of a draw (tested).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Mapping
from itertools import groupby, islice
from types import MappingProxyType

import numpy as np

from tenfold.fleet.engine.foreseen_easy import easy
from tenfold.fleet.engine.foreseen_ends import NEVER, Draw, Queue, first_pass, next_pass
from tenfold.quantities import Floats, Integers


def head(queue: Queue) -> Draw:
    """The line stops at the first that does not fit, so that whoever is behind the own job does not matter."""
    gangs, needs = queue.chips[: queue.own + 1], queue.chips[queue.own]
    least, interval_s = queue.least, queue.interval_s
    alike = [(least_alone, len(list(some))) for least_alone, some in groupby(gangs, key=lambda gang: gang == least)]

    def draw(lasts_s: Floats) -> tuple[float, float]:
        ends, beyond, free = [NEVER], dict[float, int](), queue.places
        (now, fitting_s), line = first_pass(queue), zip(gangs, lasts_s.tolist(), strict=False)
        for least_alone, count in alike:
            if least_alone and not interval_s:
                for _, last_s in islice(line, count):  # the own job would fit at none of these: it is no smaller
                    if free < least:
                        now = ends.pop()
                        if now in beyond:
                            free += beyond.pop(now)
                    else:
                        free -= least
                    insort(ends, now - last_s)
                continue
            for gang, last_s in islice(line, count):
                while free < gang:
                    end = ends.pop()
                    if free >= needs:
                        fitting_s += now - end
                    now = end
                    free += least + beyond.pop(end, 0)
                    if interval_s:
                        now, free, more_s = next_pass(queue, ends, beyond, now, free)
                        fitting_s += more_s
                free -= gang
                end = now - last_s
                insort(ends, end)
                if gang > least:
                    beyond[end] = beyond.get(end, 0) + gang - least
        return -now - queue.now_s, fitting_s

    return draw


def skip(queue: Queue) -> Draw:
    """In order, whoever fits: of each size only the first has to be looked at."""
    sizes, chips, own, interval_s = sorted(set(queue.chips)), queue.chips, queue.own, queue.interval_s
    kind_of = [sizes.index(gang) for gang in chips]
    nobody, least, second = len(chips), sizes[0], [*sizes, queue.places + 1][1]
    by_size = [[rank for rank in range(nobody) if kind_of[rank] == kind] for kind in range(len(sizes))]

    def draw(lasts_s: Floats) -> tuple[float, float]:
        ends, beyond, free, needs, last_s = [NEVER], dict[float, int](), queue.places, chips[own], lasts_s.tolist()
        (now, fitting_s), lines = first_pass(queue), [iter(ranks) for ranks in by_size]
        firsts = [next(line) for line in lines]
        while True:
            while free >= least:
                rank = firsts[0] if free < second else min(firsts[: bisect_right(sizes, free)])
                if rank == own:
                    return -now - queue.now_s, fitting_s
                if rank == nobody:
                    break
                gang, kind = chips[rank], kind_of[rank]
                firsts[kind] = next(lines[kind], nobody)
                free -= gang
                end = now - last_s[rank]
                insort(ends, end)
                if gang > least:
                    beyond[end] = beyond.get(end, 0) + gang - least
            end = ends.pop()
            if free >= needs:
                fitting_s += now - end
            now = end
            free += least
            while ends[-1] == end:
                ends.pop()
                free += least
            if end in beyond:
                free += beyond.pop(end)
            if interval_s:
                now, free, more_s = next_pass(queue, ends, beyond, now, free)
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
    least = int(chips.min())
    queue = Queue(now_s=now_s, places=places, chips=chips.tolist(), least=least, own=own, interval_s=interval_s)
    draw = FORESEEN[admission](queue)
    waits_s, fitting_s = np.array([draw(each) for each in lasts_s]).T
    return waits_s, fitting_s
