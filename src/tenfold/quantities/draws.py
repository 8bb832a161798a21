"""Uncertain inputs and the points they are drawn at: scrambled Sobol points, the median, one input at a time.

Each input has one uniform coordinate for all designs (common random numbers), so designs are compared under the
same luck. Sobol points: Owen 1998, doi:10.1006/jcom.1998.0487; 2^10 of them estimate P10, P50 and P90 of smooth
results to well under 1 %.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import numpy as np

from tenfold.quantities.arrays import Floats, Indices
from tenfold.quantities.distributions import distribution_of, quantiles_by_row
from tenfold.quantities.figure import Figure
from tenfold.quantities.named import NamedFigure
from tenfold.quantities.percentiles import Percentiles
from tenfold.quantities.printing import format_quantity, format_share
from tenfold.quantities.sobol import scrambled_sobol

DRAWS_LOG2 = 10
FEW_LOG2 = 7
"""For previews."""
SHARE = "%"
SPREAD_TERM = "spread_of_inputs"
"""Term that says what the spread of the inputs adds to a P50."""
ROUNDING = 1e-12
"""Relative difference that is rounding."""
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """An input with one distribution for each chip, offer or site that has its own."""

    key: str
    """What the evaluation asks for, such as ``restart``."""
    label: str
    """What people read, such as "restart time"."""
    axis: str
    """Column of the rows that says which of the figures holds: ``run``, ``chip``, ``offer``, ``site``, ``supply``; or
    ``all``."""
    figures: tuple[NamedFigure, ...]
    written: str = ""
    """How a value of a figure without a unit is written: what follows the number, or ``SHARE``."""
    most: float = np.inf
    """Values above are cut; values below ``least`` too. Both lie outside P10–P90."""
    least: float = 0.0
    rests_on: tuple[tuple[NamedFigure, ...], ...] = ()
    """Recorded figures that each of ``figures`` was worked out from; none where they are recorded themselves."""

    def recorded_at(self, place: int) -> tuple[NamedFigure, ...]:
        """Give the recorded figures under one of ``figures``."""
        return self.rests_on[place] if self.rests_on else (self.figures[place],)

    @property
    def recorded(self) -> tuple[NamedFigure, ...]:
        """Every recorded figure under the input."""
        return tuple(named for place in range(len(self.figures)) for named in self.recorded_at(place))

    def at(self, u: Floats) -> Floats:
        """Values at the probabilities ``u``, shape (figures, u)."""
        known = {id(named.figure): named.figure for named in self.figures}
        values = quantiles_by_row([distribution_of(figure) for figure in known.values()], u)
        row = {key: place for place, key in enumerate(known)}
        drawn = np.clip(values, self.least, self.most)
        return np.asarray(drawn[[row[id(named.figure)] for named in self.figures]])

    def at_place(self, u: Floats, place: int) -> Floats:
        """Values of one of the figures at the probabilities ``u``, shape (u,)."""
        return np.clip(distribution_of(self.figures[place].figure).ppf(u), self.least, self.most)

    def text(self, value: float, place: int) -> str:
        """Write a value for people."""
        if self.written == SHARE:
            return format_share(value)
        return f"{value:.3g}{self.written}" if self.written else format_quantity(value, self.figures[place].figure.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Where the inputs are drawn: one value for each figure and point."""

    values: Mapping[str, Floats]
    """By the key of the input, shape (figures, points)."""
    axes: Mapping[str, str]
    count: int
    inputs: tuple[Uncertain, ...] = ()
    """What was drawn, one coordinate each; none where points are put together from others."""

    def of(self, key: str, index: Mapping[str, Indices]) -> Floats:
        """Values of an input for rows, shape (rows, points), or (1, points) where it is the same for all.

        ``index`` holds a column for each axis.
        """
        axis = self.axes[key]
        return self.values[key] if axis == "all" else self.values[key][index[axis]]

    def side_by_side(self, index: Mapping[str, Indices], variants: Sequence[Variant]) -> Points:
        """The points of one row, whose columns are ``index``, once for each variant of its inputs, one after another.

        What is worked out at them is, ``count`` by ``count``, what each variant gives alone.
        """
        columns = {key: self.of(key, index) for key in self.values}
        return Points(
            values={key: _beside(key, column, variants) for key, column in columns.items()},
            axes=dict.fromkeys(columns, "all"),
            count=self.count * len(variants),
        )


