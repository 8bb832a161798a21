"""Runs scored: errors overall and by chip, source, kind of model, mode and slice, and each run beside its range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance import OPEN_LAYOUTS
from tenfold.validation.scoring import Ranges, Score, average_of, coverage_range, score, scores_by

if TYPE_CHECKING:
    from tenfold.validation.training.completed import CompletedRun


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
    coverage_range: tuple[float, float] | None
    """P10 and P90 of the coverage, drawing whole sources with replacement."""
    average_over_sources: Score | None
    """Mean of the scores of sources, each of which counts once; ``n`` is how many sources there are."""
    by: Mapping[str, Mapping[str, Score]]
    """By chip, source, kind of model, mode, slice, layout, and what was new to the fit (``novelty``)."""
    runs: tuple[RunScore, ...]


def scored_runs(
    rows: int, skipped: Counter[str], runs: Sequence[CompletedRun], predicted: Ranges, novelty: Sequence[str]
) -> ScoredRuns:
    """Score predictions, tokens/s per chip of each run, and what was new of each to the fit; there may be none."""
    measured = np.array([done.measured_tokens_per_s_per_chip for done in runs])
    by = scores_by(_labels(runs, novelty), predicted, measured) if runs else {}
    inside = (predicted.p10 <= measured) & (measured <= predicted.p90)
    sources = [done.run.source for done in runs]
    return ScoredRuns(
        rows=rows,
        scored=len(runs),
        skipped_rows=skipped.total(),
        skipped=dict(skipped.most_common()),
        overall=score(predicted, measured) if runs else None,
        coverage_range=coverage_range(inside, sources) if runs else None,
        average_over_sources=average_of(by["source"]) if runs else None,
        by=by,
        runs=tuple(
            RunScore(
                id=done.run.id,
                chip=done.run.chip,
                model=done.run.model,
                source_group=done.run.source_group,
                measured=float(measured[i]),
                predicted=float(predicted.p50[i]),
                p10=float(predicted.p10[i]),
                p90=float(predicted.p90[i]),
            )
            for i, done in enumerate(runs)
        ),
    )


def _labels(runs: Sequence[CompletedRun], novelty: Sequence[str]) -> dict[str, list[str]]:
    return {
        "source": [done.run.source for done in runs],
        "novelty": list(novelty),
        "chip": [done.run.chip for done in runs],
        "source_group": [done.run.source_group for done in runs],
        "arch": ["moe" if done.moe else "dense" for done in runs],
        "mode": [done.run.mode for done in runs],
        "slice": [slice_of(done) for done in runs],
        "layout": [layout_of(done) for done in runs],
    }


def layout_of(done: CompletedRun) -> str:
    """Whether the source states the layout or leaves it among many, and whether its stack was tuned by the vendor."""
    if done.open_layouts <= OPEN_LAYOUTS:
        return "stated"
    return "free, community" if done.key.software.community else "free, tuned"


def slice_of(done: CompletedRun) -> str:
    """Slice an accuracy target is set for: dense or expert pretraining, or adapters and fine-tuning."""
    if done.run.mode != "pretrain":
        return "lora-sft"
    return "moe-pretrain" if done.moe else "dense-pretrain"
