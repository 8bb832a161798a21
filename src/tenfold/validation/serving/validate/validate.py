"""Predictions against measured serving runs, with the catalog's calibration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance import calibrations_of
from tenfold.performance.serving import PRIORS, TOPIC, factor_figures, serving_factors
from tenfold.quantities import Figure, Floats, NamedFigure, Progress, assumptions_of
from tenfold.validation.serving.combinations import combination_of
from tenfold.validation.serving.effects import COMBINED, offset_effect
from tenfold.validation.serving.fitting import AT_ONCE, slopes_of
from tenfold.validation.serving.one_point import POINT_GROUPS, AfterOnePoint, after_one_point
from tenfold.validation.serving.predict import CaseTable, case_table
from tenfold.validation.serving.requests import simulated
from tenfold.validation.serving.runs import read_runs
from tenfold.validation.serving.scored import scored_serving
from tenfold.validation.serving.spreads import log_spreads
from tenfold.validation.serving.table import Case, complete_cases
from tenfold.validation.serving.validate.answer import ValidateServingAnswer
from tenfold.validation.serving.validate.question import ValidateServingQuestion


def answer(
    question: ValidateServingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> ValidateServingAnswer:
    """Predict every row and compare. Raises ``InputError`` with every problem of the file."""
    del progress  # answered in one pass
    runs = read_runs(Path(question.runs))
    cases, skipped = complete_cases(runs, catalog)
    factors = serving_factors(catalog)
    table = case_table(cases, factors) if cases else None
    predictions = simulated(table, table.constants(factors)) if table is not None else np.zeros(0)
    ratio = predictions / table.measured if table is not None else predictions
    scores = scored_serving(len(runs), skipped, cases, predictions, log_spreads(cases, factors))
    figures = _figures(cases, catalog)
    return ValidateServingAnswer(
        question=question,
        made=catalog.made(seed),
        rows=scores.rows,
        scored=scores.scored,
        skipped_rows=scores.skipped_rows,
        skipped=scores.skipped,
        overall=scores.overall,
        by=scores.by,
        by_combination=scores.by_combination,
        after_one_point=_after_one_point(table, ratio, factors, catalog) if table is not None else {},
        runs=scores.runs,
        notes=tuple(_notes(cases, catalog)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _after_one_point(
    table: CaseTable, ratio: Floats, factors: Mapping[str, float], catalog: Catalog
) -> Mapping[str, AfterOnePoint]:
    """Errors once one row of a combination is known, from what the catalog knows of each before."""
    known = calibrations_of(catalog, TOPIC, PRIORS)
    figures = {key: figure for record in known for key, figure in record.constants.items()}
    rows = np.flatnonzero([case.meaning.group in POINT_GROUPS for case in table.cases])
    if not len(rows):
        return {}
    here = table.rows(rows)
    slopes = slopes_of(here, here.repeated(AT_ONCE), here.constants(factors), np.zeros(len(rows)), COMBINED)
    sd = [[offset_effect(figures, combination_of(case), name).sd for name in COMBINED] for case in here.cases]
    return after_one_point(here.cases, ratio[rows], slopes, np.array(sd))


def _figures(cases: Sequence[Case], catalog: Catalog) -> tuple[NamedFigure, ...]:
    """Constants behind the predictions, of one key that of the last calibration."""
    found: dict[str, tuple[str, Figure]] = {}
    for labels in dict.fromkeys(case.setting.labels for case in cases):
        found |= factor_figures(catalog, labels)
    return tuple(NamedFigure(name=name, figure=figure) for name, figure in found.values())


def _notes(cases: Sequence[Case], catalog: Catalog) -> Iterator[str]:
    """Say which rows a fit has seen: their errors are those of the fit, not of a prediction."""
    ids = {case.run.id for case in cases}
    for record in calibrations_of(catalog, TOPIC, PRIORS):
        if seen := len(ids.intersection(record.rows)):
            yield f"Calibration '{record.key}' was fitted to {seen:,} of the {len(cases):,} rows scored"
