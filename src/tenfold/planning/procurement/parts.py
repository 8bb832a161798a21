"""Parts of the market of an option, as its offer has tiers."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.quantities import NamedFigure

AHEAD = ("own", "reserved-1y", "reserved-3y")
"""Ways of supply that are ordered ahead; others are taken as needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Part of the market of an option: the chips of one tier."""

    says: str
    """What is added to the option's name; empty where the option has one part."""
    price: NamedFigure
    soon: NamedFigure | None
    """What many chips soon cost over the list; None where they cost no more."""
    premium: float
    """Power of it in the price."""
    most_chips: float
    """Beyond the tier before; of a tier that is ordered ahead and cheaper than all before it, all it has."""
    reaches_chips: float
    """Of the option in all, with this tier and those before it."""
    lead_quarters: int
    term_quarters: int
    unit_chips: int
    """That are handed out together."""
