"""Training: the largest run that a user's share of compute allows, and how many runs a year hold.

FLOP = H100e × peak × share × efficiency × seconds. ``efficiency`` is MFU × goodput as the performance and reliability
rooms give it over sizes (``race/surfaces``). Arrays are (user, draw).
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array, at_least


def efficiency(chips: Array, at_reference: float, slope: float, reference_chips: float, decay_chips: float) -> Array:
    """MFU × goodput of a run on so many chips: e₀·(N/N₀)^−k·e^{−N/N₁}.

    MFU falls by a power of size, goodput by failures in proportion to it. Falls with size; fitted from 1e3 to 1e6. As
    one exponential, since a power takes twice the time of a logarithm and an exponential.
    """
    many = at_least(chips, 1.0)
    power = np.log(many * np.float32(1.0 / reference_chips))
    power *= np.float32(-slope)
    many *= np.float32(1.0 / decay_chips)
    power -= many
    return np.float32(at_reference) * np.exp(power)


def run_h100e(used_h100e: Array, share: Array, chip_h100e: Array, decay_chips: float) -> Array:
    """H100e of one run: its share of a user's compute, at most as many chips as are worth it.

    N·e^{−N/N₁} is largest at N₁: more chips fail more than they add, and go into another run.
    """
    return np.minimum(used_h100e * share, chip_h100e * np.float32(decay_chips))


def run_flop(run_h100e: Array, efficiency: Array, months: Array, flop_per_s_per_h100e: float) -> Array:
    """FLOP of a run of so many months on so much compute. Rises in each."""
    seconds = months * (365.25 / 12.0 * 86_400.0)
    return run_h100e * efficiency * seconds * np.float32(flop_per_s_per_h100e)


def released_flop(record_flop: Array, potential_flop: Array, comes: Array) -> Array:
    """Largest run so far: a record is never taken back, and rises where a run comes out."""
    return np.maximum(record_flop, potential_flop * comes)


def rounds_per_year(h100e: Array, share: Array, run_flop: Array, efficiency: Array, flop_per_s: float) -> Array:
    """Runs of this size that the training share of a fleet completes in a year: its FLOP of a year over the run's."""
    year = h100e * share * efficiency * np.float32(flop_per_s * 365.25 * 86_400.0)
    return year / at_least(run_flop, 1.0)
