"""Capability: effective compute through a scaling law, algorithms that people improve and that diffuse.

Index = k·log₁₀(run FLOP × algorithms) (Kaplan et al. 2020, arXiv:2001.08361, as a law in the logarithm of compute; the
growth of algorithms after Ho et al. 2024, arXiv:2403.05812). Arrays are (user, draw); algorithms in natural logs.
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array, at_least, at_most


def index(run_flop: Array, algorithms: Array, points_per_tenfold: Array) -> Array:
    """Points of capability above a run of 1e24 FLOP with algorithms of the start; 10× is always so many points."""
    log10 = np.log10(at_least(run_flop, 1.0)) - np.float32(24.0) + algorithms * np.float32(1.0 / np.log(10.0))
    return points_per_tenfold * log10


def with_post_training(pretrained: Array, post_training: Array, ceiling: Array) -> Array:
    """Index after post-training: it adds its points, at most to a ceiling above what pre-training reached."""
    return pretrained + np.minimum(post_training, ceiling)


def improved(algorithms: Array, growth: Array, talent: Array, own: Array) -> Array:
    """Algorithms a quarter later: + growth × talent^½ × own compute^0.1. People and experiments drive them.

    ``growth`` is of a quarter, in logs; ``talent`` is people over those of the start, ``own`` compute over the
    leader's, 0 to 1.
    """
    effort = np.log(at_least(own, 1e-3))
    effort *= np.float32(0.1)
    np.exp(effort, out=effort)
    effort *= growth * np.sqrt(talent)
    effort += algorithms
    return effort


def diffused(algorithms: Array, leader: Array, share_per_quarter: Array) -> Array:
    """Algorithms after a quarter of diffusion: who is behind closes a share of its gap to the leader."""
    moved = at_least(leader - algorithms, 0.0)
    moved *= share_per_quarter
    moved += algorithms
    return moved


def imitated(index: Array, leader_then: Array) -> Array:
    """Index of who may learn from what the leader's models put out, or from open weights: max(own, leader's then).

    ``leader_then``, (draw,), is what the leader was some months ago: models that fit on one graphics card, with a
    fiftieth of the compute, do on benchmarks what the best did 6 to 12 months before, and open models what closed ones
    did 5 to 22 months before (Epoch AI 2025). Seen down to a fiftieth of the leader's compute. Rises with both.
    """
    return np.maximum(index, leader_then)


def at_steps_back(path: Array, steps: Array) -> Array:
    """Where a path, (step, draw), was so many steps before its last, (draw,); straight between, held at its first."""
    back = at_most(steps, float(len(path) - 1))
    whole, draws = back.astype(np.intp), np.arange(path.shape[1])
    place = (len(path) - 1 - whole) * path.shape[1] + draws
    near, far = path.ravel().take(place), path.ravel().take(np.maximum(place - path.shape[1], draws))
    return near + (back - whole).astype(path.dtype) * (far - near)


def months_behind(index: Array, path: Array, step_months: float, until: Array | None = None) -> Array:
    """Months since a path was where an index is now: what is published as a lag between models.

    ``path`` is the leader's index at equal steps, (step, draw), which never falls; ``index`` is (…, draw), seen at the
    end of the path, or after as many steps as ``until`` says, which broadcasts with it. Straight between steps; 0 where
    the index is not behind; before the first step at the mean pace of the path.
    """
    seen = np.asarray(len(path) if until is None else until)
    draws, last, flat = np.arange(path.shape[1]), seen - 1, path.ravel()
    over = path.reshape(len(path), *(1,) * (np.ndim(index) - 1), path.shape[1]) <= index
    counted = np.uint8 if len(path) <= np.iinfo(np.uint8).max else np.int32  # a seventh of the time where it holds
    passed = np.minimum(np.add.reduce(over.view(np.uint8), axis=0, dtype=counted).astype(np.int32), seen)
    before, after, now = np.maximum(passed - 1, 0), np.minimum(passed, last), np.broadcast_to(last, passed.shape)
    low, high, end = (flat.take(place * len(draws) + draws) for place in (before, after, now))
    pace = np.maximum((end - path[0]) / np.maximum(last, 1).astype(path.dtype), np.float32(1e-3))
    climbs = high > low
    within = (index - low) * climbs / (high - low + ~climbs)
    earlier = np.where(passed == 0, (index - path[0]) / pace, before + within)
    return np.float32(step_months) * np.maximum(last - earlier, np.float32(0.0)).astype(np.float32)


def success(index: Array, threshold: Array, width: float) -> Array:
    """Share of tasks of a difficulty that a model does: logistic in (index − threshold)/width.

    At a higher threshold both succeed less often and the ratio between two indices grows.
    """
    return 1.0 / (1.0 + np.exp(-(index - threshold) / width))
