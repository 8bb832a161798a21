"""Errors that rows of a source share in a fit of serving, against dense matrices and their limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenfold.catalog import load_catalog
from tenfold.performance.serving import NAMES, serving_factors
from tenfold.performance.serving.setup import PRIORS
from tenfold.quantities import Floats
from tenfold.validation.serving.effects import incidence
from tenfold.validation.serving.fitting import STEP, FitProblem
from tenfold.validation.serving.predict import case_table
from tenfold.validation.serving.runs import ServingRun
from tenfold.validation.serving.table import complete_cases
from tenfold.validation.serving.witnesses import PARTS

CATALOG = load_catalog()
PRIOR_FIGURES = dict(CATALOG.calibration(PRIORS).constants)
RUN = ServingRun(
    id="a", model="llama-3.1-70b", chip="h100-sxm", engine="vLLM", engine_version="0.12.0", metric="tpot_ms_mean",
    value=20.0, scenario="fixed concurrency agg", isl=1024.0, osl=256.0, n_chips=4.0, tp="4", pp="1", dp="1",
    precision_weights="fp8", concurrency_or_batch=16.0, spec_decoding="none", source_title="ours",
)  # fmt: skip
OTHER = replace(RUN, model="llama-3.1-8b", engine="SGLang", engine_version="0.5.8", value=9.0)


def problem_of(runs: list[ServingRun]) -> FitProblem:
    return FitProblem(case_table(complete_cases(runs, CATALOG)[0], serving_factors(CATALOG)), PRIOR_FIGURES)


def mixed() -> FitProblem:
    """Two sources, two combinations, and a tail that is not fitted."""
    runs = [replace(each, id=f"{each.model}{n}", concurrency_or_batch=2.0**n, value=each.value and each.value + 2 * n,
                    source_title="ours" if n < 4 else "theirs") for n in range(6) for each in (RUN, OTHER)]  # fmt: skip
    return problem_of([*runs, replace(RUN, id="tail", metric="tpot_ms_p99", value=90.0)])


def at(problem: FitProblem, x: Floats) -> tuple[Floats, Floats]:
    none, constants = np.zeros(len(problem.labels)), problem.constants(x)
    return problem.residuals(constants, none), problem.slopes(constants, none)


def test_a_step_is_that_of_dense_matrices() -> None:
    """(JᵀWC⁻¹WJ + 1)·step = −(JᵀWC⁻¹Wr + x) with C of three parts: a row's own, its combination's, its source's."""
    problem = mixed()
    kept = np.arange(len(problem.labels)) != 2
    x = np.linspace(-0.5, 0.5, len(problem.effects))
    residual, slopes = at(problem, x)
    weight = problem.weights * kept
    weight = weight / np.sqrt(1.0 + (weight * residual) ** 2 / (4.0 * PARTS))
    source = np.array([case.run.source_title for case in problem.table.cases])
    combination = np.array([case.run.source_title + case.model for case in problem.table.cases])
    part = weight * problem.scales
    errors = np.eye(len(part)) + np.outer(part, part) * (
        (source[:, None] == source).astype(float) + (combination[:, None] == combination)
    )
    constant_of = [NAMES.index(effect.name) for effect in problem.effects]
    by_effect = weight[:, None] * incidence(problem.effects, problem.labels) * slopes[:, constant_of]
    inverse = by_effect.T @ np.linalg.inv(errors)
    expected = np.linalg.solve(inverse @ by_effect + np.eye(len(x)), -(inverse @ (weight * residual)) - x)
    assert problem.step(kept, x, residual, slopes)[0] == pytest.approx(expected, abs=1e-9)


def test_a_hundred_rows_of_one_source_say_no_more_of_a_level_than_what_they_share_allows() -> None:
    """Its combination's and its source's part of the error stay, however many rows average their own away."""
    many = problem_of([replace(RUN, id=str(n)) for n in range(100)])
    residual, slopes = at(many, np.zeros(len(many.effects)))
    kept = np.ones(100, dtype=np.bool_)
    curvature = many.step(kept, np.zeros(len(many.effects)), np.zeros(100), slopes)[1] - np.eye(len(many.effects))
    one = incidence(many.effects, many.labels)[0] * slopes[0][[NAMES.index(each.name) for each in many.effects]]
    most = np.outer(one, one) / (2.0 * many.scales[0] ** 2)
    assert np.abs(residual - residual[0]).max() == 0.0
    assert np.trace(curvature) < np.trace(most)
    assert np.trace(curvature) > 0.95 * np.trace(most)


def test_tails_are_judged_and_not_fitted() -> None:
    problem = mixed()
    tail = [case.meaning.statistic for case in problem.table.cases].index("p99")
    x = np.zeros(len(problem.effects))
    residual, slopes = at(problem, x)
    kept = np.ones(len(residual), dtype=np.bool_)
    moved = residual + 0.5 * (np.arange(len(residual)) == tail)
    assert (problem.step(kept, x, residual, slopes)[0] == problem.step(kept, x, moved, slopes)[0]).all()


def test_slopes_of_many_constants_at_once_are_those_of_one_after_the_other() -> None:
    problem = mixed()
    constants, none = problem.constants(np.zeros(len(problem.effects))), np.zeros(len(problem.labels))
    found, base = problem.slopes(constants, none), problem.residuals(constants, none)
    for name in ("weight_share", "lag_steps", "side_share"):
        moved = replace(constants, **{name: getattr(constants, name) * np.exp(STEP)})
        expected = (problem.residuals(moved, none) - base) / STEP
        assert found[:, NAMES.index(name)] == pytest.approx(expected, abs=1e-9)
