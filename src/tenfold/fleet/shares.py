"""Shares of unlike chips: how much of its time each job gets on each kind. Rivals with one signature, in ``SHARES``.

    share(Claims) → (jobs, kinds), share of time; Σ over jobs of chips × share ≤ chips of the kind, Σ over kinds ≤ 1

max-min       the least that any job gets of what it would get from an even part of every kind is made as large as it
              can be, by linear programme; a job of g chips has 1/g of the time for the same
las           the same for jobs that run everywhere alike: even chip-seconds, so least attained service in rounds

Source: Narayanan et al., "Heterogeneity-aware cluster scheduling policies for deep learning workloads" (Gavel, OSDI
2020), section 4.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Floats, SolverError

HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Jobs that want a share."""

    rate: Floats
    """Steps per s of each job on each kind, (jobs, kinds); 0 where it cannot run."""
    chips: Floats
    """Gang of each job, (jobs,)."""
    there: Floats
    """Chips of each kind, (kinds,)."""


Share = Callable[[Claims], Floats]


def even_shares(claims: Claims) -> Floats:
    """Even chip-seconds: min(1, z/g) of the time, over kinds by their chips, with z so large that all is used."""
    low, high, total = 0.0, float(claims.chips.max()), float(claims.there.sum())
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        fits = float(np.minimum(claims.chips, middle).sum()) <= total
        low, high = (middle, high) if fits else (low, middle)
    time = np.minimum(claims.chips, high) / claims.chips
    return np.asarray(time[:, None] * (claims.there / total)[None, :])


def max_min_shares(claims: Claims) -> Floats:
    """Max-min of normalised throughput: maximise min over jobs of g Σ r x / (Σ r n/N). Raises ``SolverError``."""
    from scipy.optimize import linprog

    jobs, kinds = claims.rate.shape
    even = claims.rate @ (claims.there / claims.there.sum())
    gain = claims.rate / even[:, None] * claims.chips[:, None]
    rows = np.repeat(np.arange(jobs), kinds)
    columns = np.arange(jobs * kinds)
    kind = np.tile(np.arange(kinds), jobs)
    data = np.concatenate([-gain.ravel(), np.ones(jobs), np.repeat(claims.chips, kinds), np.ones(jobs * kinds)])
    row = np.concatenate([rows, np.arange(jobs), jobs + kind, jobs + kinds + rows])
    column = np.concatenate([columns, np.full(jobs, jobs * kinds), columns, columns])
    matrix = np.zeros((2 * jobs + kinds, jobs * kinds + 1))
    matrix[row, column] = data
    most = np.concatenate([np.zeros(jobs), claims.there, np.ones(jobs)])
    worth = np.zeros(jobs * kinds + 1)
    worth[-1] = -1.0
    found = linprog(worth, A_ub=matrix, b_ub=most, bounds=(0, None), method="highs")
    if found.x is None:
        raise SolverError(f"no shares were found: {found.message}")
    return np.asarray(np.clip(found.x[:-1].reshape(jobs, kinds), 0.0, 1.0), dtype=np.float64)


SHARES: Mapping[str, Share] = MappingProxyType({"las": even_shares, "max-min": max_min_shares})
"""Shares by name."""
