"""Capability: effective compute through a scaling law, algorithms that people improve and that diffuse.

Index = k·log₁₀(run FLOP × algorithms) (Kaplan et al. 2020, arXiv:2001.08361, as a law in the logarithm of compute; the
growth of algorithms after Ho et al. 2024, arXiv:2403.05812). Arrays are (user, draw); algorithms in natural logs.
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array


def index(run_flop: Array, algorithms: Array, points_per_tenfold: Array) -> Array:
    """Points of capability above a run of 1e24 FLOP with algorithms of the start; 10× is always so many points."""
    log10 = np.log10(np.maximum(run_flop, 1.0)) - np.float32(24.0) + algorithms * np.float32(1.0 / np.log(10.0))
    return points_per_tenfold * log10


def with_post_training(pretrained: Array, post_training: Array, ceiling: Array) -> Array:
    """Index after post-training: it adds its points, at most to a ceiling above what pre-training reached."""
    return pretrained + np.minimum(post_training, ceiling)


def improved(algorithms: Array, growth_per_year: Array, talent: Array, own: Array) -> Array:
    """Algorithms a quarter later: + ln(growth)/4 × talent^½ × own compute^0.1. People and experiments drive them.

    ``talent`` is people over those of the start, ``own`` compute over the leader's, 0 to 1.
    """
    return algorithms + 0.25 * np.log(growth_per_year) * np.sqrt(talent) * np.maximum(own, 1e-3) ** np.float32(0.1)


def diffused(algorithms: Array, leader: Array, share_per_quarter: Array) -> Array:
    """Algorithms after a quarter of diffusion: who is behind closes a share of its gap to the leader."""
    return algorithms + share_per_quarter * np.maximum(leader - algorithms, 0.0)


def lag_months(gap_points: Array, points_per_month: Array) -> Array:
    """Months by which the second is behind: the gap over the leader's pace. Negative where it is ahead."""
    return gap_points / np.maximum(points_per_month, 1e-3)


def success(index: Array, threshold: Array, width: float) -> Array:
    """Share of tasks of a difficulty that a model does: logistic in (index − threshold)/width.

    At a higher threshold both succeed less often and the ratio between two indices grows.
    """
    return 1.0 / (1.0 + np.exp(-(index - threshold) / width))
