"""What a site's power connection allows.

A connection is bought for the peak, so limits count rated power, not the average draw.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column


def chips_within_power(
    available_w: Column, power_w_per_chip: Column, pue: Column, chips_per_group: Column = 1.0
) -> Column:
    """Most chips the connection carries, in whole groups (nodes, racks) of ``chips_per_group``.

    ⌊available / (PUE · power per chip · group)⌋ · group, float. Infinite where ``available_w`` is. Broadcasts.
    """
    group_w = np.multiply(power_w_per_chip, pue) * chips_per_group
    return np.floor(np.divide(available_w, group_w) * (1.0 + 1e-12)) * chips_per_group


def power_short_w(facility_power_w: Column, available_w: Column) -> Column:
    """Power that is missing at the meter, W; 0 where the connection suffices. Broadcasts."""
    return np.maximum(np.subtract(facility_power_w, available_w), 0.0)
