"""ETTR of the same job on clusters of other sizes, by the closed forms.

Rates grow in proportion to the chips; a save, a restart and a replica stay as they are. Each size has the interval that
is best for it unless one was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.reliability.closed_forms import exact_goodput, first_order_goodput
from tenfold.reliability.goodput import GoodputQuestion
from tenfold.reliability.policies import Applied, apply_policy, best_interval_s

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
    sizes = sorted({*(SMALLEST * 2.0**doublings).astype(np.int64).tolist(), chips})
    found = [(size, _applied(question, size / chips)) for size in sizes]
    return tuple(_at(question, size, applied) for size, applied in found if applied is not None)


def _applied(question: GoodputQuestion, factor: float) -> Applied | None:
    """Apply the policy to a cluster so many times as large; None where it lacks replicas."""
    hazards = replace(question.hazards, rate_per_s=question.hazards.rate_per_s * factor)
    inputs = replace(question.inputs, replicas=question.inputs.replicas * factor)
    applied = apply_policy(question.policy, hazards, inputs)
    return applied if inputs.replicas >= applied.recovery.replicas else None


def _at(question: GoodputQuestion, chips: int, applied: Applied) -> SizeGoodput:
    asked = question.interval_s
    saving = applied.saving(best_interval_s(applied, question.run_s) if asked is None else asked)
    return SizeGoodput(
        chips=chips,
        interval_s=float(np.asarray(saving.interval_s)),
        exact=float(exact_goodput(applied.stops, saving).goodput),
        first_order=float(first_order_goodput(applied.stops, saving).goodput),
    )
