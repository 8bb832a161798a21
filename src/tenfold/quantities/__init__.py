"""Quantities: figures with their sources, human units, dates, ranges, distributions, and the exception tree."""

from __future__ import annotations

from tenfold.quantities.checks import count_problems, refuse
from tenfold.quantities.dates import parse_date
from tenfold.quantities.distributions import (
    Distribution,
    Fixed,
    LogNormal,
    Normal,
    Percentiles,
    SplitLogitNormal,
    SplitLogNormal,
    SplitNormal,
    Triangular,
    Uniform,
    distribution_of,
    standard_normal_ppf,
)
from tenfold.quantities.errors import (
    CatalogError,
    InputError,
    MissingFigureError,
    Problem,
    SolverError,
    TenfoldError,
    shown,
)
from tenfold.quantities.figure import FIGURE_KINDS, Conflict, Figure, FigureKind
from tenfold.quantities.intervals import Interval
from tenfold.quantities.parsing import parse_any_quantity, parse_quantity
from tenfold.quantities.printing import LOSSLESS, format_quantity, format_share
from tenfold.quantities.units import UNITS

__all__ = [
    "FIGURE_KINDS",
    "LOSSLESS",
    "UNITS",
    "CatalogError",
    "Conflict",
    "Distribution",
    "Figure",
    "FigureKind",
    "Fixed",
    "InputError",
    "Interval",
    "LogNormal",
    "MissingFigureError",
    "Normal",
    "Percentiles",
    "Problem",
    "SolverError",
    "SplitLogNormal",
    "SplitLogitNormal",
    "SplitNormal",
    "TenfoldError",
    "Triangular",
    "Uniform",
    "count_problems",
    "distribution_of",
    "format_quantity",
    "format_share",
    "parse_any_quantity",
    "parse_date",
    "parse_quantity",
    "refuse",
    "shown",
    "standard_normal_ppf",
]
