"""What a gang asks of a capacity: chips, and where they may be; and when a job that waited long enough asks for less.

In a pool and on plain nodes an ask is a number of chips; in a tree of domains it is (chips, scope).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.capacity.tree import Tree
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.wants import Wants
from tenfold.quantities import Floats, Integers

ANY_PLACE = 0
"""Scope of a job that may stand anywhere."""
KIND_MARK = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What each job asks for, one entry each."""

    first: list[Any]
    later: Sequence[Any]
    """Once it has waited long enough; the same for most."""
    eases: tuple[tuple[float, int], ...]
    """When a job that still waits goes over to its later ask, and which, in order of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """Scope of each job at first, later, and when it goes over; infinite where it never does."""

    first: Integers
    later: Integers
    eases_s: Floats


def scopes_of(capacity: Any, jobs: Jobs) -> Scopes:  # noqa: ANN401  (Pool, Nodes, Tree)
    """Scopes of jobs in a capacity; one for all of them where it has no domains, or they want nothing."""
    nothing = np.zeros(len(jobs), dtype=np.int64)
    if jobs.wants is None or not isinstance(bare(capacity), Tree):
        return Scopes(first=nothing, later=nothing, eases_s=np.full(len(jobs), np.inf))
    wants = jobs.wants
    first = _places(bare(capacity), wants, wants.within)
    later = _places(bare(capacity), wants, np.where(np.isfinite(wants.relax_s), 0, wants.within))
    return Scopes(first=first, later=later, eases_s=np.where(first != later, jobs.submit_s + wants.relax_s, np.inf))


def _places(tree: Tree, wants: Wants, within: Integers) -> Integers:
    pairs, place = np.unique(np.stack([wants.kinds, within]), axis=1, return_inverse=True)
    scopes = [
        tree.scope([kind for kind in wants.kind_lists[kinds].split(KIND_MARK) if kind], wants.levels[level])
        for kinds, level in pairs.T.tolist()
    ]
    return np.array(scopes, dtype=np.int64)[place.ravel()]


def asks_of(capacity: Any, jobs: Jobs) -> Asks:  # noqa: ANN401  (Pool, Nodes, Tree)
    """Asks of jobs."""
    chips: list[Any] = jobs.chips.tolist()
    if not isinstance(bare(capacity), Tree):
        return Asks(first=chips, later=chips, eases=())
    scopes = scopes_of(capacity, jobs)
    first, later = (list(zip(chips, each.tolist(), strict=True)) for each in (scopes.first, scopes.later))
    easing = np.flatnonzero(np.isfinite(scopes.eases_s))
    eases = sorted(zip(scopes.eases_s[easing].tolist(), easing.tolist(), strict=True))
    return Asks(first=first, later=later, eases=tuple(eases))
