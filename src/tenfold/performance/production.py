"""How fast production runs are over benchmarks of the same layout: a share, and how sure it is at a number of chips.

A calibration ``production`` holds for each source of production runs the mean of ln(measured ÷ predicted), the spread
that such a prediction has, and the chips. They are few, so operators count and not rows:

    ln share = min(Σ w·ln ratio ÷ Σ w, 0)        w = 1/(spread² + between²)
    variance = (1/Σ w + between² + doubling²·d)·student(n)²

with d the doublings from ``chips`` to the nearest of the runs: the weighted mean of random effects and the variance of
a new one [DerSimonian and Laird 1986, Controlled Clinical Trials 7(3)], with Student's factor for few sources. Leaving
a source out makes every part of the variance larger. No production run is counted on to beat its benchmark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.performance.evidence import student_factor
from tenfold.quantities import Column, Floats, MissingFigureError, Problem

BETWEEN, DOUBLING = "all.between", "all.doubling"
RATIO, SPREAD, CHIPS = ".log_ratio", ".log_spread", ".chips"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionRuns:
    """Production runs against benchmarks, one for each source, as columns (sources,)."""

    sources: tuple[str, ...]
    log_ratio: Floats
    """ln(measured ÷ what a benchmark is predicted to reach)."""
    log_spread: Floats
    """Of that prediction."""
    chips: Floats
    between: float
    """Standard deviation of ln share between operators."""
    doubling: float
    """The same for a doubling of the chips away from the nearest run."""

    @property
    def log_share(self) -> float:
        """Ln of the share of a benchmark's speed that a production run keeps; never above 0."""
        return min(float(np.average(self.log_ratio, weights=self._weights)), 0.0)

    def log_spread_at(self, chips: Column) -> Column:
        """Standard deviation of ln share of a new run on so many chips. Broadcasts."""
        wanted = np.log2(np.asarray(chips, dtype=np.float64))[..., None]
        doublings = np.min(np.abs(wanted - np.log2(self.chips)), axis=-1)
        variance = 1.0 / self._weights.sum() + self.between**2 + self.doubling**2 * doublings
        return np.asarray(np.sqrt(variance) * student_factor(max(len(self.sources) - 3, 0)))

    @property
    def _weights(self) -> Floats:
        return np.asarray(1.0 / (self.log_spread**2 + self.between**2))


def production_runs(constants: Mapping[str, float], without: str = "") -> ProductionRuns:
    """Gather the production runs of a calibration, but for a source. Raises ``MissingFigureError`` where none is left.

    ``without`` is the source of a run that is judged: it says nothing about itself.
    """
    named = (key.removesuffix(RATIO) for key in constants if key.endswith(RATIO))
    sources = tuple(sorted(source for source in named if source != without))
    if not sources:
        wrong, remedy = "no production run is known", "Add one to calibrations/production.toml"
        raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
    ratio, spread, chips = (
        np.array([constants[source + what] for source in sources]) for what in (RATIO, SPREAD, CHIPS)
    )
    return ProductionRuns(
        sources=sources,
        log_ratio=ratio,
        log_spread=spread,
        chips=chips,
        between=constants[BETWEEN],
        doubling=constants[DOUBLING],
    )
