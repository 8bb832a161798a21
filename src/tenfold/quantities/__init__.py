"""Quantities: figures with their sources, human units, dates, distributions and draws, and the exception tree.

figure, named, made    a number with its source; with its name; what made an answer
shortfall, errors      what was short (a result); what was wrong (an exception)
units, parsing, printing, dates, times, checks
data                   any result as plain data, and paths into it
arrays, distributions, draws    numbers in columns; these import numpy, so they are loaded when first asked for
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.quantities.checks import refuse
from tenfold.quantities.data import Data, leaves_of, steps_of, to_data, to_json, value_at
from tenfold.quantities.dates import parse_date
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
from tenfold.quantities.made import Made, tenfold_version
from tenfold.quantities.named import NamedFigure, assumptions_of, stated_at
from tenfold.quantities.parsing import parse_any_quantity, parse_quantity
from tenfold.quantities.percentiles import Percentiles
from tenfold.quantities.printing import LOSSLESS, format_quantity, format_share
from tenfold.quantities.shortfall import Shortfall
from tenfold.quantities.times import (
    DAY_S,
    DAYS_PER_QUARTER,
    DAYS_PER_YEAR,
    HOUR_S,
    HOURS_PER_DAY,
    HOURS_PER_QUARTER,
    HOURS_PER_YEAR,
    MONTHS_PER_QUARTER,
    MONTHS_PER_YEAR,
    QUARTERS_PER_YEAR,
    YEAR_S,
)
from tenfold.quantities.units import UNITS

if TYPE_CHECKING:
    from tenfold.quantities.arrays import Column, Flags, Floats, Indices, Integers
    from tenfold.quantities.distributions import (
        Z90,
        Distribution,
        Fixed,
        Normal,
        SplitLogitNormal,
        SplitLogNormal,
        SplitNormal,
        Triangular,
        Uniform,
        distribution_of,
    )
    from tenfold.quantities.draws import (
        SHARE,
        Points,
        Uncertain,
        median_point,
        one_at_a_time,
        ratio_figure,
        relative_effect,
        sobol_points,
        sobol_uniforms,
        with_spread,
    )
    from tenfold.quantities.normal_quantile import standard_normal_ppf

__all__ = [
    "DAYS_PER_QUARTER",
    "DAYS_PER_YEAR",
    "DAY_S",
    "FIGURE_KINDS",
    "HOURS_PER_DAY",
    "HOURS_PER_QUARTER",
    "HOURS_PER_YEAR",
    "HOUR_S",
    "LOSSLESS",
    "MONTHS_PER_QUARTER",
    "MONTHS_PER_YEAR",
    "QUARTERS_PER_YEAR",
    "SHARE",
    "UNITS",
    "YEAR_S",
    "Z90",
    "CatalogError",
    "Column",
    "Conflict",
    "Data",
    "Distribution",
    "Figure",
    "FigureKind",
    "Fixed",
    "Flags",
    "Floats",
    "Indices",
    "InputError",
    "Integers",
    "Made",
    "MissingFigureError",
    "NamedFigure",
    "Normal",
    "Percentiles",
    "Points",
    "Problem",
    "Shortfall",
    "SolverError",
    "SplitLogNormal",
    "SplitLogitNormal",
    "SplitNormal",
    "TenfoldError",
    "Triangular",
    "Uncertain",
    "Uniform",
    "assumptions_of",
    "distribution_of",
    "format_quantity",
    "format_share",
    "leaves_of",
    "median_point",
    "one_at_a_time",
    "parse_any_quantity",
    "parse_date",
    "parse_quantity",
    "ratio_figure",
    "refuse",
    "relative_effect",
    "shown",
    "sobol_points",
    "sobol_uniforms",
    "standard_normal_ppf",
    "stated_at",
    "steps_of",
    "tenfold_version",
    "to_data",
    "to_json",
    "value_at",
    "with_spread",
]

_NUMERIC = ("arrays", "distributions", "draws", "normal_quantile")


def __getattr__(name: str) -> object:
    """Load what needs numpy when it is first asked for."""
    if name in __all__:
        from importlib import import_module

        for module in _NUMERIC:
            found: object = getattr(import_module(f"tenfold.quantities.{module}"), name, None)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(f"module 'tenfold.quantities' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
