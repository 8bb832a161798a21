"""From what a question says to what the kernel takes: a changed start, and the events of a case."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from tenfold.catalog import Catalog, Observation
from tenfold.race.arrays import Draws
from tenfold.race.events import Events, no_events
from tenfold.race.events import Merger as Taken
from tenfold.race.question import Case, Change, Interruption, RaceQuestion, StatedPlayer
from tenfold.race.rules import RULED, ruled_events
from tenfold.race.series import quarters_between
from tenfold.race.world import CUSTOM, DOMESTIC, FAMILIES, REGIONS, World

BASE = "base"
"""Key of the case in which nothing happens."""
OUTCOMES: Mapping[str, str] = {"succeeds": "custom_success", "fails": "custom_failure"}
"""Assumption of each outcome of silicon of the owners' own."""


def slug(name: str) -> str:
    """Key of a case: its name in lower case with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def stated_world(world: World, stated: Iterable[StatedPlayer]) -> World:
    """The world with what the question states of players."""
    owned, need = world.owned_h100e.copy(), world.need_w.copy()
    budget, cash, places = world.budget_usd.copy(), world.cash_flow_usd.copy(), world.places.copy()
    for each in stated:
        at = world.players.index(each.player)
        if each.h100e is not None:
            factor = np.float32(each.h100e / max(float(owned[:, at].sum()), 1.0))
            owned[:, at], need[at] = owned[:, at] * factor, need[at] * factor
        budget[at] = budget[at] if each.budget_usd is None else each.budget_usd
        cash[at] = cash[at] if each.cash_flow_usd is None else each.cash_flow_usd
        if each.regions:
            left = 1.0 - sum(each.regions.values())
            places[:, at] *= left
            for region, share in each.regions.items():
                places[REGIONS.index(region), at] += share
    return replace(world, owned_h100e=owned, need_w=need, budget_usd=budget, cash_flow_usd=cash, places=places)


def events_of(case: Case | None, world: World, quarters: int, rows: Iterable[Observation], catalog: Catalog) -> Events:
    """Events of a case; of the base where there is none."""
    events = ruled_events(world, no_events(quarters, len(FAMILIES), len(world.players)), rows)
    if case is None:
        return events
    for change in (_bans, _supply, _shifts, _software, _players):
        events = change(case, world, events, catalog)
    return events


def place_of(world: World, day: datetime.date, quarters: int) -> int:
    """Index of the quarter that a day lies in; the first is the one after the start."""
    return min(max(quarters_between(world.day, day) - 1, 0), quarters)


def _bans(case: Case, world: World, events: Events, catalog: Catalog) -> Events:
    del catalog
    allowed, ruled, lined = events.allowed.copy(), events.ruled.copy(), events.lined.copy()
    quarters = len(allowed)
    for ban in case.export_bans:
        first = place_of(world, ban.begins, quarters)
        last = quarters if ban.ends is None else place_of(world, ban.ends, quarters)
        theirs = [place for place, country in enumerate(world.countries) if country == ban.country]
        for family in ban.families:
            allowed[first:last, FAMILIES.index(family), theirs] = ban.allowed
    if case.loosened is not None:
        first = place_of(world, case.loosened, quarters)
        for place in RULED:
            ruled[first:, place], lined[first:, place] = 0.0, 0.0
    return replace(events, allowed=allowed, ruled=ruled, lined=lined)


def _supply(case: Case, world: World, events: Events, catalog: Catalog) -> Events:
    del catalog
    capacity, leap = events.capacity.copy(), events.leap.copy()
    packaging, memory = events.packaging.copy(), events.memory.copy()
    quarters = len(leap)
    for stop in case.interruptions:
        span = _span(stop, world, quarters)
        for family in FAMILIES:
            if stop.of in (family, "all"):
                capacity[span, FAMILIES.index(family)] *= stop.left
        if stop.of == "packaging":
            packaging[span] *= stop.left
        if stop.of == "memory":
            memory[span] *= stop.left
    for each in case.leaps:
        at = place_of(world, each.begins, quarters)
        leap[at : at + 1, FAMILIES.index(each.family)] *= each.factor
    return replace(events, capacity=capacity, leap=leap, packaging=packaging, memory=memory)


def _span(stop: Interruption, world: World, quarters: int) -> slice:
    first = place_of(world, stop.begins, quarters)
    return slice(first, first + stop.quarters)


def _shifts(case: Case, world: World, events: Events, catalog: Catalog) -> Events:
    del catalog
    parts: Mapping[str, Change | None] = {
        "demand": case.demand,
        "lending": case.refinancing_stop,
        "room": case.power,
        "talent": case.talent,
    }
    changed: dict[str, Draws] = {}
    for name, change in parts.items():
        if change is not None:
            column: Draws = getattr(events, name).copy()
            first = place_of(world, change.begins, len(column))
            last = len(column) if change.quarters is None else first + change.quarters
            column[first:last] *= change.factor
            changed[name] = column
    return replace(events, **changed)


def _software(case: Case, world: World, events: Events, catalog: Catalog) -> Events:
    maturity, capacity, leap = events.maturity.copy(), events.capacity.copy(), events.leap.copy()
    for family, share in case.maturity.items():
        at = FAMILIES.index(family)
        maturity[:, at] = share / world.maturity[at]
    if case.custom_silicon is not None:
        factor = catalog.assumption(f"race.cases.{OUTCOMES[case.custom_silicon]}").value
        leap[0, FAMILIES.index(CUSTOM)] *= factor
    if case.domestic_legs:
        for column in (maturity, capacity):
            column[:, FAMILIES.index(DOMESTIC)] *= catalog.assumption("race.cases.two_legs").value
    if case.second_foundry is not None:
        first = place_of(world, case.second_foundry.begins, len(capacity))
        capacity[first:, : FAMILIES.index(DOMESTIC)] *= 1.0 + case.second_foundry.share * case.second_foundry.good
    return replace(events, maturity=maturity, capacity=capacity, leap=leap, sensitivity=case.winner_takes_all)


def _players(case: Case, world: World, events: Events, catalog: Catalog) -> Events:
    eagerness, thrift, subsidy = events.eagerness.copy(), events.thrift.copy(), events.subsidy_usd.copy()
    for player, strategy in case.strategies.items():
        at = world.players.index(player)
        eagerness[at] += np.log(catalog.assumption(f"race.strategies.{strategy}.eagerness").value)
        thrift[at] *= catalog.assumption(f"race.strategies.{strategy}.thrift").value
    sovereign = [catalog.player(player).kind == "sovereign" for player in world.players]
    if any(sovereign):
        subsidy[:, sovereign] += case.sovereign_usd_per_year / 4.0 / sum(sovereign)
    mergers, makers = [], []
    for merger in case.mergers:
        at = place_of(world, merger.begins, len(subsidy))
        if merger.buyer in FAMILIES:
            makers.append((at, FAMILIES.index(merger.buyer), FAMILIES.index(merger.bought)))
        else:
            pair = [world.players.index(catalog.key_of("players", name)) for name in (merger.buyer, merger.bought)]
            mergers.append(Taken(quarter=at, buyer=pair[0], bought=pair[1]))
    return replace(
        events,
        eagerness=eagerness,
        thrift=thrift,
        subsidy_usd=subsidy,
        mergers=tuple(mergers),
        makers_merged=tuple(makers),
    )


def boundaries(question: RaceQuestion) -> Callable[[datetime.date], bool]:
    """Whether a day lies within the quarters of the question."""
    return lambda day: 1 <= quarters_between(question.start, day) <= question.quarters
