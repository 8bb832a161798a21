"""What a constant MFU gives on the same folds: the least that a model has to beat."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.catalog import Catalog
from tenfold.validation.folds import folds
from tenfold.validation.scoring import Ranges, Score, scores_by
from tenfold.validation.training.calibrate.fitting import Calibrated
from tenfold.validation.training.scored import slice_of
from tenfold.workloads.flops import model_flops_per_token


def constant_mfu(fitted: Calibrated, catalog: Catalog) -> Mapping[str, Score]:
    """Scores by slice of the median MFU of the fitted runs of the same chip and width, else of the same slice."""
    runs = fitted.runs
    chips = [catalog.chip(done.run.chip).key for done in runs]
    slices = np.array([slice_of(done) for done in runs])
    measured = np.array([done.measured_tokens_per_s_per_chip for done in runs])
    peak_tokens = np.array([
        float(case.hardware.matmul_peak_flop_per_s) / float(model_flops_per_token(done.shape, case.jobs[0]))
        for done in runs
        for case in done.cases[:1]
    ])  # fmt: skip
    mfu = measured / peak_tokens
    kind = np.array(
        [f"{chip} {done.key.weight_bytes} {part}" for chip, done, part in zip(chips, runs, slices, strict=True)]
    )
    predicted = np.full(len(runs), np.nan)
    for fold in folds([done.run.source for done in runs], chips, [done.run.model for done in runs]):
        for index in np.flatnonzero(fold.judged):
            alike = fold.fitted & (kind == kind[index])
            pool = alike if alike.any() else fold.fitted & (slices == slices[index])
            predicted[index] = np.median(mfu[pool]) * peak_tokens[index]
    exact = Ranges(p10=predicted, p50=predicted, p90=predicted)
    return scores_by({"slice": list(slices)}, exact, measured)["slice"]
