"""Errors of predictions against measurements.

APE = |predicted/measured − 1|; bias = median of predicted/measured − 1; coverage = share of measurements inside the
predicted P10–P90.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from tenfold.quantities import Z90, Flags, Floats, Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Errors of a group of runs."""

    n: int
    median_ape: float
    mean_ape: float
    p90_ape: float
    bias: float
    coverage_80: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Predictions with their P10 and P90, an entry a run."""

    p10: Floats
    p50: Floats
    p90: Floats

    def at(self, runs: Indices | Flags) -> Ranges:
        """Those of some runs."""
        return Ranges(p10=self.p10[runs], p50=self.p50[runs], p90=self.p90[runs])


def lognormal_ranges(p50: Floats, log_spread: Floats) -> Ranges:
    """Ranges of predictions whose errors are lognormal, by their log standard deviations."""
    reach = np.exp(Z90 * log_spread)
    return Ranges(p10=p50 / reach, p50=p50, p90=p50 * reach)


def score(predicted: Ranges, measured: Floats) -> Score:
    """Score predictions of at least one run."""
    ratio = predicted.p50 / measured
    error = np.abs(ratio - 1.0)
    return Score(
        n=len(ratio),
        median_ape=float(np.median(error)),
        mean_ape=float(error.mean()),
        p90_ape=float(np.quantile(error, 0.9)),
        bias=float(np.median(ratio) - 1.0),
        coverage_80=float(np.mean((predicted.p10 <= measured) & (measured <= predicted.p90))),
    )


def scores_by(labels: Mapping[str, Sequence[str]], predicted: Ranges, measured: Floats) -> dict[str, dict[str, Score]]:
    """Scores by each value of each label, such as by chip and by source."""
    grouped: dict[str, dict[str, Score]] = {}
    for name, values in labels.items():
        column = np.array(values)
        grouped[name] = {
            str(value): score(predicted.at(column == value), measured[column == value]) for value in sorted(set(values))
        }
    return grouped


def average_of(scores: Mapping[str, Score]) -> Score:
    """The mean of the scores of at least one group, each of which counts once; ``n`` is how many groups there are."""
    found = list(scores.values())
    return Score(
        n=len(found),
        **{
            each.name: float(np.mean([getattr(score, each.name) for score in found]))
            for each in fields(Score)
            if each.name != "n"
        },
    )


BOOTSTRAPS = 2000


def coverage_range(inside: Flags, groups: Sequence[str]) -> tuple[float, float]:
    """P10 and P90 of the coverage of rows, by drawing whole groups with replacement [Efron 1979]."""
    column = np.array(groups)
    names = sorted(set(groups))
    counts = np.array([np.sum(column == name) for name in names])
    hits = np.array([np.sum(inside[column == name]) for name in names])
    drawn = np.random.default_rng(0).integers(0, len(names), (BOOTSTRAPS, len(names)))
    found = hits[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(found, (0.1, 0.9))
    return float(low), float(high)
