"""What is said of a design: its chances, what it rests on, whether it can be had, or why it cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tenfold.planning.supply.availability import had_as
from tenfold.quantities import Shortfall

ANY_SUPPLY, ANY_SITE = "any supply", "any site"
"""Where a chip is rejected whatever the supply or site."""
NOT_HAD = ("supply", "law")
"""Kinds of the shortfall of what nobody offers there, or may not be there."""
TOO_FEW = ("memory", "layout")
"""Kinds of the shortfall of what more chips would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Infeasible:
    """A design that was rejected, and why."""

    chip: str
    chips: int
    supply: str
    site: str
    reasons: tuple[Shortfall, ...]
    tier: str = ""
    """How it could be had, by the name of its tier; empty where it could not, or that was not looked at."""
    bound: str = ""
    """Law or place that binds the chip, in words; empty where nothing does."""
    unasked: bool = False
    """Whether it is bound to a place or an owner that the buyer has not named: any free chip comes before it."""

    @property
    def name(self) -> str:
        """What was rejected, by how it could be had."""
        return f"{self.chips:,} × {self.chip}, {self.had_as}"

    @property
    def had_as(self) -> str:
        """The way it could be had; where it could not, the one that was asked for."""
        return had_as(self.supply, self.tier)

    @property
    def can_be_had(self) -> bool:
        """Whether it is short of a limit only: no goal makes a seller offer what nobody does."""
        return all(reason.kind not in NOT_HAD for reason in self.reasons)

    @property
    def can_be_changed(self) -> bool:
        """Whether something is named for whatever it is short of; of what more chips would do the rest may say it."""
        return all(reason.nearest for reason in self.reasons if reason.kind not in TOO_FEW)

    @property
    def is_too_few(self) -> bool:
        """Whether nothing was timed, since so few chips hold no layout."""
        return bool(self.reasons) and all(reason.kind in TOO_FEW for reason in self.reasons)

    @property
    def times_over(self) -> float:
        """Largest factor by which it misses a limit; infinite where no amount would do."""
        return max((reason.times_over for reason in self.reasons), default=1.0)

    @property
    def said(self) -> tuple[str, ...]:
        """What binds it, before what it is short of."""
        return (*filter(None, (self.bound,)), *(reason.short for reason in self.reasons))

    @property
    def changes(self) -> tuple[str, ...]:
        """What would make it fit, each change once."""
        return tuple(dict.fromkeys(reason.nearest for reason in self.reasons if reason.nearest))


def nearest_of(rejected: Iterable[Infeasible]) -> Infeasible:
    """The design that is the least short: one that can be had, then by reasons, then by the factor it misses by.

    What no amount of anything would do comes after what some would, and chips that a law or a place binds after those
    that are free, as they do among designs that fit. Too few chips to hold the work are passed over where more of the
    same chip were planned and are short themselves.
    """
    found = tuple(rejected)
    planned: dict[str, int] = {}
    for each in found:
        if each.can_be_had and not each.is_too_few:
            planned[each.chip] = max(planned.get(each.chip, 0), each.chips)
    left = [each for each in found if not (each.is_too_few and planned.get(each.chip, 0) > each.chips)]
    return min(
        left,
        key=lambda each: (
            not each.can_be_had,
            each.times_over == math.inf or not each.can_be_changed,
            each.unasked,
            len(each.reasons),
            each.times_over,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Probability:
    """Shares of outcomes that keep the limits."""

    in_time: float
    in_budget: float
    """Of the cash that is out first: a rent's bill, or the purchase of what is bought, whatever a run uses up of it."""
    both: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was measured near a design, and how near."""

    runs: int
    """Measured runs on its chip family, of its kind of model."""
    scale_ratio: float | None
    """Its chips over those of the largest such run; None where there is none."""
    providers: int
    """Sellers whose prices are known."""
    grade: str
    """``A`` (much like what was measured and is sold) to ``D`` (like nothing that was)."""


Flip = Mapping[str, str | float]
"""An input that would change the choice: ``input``, ``from`` and ``to`` (in ``unit``, or with ``written`` behind them),
and ``choice``."""
