"""What can be asked about a financing network: players, deals, a year, and shocks in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from tenfold.catalog import CANCELABLE, DEAL_KINDS, DEAL_STATUSES, PlayerKind
from tenfold.planning.contagion.values import SHARE, USD, DrawnShare, Payments, ShareRange
from tenfold.quantities import Amount, Day, Key, OneOf, Text, Whole

FIRST_YEAR, LAST_YEAR = 2000, 2100
FACTOR = Amount("1", most=10.0)
NAME = Text(longest=200)
Share = Annotated[float, SHARE]
Shares = Mapping[str, Share]
DrawnShares = Mapping[str, Annotated[float | ShareRange, DrawnShare()]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPlayer:
    """A new player, or figures in place of the catalog's."""

    key: Annotated[str, NAME]
    """Key or name of a player of the catalog, or the key of a new one."""
    name: str = ""
    """Its name in words; the key when left out."""
    kind: PlayerKind | None = None
    """What it is; the catalog's, or other, when left out."""
    revenue_usd: Annotated[float | None, USD] = None
    """From outside the network in the year, such as $20B."""
    costs_usd: Annotated[float | None, USD] = None
    """Paid outside the network in the year."""
    cash_usd: Annotated[float | None, USD] = None
    """At the start of the year."""
    funding_usd: Annotated[float | None, USD] = None
    """New money raised in the year; as needed when left out."""
    equity_usd: Annotated[float | None, USD] = None
    """Book value."""
    debt_usd: Annotated[float | None, USD] = None
    """Debt on its books."""
    source: str = ""
    """Where the figures are from; they are assumptions when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDeal:
    """A deal; one with the key of a deal of the catalog replaces it."""

    key: Annotated[str, NAME]
    """Its key."""
    payer: Annotated[str, NAME, Key("from")]
    """Who pays."""
    payee: Annotated[str, NAME, Key("to")]
    """Who is paid."""
    kind: Annotated[str, OneOf(DEAL_KINDS, "kind of deal")]
    """What is owed."""
    amount_usd: Annotated[float | None, USD] = None
    """Of the whole contract, such as $6.3B."""
    signed: Annotated[datetime.date | None, Day()] = None
    """Day it was signed; its start when left out."""
    starts: Annotated[datetime.date | None, Day()] = None
    """First day."""
    ends: Annotated[datetime.date | None, Day(end=True)] = None
    """Last day."""
    term_s: Annotated[float | None, Amount("s", above=0.0)] = None
    """Instead of the end, such as 5 years."""
    status: Annotated[str, OneOf(DEAL_STATUSES, "status")] = "in-force"
    """How binding it is."""
    cancelable: Annotated[str, OneOf(CANCELABLE)] = "unknown"
    """Whether either side can leave."""
    cancelable_from: Annotated[datetime.date | None, Day()] = None
    """From when it can be left; amounts due before are firm."""
    schedule: Annotated[str | Mapping[str, float] | None, Payments()] = None
    """'level', 'bullet' or amounts by year; 'level' when left out and start and end are known."""
    rate_per_year: Annotated[float | None, SHARE, Key("rate")] = None
    """Interest a year, such as 11 %."""
    shares: Annotated[float | None, Amount("1")] = None
    """Shares that a warrant buys."""
    source: str = ""
    """Where it is from; it is an assumption when left out."""
    note: str = ""
    """What to say beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Shocks that come together, as shares."""

    name: Annotated[str, NAME]
    """Its name, which no other has."""
    revenue_miss: Shares = field(default_factory=dict)
    """Share of its revenue that a player does not earn, by player."""
    supplier_halt: Shares = field(default_factory=dict)
    """Share of the year in which a player delivers nothing, by player."""
    chip_price_fall: Share = 0.0
    """Share of their value that chips lose."""
    refinancing_stop: Share = 0.0
    """Share of maturities and of new funding that fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Shocks drawn at random, independent of each other."""

    count: Annotated[int, Whole(most=1_000_000)] = 10_000
    """Scenarios to draw."""
    revenue_miss: DrawnShares = field(default_factory=dict)
    """By player: a share, or a range such as { low = '0 %', high = '60 %' }."""
    supplier_halt: DrawnShares = field(default_factory=dict)
    """By player: a share, or a range."""
    chip_price_fall: Annotated[float | ShareRange, DrawnShare()] = 0.0
    """A share, or a range."""
    refinancing_stop: Annotated[float | ShareRange, DrawnShare()] = 0.0
    """A share, or a range."""


USUAL_SCENARIOS = (
    Scenario(name="OpenAI earns half", revenue_miss={"openai": 0.5}),
    Scenario(name="Chips lose half their value", chip_price_fall=0.5),
    Scenario(name="Nobody refinances", refinancing_stop=1.0),
    Scenario(name="Oracle delivers half", supplier_halt={"oracle": 0.5}),
    Scenario(
        name="All of it",
        revenue_miss={"openai": 0.5, "anthropic": 0.5},
        chip_price_fall=0.5,
        refinancing_stop=1.0,
    ),
)
USUAL_DRAWS = Draws(
    revenue_miss={
        "anthropic": ShareRange(low=0.0, high=0.6),
        "coreweave": ShareRange(low=0.0, high=0.4),
        "openai": ShareRange(low=0.0, high=0.6),
    },
    chip_price_fall=ShareRange(low=0.0, mode=0.2, high=0.6),
    refinancing_stop=ShareRange(low=0.0, mode=0.0, high=0.5),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContagionQuestion:
    """Who cannot pay whom in a year when revenue misses, chips lose value, refinancing stops or a supplier halts?

    Without a file the deals of the catalog are cleared under the usual shocks.
    """

    title: str = ""
    """What the answer is called; who finances whom in the year, when left out."""
    network: Annotated[str | None, OneOf(("default", "given"), "network")] = None
    """'default' takes the deals of the catalog, changed by those stated; 'given' those stated alone, and is meant where
    deals are stated and this is left out."""
    year: Annotated[int, Whole(least=FIRST_YEAR, most=LAST_YEAR)] = 2027
    """Calendar year whose payments are cleared."""
    cash_cover: Annotated[float | None, FACTOR] = None
    """Means and receipts over dues without a shock; the catalog's when left out."""
    refinanced_share: Annotated[float | None, SHARE] = None
    """Share of what matures that is refinanced; the catalog's when left out."""
    loan_to_value: Annotated[float | None, Amount("1", most=1.0, above=0.0)] = None
    """Debt over the value of the chips behind it; the catalog's when left out."""
    loan_to_value_limit: Annotated[float | None, FACTOR] = None
    """Debt over value from which on debt is called; the catalog's when left out."""
    recovery: Annotated[float | None, SHARE] = None
    """Share of means and claims left after a default; the catalog's when left out."""
    players: tuple[StatedPlayer, ...] = ()
    """Players in place of the catalog's, and new ones."""
    edges: tuple[StatedDeal, ...] = ()
    """Deals in place of the catalog's, and new ones."""
    scenarios: tuple[Scenario, ...] | None = None
    """Shocks that come together; the usual ones where the catalog's network is asked about and nothing else is said."""
    draws: Draws | None = None
    """Shocks drawn at random; as for the scenarios."""


def completed(question: ContagionQuestion) -> ContagionQuestion:
    """Say which network is meant, and the usual shocks where none are stated and it is the catalog's."""
    network = question.network or ("given" if question.edges else "default")
    usual = network == "default" and question.scenarios is None and question.draws is None
    return replace(
        question,
        title=question.title or f"Who finances whom, {question.year}",
        network=network,
        scenarios=USUAL_SCENARIOS if usual else question.scenarios or (),
        draws=USUAL_DRAWS if usual else question.draws,
    )
