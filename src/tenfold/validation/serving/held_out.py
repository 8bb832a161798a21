"""Predictions of rows by fits that have not seen them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.performance.serving import constant_columns
from tenfold.quantities import Flags, Floats, Indices
from tenfold.validation.folds import Fold
from tenfold.validation.serving.combinations import combination_of, offsets_of
from tenfold.validation.serving.effects import factors_at
from tenfold.validation.serving.fitting import FitProblem
from tenfold.validation.serving.requests import simulated


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Rows predicted without having been seen, (rows,)."""

    predicted: Floats
    """Not a number where no fold judges."""
    known: Flags
    """Whether other rows of the same model, chip and engine had been seen."""


def held_out(problem: FitProblem, plan: Sequence[Fold], progress: Callable[[float], None] | None = None) -> HeldOut:
    """Prediction of every row by a fit of its own to the rows outside its fold, made as the one that ships."""
    names = np.array([combination_of(case) for case in problem.table.cases])
    found, known = np.full(len(names), np.nan), np.zeros(len(names), dtype=np.bool_)
    for number, fold in enumerate(plan, start=1):
        judged: Indices = np.flatnonzero(fold.judged)
        fitted = problem.fit(fold.fitted)
        offsets = offsets_of(problem, fitted, fold.fitted)
        factors = factors_at(fitted.x, problem.effects) | {key: math.exp(each.log) for key, each in offsets.items()}
        constants = constant_columns(factors, [problem.named[row] for row in judged])
        found[judged] = simulated(problem.table.rows(judged), constants)
        known[judged] = np.isin(names[judged], names[fold.fitted & (problem.weights > 0.0)])
        if progress is not None:
            progress(number / len(plan))
    return HeldOut(predicted=found, known=known)
