"""Runs scored: errors overall and by chip, source, kind of model, mode and slice, and each run beside its range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tenfold.quantities import Z90, Floats
from tenfold.validation.scoring import Score, score, scores_by

if TYPE_CHECKING:
    from tenfold.validation.training.table import CompletedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class RunScore:
    """One run: measured, predicted and the predicted range, tokens/s per chip."""

    id: str
    chip: str
    model: str
    source_group: str
    measured: float
    predicted: float
    p10: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRuns:
    """Predictions against measurements; ``overall`` is None when no run could be scored."""

    rows: int
    scored: int
    skipped_rows: int
    skipped: Mapping[str, int]
    """Reason to number of rows; they add up to ``skipped_rows``."""
    overall: Score | None
    by: Mapping[str, Mapping[str, Score]]
    """By chip, source, kind of model, mode and slice."""
    runs: tuple[RunScore, ...]


def scored_runs(
    rows: int, skipped: Counter[str], runs: Sequence[CompletedRun], predicted: Floats, log_spread: Floats
) -> ScoredRuns:
    """Score predictions, tokens/s per chip of each run, with their log standard deviations; there may be none."""
    measured = np.array([done.measured_tokens_per_s_per_chip for done in runs])
    reach = np.exp(Z90 * log_spread)
    return ScoredRuns(
        rows=rows,
        scored=len(runs),
        skipped_rows=skipped.total(),
        skipped=dict(skipped.most_common()),
        overall=score(predicted, measured, log_spread) if runs else None,
        by=scores_by(_labels(runs), predicted, measured, log_spread) if runs else {},
        runs=tuple(
            RunScore(
                id=done.run.id,
                chip=done.run.chip,
                model=done.run.model,
                source_group=done.run.source_group,
                measured=float(measured[i]),
                predicted=float(predicted[i]),
                p10=float(predicted[i] / reach[i]),
                p90=float(predicted[i] * reach[i]),
            )
            for i, done in enumerate(runs)
        ),
    )


def _labels(runs: Sequence[CompletedRun]) -> dict[str, list[str]]:
    return {
        "chip": [done.run.chip for done in runs],
        "source_group": [done.run.source_group for done in runs],
        "arch": ["moe" if done.moe else "dense" for done in runs],
        "mode": [done.run.mode for done in runs],
        "slice": [slice_of(done) for done in runs],
    }


def slice_of(done: CompletedRun) -> str:
    """Slice an accuracy target is set for: dense or expert pretraining, or adapters and fine-tuning."""
    if done.run.mode != "pretrain":
        return "lora-sft"
    return "moe-pretrain" if done.moe else "dense-pretrain"
