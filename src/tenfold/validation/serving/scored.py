"""Measurements scored: errors overall, by group, chip, engine, scenario and source, and over (model, chip, engine)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Z90, Flags, Floats
from tenfold.validation.scoring import Score, lognormal_ranges, score, scores_by
from tenfold.validation.serving.table import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingScore:
    """One measurement: measured, predicted and the predicted range, in SI."""

    id: str
    metric: str
    chip: str
    model: str
    engine: str
    measured: float
    predicted: float
    p10: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Medians:
    """Medians over (model, chip, engine), each the median of its rows: every combination counts once."""

    n: int
    """Combinations."""
    median_ape: float
    p90_ape: float
    coverage_80: float
    """Mean of the shares of each combination's rows inside P10–P90."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredServing:
    """Predictions against measurements; ``overall`` is None when no row could be scored."""

    rows: int
    scored: int
    skipped_rows: int
    skipped: Mapping[str, int]
    """Reason to number of rows; they add up to ``skipped_rows``."""
    overall: Score | None
    by: Mapping[str, Mapping[str, Score]]
    """By metric (group of scores), chip, engine, scenario and source."""
    by_combination: Mapping[str, Medians]
    """By metric, over (model, chip, engine)."""
    runs: tuple[ServingScore, ...]


def scored_serving(
    rows: int, skipped: Counter[str], cases: Sequence[Case], predicted: Floats, log_spread: Floats
) -> ScoredServing:
    """Score predictions with their log standard deviations; there may be none."""
    measured = np.array([case.meaning.measured for case in cases])
    ranges = lognormal_ranges(predicted, log_spread)
    return ScoredServing(
        rows=rows,
        scored=len(cases),
        skipped_rows=skipped.total(),
        skipped=dict(skipped.most_common()),
        overall=score(ranges, measured) if cases else None,
        by=scores_by(_labels(cases), ranges, measured) if cases else {},
        by_combination=medians_by_combination(cases, predicted / measured if cases else predicted, log_spread),
        runs=tuple(
            ServingScore(
                id=case.run.id,
                metric=case.meaning.group,
                chip=case.run.chip,
                model=case.run.model,
                engine=case.engine.engine,
                measured=float(measured[i]),
                predicted=float(predicted[i]),
                p10=float(ranges.p10[i]),
                p90=float(ranges.p90[i]),
            )
            for i, case in enumerate(cases)
        ),
    )


def medians_by_combination(cases: Sequence[Case], ratio: Floats, log_spread: Floats) -> dict[str, Medians]:
    """Medians over (model, chip, engine) of each group."""
    found: dict[str, dict[tuple[str, str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, case in enumerate(cases):
        found[case.meaning.group][case.model, case.chip, case.engine.engine].append(row)
    error = np.abs(ratio - 1.0)
    inside = np.abs(np.log(ratio)) <= Z90 * log_spread
    return {group: _medians(list(rows.values()), error, inside) for group, rows in sorted(found.items())}


def _medians(rows: Sequence[Sequence[int]], error: Floats, inside: Flags) -> Medians:
    return Medians(
        n=len(rows),
        median_ape=float(np.median([np.median(error[each]) for each in rows])),
        p90_ape=float(np.median([np.quantile(error[each], 0.9) for each in rows])),
        coverage_80=float(np.mean([inside[each].mean() for each in rows])),
    )


def _labels(cases: Sequence[Case]) -> dict[str, list[str]]:
    return {
        "metric": [case.meaning.group for case in cases],
        "chip": [case.run.chip for case in cases],
        "engine": [case.engine.engine for case in cases],
        "scenario": [case.run.scenario for case in cases],
        "source": [case.run.source_title for case in cases],
    }
