"""Quantities: figures with their sources, human units, dates, ranges, distributions, and the exception tree."""

from __future__ import annotations

from tenfold.quantities.dates import parse_date
from tenfold.quantities.errors import (
    CatalogError,
    InputError,
    MissingFigureError,
    Problem,
    SolverError,
    TenfoldError,
)
from tenfold.quantities.figure import FIGURE_KINDS, Conflict, Figure, FigureKind
from tenfold.quantities.parsing import parse_any_quantity, parse_quantity
from tenfold.quantities.printing import LOSSLESS, format_quantity, format_share
from tenfold.quantities.units import UNITS

__all__ = [
    "FIGURE_KINDS",
    "LOSSLESS",
    "UNITS",
    "CatalogError",
    "Conflict",
    "Figure",
    "FigureKind",
    "InputError",
    "MissingFigureError",
    "Problem",
    "SolverError",
    "TenfoldError",
    "format_quantity",
    "format_share",
    "parse_any_quantity",
    "parse_date",
    "parse_quantity",
]
