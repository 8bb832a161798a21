"""Where a hindcast starts: the world at the origin with observed owners, one user who holds the record, dated rules."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, Observation
from tenfold.race.arrays import Draws
from tenfold.race.backtest.blocks import US_OWNERS, largest_run
from tenfold.race.backtest.hindcast import QUARTERS, Hindcast, run_hindcast
from tenfold.race.events import Events, no_events
from tenfold.race.fleets import common_growth
from tenfold.race.luck import drawn_parameters
from tenfold.race.nowcast import nowcast
from tenfold.race.opening import opening
from tenfold.race.pooling import pooled
from tenfold.race.reader import Reader
from tenfold.race.rules import ruled_events
from tenfold.race.series import OWNED, History, history_at
from tenfold.race.world import FAMILIES, World

PLENTY = 1e6
"""A factor that takes a limit away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Everything a hindcast runs from."""

    world: World
    history: History
    events: Events
    parameters: Mapping[str, Draws]
    anchor_usd: float
    anchor_spread: float
    uncoupled_usd: float
    """The same without what leads."""


def start_at(catalog: Catalog, rows: Iterable[Observation], origin: datetime.date, *, draws: int, seed: int) -> Start:
    """Start at an origin from rows dated at or before it; rules may be dated later, since a policy is an input."""
    kept = tuple(rows)
    history = history_at(kept, origin)
    whole = opening(catalog, origin, kept)
    groups = {player: catalog.player(player).race_group or player for player in whole.players}
    world = _with_record(pooled(whole, groups), history)
    parameters = dict(drawn_parameters(world.parameters, draws, seed))
    parameters["training.months"] = np.full(draws, np.median(parameters["training.months"]), dtype=np.float32)
    events = no_events(QUARTERS, len(FAMILIES), len(world.players))
    reader = Reader(catalog)
    now = nowcast(history, reader.assumed("supply.learning_per_year"))
    grown = math.exp(common_growth(history, reader, now.from_last_usd)) if now.is_next else 1.0
    return Start(
        world=world,
        history=history,
        events=ruled_events(world, events, kept),
        parameters=parameters,
        anchor_usd=now.usd,
        anchor_spread=now.spread,
        uncoupled_usd=now.from_last_usd * grown,
    )


def hindcast_from(start: Start, seed: int) -> Hindcast:
    """Run the kernel from a start."""
    return run_hindcast(
        start.world, start.history, start.events, start.parameters, (start.anchor_usd, start.anchor_spread), seed
    )


def _with_record(world: World, history: History) -> World:
    """One user on all chips of the five US owners, whose runs would have been the record when it was set."""
    record = largest_run(history)["world"]
    uses = np.array([[float(player in US_OWNERS)] for player in world.players], dtype=np.float32)
    level = record[-1][1] if record else 1e24
    since = next((day for day, value in record if value == level), history.day)
    then, now = _owned_at(history, since), _owned_at(history, history.day)
    h100e = float((world.owned_h100e.sum(axis=0) @ uses)[0])
    size = _physical(world, h100e)
    return replace(
        world,
        users=("frontier",),
        user_countries=("US",),
        uses=uses,
        training_share=np.ones(1, dtype=np.float32),
        run_flop=np.array([level], dtype=np.float32),
        potential_scale=np.array([level * now / max(then, 1.0) / size], dtype=np.float32),
        revenue_usd=np.zeros(1, dtype=np.float32),
    )


def _owned_at(history: History, day: datetime.date) -> float:
    """H100e of the five US owners at a day, or of the first day that is covered."""
    total = 0.0
    for entity in history.entities(OWNED):
        rows = history.of(OWNED, entity)
        if entity.partition(":")[0] in US_OWNERS:
            total += ([row.value for row in rows if row.date <= day] or [rows[0].value])[-1]
    return total


def _physical(world: World, h100e: float) -> float:
    """FLOP of a run on all of it, at the median of every parameter."""
    from tenfold.race.equations.training import efficiency, run_flop
    from tenfold.race.world import H100_FLOP_PER_S

    at, surface = np.array([h100e]), world.surface
    share = efficiency(at, np.array(surface.at_reference), np.array(surface.slope), surface.reference_h100e)
    months = world.parameters["training.months"].figure.value
    return float(run_flop(at, np.ones(1), share, np.array(months), H100_FLOP_PER_S)[0])


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
