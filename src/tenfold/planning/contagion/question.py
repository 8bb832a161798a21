"""The question about a financing network, after reading: US dollars, shares, no text to interpret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenfold.catalog import Deal, Player
from tenfold.quantities import Distribution, NamedFigure

ASSUMPTIONS = ("cash_cover", "refinanced_share", "loan_to_value", "loan_to_value_limit", "recovery")
"""Keys of ``contagion`` among the catalog's assumptions, which a file may override."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenMoney:
    """What a file says of a player beyond the catalog's figures; None where it says nothing."""

    revenue_usd: float | None = None
    costs_usd: float | None = None
    funding_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Shocks that come together; shares."""

    name: str
    revenue_miss: Mapping[str, float] = field(default_factory=dict)
    supplier_halt: Mapping[str, float] = field(default_factory=dict)
    chip_price_fall: float = 0.0
    refinancing_stop: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Shocks drawn at random, independent of each other."""

    count: int
    revenue_miss: Mapping[str, Distribution]
    supplier_halt: Mapping[str, Distribution]
    chip_price_fall: Distribution
    refinancing_stop: Distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Players, deals, a year and what happens in it."""

    title: str
    year: int
    seed: int
    assumptions: Mapping[str, NamedFigure]
    """By the keys of ``ASSUMPTIONS``."""
    players: Mapping[str, Player]
    given: Mapping[str, GivenMoney]
    deals: Mapping[str, Deal]
    scenarios: tuple[Scenario, ...]
    draws: Draws | None
