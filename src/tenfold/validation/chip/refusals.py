"""When measurements are not those of the chip: another's work on it, noise, a clock that fell, or another chip.

Constants fitted to such measurements would move every plan that uses them, so they are refused whole.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.catalog import Chip
from tenfold.performance import peak_figure, peak_key
from tenfold.quantities import Problem
from tenfold.validation.chip.measured import Measured, Measurement
from tenfold.workloads import PRECISIONS

MOST_OTHERS_SHARE = 0.2
"""Share of a device that others may use: a desktop and a monitor take a few per cent, another job most of it."""
MOST_NOISE = 0.25
"""Width of P10–P90 over the median, at the median measurement; a chip to oneself keeps within a few per cent."""
LEAST_SUSTAINED = 0.65
"""Share of a burst's speed left over seconds: power limits take 4 to 22 % [training-priors, all.sustained_share]."""
MOST_OF_PEAK = 1.05
"""Share of a peak or a nominal bandwidth that a measurement may show: clocks above the rated one, rounding."""
LEAST_OF_PEAK = 0.02
"""Share of the peak below which the chip is another, or does not do the format in hardware."""
SUSTAINED_PART = 4
"""The first and the last of so many parts of a sustained run are compared."""


def sustained_share(measurement: Measurement) -> float:
    """Speed of the last part of a sustained run over that of its first."""
    part = max(len(measurement.seconds) // SUSTAINED_PART, 1)
    return float(np.median(measurement.seconds[:part]) / np.median(measurement.seconds[-part:]))


def noise_of(measured: Measured) -> float:
    """Median over measurements of the width of their samples; 0 where there is none."""
    widths = [each.noise for each in measured.timed if len(each.seconds) > 1 and each.kind != "sustained"]
    return float(np.median(widths)) if widths else 0.0


def refusals(measured: Measured, chip: Chip, file: str) -> Iterator[Problem]:
    """Say why measurements cannot be taken for those of a chip."""
    others, noise = measured.machine.others_share, noise_of(measured)
    if others > MOST_OTHERS_SHARE:
        yield _problem(file, f"others used {others:.0%} of the device", "Measure a device that nobody shares")
    if noise > MOST_NOISE:
        wrong = f"too noisy: samples of one operation differ by {noise:.0%}, {MOST_NOISE:.0%} at most can be used"
        yield _problem(file, wrong, "Stop what else runs on the machine, and measure again into another folder")
    for each in measured.of("sustained"):
        share = sustained_share(each)
        if share < LEAST_SUSTAINED:
            wrong = f"throttled: {share:.0%} of the speed was left after {sum(each.seconds):.0f} s of one product"
            yield _problem(file, wrong, "Look at its power limit and its cooling, and measure again")
    yield from _of_peak(measured, chip, file)


def _of_peak(measured: Measured, chip: Chip, file: str) -> Iterator[Problem]:
    """Products and streams that no such chip can do, or that such a chip does far better."""
    remedy = f"Check --chip: '{measured.machine.device}' was measured, {chip.key} was named"
    products = products_on(measured, chip)
    for format_name in sorted({each.format for each in products}):
        best = max(speed_flop_per_s(each) for each in products if each.format == format_name)
        share = best / peak_figure(chip, PRECISIONS[format_name]).value
        if not LEAST_OF_PEAK <= share <= MOST_OF_PEAK:
            yield _problem(file, f"{format_name} products reach {share:.3g} of the peak of {chip.key}", remedy)
    streams = [each.sizes["bytes"] / each.median_s for each in measured.of("memory")]
    if streams and max(streams) > MOST_OF_PEAK * chip.hbm_bytes_per_s:
        share = max(streams) / chip.hbm_bytes_per_s
        yield _problem(file, f"streams reach {share:.3g} of the memory bandwidth of {chip.key}", remedy)


def products_on(measured: Measured, chip: Chip) -> tuple[Measurement, ...]:
    """Products in the formats that the chip states a peak for; the others are done some other way, and say nothing."""
    return tuple(each for each in measured.of("matmul") if peak_key(chip, PRECISIONS[each.format]) in chip.peaks)


def speed_flop_per_s(product: Measurement) -> float:
    """Speed of a product of m × k by k × n: 2mnk over its time, FLOP/s."""
    return 2.0 * product.sizes["m"] * product.sizes["n"] * product.sizes["k"] / product.median_s


def _problem(file: str, wrong: str, remedy: str) -> Problem:
    return Problem(file=file, key="", wrong=wrong, remedy=remedy)
