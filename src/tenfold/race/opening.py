"""The world at a day, from what is dated at or before it: fleets, budgets, growth, prices, money, users.

Observed owners keep their own rows; players that are not observed share a group's by assumption. What is not a fact of
the day (structure, shares of groups) is an assumption of the catalog whatever the day, and is shown as one.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Catalog, Observation
from tenfold.quantities import NamedFigure
from tenfold.race.arrays import Draws
from tenfold.race.nowcast import MAKER, nowcast
from tenfold.race.parameters import named_assumption, parameters_of
from tenfold.race.series import CASH_FLOW, CAPEX, OWNED, RATE, RUN, SOLD, History, flows, history_at
from tenfold.race.surfaces import hour_cost, rental_at, training_surface
from tenfold.race.world import (
    AMD,
    CHINA,
    CUSTOM,
    DOMESTIC,
    FAMILIES,
    FAMILY_OF_MAKER,
    H100_FLOP_PER_S,
    NVIDIA,
    REGIONS,
    TIERS,
    World,
)

START_DAY = datetime.date(2025, 6, 30)
"""The latest quarter that the shipped history covers whole."""
FUNDED_KINDS = ("cloud", "ai-lab")
"""Kinds of players whose money before AI comes from investors."""
RECENT_QUARTERS = 4
"""Growth is of the last year."""


class Reader:
    """Gives values of the catalog and keeps the figures they came from."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.figures: dict[str, NamedFigure] = {}

    def assumed(self, name: str) -> float:
        """Value of an assumption of the race."""
        return self.keep(named_assumption(self.catalog, name)).figure.value

    def keep(self, named: NamedFigure) -> NamedFigure:
        """Remember a figure."""
        self.figures[named.name] = named
        return named

    def player(self, player: str, key: str) -> float | None:
        """Value of a figure of a player; None where nobody recorded it."""
        found = self.catalog.player(player).figures.get(key)
        return None if found is None else self.keep(NamedFigure(name=f"players/{player}/{key}", figure=found)).figure.value

    def observed(self, rows: Iterable[Observation]) -> None:
        """Remember rows of the history."""
        for row in rows:
            self.keep(NamedFigure(name=row.name, figure=row.figure))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What is observed of one owner: H100e it owns and took in the last quarter, by family, and its past flows."""

    owned: Mapping[str, float]
    flow: Mapping[str, float]
    past: Sequence[float]
    """H100e of each quarter, all families, oldest first."""
    pasts: Mapping[str, Sequence[float]]
    """The same by family."""


def owners_in(catalog: Catalog) -> tuple[str, ...]:
    """Players that own chips in the race, by key: those whose fleet stands somewhere."""
    return tuple(key for key in catalog.known("players") if catalog.player(key).race_regions)


def users_in(catalog: Catalog) -> tuple[str, ...]:
    """Players that train models in the race, by key."""
    return tuple(key for key in catalog.known("players") if catalog.player(key).training_share is not None)


def opening(catalog: Catalog, day: datetime.date, rows: Iterable[Observation] | None = None) -> World:
    """The world at a day. ``rows`` stand in for the catalog's observations.

    Raises ``MissingFigureError`` where a player lacks what it needs, ``InputError`` for a day before the history.
    """
    history = history_at(catalog.observations.values() if rows is None else rows, day)
    reader = Reader(catalog)
    fleets = observed_fleets(history, reader)
    now = nowcast(history, reader.assumed("supply.learning_per_year"))
    price = now.usd / fleets_flow(history)
    prices = {family: price * (1.0 if family == NVIDIA else reader.assumed(f"families.{family}.price_ratio"))
              for family in FAMILIES}  # fmt: skip
    players = owners_in(catalog)
    split = {player: _fleet_of(catalog, reader, player, fleets) for player in players}
    common = common_growth(history, reader, now.usd)
    return _world(reader, history, players, split, prices, common)


def observed_fleets(history: History, reader: Reader) -> dict[str, Fleet]:
    """Fleets by observed owner."""
    found: dict[str, Fleet] = {}
    for owner in dict.fromkeys(entity.partition(":")[0] for entity in history.entities(OWNED)):
        owned: dict[str, float] = {}
        flow: dict[str, float] = {}
        pasts: dict[str, Sequence[float]] = {}
        for maker, family in FAMILY_OF_MAKER.items():
            rows = history.of(OWNED, f"{owner}:{maker}")
            if rows:
                reader.observed(rows[-2:])
                owned[family] = owned.get(family, 0.0) + rows[-1].value
                each = [h100e for _, h100e in flows(rows)]
                flow[family] = flow.get(family, 0.0) + max(each[-1], 0.0)
                pasts[family] = each
        longest = max(len(each) for each in pasts.values())
        total = [sum(each[-place] for each in pasts.values() if len(each) >= place) for place in range(longest, 0, -1)]
        found[owner] = Fleet(owned=owned, flow=flow, past=total, pasts=pasts)
    return found


def fleets_flow(history: History) -> float:
    """H100e that the leading maker sold in the last quarter."""
    return flows(history.of(SOLD, MAKER))[-1][1]


def growth_of(past: Sequence[float]) -> float | None:
    """Mean growth of the last year in logs a quarter; None with fewer than two quarters."""
    last = [value for value in past[-RECENT_QUARTERS - 1 :] if value > 0.0]
    return math.log(last[-1] / last[0]) / (len(last) - 1) if len(last) > 1 else None


def common_growth(history: History, reader: Reader, now_usd: float) -> float:
    """Growth of spending on chips, logs a quarter: the last year's, of chips and of revenue, drawn to the prior."""
    learning = math.log(reader.assumed("supply.learning_per_year")) / 4.0
    sold = [h100e for _, h100e in flows(history.of(SOLD, MAKER))]
    revenue = [row.value for row in history.of("datacentre-revenue", MAKER)]
    said = [growth_of(sold), growth_of(revenue if now_usd == revenue[-1] else [*revenue, now_usd])]
    known = [value - shift for value, shift in zip(said, (learning, 0.0), strict=True) if value is not None]
    prior, weight = math.log(reader.assumed("investment.prior_growth_per_year")) / 4.0, reader.assumed("investment.prior_quarters")
    if not known:
        return prior
    quarters = min(len(sold) - 1, RECENT_QUARTERS)
    return (quarters * sum(known) / len(known) + weight * prior) / (quarters + weight)


