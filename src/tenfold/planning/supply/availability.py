"""Who is known to offer so many chips, as every answer about chips tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Who is known to offer so many chips, and on what terms."""

    known_max_chips: int | None
    """Most chips of any known offer of the tier, or all that an owner holds; None where nobody is known."""
    tier: str
    """``self-serve``, ``contract``, ``short-contract``, ``holding``, ``announced``, ``unknown`` or ``purchase``."""
    minimum_term_days: float
    """Days that are paid for at least."""
    lead_time_days: float
    """Days that the chips are waited for, P50; setting up comes on top."""
    lead_time_most_days: float
    """The same at P90."""
    provider: str
    source: str
    """Of what is known of it; empty where nothing is."""
    unit_chips: int = 1
    """Chips that are handed out together, such as those of a rack."""


BY_THE_HOUR = ("on-demand", "spot")
"""Ways of supply whose name says that they bind nobody."""
BINDING = {"short-contract": "short contract", "contract": "contract"}
"""Tiers that bind whoever rents, by what they are called."""


def had_as(supply: str, tier: str) -> str:
    """Name of the way chips are really had: what is beyond the lists of a way that binds nobody is signed for."""
    head, sep, last = supply.rpartition(" + ")
    return f"{head}{sep}{BINDING.get(tier, last)}" if last in BY_THE_HOUR else supply


class OfChips:
    """What every design that has chips is called by, whatever it is for."""

    __slots__ = ()

    chip: str
    chips: int
    chips_there: int
    chips_ordered: int
    supply: str
    availability: Availability

    @property
    def name(self) -> str:
        """What is had and how."""
        return had_name(self.chips, self.chips_held, self.chip, self.supply, self.availability.tier)

    @property
    def chips_held(self) -> int:
        """Chips that are there or ordered, idle ones among them."""
        return self.chips_there + self.chips_ordered


def had_name(chips: int, held: int, chip: str, supply: str, tier: str) -> str:
    """What is had and how: "8,192 of 8,208 × gb200, short contract", of ``held`` chips that are paid for."""
    return f"{chips_words(chips, held)} × {chip}, {had_as(supply, tier)}"


def chips_words(chips: int, held: int) -> str:
    """So many chips that work, out of those that are paid for: "8,192 of 8,208", or "8,192" where none is idle."""
    return f"{chips:,}" if held == chips else f"{chips:,} of {held:,}"
