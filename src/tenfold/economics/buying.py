"""Making or buying: the volume at which one's own is cheaper, a chip of one's own, a mix of chips, the right to stop.

Each is an identity of costs, or a choice among draws; sources stand with them. Everything broadcasts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column, Floats


def break_even_volume(fixed_usd: Column, least_usd: Column, own_usd: Column, bought_usd: Column) -> Floats:
    """Volume from which making costs no more than buying: v · bought = fixed + max(least, v · own).

    ``fixed_usd`` is paid whatever is made, ``least_usd`` is the smallest plant, ``own_usd`` and ``bought_usd`` are of a
    unit. Up to least ÷ own the plant is not full: v = (fixed + least) ÷ bought. Beyond, v = fixed ÷ (bought − own), and
    infinite where a unit is not cheaper made. Break-even analysis with a step (Horngren, Cost Accounting, chapter 3).
    """
    fixed, least, own, bought = np.broadcast_arrays(*map(np.asarray, (fixed_usd, least_usd, own_usd, bought_usd)))
    with np.errstate(divide="ignore", invalid="ignore"):
        unfilled = (fixed + least) / bought
        filled = np.where(bought > own, fixed / np.where(bought > own, bought - own, 1.0), np.inf)
    return np.asarray(np.where(unfilled * own <= least, unfilled, filled), dtype=np.float64)


def chips_that_repay(
    design_usd: Column, unit_usd: Column, running_usd_per_hour: Column, replaced_usd_per_hour: Column, hours: Column
) -> Floats:
    """Chips of one's own that repay their design: N · (hours · (replaced − running) − unit) = design.

    ``hours`` are those that a chip works in its life, ``replaced_usd_per_hour`` what the chips that it stands for would
    cost in the mean of them. Infinite where a chip saves nothing over its life.
    """
    saved = np.multiply(hours, np.subtract(replaced_usd_per_hour, running_usd_per_hour)) - unit_usd
    return np.asarray(np.where(saved > 0.0, design_usd / np.where(saved > 0.0, saved, 1.0), np.inf), dtype=np.float64)


def mean_while_falling_usd(price_usd: Column, fall_per_year: Column, years: Column) -> Floats:
    """Mean over so many years of a price that falls by a yearly factor: p · (1 − f^−Y) ÷ (Y · ln f); p where f is 1.

    The integral of p · f^−t. What the same work costs elsewhere falls with performance per dollar, so that who makes a
    chip competes with later ones too. ``fall_per_year`` is 1 or more.
    """
    rate = np.log(fall_per_year)
    steady = np.multiply(rate, years)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(steady > 1e-9, -np.expm1(-steady) / steady, 1.0)
    return np.asarray(np.multiply(price_usd, share), dtype=np.float64)


def mixed_over_alone(share: Column, speed: Column, helper_usd_per_hour: Column, alone_usd_per_hour: Column) -> Floats:
    """Cost of work of which a share moves to a helper, over its cost without: (1 − s) + s · q ÷ (k · p).

    ``speed`` is how much of that part an hour of the helper does over an hour of the chip alone. Both are busy; work
    waits for neither. Amdahl's law (AFIPS 1967) for cost in place of time.
    """
    moved = np.multiply(share, helper_usd_per_hour) / np.multiply(speed, alone_usd_per_hour)
    return np.asarray(1.0 - np.asarray(share) + moved, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """What a build is worth whose second part may be left undone once a signal has been seen."""

    value_usd: float
    """Mean over draws, the first part paid, under the best rule of the form "go on from this signal on"."""
    without_usd: float
    """The same where one must go on."""
    threshold: float
    """Signal from which going on pays; −∞ where it always does, ∞ where it never does."""
    chance: float
    """Share of draws that go on."""

    @property
    def option_usd(self) -> float:
        """What the right to stop is worth; never below zero."""
        return self.value_usd - self.without_usd


def value_of_stopping(signal: Floats, payoff_usd: Floats, first_usd: Floats) -> Stopping:
    """Price the right to stop on draws: the best threshold of the signal, always and never among them.

    −E[first] + max over x of E[payoff · 1(signal ≥ x)]; arrays of shape (draws,). A real option (Dixit and
    Pindyck 1994, chapter 2) valued by simulation with a rule of one threshold: a lower bound of what stopping is worth.
    Equal signals are decided alike. Raises nothing.
    """
    order = np.argsort(-signal, kind="stable")
    ranked, gained = signal[order], np.cumsum(payoff_usd[order]) / len(signal)
    ends = np.append(ranked[1:] != ranked[:-1], True)
    best = int(np.argmax(np.where(ends, gained, -np.inf)))
    first, always = float(np.mean(first_usd)), float(gained[-1])
    if gained[best] <= 0.0:
        return Stopping(value_usd=-first, without_usd=always - first, threshold=np.inf, chance=0.0)
    everybody = best == len(signal) - 1
    return Stopping(
        value_usd=float(gained[best]) - first,
        without_usd=always - first,
        threshold=-np.inf if everybody else float(ranked[best]),
        chance=(best + 1) / len(signal),
    )
