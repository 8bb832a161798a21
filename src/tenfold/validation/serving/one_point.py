"""What one measurement of one's own is worth: the other rows of a (model, engine, chip) once one of them is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats
from tenfold.validation.serving.table import Case

KNOWN_GROUPS = {"tpot": ("tpot_agg", "open_tpot"), "ttft": ("ttft_unsaturated", "open_ttft")}
"""Quantities looked at, and the groups of rows they are measured in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterOnePoint:
    """Errors of rows that were not the known one, every row of a combination known in turn."""

    n: int
    """Pairs of a known row and another."""
    combinations: int
    median_ape: float
    p90_ape: float


def after_one_point(cases: Sequence[Case], ratio: Floats) -> dict[str, AfterOnePoint]:
    """Errors once one row is known: the others are scaled by measured ÷ predicted of the known one.

    Only means and medians of a benchmark count, and a combination needs two settings of load.
    """
    found: dict[str, AfterOnePoint] = {}
    for quantity, groups in KNOWN_GROUPS.items():
        rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for row, case in enumerate(cases):
            if case.meaning.group in groups and case.meaning.statistic in ("mean", "p50"):
                rows[case.model, case.chip, case.engine.key].append(row)
        several = [each for each in rows.values() if len(each) > 1]
        errors = np.concatenate([_errors(np.log(ratio[each])) for each in several]) if several else np.zeros(0)
        if len(errors):
            found[quantity] = AfterOnePoint(
                n=len(errors),
                combinations=len(several),
                median_ape=float(np.median(errors)),
                p90_ape=float(np.quantile(errors, 0.9)),
            )
    return found


def _errors(log_ratio: Floats) -> Floats:
    """|predicted ÷ measured − 1| of every row but the known one, for every known one."""
    pairs = log_ratio[:, None] - log_ratio[None, :]
    return np.abs(np.expm1(pairs[~np.eye(len(log_ratio), dtype=bool)]))
