"""Constants from measured kernels: the equations of ``performance.compute`` inverted, each fit a pure function.

Times are fitted in their logarithms, each constant a lognormal about its prior, with what ``validation.fit`` does for
runs. The priors are those before any measurement, ``PRIOR_WIDENING`` times as wide: measurements of the chip itself
speak, and a prior holds only what their sizes do not show. Where the equation describes the times worse than
``RESIDUAL_SD``, the intervals widen by as much.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.performance import log_spread_of
from tenfold.performance.compute import fused_attention_s, matmul_s
from tenfold.quantities import Z90, Figure, Floats, Percentiles
from tenfold.validation.chip.measured import Measurement
from tenfold.validation.fit import RESIDUAL_SD, fit
from tenfold.validation.logs.latency_bandwidth import line_through

PRIOR_WIDENING = 3.0
MOST_ITERATIONS = 40
FEWEST_STREAMS = 3
PRODUCT_SHAPE = ("matmul_half_width", "matmul_half_depth", "matmul_wave_area")
"""Constants that products of every format share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Constants by name with their P10 and P90, and how well the equation describes the measurements."""

    constants: Mapping[str, Percentiles]
    error: float
    """Root mean square of ln(measured ÷ fitted time)."""
    measurements: int


Predict = Callable[[Mapping[str, float]], Floats]


def fit_constants(predict: Predict, measured_s: Floats, priors: Mapping[str, Figure]) -> Fitted:
    """Fit the constants of an equation to times, s. ``predict`` gives the times of some constants."""
    names = list(priors)
    middle = np.array([priors[name].value for name in names])
    wide = np.array([PRIOR_WIDENING * log_spread_of(priors[name]) for name in names])

    def residuals(x: Floats) -> Floats:
        return np.log(predict(dict(zip(names, middle * np.exp(wide * x), strict=True))) / measured_s)

    found = fit(residuals, np.ones(len(measured_s)), np.zeros(len(names)), most_iterations=MOST_ITERATIONS)
    error = float(np.sqrt(np.mean(residuals(found.x) ** 2)))
    reach = np.exp(Z90 * wide * np.sqrt(np.diag(found.covariance)) * max(1.0, error / RESIDUAL_SD))
    value = middle * np.exp(wide * found.x)
    constants = {
        name: Percentiles(p10=float(each / far), p50=float(each), p90=float(each * far))
        for name, each, far in zip(names, value, reach, strict=True)
    }
    return Fitted(constants=constants, error=error, measurements=len(measured_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """What products of one's own chip are timed against."""

    peak_flop_per_s: Mapping[str, float]
    """By format."""
    element_bytes: Mapping[str, float]
    """Bytes of an operand's element, by format."""
    memory_bytes_per_s: float
    """What streams reach."""
    serial_share: float


def fit_products(products: Sequence[Measurement], on: Products, priors: Mapping[str, Figure]) -> Fitted:
    """Fit the share of the peak of each format, and the half widths, depth and wave of all [``compute.matmul_s``].

    ``priors`` are those of ``PRODUCT_SHAPE``, and of each format by its name.
    """
    m, n, k = (np.array([each.sizes[name] for each in products]) for name in ("m", "n", "k"))
    formats = [each.format for each in products]
    peak = np.array([on.peak_flop_per_s[name] for name in formats])
    element_bytes = np.array([on.element_bytes[name] for name in formats])

    def predict(constants: Mapping[str, float]) -> Floats:
        half_width, half_depth, wave_area = (constants[name] for name in PRODUCT_SHAPE)
        found = matmul_s(
            m,
            n,
            k,
            peak_flop_per_s=peak,
            efficiency=np.array([constants[name] for name in formats]),
            half_width=half_width,
            half_depth=half_depth,
            wave_area=wave_area,
            bytes_per_element=element_bytes,
            memory_bytes_per_s=on.memory_bytes_per_s,
            serial_share=on.serial_share,
        )
        return np.asarray(found, dtype=np.float64)

    return fit_constants(predict, np.array([each.median_s for each in products]), priors)


def fit_attention(passes: Sequence[Measurement], peak_flop_per_s: float, priors: Mapping[str, Figure]) -> Fitted:
    """Fit share of the peak and half length of causal fused attention, forward [``compute.fused_attention_s``].

    ``priors`` are those of ``attention_efficiency`` and ``attention_half_tokens``.
    """
    batch, heads, tokens, width = (
        np.array([each.sizes[name] for each in passes]) for name in ("batch", "heads", "tokens", "width")
    )

    def predict(constants: Mapping[str, float]) -> Floats:
        found = fused_attention_s(
            4.0 * batch * heads * tokens**2 * width,
            tokens,
            width,
            peak_flop_per_s=peak_flop_per_s,
            efficiency=constants["attention_efficiency"],
            half_tokens=constants["attention_half_tokens"],
        )
        return np.asarray(found, dtype=np.float64)

    return fit_constants(predict, np.array([each.median_s for each in passes]), priors)


def backward_ratio(forward: Sequence[Measurement], both: Sequence[Measurement]) -> Fitted | None:
    """Time of attention backward over forward: (both − forward)/forward at the sizes that were timed in both ways.

    P10 and P90 are those over the sizes, widened by the noise of the samples. None where no size was.
    """
    alone = {tuple(sorted(each.sizes.items())): each for each in forward}
    pairs = [(alone[size], each) for each in both if (size := tuple(sorted(each.sizes.items()))) in alone]
    ratios = np.array([each.median_s / first.median_s - 1.0 for first, each in pairs])
    if not len(ratios) or not np.all(ratios > 0):
        return None
    noise = max(each.noise for pair in pairs for each in pair)
    low, middle, high = (float(value) for value in np.quantile(ratios, (0.1, 0.5, 0.9)))
    found = Percentiles(p10=low / (1.0 + noise), p50=middle, p90=high * (1.0 + noise))
    error = float(np.std(np.log(ratios)))
    return Fitted(constants={"attention_backward_ratio": found}, error=error, measurements=len(ratios))


def fit_streams(streams: Sequence[Measurement], nominal_bytes_per_s: float) -> Fitted | None:
    """Share of the memory bandwidth: the slope of time over bytes moved, t = α + S/(B·e) [Hockney 1994].

    None for fewer than three sizes, which cannot tell a start from a slope. Raises ``InputError`` where the sizes are
    too much alike.
    """
    if len(streams) < FEWEST_STREAMS:
        return None
    moved, took = [each.sizes["bytes"] for each in streams], [each.median_s for each in streams]
    start, slope = line_through(moved, took)
    if slope.low <= 0:
        return None
    low, value, high = (1.0 / each / nominal_bytes_per_s for each in (slope.high, slope.value, slope.low))
    fitted = np.array([max(start.value, 0.0) + slope.value * size for size in moved])
    error = math.sqrt(float(np.mean(np.log(np.array(took) / fitted) ** 2)))
    shares = Percentiles(p10=low, p50=value, p90=high)
    return Fitted(constants={"memory_efficiency": shares}, error=error, measurements=len(streams))
