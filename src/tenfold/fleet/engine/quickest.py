"""The engine for jobs that nothing stops: compiled where that is there and worth loading, else plain."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

from tenfold.fleet.admissions import ADMISSIONS, Admission
from tenfold.fleet.capacity.nodes import Nodes
from tenfold.fleet.capacity.pool import Pool
from tenfold.fleet.engine.steady import NEVER, replay_steady
from tenfold.fleet.fair import Turns
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.pace import Speeds
from tenfold.fleet.runs import Runs
from tenfold.quantities import Floats, Progress

WORTH_LOADING = 100_000
"""Jobs to be run from which on the compiled engine saves more than loading it takes (``benchmarks/fleet.py``)."""


@cache
def compiled_is_there() -> bool:
    """Whether the extra ``fast`` is installed."""
    return find_spec("numba") is not None


def run_steady(
    jobs: Jobs,
    capacity: Any,  # noqa: ANN401  (Pool or Nodes)
    keys: Floats,
    admission: str,
    placement: str,
    *,
    times: int = 1,
    admissions: Mapping[str, Admission] = ADMISSIONS,
    interval_s: float = 0.0,
    turns: Turns | None = None,
    until: int | None = None,
    until_s: float = NEVER,
    speeds: Speeds | None = None,
    progress: Progress | None = None,
) -> Runs:
    """Replay jobs as ``replay_steady`` does; ``times`` is how often as much will be asked.

    What the compiled engine does not speak (domains, power, speeds, turns, other rules) goes to the plain one. Starts
    after ``until_s`` may be left out.
    """
    spoken = isinstance(capacity, (Pool, Nodes)) and turns is None and not speeds
    if spoken and compiled_is_there() and times * len(jobs) >= WORTH_LOADING:
        from tenfold.fleet.engine.compiled import COMPILED_ADMISSIONS, COMPILED_PLACEMENTS, replay_compiled

        if admission in COMPILED_ADMISSIONS and placement in COMPILED_PLACEMENTS:
            sizes = (capacity.chips,) if isinstance(capacity, Pool) else capacity.sizes
            return replay_compiled(jobs, sizes, keys, admission, placement, interval_s=interval_s, until=until)
    chosen = admissions[admission]
    return replay_steady(
        jobs,
        capacity,
        keys,
        chosen,
        interval_s=interval_s,
        promises=chosen.promises,
        turns=turns,
        until=until,
        until_s=until_s,
        speeds=speeds,
        progress=progress,
    )
