"""What can be asked about the race: a start, a number of quarters and draws, and cases that change the world."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from tenfold.quantities import Amount, Day, Key, Named, OneOf, Switch, Text, Whole
from tenfold.race.world import FAMILIES, REGIONS

SHARE = Amount("1", most=1.0)
FACTOR = Amount("1", above=0.0, most=100.0)
NAME = Text(longest=200)
FAMILY = OneOf(FAMILIES, "family")
PLAYER = Named("players")
QUARTER = Day(first_year=2018, last_year=2060)
STRATEGIES = ("blitz", "efficient")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportBan:
    """Families of American chips that do not reach players of a country, or reach them in part."""

    country: Annotated[str, NAME] = "CN"
    """Country of the players, ISO 3166-1 alpha-2."""
    begins: Annotated[datetime.date, QUARTER, Key("from")]
    """First quarter."""
    ends: Annotated[datetime.date | None, QUARTER, Key("until")] = None
    """First quarter without it; never when left out."""
    allowed: Annotated[float, SHARE] = 0.0
    """Share that still comes, such as 12.5 % for an eighth."""
    families: tuple[Annotated[str, FAMILY], ...] = ("nvidia", "amd")
    """Families that it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """Supply that stops for some quarters."""

    begins: Annotated[datetime.date, QUARTER, Key("from")]
    """First quarter."""
    quarters: Annotated[int, Whole(least=1, most=4)] = 2
    """How many."""
    of: Annotated[str, OneOf((*FAMILIES, "packaging", "memory", "all"), "supply")] = "all"
    """What stops: a family, packaging, memory, or all of them."""
    left: Annotated[float, SHARE] = 0.0
    """Share that still comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leap:
    """A chip of a family that does so many times the work for its price."""

    begins: Annotated[datetime.date, QUARTER, Key("from")]
    """Quarter in which it comes."""
    family: Annotated[str, FAMILY] = "nvidia"
    """Whose chip it is."""
    factor: Annotated[float, FACTOR] = 3.3
    """Times the performance per dollar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A factor on something from a quarter on, or for some quarters."""

    begins: Annotated[datetime.date, QUARTER, Key("from")]
    """First quarter."""
    quarters: Annotated[int | None, Whole(most=80)] = None
    """How many; all that follow when left out."""
    factor: Annotated[float, Amount("1", most=100.0)] = 0.5
    """What is left of it, or how many times as much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFoundry:
    """A second foundry that makes chips of the same families: what it adds is volume times yield, not encouragement."""

    begins: Annotated[datetime.date, QUARTER, Key("from")]
    """First quarter of volume."""
    share: Annotated[float, Amount("1", most=10.0)]
    """Wafers over those of the first."""
    good: Annotated[float, SHARE, Key("yield")] = 1.0
    """Share of its chips that work, over that of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """One player, or one maker of chips, takes over another."""

    buyer: Annotated[str, NAME]
    """Player by key or alias, or a family of chips."""
    bought: Annotated[str, NAME]
    """The same."""
    begins: Annotated[datetime.date, QUARTER, Key("from")]
    """Quarter in which it happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A world in which some things go otherwise; draws are paired with the base case."""

    name: Annotated[str, NAME]
    """Its name, which no other has."""
    export_bans: tuple[ExportBan, ...] = ()
    """Bans on chips; several for one country must not overlap."""
    loosened: Annotated[datetime.date | None, QUARTER] = None
    """Quarter from which the rules of the history no longer hold."""
    interruptions: tuple[Interruption, ...] = ()
    """Supply that stops."""
    leaps: tuple[Leap, ...] = ()
    """Chips far better than the trend."""
    demand: Change | None = None
    """Demand for compute."""
    refinancing_stop: Change | None = None
    """New debt; a factor of 0 stops it."""
    power: Change | None = None
    """Power that regions can add; a factor of 0 freezes it."""
    talent: Change | None = None
    """People who improve algorithms."""
    maturity: Mapping[Annotated[str, FAMILY], Annotated[float, SHARE]] = field(default_factory=dict)
    """Share of its performance that software reaches on a family, such as 60 % for an ecosystem not there yet."""
    second_foundry: SecondFoundry | None = None
    """Capacity beside that of the first foundry."""
    custom_silicon: Annotated[str | None, OneOf(("succeeds", "fails"), "outcome")] = None
    """Silicon of the owners' own does better or worse than believed."""
    strategies: Mapping[Annotated[str, PLAYER], Annotated[str, OneOf(STRATEGIES, "strategy")]] = field(
        default_factory=dict
    )
    """Players that blitz (spend faster, use worse) or are efficient (spend slower, use better)."""
    mergers: tuple[Merger, ...] = ()
    """Who takes over whom."""
    sovereign_usd_per_year: Annotated[float, Amount("USD", most=1e13), Key("sovereign_per_year")] = 0.0
    """Money that states put into chips of their sovereign builders, in all, a year."""
    domestic_legs: bool = False
    """China builds its own chips with the state's money and imports what it may: their capacity and maturity double."""
    winner_takes_all: Annotated[float, FACTOR] = 1.0
    """Factor on how much quality decides the market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPlayer:
    """Figures of a player at the start, in place of what the catalog gives."""

    player: Annotated[str, PLAYER]
    """Player by key or alias."""
    h100e: Annotated[float | None, Amount("1", most=1e10)] = None
    """H100e that it owns; its families keep their shares."""
    budget_usd: Annotated[float | None, Amount("USD", most=1e13)] = None
    """For chips in the quarter of the start."""
    cash_flow_usd: Annotated[float | None, Amount("USD", most=1e13)] = None
    """Of a quarter, before AI."""
    regions: Mapping[Annotated[str, OneOf(REGIONS, "region")], Annotated[float, SHARE]] = field(default_factory=dict)
    """Shares of its fleet by region; at most 1 in all, the rest as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceQuestion:
    """Who has which compute when: fleets, runs, money and power of the players, quarter by quarter, case by case?

    Without a file the world as of mid-2025 runs on as it is.
    """

    title: str = "The race"
    """What the answer is called."""
    start: Annotated[datetime.date, Day(end=True, first_year=2023, last_year=2060)] = datetime.date(2025, 6, 30)
    """Day of the start; what is dated later is not used."""
    quarters: Annotated[int, Whole(most=80)] = 40
    """Quarters to simulate."""
    draws: Annotated[int, Whole(most=1_000_000)] = 1024
    """Draws of every case."""
    trajectories: Annotated[bool, Switch()] = False
    """Keep draws of the world's numbers (8,192 at most); --out FILE.parquet writes them in place of quantiles."""
    players: tuple[StatedPlayer, ...] = ()
    """Figures of players in place of the catalog's."""
    cases: tuple[Case, ...] = ()
    """Worlds to compare with the base."""
