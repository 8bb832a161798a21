"""When jobs waited: from submission, or from where they were stopped, to the next start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.fleet.asks import Scopes
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.runs import Runs
from tenfold.quantities import Floats, Indices, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Times that a job waited, one entry each; none of them is empty."""

    job: Indices
    from_s: Floats
    to_s: Floats
    scope: Integers
    """Scope of what it asked for meanwhile."""


def gaps_of(jobs: Jobs, runs: Runs, scopes: Scopes) -> Gaps:
    """Complement of the runs of each job, from its submission to its last start; O(runs log runs).

    A job that asks for less after a time has a gap for each of the two.
    """
    order = np.lexsort((runs.start_s, runs.job))
    job, start_s = runs.job[order], runs.start_s[order]
    first = np.ones(len(job), dtype=np.bool_)
    first[1:] = job[1:] != job[:-1]
    from_s = np.empty(len(job))
    from_s[first] = jobs.submit_s[job[first]]
    from_s[~first] = runs.end_s[order][:-1][~first[1:]]
    eases_s = scopes.eases_s[job]
    before = (job, from_s, np.minimum(start_s, eases_s), scopes.first[job])
    after = (job, np.maximum(from_s, eases_s), start_s, scopes.later[job])
    if not np.isfinite(eases_s).any():
        return _gaps(*before)
    return _gaps(*(np.concatenate(pair) for pair in zip(before, after, strict=True)))


def _gaps(job: Indices, from_s: Floats, to_s: Floats, scope: Integers) -> Gaps:
    waited = to_s > from_s
    return Gaps(job=job[waited], from_s=from_s[waited], to_s=to_s[waited], scope=scope[waited])
