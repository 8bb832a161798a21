"""Latency and reachable bandwidth of a collective from its times at several sizes.

t(S) = α + β·S [Hockney 1994], fitted by least squares of the relative error, Σ(α/t + β·S/t − 1)², which has a closed
form: two normal equations. Relative, because times span four decades and their noise is proportional. Intervals are
those of the linear model, Student's t with n − 2 degrees of freedom. Holds where one algorithm and protocol serves all
sizes; where a library switches, the spread of the residuals and so the intervals grow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from tenfold.quantities import InputError, Problem
from tenfold.validation.logs.lines import log_error
from tenfold.validation.logs.nccl_tests import NcclMeasurement

FEWEST_SIZES = 3
LEAST_DETERMINANT = 1e-12
"""Share of the product of the diagonal below which the normal equations have no digits left."""
PASSES = {"all_reduce": 2.0, "all_gather": 1.0, "reduce_scatter": 1.0, "alltoall": 1.0}
"""Times the data crosses the network: an all-reduce is a reduce-scatter and an all-gather."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its P10 and P90."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyBandwidth:
    """The fit of one collective over one set of ranks."""

    collective: str
    ranks: int
    nodes: int
    sizes: int
    """Distinct sizes measured."""
    start_s: Estimate | None
    """α: time of the smallest message; None when the sizes are too large, or too noisy, to show it."""
    seconds_per_byte: Estimate
    """β: time that a byte of the size adds."""
    busbw_bytes_per_s: Estimate
    """Bandwidth reached by large messages, by the convention of nccl-tests: one way and per rank."""


def bus_factor(collective: str, ranks: int) -> float:
    """Give busbw ÷ algbw: bytes over the link of a rank for each byte of the size (PERFORMANCE.md of nccl-tests)."""
    return PASSES[collective] * (ranks - 1) / ranks if collective in PASSES else 1.0


def fit_latency_bandwidth(measurements: Sequence[NcclMeasurement]) -> LatencyBandwidth:
    """Fit measurements (at least one) of one collective, of the same ranks; out of place where both were measured.

    Raises ``InputError`` for fewer than three sizes and for times that do not grow with the size.
    """
    first = measurements[0]
    chosen = [m for m in measurements if not m.in_place] or list(measurements)
    sizes = len({m.size_bytes for m in chosen})
    what = f"{first.collective} of {first.ranks} ranks"
    if sizes < FEWEST_SIZES:
        wrong = f"{what}: {sizes} sizes, but latency and bandwidth need {FEWEST_SIZES}"
        raise log_error(first.file, None, wrong, "Run the test from small to large, such as -b 1K -e 8G -f 2")
    try:
        start, slope = line_through([m.size_bytes for m in chosen], [m.time_s for m in chosen])
    except InputError as error:
        raise InputError(replace(problem, file=first.file) for problem in error.problems) from None
    if slope.low <= 0:
        wrong = f"{what}: times do not grow with the size"
        raise log_error(first.file, None, wrong, "Run the test up to larger sizes, such as -e 8G")
    factor = bus_factor(first.collective, first.ranks)
    return LatencyBandwidth(
        collective=first.collective,
        ranks=first.ranks,
        nodes=first.nodes,
        sizes=sizes,
        start_s=start if start.low > 0 else None,
        seconds_per_byte=slope,
        busbw_bytes_per_s=Estimate(value=factor / slope.value, low=factor / slope.high, high=factor / slope.low),
    )


def line_through(sizes_bytes: Sequence[float], times_s: Sequence[float]) -> tuple[Estimate, Estimate]:
    """Intercept and slope by least squares of the relative error, with P10 and P90. At least three points.

    With u = 1/t and v = S/t the normal equations are [Σu², Σuv; Σuv, Σv²]·[α, β] = [Σu, Σv]; sizes are scaled by
    their largest first, so that the determinant keeps its digits. Raises ``InputError`` where it has none left.
    """
    size, time = np.asarray(sizes_bytes, dtype=float), np.asarray(times_s, dtype=float)
    scale = float(size.max())
    u, v = 1.0 / time, size / scale / time
    uu, uv, vv = float(u @ u), float(u @ v), float(v @ v)
    determinant = uu * vv - uv * uv
    if determinant <= LEAST_DETERMINANT * uu * vv:
        wrong = "the sizes, or sizes and times, are too much alike to tell latency from bandwidth"
        raise InputError(Problem(file="", key="", wrong=wrong, remedy="Run the test from small to large sizes"))
    alpha = (vv * float(u.sum()) - uv * float(v.sum())) / determinant
    beta = (uu * float(v.sum()) - uv * float(u.sum())) / determinant
    freedom = len(time) - 2
    variance = float(((alpha * u + beta * v - 1.0) ** 2).sum()) / freedom
    reach = float(stdtrit(freedom, 0.9))
    alpha_reach = reach * math.sqrt(variance * vv / determinant)
    beta_reach = reach * math.sqrt(variance * uu / determinant)
    return (
        Estimate(value=alpha, low=alpha - alpha_reach, high=alpha + alpha_reach),
        Estimate(value=beta / scale, low=(beta - beta_reach) / scale, high=(beta + beta_reach) / scale),
    )
