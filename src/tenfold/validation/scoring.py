"""Errors of predictions against measurements.

APE = |predicted/measured − 1|; bias = median of predicted/measured − 1; coverage = share of measurements inside the
predicted P10–P90.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Z90, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Errors of a group of runs."""

    n: int
    median_ape: float
    mean_ape: float
    p90_ape: float
    bias: float
    coverage_80: float


def score(predicted: Floats, measured: Floats, log_spread: Floats) -> Score:
    """Score predictions of at least one run, each with its log standard deviation."""
    ratio = predicted / measured
    error = np.abs(ratio - 1.0)
    inside = np.abs(np.log(ratio)) <= Z90 * log_spread
    return Score(
        n=len(ratio),
        median_ape=float(np.median(error)),
        mean_ape=float(error.mean()),
        p90_ape=float(np.quantile(error, 0.9)),
        bias=float(np.median(ratio) - 1.0),
        coverage_80=float(inside.mean()),
    )


def scores_by(
    labels: Mapping[str, Sequence[str]], predicted: Floats, measured: Floats, log_spread: Floats
) -> dict[str, dict[str, Score]]:
    """Scores by each value of each label, such as by chip and by source."""
    grouped: dict[str, dict[str, Score]] = {}
    for name, values in labels.items():
        column = np.array(values)
        grouped[name] = {
            str(value): score(predicted[column == value], measured[column == value], log_spread[column == value])
            for value in sorted(set(values))
        }
    return grouped
