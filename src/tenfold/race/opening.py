"""The world at a day, from what is dated at or before it: fleets, budgets, growth, prices, money, users.

Observed owners keep their own rows; players that are not observed share a group's by assumption. What is not a fact of
the day (structure, shares of groups) is an assumption of the catalog whatever the day, and is shown as one.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tenfold.catalog import Catalog, Observation
from tenfold.race.arrays import Draws
from tenfold.race.fleets import (
    Fleet,
    common_growth,
    fleet_of,
    fleets_flow,
    observed_fleets,
    own_growth,
    own_volatility,
    share_volatility,
    tilt_of,
    volatility,
)
from tenfold.race.nowcast import MAKER, nowcast
from tenfold.race.parameters import parameters_of
from tenfold.race.reader import Reader, owners_in
from tenfold.race.records import past_records, tied_runs
from tenfold.race.series import CAPEX, CASH_FLOW, POWER, RATE, SOLD, History, flows, history_at
from tenfold.race.surfaces import allowed_flop, hour_cost, rental_at, training_surface
from tenfold.race.world import (
    FAMILIES,
    NVIDIA,
    REGIONS,
    TIERS,
    World,
)

START_DAY = datetime.date(2025, 6, 30)
"""The latest quarter that the shipped history covers whole."""
CLOUD, LAB = "cloud", "ai-lab"
FUNDED_KINDS = (CLOUD, LAB)
"""Kinds of players whose money before AI comes from investors."""


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
    now = nowcast(history, reader)
    price = now.usd / fleets_flow(history)
    prices = {family: price * (1.0 if family == NVIDIA else reader.assumed(f"families.{family}.price_ratio"))
              for family in FAMILIES}  # fmt: skip
    players = owners_in(catalog)
    split = {player: fleet_of(catalog, reader, player, fleets) for player in players}
    common = common_growth(history, reader, now.usd)
    return _world(reader, history, players, split, prices, common)


def _world(
    reader: Reader,
    history: History,
    players: tuple[str, ...],
    fleets: Mapping[str, Fleet],
    prices: Mapping[str, float],
    common: float,
) -> World:
    catalog, users = reader.catalog, users_in(reader.catalog)
    price = _column(prices[family] for family in FAMILIES)
    owned = _table(players, lambda player: fleets[player].owned)
    hour = hour_cost(reader, float(price[0]))
    return World(
        day=history.day,
        players=players,
        countries=tuple(catalog.player(player).country for player in players),
        users=users,
        user_countries=tuple(catalog.player(user).country for user in users),
        **_spending(reader, history, players, fleets, price, common),
        **_fleets(reader, history, players, fleets, owned),
        **_families(reader),
        **_training(reader, history, players, users, owned),
        volatility=volatility(history, reader),
        own_volatility=own_volatility(fleets, reader),
        share_volatility=_column(share_volatility(history, reader)),
        price_usd=price,
        rental_usd=rental_at(reader, hour, float(price[0])),
        hour=hour,
        parameters=parameters_of(catalog, REGIONS),
        figures=tuple(reader.figures.values()),
    )


def _spending(
    reader: Reader,
    history: History,
    players: tuple[str, ...],
    fleets: Mapping[str, Fleet],
    price: Draws,
    common: float,
) -> dict[str, Any]:
    """Budgets, their growth, and the money behind them."""
    spending = _table(players, lambda player: fleets[player].flow) * price[:, None]
    budget = spending.sum(axis=0)
    weight, learning = (
        reader.assumed("investment.own_weight"),
        math.log(reader.assumed("supply.learning_per_year")) / 4.0,
    )
    long_run = math.log(reader.assumed("investment.long_run_growth_per_year")) / 4.0
    growth = (own_growth(fleets[player].past, common, weight, learning) - long_run for player in players)
    capex = _column(_capex(history, reader, player) for player in players)
    of_ai, least = (
        budget / reader.assumed("investment.chip_share_of_capex"),
        reader.assumed("investment.least_other_share"),
    )
    cash = _column(_cash_flow(history, reader, player) for player in players)
    kinds = tuple(reader.catalog.player(player).kind for player in players)
    owed = {CLOUD: reader.assumed("start.cloud_debt_over_cash_flow")}
    usual = reader.assumed("start.debt_over_cash_flow")
    return {
        "budget_usd": budget,
        "growth": _column(growth),
        "mix": spending / np.maximum(budget, 1.0),
        "tilt": np.stack(
            [_column(tilt_of(fleets[player], family, weight) for player in players) for family in FAMILIES]
        ),
        "other_capex_usd": np.where(capex > 0.0, np.maximum(capex - of_ai, least * capex), 0.0).astype(np.float32),
        "cash_flow_usd": cash,
        "funded": _column(float(kind in FUNDED_KINDS) for kind in kinds),
        "indebted": _column(float(kind == CLOUD) for kind in kinds),
        "lab_use": _column(
            (reader.player(player, f"race.uses.{player}") or 0.0) * (kind == LAB)
            for player, kind in zip(players, kinds, strict=True)
        ),
        "cash_usd": cash * np.float32(reader.assumed("start.cash_quarters")),
        "debt_usd": cash * np.float32(4.0) * _column(owed.get(kind, usual) for kind in kinds),
    }


def _fleets(
    reader: Reader, history: History, players: tuple[str, ...], fleets: Mapping[str, Fleet], owned: Draws
) -> dict[str, Any]:
    """What stands there, where, and the power it needs."""
    flow = _table(players, lambda player: fleets[player].flow)
    watts = reader.assumed("deployment.w_per_h100e")
    return {
        "owned_h100e": owned,
        "fleet_growth": math.log1p(float(flow.sum() / max(owned.sum() - flow.sum(), 1.0))),
        "delivered_h100e": flow.sum(axis=1),
        "need_w": owned.sum(axis=0) * np.float32(watts),
        "watts_per_h100e": _watts_now(history, watts),
        "watts_at_start": watts,
        "places": _places(reader, players),
    }


def _families(reader: Reader) -> dict[str, Any]:
    """Families of chips and tiers of demand, as the catalog has them."""
    columns: dict[str, Any] = {
        name: _column(reader.assumed(f"families.{family}.{name}") for family in FAMILIES)
        for name in ("maturity", "packaging", "memory", "capacity_pace")
    }
    for name, key in (("tier_size", "size"), ("tier_adoption", "adoption"), ("tier_opens", "opens_at")):
        columns[name] = _column(reader.assumed(f"tiers.{tier}.{key}") for tier in TIERS)
    return columns


def _training(
    reader: Reader, history: History, players: tuple[str, ...], users: tuple[str, ...], owned: Draws
) -> dict[str, Any]:
    """Who trains on which shares of which fleets, and what it has trained so far."""
    uses, surface = _uses(reader, players, users), training_surface(reader)
    share = _column(reader.player(user, "race.training_share") or 0.0 for user in users)
    months = reader.assumed("training.months")
    runs = tied_runs(reader, history, users, allowed_flop(surface, (owned.sum(axis=0) @ uses) * share, months))
    return {
        "uses": uses,
        "surface": surface,
        "training_share": share,
        "run_months": months,
        "run_flop": runs.run_flop,
        "potential_scale": runs.scale,
        "records": past_records(history, "world"),
        "chinese_records": past_records(history, "china"),
        "revenue_usd": _column(_revenue(history, reader, user) for user in users),
    }


def _column(values: Iterable[float]) -> Draws:
    return np.array(tuple(values), dtype=np.float32)


def _table(players: Sequence[str], of: Callable[[str], Mapping[str, float]]) -> Draws:
    """(family, player)."""
    return np.stack([_column(of(player).get(family, 0.0) for player in players) for family in FAMILIES])


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
    """Watts of an H100e sold now: those of all chips, by what the last quarter's draw for each over what all draw."""
    power, sold = (flows(history.of(series, MAKER)) for series in (POWER, SOLD))
    if not power or len(power) != len(sold):
        return watts
    older = sum(each for _, each in power) / sum(each for _, each in sold)
    return watts * power[-1][1] / max(sold[-1][1], 1.0) / older


def _places(reader: Reader, players: Sequence[str]) -> Draws:
    rows = [_column(reader.player(player, f"race.regions.{region}") or 0.0 for player in players) for region in REGIONS]
    places = np.stack(rows)
    return places / np.maximum(places.sum(axis=0), 1e-9)


def _uses(reader: Reader, players: Sequence[str], users: Sequence[str]) -> Draws:
    return np.array(
        [[reader.player(user, f"race.uses.{player}") or 0.0 for user in users] for player in players], dtype=np.float32
    )
