"""Where a hindcast starts: the opening of the race at the origin, its owners as they are observed, dated rules."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, Observation
from tenfold.race.arrays import Draws
from tenfold.race.backtest.hindcast import QUARTERS, Hindcast, run_hindcast
from tenfold.race.events import Events, no_events
from tenfold.race.fleets import common_growth
from tenfold.race.luck import drawn_parameters
from tenfold.race.nowcast import nowcast
from tenfold.race.opening import opening
from tenfold.race.reader import Reader
from tenfold.race.rules import ruled_events
from tenfold.race.series import History, history_at
from tenfold.race.world import FAMILIES, World

PLENTY = 1e6
"""A factor that takes a limit away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Everything a hindcast runs from."""

    world: World
    groups: Mapping[str, str]
    """As whom each owner is observed."""
    history: History
    events: Events
    parameters: Mapping[str, Draws]
    anchor_usd: float
    anchor_spread: float
    count_spread: float
    """Of what books and counts show, in logs."""
    uncoupled_usd: float
    """The same without what leads."""


def start_at(catalog: Catalog, rows: Iterable[Observation], origin: datetime.date, *, draws: int, seed: int) -> Start:
    """Start at an origin from rows dated at or before it; rules may be dated later, since a policy is an input."""
    kept = tuple(rows)
    history = history_at(kept, origin)
    world = opening(catalog, origin, kept)
    reader = Reader(catalog)
    parameters = drawn_parameters(world.parameters, draws, seed)
    events = no_events(QUARTERS, len(FAMILIES), len(world.players))
    now = nowcast(history, reader)
    grown = math.exp(common_growth(history, reader, now.from_last_usd)) if now.is_next else 1.0
    return Start(
        world=world,
        groups={player: catalog.player(player).race_group or player for player in world.players},
        history=history,
        events=ruled_events(world, events, kept),
        parameters=parameters,
        anchor_usd=now.usd,
        anchor_spread=now.spread,
        count_spread=reader.assumed("hindcast.count_spread"),
        uncoupled_usd=now.from_last_usd * grown,
    )


def hindcast_from(start: Start, seed: int) -> Hindcast:
    """Run the kernel from a start."""
    anchor = (start.anchor_usd, start.anchor_spread, start.count_spread)
    return run_hindcast(start.world, start.groups, start.history, start.events, start.parameters, anchor, seed)


def without_coupling(start: Start) -> Start:
    """Nothing leads: revenue from revenue alone, capex from capex alone, owners from their own past."""
    chips = start.parameters["investment.chip_share_of_capex"]
    capex = start.world.other_capex_usd + np.where(
        start.world.other_capex_usd > 0.0, start.world.budget_usd / np.median(chips), 0.0
    )
    world = replace(start.world, other_capex_usd=capex.astype(np.float32))
    parameters = {**start.parameters, "investment.chip_share_of_capex": np.float32(PLENTY) * chips}
    return replace(start, world=world, parameters=parameters, anchor_usd=start.uncoupled_usd)


def without_money(start: Start) -> Start:
    """Funds never bind."""
    return replace(start, world=replace(start.world, cash_flow_usd=start.world.cash_flow_usd + np.float32(1e15)))


def without_power(start: Start) -> Start:
    """Power never binds."""
    slack = np.float32(PLENTY) * start.parameters["deployment.power_slack"]
    return replace(start, parameters={**start.parameters, "deployment.power_slack": slack})


def without_policy(start: Start) -> Start:
    """No export rules: none that comes, and no line that holds."""
    none = np.zeros_like(start.events.ruled)
    return replace(start, events=replace(start.events, ruled=none, lined=none))


ABLATIONS: Mapping[str, Callable[[Start], Start]] = {
    "coupling": without_coupling,
    "money": without_money,
    "power": without_power,
    "policy": without_policy,
}
"""By what each leaves out."""