def volatility(history: History, reader: Reader) -> float:
    """Spread of growth in the last year over the assumed one, variances pooled by quarters: 1 where nothing is known.

    √((n·s² + k·s₀²)/(n + k))/s₀, s of the growth of chips sold; k as for the growth itself.
    """
    sold = [h100e for _, h100e in flows(history.of(SOLD, MAKER)) if h100e > 0.0][-RECENT_QUARTERS - 1 :]
    moves = np.diff(np.log(sold)) if len(sold) > 2 else np.zeros(0)
    assumed = reader.assumed("investment.common_spread")
    weight, count = reader.assumed("investment.prior_quarters"), len(moves)
    seen = float(moves.var(ddof=1)) if count > 1 else assumed**2
    return math.sqrt((count * seen + weight * assumed**2) / (count + weight)) / assumed


def _fleet_of(catalog: Catalog, reader: Reader, player: str, fleets: Mapping[str, Fleet]) -> Fleet:
    """Fleet of a player: its own where it is observed, else its share of its group's."""
    if player in fleets:
        return fleets[player]
    group = catalog.player(player).race_group
    share = _share_of_group(catalog, reader, player, fleets)
    whole = fleets.get(group, Fleet(owned={}, flow={}, past=(), pasts={}))
    owned = {family: share * h100e for family, h100e in whole.owned.items()}
    flow = {family: share * h100e for family, h100e in whole.flow.items()}
    if catalog.player(player).country == CHINA:
        owned[DOMESTIC], flow[DOMESTIC] = _domestic(reader, player)
    return Fleet(owned=owned, flow=flow, past=whole.past, pasts=whole.pasts)


