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
    provider: str
    source: str
    """Of what is known of it; empty where nothing is."""
