"""Experts that the tokens of one step reach. Pure functions over columns."""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column


def touched_experts(experts: Column, top_k: Column, tokens: Column) -> Column:
    """Experts that at least one of ``tokens`` is routed to, expected.

    E·(1 − (1 − k/E)^B) for B tokens that each choose k of E experts evenly and independently: the coupon collector's
    expectation. Holds for routers balanced over time; a skewed router touches fewer. 0 for a model without experts.
    """
    held = np.maximum(np.asarray(experts, dtype=np.float64), 1.0)
    chosen = np.clip(top_k / held, 0.0, 1.0 - 1e-12)
    found = held * -np.expm1(tokens * np.log1p(-chosen))
    return np.where(np.asarray(experts) > 0, found, 0.0)


def busiest_share(ranks: Column, choices: Column, imbalance: Column) -> Column:
    """Work of the busiest of ``ranks`` over the mean, when ``choices`` (tokens × top-k) fall on them.

    1 + (i − 1)·√(1 − 1/R)·min(√(64·R/choices), 2): the excess of a router over an even one shrinks with the number of
    choices that a rank averages over, as that of a multinomial does (σ/μ = √((R − 1)/choices)). ``imbalance`` is the
    excess measured at 64 choices a rank. 1 for one rank.
    """
    members = np.maximum(np.asarray(ranks, dtype=np.float64), 1.0)
    per_rank = np.maximum(np.asarray(choices) / members, 1.0)
    excess = (np.asarray(imbalance) - 1.0) * np.sqrt(1.0 - 1.0 / members)
    return 1.0 + excess * np.minimum(np.sqrt(MEASURED_CHOICES / per_rank), 2.0)


def busiest_reading(spread: Column, touched_share: Column) -> Column:
    """Experts that the busiest rank reads over the mean, when it has ``spread`` times the choices of the mean.

    1 + (s − 1)·λ(1 − q)/q for a share q = 1 − e^(−λ) of its experts touched by λ choices each: further choices reach
    new experts as d ln q/d ln λ, all of them where few are touched, none where all are. First order in s − 1.
    """
    touched = np.clip(np.asarray(touched_share, dtype=np.float64), 1e-9, 1.0 - 1e-9)
    new = -np.log1p(-touched) * (1.0 - touched) / touched
    return 1.0 + (np.asarray(spread) - 1.0) * new


MEASURED_CHOICES = 64.0
"""Choices a rank for which the imbalance of a router is stated."""
