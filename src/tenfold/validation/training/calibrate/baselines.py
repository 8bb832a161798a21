"""What knows less predicts on the same folds: a constant MFU, and boosted trees on what a row states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tenfold.catalog import age_years
from tenfold.quantities import Floats
from tenfold.validation.boosting import boosted
from tenfold.validation.folds import Fold
from tenfold.validation.scoring import Ranges, Score, scores_by
from tenfold.validation.training.completed import CompletedRun
from tenfold.validation.training.dates import day_of
from tenfold.validation.training.scored import slice_of
from tenfold.workloads import model_flops_per_token, total_parameters

CONSTANT, TREES = "constant MFU", "boosted trees"
UNSTATED = -1.0


def baselines(runs: Sequence[CompletedRun], folds: Sequence[Fold]) -> Mapping[str, Mapping[str, Score]]:
    """Scores by slice of each rival, fitted and judged on the folds that the model is; without runs left alone."""
    measured = np.array([done.measured_tokens_per_s_per_chip for done in runs])
    peak = peak_tokens_per_s(runs)
    mfu, slices = measured / peak, [slice_of(done) for done in runs]
    found = {CONSTANT: _constant(runs, folds, mfu), TREES: _trees(runs, folds, mfu)}
    return {name: _scores(each * peak, measured, slices) for name, each in found.items()}


def peak_tokens_per_s(runs: Sequence[CompletedRun]) -> Floats:
    """Tokens/s per chip of each run at an MFU of 1 in its likeliest case."""
    cases = [done.cases[0] for done in runs]
    return np.array([
        float(case.hardware.matmul_peak_flop_per_s) / float(model_flops_per_token(done.shape, case.job))
        for done, case in zip(runs, cases, strict=True)
    ])  # fmt: skip


def _scores(predicted: Floats, measured: Floats, slices: Sequence[str]) -> Mapping[str, Score]:
    judged = np.isfinite(predicted)
    exact = Ranges(p10=predicted, p50=predicted, p90=predicted).at(judged)
    labels = {"slice": [name for name, kept in zip(slices, judged, strict=True) if kept]}
    return scores_by(labels, exact, measured[judged])["slice"]


def _constant(runs: Sequence[CompletedRun], folds: Sequence[Fold], mfu: Floats) -> Floats:
    """Median MFU of the fitted runs of the same chip family, width and slice; of the slice where there are none."""
    slices = np.array([slice_of(done) for done in runs])
    kind = np.array([f"{done.run.chip} {done.key.weight_bytes} {slice_of(done)}" for done in runs])
    found = np.full(len(runs), np.nan)
    for fold in folds:
        for index in np.flatnonzero(fold.judged):
            pools = (fold.fitted & (kind == kind[index]), fold.fitted & (slices == slices[index]), fold.fitted)
            pool = next((each for each in pools if each.any()), None)
            found[index] = np.nan if pool is None else np.median(mfu[pool])
    return found


def _trees(runs: Sequence[CompletedRun], folds: Sequence[Fold], mfu: Floats) -> Floats:
    """MFU by boosted trees on what rows state of model, chip and layout."""
    features = features_of(runs)
    found = np.full(len(runs), np.nan)
    for fold in (each for each in folds if each.fitted.any()):
        known = fold.fitted
        found[fold.judged] = np.exp(boosted(features[known], np.log(mfu[known]), features[fold.judged]))
    return found


def features_of(runs: Sequence[CompletedRun]) -> Floats:
    """What a row states, as numbers: runs × features."""
    return np.array([_features(done) for done in runs])


def _features(done: CompletedRun) -> list[float]:
    run, shape, case = done.run, done.shape, done.cases[0]
    hardware, when = case.hardware, day_of(run.source_date)
    sizes = (
        float(total_parameters(shape)),
        float(model_flops_per_token(shape, case.job)),
        float(shape.hidden),
        float(shape.layers),
        float(case.job.sequence_length),
        float(hardware.matmul_peak_flop_per_s),
        float(hardware.hbm_bytes_per_s),
        float(hardware.domain_chips),
        float(run.n_chips or 1.0),
    )
    stated = (run.tp, run.pp, run.ep, run.cp, run.zero_stage, run.micro_batch, run.global_batch)
    return [
        *np.log2(sizes),
        *(UNSTATED if each is None else float(each) for each in stated),
        float(shape.experts),
        case.key.weight_bytes,
        float(run.mode != "pretrain"),
        float(case.key.software.community),
        age_years(case.key.software, 2015.0, when),
        {"none": 0.0, "selective": 1.0, "full": 2.0}.get(run.recompute, UNSTATED),
    ]