Variant = Mapping[str, Floats | float]
"""Inputs of a row that are other than they are drawn, by key: known in all points, or a column of shape (1, points)."""


def _beside(key: str, column: Floats, variants: Sequence[Variant]) -> Floats:
    """The column of an input for every variant, one after another, shape (1, variants · points)."""
    found = np.broadcast_to(column, (len(variants), column.shape[1]))
    if any(key in variant for variant in variants):
        found = found.copy()
        for place, variant in enumerate(variants):
            found[place] = variant.get(key, column)
    return found.reshape(1, -1)


_log2: ContextVar[int] = ContextVar("draws_log2", default=DRAWS_LOG2)


@contextmanager
def few_draws() -> Iterator[None]:
    """Draw only 128 points inside the block: for previews, which the whole answer replaces."""
    before = _log2.set(FEW_LOG2)
    try:
        yield
    finally:
        _log2.reset(before)


def sobol_uniforms(inputs: int, seed: int) -> Floats:
    """1,024 scrambled Sobol points of so many coordinates inside (0, 1), shape (points, inputs)."""
    points = scrambled_sobol(inputs, _log2.get(), np.random.default_rng(seed))
    return np.asarray(np.clip(points, 1e-9, 1.0 - 1e-9))


def sobol_points(inputs: Sequence[Uncertain], seed: int, before: Points | None = None) -> Points:
    """Draw all inputs together at 1,024 scrambled Sobol points.

    ``before`` are such points of as many inputs and the same seed, of which equal inputs keep their values.
    """
    return _points(inputs, sobol_uniforms(len(inputs), seed), before)


def median_point(inputs: Sequence[Uncertain], before: Points | None = None) -> Points:
    """Every input at its P50: one point. ``before`` is such a point, of which equal inputs keep their values."""
    return _points(inputs, np.full((1, len(inputs)), MIDDLE), before)


def one_at_a_time(inputs: Sequence[Uncertain]) -> Points:
    """Point 2i has input i at its P10, point 2i + 1 at its P90, everything else at P50."""
    u = np.full((2 * len(inputs), len(inputs)), MIDDLE)
    for place in range(len(inputs)):
        u[2 * place, place], u[2 * place + 1, place] = LOW, HIGH
    return _points(inputs, u)


def relative_effect(ends: Floats) -> float:
    """How far a result moves between two ends of an input, over its middle; infinite where one end never comes.

    ``ends`` has shape (2,), in either order; 0 where neither end comes or the result is zero.
    """
    low, high = float(ends.min()), float(ends.max())
    if not np.isfinite(high):
        return float("inf") if np.isfinite(low) else 0.0
    return (high - low) / ((high + low) / 2.0) if high > 0 else 0.0


def ratio_figure(log_spread: float, spread: Figure, words: str) -> Figure:
    """Figure of a factor around 1 whose logarithm is normal with this standard deviation, sourced as the spread is."""
    ends = Percentiles.around(1.0, log_spread)
    note = f"measured over predicted step time: {words}"
    return replace(spread, value=1.0, unit="1", low=ends.p10, high=ends.p90, note=note, conflicts=())


def _points(inputs: Sequence[Uncertain], u: Floats, before: Points | None = None) -> Points:
    was = before.inputs if before is not None and before.count == len(u) else ()
    same = before.values if before is not None else {}
    pairs = itertools.zip_longest(inputs, was[: len(inputs)])
    values = {new.key: same[old.key] if new == old else new.at(u[:, place]) for place, (new, old) in enumerate(pairs)}
    axes = {known.key: known.axis for known in inputs}
    return Points(values=values, axes=axes, count=len(u), inputs=tuple(inputs))


def with_spread(terms: Mapping[str, float], headline: float, name: str = SPREAD_TERM) -> Mapping[str, float]:
    """Terms at the median of every input, and the term by which the P50 of the draws differs from their sum.

    The median of a result is not the result at the medians wherever the result bends; with this term they add up.
    """
    left = headline - math.fsum(terms.values())
    return dict(terms) if abs(left) <= ROUNDING * abs(headline) else {**terms, name: left}
