"""What one measurement of one's own is worth: the other rows of a (model, engine, chip) once one of them is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats
from tenfold.validation.serving.combinations import rows_by_combination
from tenfold.validation.serving.fitting import FITTED, scale_of
from tenfold.validation.serving.table import Case

KNOWN_GROUPS = {"tpot": ("tpot_agg", "open_tpot"), "ttft": ("ttft_unsaturated", "open_ttft")}
"""Quantities looked at, and the groups of rows they are measured in."""
POINT_GROUPS = frozenset(group for groups in KNOWN_GROUPS.values() for group in groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterOnePoint:
    """Errors of rows that were not the known one, every row of a combination known in turn."""

    n: int
    """Pairs of a known row and another."""
    combinations: int
    median_ape: float
    p90_ape: float


def after_one_point(cases: Sequence[Case], ratio: Floats, slopes: Floats, sd: Floats) -> dict[str, AfterOnePoint]:
    """Errors once one row is known: the others move by what they share with it, as its offsets are then believed.

    ``ratio`` is predicted ÷ measured (rows,), ``slopes`` those of its logarithm by the constants that combinations have
    of their own and ``sd`` how far each is believed to be off before, (rows, constants). Only means and medians of a
    benchmark count, and a combination needs two settings of load.
    """
    found: dict[str, AfterOnePoint] = {}
    for quantity, groups in KNOWN_GROUPS.items():
        known = np.array([case.meaning.group in groups and case.meaning.statistic in FITTED for case in cases])
        several = [rows for rows in rows_by_combination(cases, known).values() if len(rows) > 1]
        scales = np.array([scale_of(case) for case in cases])
        errors = [_errors(np.log(ratio[each]), slopes[each], sd[each[0]], scales[each]) for each in several]
        if errors:
            found[quantity] = AfterOnePoint(
                n=sum(map(len, errors)),
                combinations=len(several),
                median_ape=float(np.median(np.concatenate(errors))),
                p90_ape=float(np.quantile(np.concatenate(errors), 0.9)),
            )
    return found


def _errors(log_ratio: Floats, slopes: Floats, sd: Floats, scales: Floats) -> Floats:
    """|predicted ÷ measured − 1| of every row but the known one, for every known one.

    With one row known, ``conditional`` is r − k·r₀/(k₀ + s²) with k = JΣJ₀ᵀ.
    """
    shared = (slopes * sd**2) @ slopes.T
    gain = shared / (np.diag(shared) + scales**2)
    left = log_ratio[:, None] - gain * log_ratio
    return np.abs(np.expm1(left[~np.eye(len(log_ratio), dtype=bool)]))