def _share_of_group(catalog: Catalog, reader: Reader, player: str, fleets: Mapping[str, Fleet]) -> float:
    """Share of a player among those of its group that are not observed themselves."""
    group = catalog.player(player).race_group
    members = [name for name in owners_in(catalog) if catalog.player(name).race_group == group and name not in fleets]
    stated = {name: reader.player(name, "race.share_of_group") or 0.0 for name in members}
    return stated[player] / max(sum(stated.values()), 1e-9)


def _domestic(reader: Reader, player: str) -> tuple[float, float]:
    """Chinese chips of a player: stock of a year at the rate of the start, and the rate."""
    quarter = reader.assumed("domestic_h100e_per_quarter") * reader.assumed(f"domestic_share.{player}")
    return 4.0 * quarter, quarter


def _world(
    reader: Reader,
    history: History,
    players: tuple[str, ...],
    fleets: Mapping[str, Fleet],
    prices: Mapping[str, float],
    common: float,
) -> World:
    catalog = reader.catalog
    users = users_in(catalog)
    price = _column(prices[family] for family in FAMILIES)
    flow = _table(fleets, players, lambda fleet: fleet.flow)
    spending = flow * price[:, None]
    budget = spending.sum(axis=0)
    own_weight, learning = reader.assumed("investment.own_weight"), math.log(reader.assumed("supply.learning_per_year")) / 4.0
    long_run = math.log(reader.assumed("investment.long_run_growth_per_year")) / 4.0
    owned = _table(fleets, players, lambda fleet: fleet.owned)
    watts = reader.assumed("deployment.w_per_h100e")
    uses = _uses(reader, players, users)
    surface = training_surface(reader)
    run = _runs(reader, history, users, owned.sum(axis=0) @ uses, surface.at_reference)
    capex = _column(_capex(history, reader, player) for player in players)
    multiple = 1.0 / reader.assumed("investment.chip_share_of_capex")
    least = reader.assumed("investment.least_other_share")
    cash = _column(_cash_flow(history, reader, player) for player in players)
    hour = hour_cost(reader, float(price[0]))
    return World(
        day=history.day,
        players=players,
        countries=tuple(catalog.player(player).country for player in players),
        users=users,
        user_countries=tuple(catalog.player(user).country for user in users),
        budget_usd=budget,
        growth=_column(
            _own_growth(fleets[player].past, common, own_weight, learning) - long_run for player in players
        ),
        volatility=volatility(history, reader),
        mix=spending / np.maximum(budget, 1.0),
        tilt=np.array(
            [[_tilt(fleets[player], family, own_weight) for player in players] for family in FAMILIES], dtype=np.float32
        ),
        owned_h100e=owned,
        fleet_growth=math.log1p(float(flow.sum() / max(owned.sum() - flow.sum(), 1.0))),
        need_w=owned.sum(axis=0) * np.float32(watts),
        watts_per_h100e=_watts_now(history, watts),
        watts_at_start=watts,
        other_capex_usd=np.where(capex > 0.0, np.maximum(capex - multiple * budget, least * capex), 0.0).astype(np.float32),
        cash_flow_usd=cash,
        funded=_column(float(catalog.player(player).kind in FUNDED_KINDS) for player in players),
        cash_usd=cash * np.float32(reader.assumed("start.cash_quarters")),
        debt_usd=cash * np.float32(4.0 * reader.assumed("start.debt_over_cash_flow")),
        places=_places(catalog, reader, players),
        uses=uses,
        training_share=_column(reader.player(user, "race.training_share") or 0.0 for user in users),
        run_flop=run,
        potential_scale=np.ones(len(users), dtype=np.float32),
        revenue_usd=_column(_revenue(history, reader, user) for user in users),
        price_usd=price,
        maturity=_column(reader.assumed(f"families.{family}.maturity") for family in FAMILIES),
        packaging=_column(reader.assumed(f"families.{family}.packaging") for family in FAMILIES),
        memory=_column(reader.assumed(f"families.{family}.memory") for family in FAMILIES),
        capacity_pace=_column(reader.assumed(f"families.{family}.capacity_pace") for family in FAMILIES),
        delivered_h100e=flow.sum(axis=1),
        tier_size=_column(reader.assumed(f"tiers.{tier}.size") for tier in TIERS),
        tier_adoption=_column(reader.assumed(f"tiers.{tier}.adoption") for tier in TIERS),
        tier_opens=_column(reader.assumed(f"tiers.{tier}.opens_at") for tier in TIERS),
        rental_usd=rental_at(hour, float(price[0])),
        surface=surface,
        hour=hour,
        figures=tuple(reader.figures.values()),
        parameters=parameters_of(catalog, REGIONS),
    )


