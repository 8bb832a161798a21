"""How campuses have their chips: records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenfold.planning.supply.offer import Had
from tenfold.quantities import NamedFigure, Shortfall

OF_QUESTION = "question/"
"""What the name of a figure that the question states begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampusOffer:
    """How a campus has its chips."""

    price: NamedFigure
    had: Had | None = None
    """None for chips at a price that the question states, and for those that cannot be had."""
    refused: Shortfall | None = None
    ordered_chips: float
    """Chips that are asked for: whole units of those that are handed out together."""

    @property
    def term_days(self) -> float:
        """Days that are paid for at least."""
        return 0.0 if self.had is None else self.had.tier.term_days

    @property
    def premium(self) -> float:
        """Power of ``big_and_soon`` in the price."""
        return 0.0 if self.had is None else self.had.premium


@dataclass(frozen=True, slots=True, kw_only=True)
class CampusOffers:
    """How all campuses have their chips."""

    each: tuple[CampusOffer, ...]

    @property
    def prices(self) -> tuple[NamedFigure, ...]:
        """Of a chip-hour, of each campus."""
        return tuple(offer.price for offer in self.each)

    @property
    def term_days(self) -> tuple[float, ...]:
        """Days that each campus pays for at least."""
        return tuple(offer.term_days for offer in self.each)

    @property
    def premium(self) -> tuple[float, ...]:
        """Power of ``big_and_soon`` in each price."""
        return tuple(offer.premium for offer in self.each)

    @property
    def of_scene(self) -> Mapping[str, Sequence[float]]:
        """What a scene takes of them, by its names."""
        return {
            "term_days": self.term_days,
            "premium": self.premium,
            "ordered_chips": self.ordered_chips,
            "waits": self.waits,
        }

    @property
    def leads(self) -> tuple[NamedFigure, ...]:
        """Days that the chips of each campus are waited for; empty where none asks the market.

        Chips at a price that the question states are there: their wait, which is that of another, does not count.
        """
        asked = [offer.had.tier.lead for offer in self.each if offer.had is not None]
        return tuple(asked[0] if offer.had is None else offer.had.tier.lead for offer in self.each) if asked else ()

    @property
    def waits(self) -> tuple[float, ...]:
        """1 for each campus whose chips are ordered of the market, 0 where they are there."""
        return tuple(float(offer.had is not None) for offer in self.each)

    @property
    def ordered_chips(self) -> tuple[float, ...]:
        """Chips that are asked for at each campus."""
        return tuple(offer.ordered_chips for offer in self.each)
