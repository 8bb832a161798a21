"""Who offers chips, in words: the same in a plan and in every other question about them."""

from __future__ import annotations

from typing import Protocol

from tenfold.planning.plan import BINDING, Availability


def offer_words(had: Availability) -> str:
    """Who is known to offer chips, from when and for how long at least."""
    least = f"{_days(had.minimum_term_days)} at least" if had.minimum_term_days else "no least term"
    late = f" (up to {had.lead_time_most_days:,.0f})" if had.lead_time_most_days > had.lead_time_days else ""
    wait = f"a wait of {_days(had.lead_time_days)}{late}" if had.lead_time_days else "no wait stated"
    if had.tier == "purchase":
        return "bought; nobody says how many can be"
    if had.tier == "unknown":
        return f"nobody is known to offer it; priced for {least}, {wait}"
    known = f"{had.provider or 'sellers'} {'hold' if had.tier in ('holding', 'short-contract') else 'offer'}"
    verb = known if not had.provider else f"{known}s"
    return f"{BINDING.get(had.tier, had.tier)}, {least}, {wait}; {verb} {had.known_max_chips or 0:,}"


def _days(count: float) -> str:
    return f"{count:,.0f} day{'' if round(count) == 1 else 's'}"


class Ordered(Protocol):
    """A design whose chips are ordered."""

    @property
    def chips(self) -> int:
        """Chips that work."""
        ...

    @property
    def chips_ordered(self) -> int:
        """Chips that are asked for or bought."""
        ...

    @property
    def availability(self) -> Availability:
        """Who offers them."""
        ...


def order_words(design: Ordered, there: int = 0) -> str:
    """How the chips are ordered where they come in units, and how many of those are idle; empty where they do not."""
    unit, idle = design.availability.unit_chips, there + design.chips_ordered - design.chips
    if unit == 1:
        return ""
    left = f", {idle:,} of them idle" if idle else ""
    return f"ordered as {design.chips_ordered // unit:,} × {unit:,} chips{left}"
