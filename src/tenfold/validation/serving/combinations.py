"""What sets a model on a chip with an engine apart: offsets of its constants, learned from its own rows.

Offsets are random effects, normal around none in the logarithm, given the fit to all rows. So a row moves what its time
is made of: a step that reads weights says much of bandwidth and little of prompts; one measured number moves the others
by what they share with it; and a combination nobody measured keeps the constants of all with their whole spread.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.performance.serving import NAMES
from tenfold.quantities import Flags, Floats, Indices
from tenfold.validation.serving.effects import COMBINED, OF_COMBINATION
from tenfold.validation.serving.fitting import FitProblem, Fitted, robust_weights
from tenfold.validation.serving.table import Case

COLUMNS = np.array([NAMES.index(name) for name in COMBINED])
"""Places of the constants with offsets among all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """Logarithm by which a combination's constant differs, and its standard deviation."""

    log: float
    sd: float


def conditional(slopes: Floats, residual: Floats, sd: Floats, errors: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of offsets given residuals: −ΣJᵀ(JΣJᵀ + C)⁻¹r and Σ − ΣJᵀ(JΣJᵀ + C)⁻¹JΣ.

    ``slopes`` J (rows, constants) are those of ``residual`` r (rows,), ln(predicted ÷ measured); Σ = diag(``sd``²) are
    prior variances (constants,), C (rows, rows) the covariance of ``errors`` [Rasmussen and Williams 2006, eq. A.6].
    """
    shared = slopes * sd**2
    gain = np.linalg.solve(slopes @ shared.T + errors, shared).T
    return -gain @ residual, np.diag(sd**2) - gain @ shared


def combination_of(case: Case) -> str:
    """What a combination of model, chip and engine is called in a calibration."""
    return case.setting.labels.combination


def offsets_of(problem: FitProblem, fitted: Fitted, kept: Flags) -> dict[str, Offset]:
    """Offsets by key of the calibration, of every combination that has rows among those ``kept``."""
    residual = problem.residuals(problem.constants(fitted.x), fitted.log_ratio)
    robust = robust_weights(residual, problem.weights * kept)
    found: dict[str, Offset] = {}
    for name, rows in rows_by_combination(problem.table.cases, robust > 0.0).items():
        slopes, sd = fitted.slopes[np.ix_(rows, COLUMNS)], np.full(len(COMBINED), OF_COMBINATION)
        mean, covariance = conditional(slopes, residual[rows], sd, _errors(problem, rows, robust[rows]))
        for place, constant in enumerate(COMBINED):
            log, spread = float(mean[place]), math.sqrt(float(covariance[place, place]))
            found[f"combination.{name}.{constant}"] = Offset(log=log, sd=spread)
    return found


def rows_by_combination(cases: Sequence[Case], among: Flags) -> Mapping[str, Indices]:
    """Rows of each combination, in order of their names."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(among).tolist():
        found[combination_of(cases[row])].append(row)
    return {name: np.array(rows) for name, rows in sorted(found.items())}


def _errors(problem: FitProblem, rows: Indices, robust: Floats) -> Floats:
    """Covariance of errors: a row's own part, and that of its source in its group, which its rows share."""
    cases = [problem.table.cases[row] for row in rows]
    witness = np.array([f"{case.run.source_title}\n{case.meaning.group}" for case in cases])
    scale = problem.scales[rows]
    errors: Floats = np.diag(robust**-2.0) + np.where(witness[:, None] == witness, np.outer(scale, scale), 0.0)
    return errors
