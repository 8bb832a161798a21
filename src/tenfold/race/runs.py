"""Chunks of draws over threads: NumPy lets go of the interpreter inside its loops, so two cores are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tenfold.race.arrays import Draws
from tenfold.race.cores import threads
from tenfold.race.events import Events
from tenfold.race.kernel import simulate
from tenfold.race.luck import SMALL_CHUNK, Luck, chunks
from tenfold.race.recording import Kept, Recorder, kept_for
from tenfold.race.world import World

Tell = Callable[[float], None]


def run_case(
    world: World, events: Events, parameters: Mapping[str, Draws], *, quarters: int, seed: int, tell: Tell
) -> Kept:
    """Simulate every draw of a case. ``tell`` is told the share done.

    NumPy writes a row that meets a table out twice and more where its buffer is longer than the row, which takes as
    long as the sum itself; so buffers are as long as the shortest rows here. Said to each thread.
    """
    draws = len(next(iter(parameters.values())))
    parts = chunks(parameters, draws, seed)
    kept = kept_for(world, quarters, draws, len(parts))

    def run(place: int) -> None:
        luck: Luck = parts[place]
        span = slice(luck.start, luck.start + luck.count)
        simulate(world, events, luck, quarters, Recorder(world, kept, place, span, luck))

    with ThreadPoolExecutor(threads(), initializer=np.setbufsize, initargs=(SMALL_CHUNK,)) as pool:
        for done, _ in enumerate(pool.map(run, range(len(parts))), start=1):
            tell(done / len(parts))
    return kept
