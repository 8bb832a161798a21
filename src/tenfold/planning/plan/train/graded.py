"""What evidence a design has, as a grade: the worst of its runs, its scale and its sellers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenfold.performance import Spread
from tenfold.planning.plan.verdicts import Evidence


@dataclass(frozen=True, slots=True)
class Grade:
    """What a design must have to be called so."""

    name: str
    least_runs: int
    """Measured runs on its chip family, of its kind of model."""
    most_scale: float
    """Its chips over those of the largest of them."""
    least_providers: int


GRADES = (Grade("A", 20, 2.0, 3), Grade("B", 5, 8.0, 2), Grade("C", 1, 64.0, 1))
"""The first whose every bound is kept; ``D`` where none is. Bounds are conventions, said beside each table."""
NONE = "D"


def evidence_of(sure: Spread, providers: int, *, priced: bool) -> Evidence:
    """Grade what is known of a design; ``priced`` where its price is known as it is, whoever else sells."""
    return graded(sure.runs, sure.scale_ratio, providers, priced=priced)


def graded(runs: int, scale_ratio: float | None, providers: int, *, priced: bool) -> Evidence:
    """Evidence of so many measured runs at such a scale and so many sellers."""
    scale = math.inf if scale_ratio is None else scale_ratio
    sellers = math.inf if priced else providers
    grade = next((each.name for each in GRADES if _keeps(each, runs, scale, sellers)), NONE)
    return Evidence(runs=runs, scale_ratio=scale_ratio, providers=providers, grade=grade)


def _keeps(grade: Grade, runs: int, scale: float, providers: float) -> bool:
    return runs >= grade.least_runs and scale <= grade.most_scale and providers >= grade.least_providers
