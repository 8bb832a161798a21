"""Training: the largest run that a user's share of compute allows, and how many runs a year hold.

FLOP = H100e × peak × share × efficiency × seconds. ``efficiency`` is MFU × goodput as the performance and reliability
rooms give it over sizes, as a power law (``race/surfaces``). Arrays are (user, draw).
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array


def efficiency(h100e: Array, at_reference: Array, slope: Array, reference_h100e: float) -> Array:
    """MFU × goodput of a run on so many H100e: e₀·(N/N₀)^−k. Falls with size; fitted from 1e3 to 1e6 chips."""
    return at_reference * (np.maximum(h100e, 1.0) / reference_h100e) ** (-slope)


def run_flop(h100e: Array, share: Array, efficiency: Array, months: Array, flop_per_s_per_h100e: float) -> Array:
    """FLOP of a run of so many months on a share of the compute. Rises in each."""
    seconds = months * (365.25 / 12.0 * 86_400.0)
    return h100e * share * efficiency * seconds * np.float32(flop_per_s_per_h100e)


def released_flop(record_flop: Array, potential_flop: Array, comes: Array) -> Array:
    """Largest run so far: a record is never taken back, and rises where a run comes out."""
    return np.where(comes, np.maximum(record_flop, potential_flop), record_flop)


def rounds_per_year(h100e: Array, share: Array, run_flop: Array, efficiency: Array, flop_per_s: float) -> Array:
    """Runs of this size that the training share of a fleet completes in a year: its FLOP of a year over the run's."""
    year = h100e * share * efficiency * np.float32(flop_per_s * 365.25 * 86_400.0)
    return year / np.maximum(run_flop, 1.0)
