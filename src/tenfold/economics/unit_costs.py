"""What a chip-hour costs per anything that is done in it: a useful FLOP, a run, a million tokens; a megawatt's life."""

from __future__ import annotations

import numpy as np

from tenfold.quantities import HOUR_S, HOURS_PER_DAY, Column, Floats

TOKENS_PER_MTOKEN = 1e6
W_PER_MW = 1e6


def usd_per_useful_flop(
    usd_per_chip_hour: Column, peak_flop_per_s: Column, mfu: Column, goodput: Column = 1.0
) -> Floats:
    """Cost of a model FLOP: (USD per hour)/(3600·peak·MFU·goodput), dense peak of the precision of the MFU."""
    useful = np.multiply(peak_flop_per_s, mfu) * goodput * HOUR_S
    return np.asarray(np.divide(usd_per_chip_hour, useful))


def usd_per_run(usd_per_chip_hour: Column, chips: Column, days: Column) -> Floats:
    """Cost of a run that holds chips for some days, USD. Broadcasts; raises nothing."""
    return np.asarray(np.multiply(chips, days) * HOURS_PER_DAY * usd_per_chip_hour)


def usd_per_mtoken(usd_per_chip_hour: Column, tokens_per_s_per_chip: Column) -> Floats:
    """Cost of a million tokens at a rate per chip while used, USD. Broadcasts; raises nothing."""
    per_token = np.divide(usd_per_chip_hour, np.multiply(HOUR_S, tokens_per_s_per_chip))
    return np.asarray(per_token * TOKENS_PER_MTOKEN)


def usd_per_mw(usd_per_chip: Column, rated_w: Column) -> Floats:
    """Cost of a megawatt of rated IT power at a cost of each chip, USD. Broadcasts; raises nothing."""
    return np.asarray(np.divide(usd_per_chip, rated_w) * W_PER_MW)
