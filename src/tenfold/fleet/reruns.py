"""The same replay again, with all else that no trace tells: ties, when passes are, who fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tenfold.fleet.jobs import Jobs
from tenfold.fleet.replay import Rules, replay
from tenfold.quantities import Floats

LONGEST_INTERVAL_S = 120.0
"""Between two passes of a rerun."""


def rerun_waits_s(jobs_of: Callable[[int], Jobs], rules: Rules, reruns: int, seed: int) -> Floats:
    """Mean wait of replays with ties in a drawn order, a drawn interval and other failures, s, (reruns,).

    ``jobs_of`` gives the jobs of each rerun: those of a trace are the same, drawn ones are drawn again.
    What they differ by is not known of any real fleet, so this is how far no replay can be trusted.
    """
    rng = np.random.default_rng(np.random.SeedSequence((seed, 13)))
    found = []
    for again in range(reruns):
        jobs = jobs_of(again)
        mixed = jobs.take(np.lexsort((rng.random(len(jobs)), jobs.submit_s)))
        interval_s = float(rng.uniform(0.0, LONGEST_INTERVAL_S))
        other = replace(rules, interval_s=interval_s, seed=rules.seed + again + 1)
        found.append(float(replay(mixed, other).wait_s.mean()))
    return np.array(found)