def _column(values: Iterable[float]) -> Draws:
    return np.array(tuple(values), dtype=np.float32)


def _table(fleets: Mapping[str, Fleet], players: Sequence[str], of: object) -> Draws:
    assert callable(of)
    return np.array([[of(fleets[player]).get(family, 0.0) for player in players] for family in FAMILIES], dtype=np.float32)


def _own_growth(past: Sequence[float], common: float, weight: float, learning: float) -> float:
    """Growth of a player's spending: that of all, moved towards its own last year's by a weight."""
    own = growth_of(past)
    return common if own is None else (1.0 - weight) * common + weight * (own - learning)


def _tilt(fleet: Fleet, family: str, weight: float) -> float:
    """Growth of a family's share of a player's chips over the last year, by the weight that its own past has."""
    own, whole = growth_of(fleet.pasts.get(family, ())), growth_of(fleet.past)
    return 0.0 if own is None or whole is None else weight * (own - whole)


def _capex(history: History, reader: Reader, player: str) -> float:
    last = history.last(CAPEX, player)
    if last is None:
        return 0.0
    reader.observed((last,))
    return last.value


def _cash_flow(history: History, reader: Reader, player: str) -> float:
    """Cash flow of a quarter before AI, USD: the last year's on record, else what the player is taken to have."""
    last = history.last(CASH_FLOW, player)
    if last is not None:
        reader.observed((last,))
        return last.value / 4.0
    found = reader.player(player, "race.cash_flow")
    if found is None:
        reader.catalog.player(player).figure("race.cash_flow")
    return (found or 0.0) / 4.0


def _revenue(history: History, reader: Reader, user: str) -> float:
    last = history.last(RATE, user)
    if last is None:
        return 0.0
    reader.observed((last,))
    return last.value / 4.0


def _watts_now(history: History, watts: float) -> float:
    """Watts of an H100e sold now: as of older chips, by the ratio of what chips of the last quarter draw to it."""
    power, sold = (flows(history.of(series, MAKER)) for series in ("chip-power-sold", SOLD))
    if len(power) < 2 or not sold:
        return watts
    first, last = (power[place][1] / max(sold[place][1], 1.0) for place in (0, -1))
    older = sum(each for _, each in power) / sum(each for _, each in sold)
    del first
    return watts * last / older


def _places(catalog: Catalog, reader: Reader, players: Sequence[str]) -> Draws:
    table = [[reader.player(player, f"race.regions.{region}") or 0.0 for player in players] for region in REGIONS]
    places = np.array(table, dtype=np.float32)
    return places / np.maximum(places.sum(axis=0), 1e-9)


def _uses(reader: Reader, players: Sequence[str], users: Sequence[str]) -> Draws:
    return np.array(
        [[reader.player(user, f"race.uses.{player}") or 0.0 for user in users] for player in players], dtype=np.float32
    )


def _runs(reader: Reader, history: History, users: Sequence[str], h100e: Draws, efficiency: float) -> Draws:
    """Largest run of each user so far: what three months allow, but not beyond the record of its country."""
    seconds = reader.assumed("training.months") * 365.25 / 12.0 * 86_400.0
    found = []
    for user, compute in zip(users, h100e, strict=True):
        country = "china" if reader.catalog.player(user).country == CHINA else "world"
        rows = history.of(RUN, country)
        reader.observed(rows[-1:])
        record = max((row.value for row in rows), default=math.inf)
        share = reader.player(user, "race.training_share") or 0.0
        found.append(min(float(compute) * share * efficiency * seconds * H100_FLOP_PER_S, record))
    return _column(found)


_ = (AMD, CUSTOM)
