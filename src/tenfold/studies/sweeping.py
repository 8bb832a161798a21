"""Working through a study: what is not done yet is given to an executor, one collector keeps what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tenfold.studies.cells import CellJob, Outcome, Study
from tenfold.studies.executors import Executor, here
from tenfold.studies.kept import done_places, join_parts, keep_part, keep_study, lock_of

WORK = "tenfold.studies.cells:work"
BATCH = 64
BATCH_S = 2.0
"""A batch is kept when it is full, or after so long."""
JOINED_ABOVE = 32
"""Parts beyond which they are joined when a study is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a study is."""

    study: str
    cells: int
    done: int
    failed: int
    left_s: float | None = None
    """Seconds left at the pace so far; None where there is none yet."""


def sweep(study: Study, executor: Executor = here, told: Callable[[Progress], None] = lambda _: None) -> Progress:
    """Do what is left of a study, and say how it stands. ``told`` hears after every batch.

    Raises ``InputError`` where another process works on it or the disk refuses, and what a fault raises; what was kept
    before is kept.
    """
    cells = list(study.cells())
    key = keep_study(study, len(cells))
    with lock_of(key):
        done = done_places(key)
        left = [cell for cell in cells if cell.place not in done]
        began, batch, at = time.monotonic(), list[Outcome](), time.monotonic()
        jobs = (CellJob(study=study, cell=cell) for cell in left)

        def keep() -> None:
            nonlocal batch, at
            if batch:
                keep_part(key, batch)
                done.update({each.place: not each.failed for each in batch})
            batch, at = [], time.monotonic()
            told(_progress(key, len(cells), done, time.monotonic() - began, len(done) - len(cells) + len(left)))

        try:
            for _, outcome in executor(WORK, jobs):
                batch.append(outcome)
                if len(batch) >= BATCH or time.monotonic() - at > BATCH_S:
                    keep()
        finally:
            keep()
        if len(left) > JOINED_ABOVE * BATCH or (left and len(done) == len(cells)):
            join_parts(key)
    return _progress(key, len(cells), done, 0.0, 0)


def _progress(key: str, cells: int, done: dict[int, bool], took_s: float, now: int) -> Progress:
    good = sum(done.values())
    left_s = took_s / now * (cells - len(done)) if now > 0 else None
    return Progress(study=key, cells=cells, done=good, failed=len(done) - good, left_s=left_s)
