"""ETTR of the same job on clusters of other sizes, by the closed forms.

Rates and spares grow in proportion to the chips; a save, a restart and a replica stay as they are. Each size has the
interval that is best for it unless one was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.quantities import Floats
from tenfold.reliability.closed_forms import first_order_goodput
from tenfold.reliability.policies import apply_policy
from tenfold.reliability.question import GoodputQuestion
from tenfold.reliability.recoveries import Recovery
from tenfold.reliability.spares import SparePool
from tenfold.reliability.working import working

SMALLEST, LARGEST = 256, 262_144
PER_DOUBLING = 2
"""Sizes from one power of two to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeGoodput:
    """What the policy reaches on a cluster of some size."""

    chips: int
    interval_s: float
    exact: float
    first_order: float
    """Below zero where failures come faster than recovery."""


def goodput_by_size(question: GoodputQuestion, chips: int) -> tuple[SizeGoodput, ...]:
    """Goodput of the policy asked for on clusters of every size, that of ``chips`` among them, the smallest first.

    Sizes that lack the replicas for the policy are left out.
    """
    doublings = np.arange(PER_DOUBLING * np.log2(LARGEST / SMALLEST) + 1) / PER_DOUBLING
    sizes = np.union1d((SMALLEST * 2.0**doublings).astype(np.int64), [chips])
    factor = sizes / chips
    hazards = replace(question.hazards, rate_per_s=question.hazards.rate_per_s[:, None] * factor)
    inputs = replace(question.inputs, replicas=question.inputs.replicas * factor)
    applied = apply_policy(question.policy, hazards, inputs)
    share = working(
        hazards,
        question.policy,
        inputs,
        interval_s=question.interval_s,
        longest_interval_s=question.run_s,
        spares=_pool(question, applied.recovery, factor),
    )
    waits = 1.0 - share.waiting_for_spares
    columns = (
        sizes,
        np.broadcast_to(share.interval_s, sizes.shape),
        share.productive,
        np.asarray(first_order_goodput(applied.stops, applied.saving(share.interval_s)).goodput) * waits,
        np.asarray(inputs.replicas >= applied.recovery.replicas),
    )
    return tuple(
        SizeGoodput(chips=int(size), interval_s=float(every), exact=float(exact), first_order=float(first))
        for size, every, exact, first, enough in zip(*columns, strict=True)
        if enough
    )


def _pool(question: GoodputQuestion, recovery: Recovery, factor: Floats) -> SparePool | None:
    """The spares asked for, in proportion to the size and rounded up."""
    found = question.pools(recovery).get(recovery.spare_unit)
    return None if found is None else replace(found, units=np.ceil(np.multiply(found.units, factor)))
