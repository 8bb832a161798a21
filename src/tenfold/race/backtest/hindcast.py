"""The hindcast: the kernel from the world at an origin, told as what is observed.

Levels are tied to the last observation: what is foretold is the last value times what the kernel says it becomes, so
that the kernel's own level at the start does not matter. Owners are those that are observed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tenfold.quantities import Floats
from tenfold.race.arrays import Draws
from tenfold.race.backtest.blocks import BIG_FOUR, US_OWNERS
from tenfold.race.events import Events
from tenfold.race.kernel import Flows, simulate
from tenfold.race.luck import chunks
from tenfold.race.series import CAPEX, OWNED, RUN, SOLD, History, flows, quarters_between
from tenfold.race.state import State
from tenfold.race.world import CUSTOM, FAMILIES, FAMILY_OF_MAKER, World

QUARTERS = 9
REVENUE_LAG_DAYS = 46
"""A fiscal quarter of NVIDIA ends a month after the calendar quarter that it mostly covers."""
CHANNELS = (*BIG_FOUR, "revenue", "nvidia", "tpu", "anchor")
"""What carries noise of its own."""


@dataclass(slots=True)
class Observed:
    """Keeps of each quarter what is observed; (quarter, …, draw)."""

    capex: list[Draws] = field(default_factory=list)
    delivered: list[Draws] = field(default_factory=list)
    value: list[Draws] = field(default_factory=list)
    run: list[Draws] = field(default_factory=list)

    def __call__(self, quarter: int, state: State, flows: Flows) -> None:
        """Record one quarter."""
        del quarter
        self.capex.append(flows.capex_usd)
        self.delivered.append(state.slots.whole(flows.delivered))
        self.value.append(flows.sales_usd)
        self.run.append(state.run_flop.max(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindcast:
    """Draws of what is observed, by quarter after the origin: index 0 is the quarter of the origin itself."""

    day: datetime.date
    players: tuple[str, ...]
    """Owners as they are observed."""
    record_flop: float
    """Largest run at the origin."""
    history: History
    capex: Floats
    """(quarter, player, draw) over that of the start."""
    sold: Floats
    """(quarter, family, player, draw) H100e in the quarter."""
    sales: Floats
    """(quarter, draw) of the leading maker over those of the start."""
    run: Floats
    """(quarter, draw)."""
    anchor_usd: float
    """Revenue of the leading maker in the quarter of the origin, as far as it was known."""
    anchor_spread: float
    """Of its logarithm."""
    count_spread: float
    """Of what books and counts show, in logs."""
    noise: Floats
    """(channel, quarter, draw) standard normal."""


def run_hindcast(
    world: World,
    groups: Mapping[str, str],
    history: History,
    events: Events,
    parameters: Mapping[str, Draws],
    anchor: tuple[float, float, float],
    seed: int,
) -> Hindcast:
    """Run the kernel from an origin and keep what is observed. ``anchor`` is revenue, its spread, that of counts.

    ``groups`` says as whom each owner is observed; owners of a group are simulated apart, as the race does, and added.
    """
    draws = len(next(iter(parameters.values())))
    names = tuple(dict.fromkeys(groups[player] for player in world.players))
    into = np.array([[float(groups[player] == name) for player in world.players] for name in names], dtype=np.float32)
    kept = []
    for luck in chunks(parameters, draws, seed):
        observed = Observed()
        simulate(world, events, luck, QUARTERS, observed)
        kept.append(_told(world, into, luck.parameters["investment.chip_share_of_capex"], observed))
    joined = {name: np.concatenate([each[name] for each in kept], axis=-1) for name in kept[0]}
    noise = np.random.default_rng((seed, 1)).standard_normal((len(CHANNELS), QUARTERS + 1, draws))
    return Hindcast(
        day=world.day,
        players=names,
        record_flop=float(world.run_flop.max()),
        history=history,
        anchor_usd=anchor[0],
        anchor_spread=anchor[1],
        count_spread=anchor[2],
        noise=noise,
        **joined,
    )


def _told(world: World, into: Draws, chip_share: Draws, observed: Observed) -> dict[str, Floats]:
    """Ratios to the start, the start itself first; owners as they are observed, by the matrix (group, owner)."""
    start = into @ (world.other_capex_usd[:, None] + world.budget_usd[:, None] / chip_share).astype(np.float64)
    capex = (into @ np.stack(observed.capex)) / np.maximum(start, 1.0)
    sold = into @ np.stack(observed.delivered)
    base = float((world.mix[0] * world.budget_usd).sum())
    sales = np.stack(observed.value)[:, 0] / max(base, 1.0)
    first = ((world.mix * world.budget_usd / world.price_usd[:, None]) @ into.T)[None, :, :, None]
    record = np.full((1, sold.shape[-1]), float(world.run_flop.max()))
    return {
        "capex": np.concatenate([np.ones_like(capex[:1]), capex]),
        "sold": np.concatenate([np.broadcast_to(first, (1, *sold.shape[1:])), sold]),
        "sales": np.concatenate([np.ones_like(sales[:1]), sales]),
        "run": np.concatenate([record, np.stack(observed.run)]),
    }


def foretold(cast: Hindcast, block: str, series: str, date: datetime.date) -> Floats:
    """Draws of one series of a block at a date, in its own unit."""
    return _TOLD[block](cast, series, date)


def _noisy(cast: Hindcast, channel: str, at: int) -> Floats:
    return np.asarray(np.exp(cast.count_spread * cast.noise[CHANNELS.index(channel), at]))


def _quarter(cast: Hindcast, date: datetime.date) -> int:
    return min(max(quarters_between(cast.day, date), 0), QUARTERS)


def _last(cast: Hindcast, series: str, entity: str) -> float:
    row = cast.history.last(series, entity)
    return 0.0 if row is None else row.value


def _capex(cast: Hindcast, firm: str, date: datetime.date) -> Floats:
    at = _quarter(cast, date)
    ratio = cast.capex[at, cast.players.index(firm)]
    return np.asarray(_last(cast, CAPEX, firm) * ratio * _noisy(cast, firm, at))


def _revenue(cast: Hindcast, series: str, date: datetime.date) -> Floats:
    del series
    at = _quarter(cast, date - datetime.timedelta(days=REVENUE_LAG_DAYS))
    level: Floats = cast.anchor_usd * np.exp(cast.anchor_spread * cast.noise[CHANNELS.index("anchor"), 0])
    return np.asarray(level * cast.sales[at] * _noisy(cast, "revenue", at))


def _sold(cast: Hindcast, maker: str, date: datetime.date) -> Floats:
    """H100e of a maker in a quarter: the last quarter's times what the kernel says that its buyers take."""
    at, family = _quarter(cast, date), FAMILIES.index(FAMILY_OF_MAKER[maker])
    owners = [place for place, player in enumerate(cast.players) if family != CUSTOM_PLACE or player == "alphabet"]
    taken = cast.sold[:, family, owners].sum(axis=1)
    last = flows(cast.history.of(SOLD, maker))[-1][1]
    return np.asarray(last * taken[at] / np.maximum(taken[0], 1.0) * _noisy(cast, maker, at))


def _owned(cast: Hindcast, entity: str, date: datetime.date) -> Floats:
    """What an owner had of a maker, and what it takes until then."""
    owner, _, maker = entity.partition(":")
    family, player = FAMILIES.index(FAMILY_OF_MAKER[maker]), cast.players.index(owner)
    added = cast.sold[1 : _quarter(cast, date) + 1, family, player].sum(axis=0)
    return np.asarray(_last(cast, OWNED, entity) + added)


def _concentration(cast: Hindcast, series: str, date: datetime.date) -> Floats:
    entities = [entity for entity in cast.history.entities(OWNED) if entity.endswith(":nvidia")]
    amounts = np.stack([_owned(cast, entity, date) for entity in entities])
    share = amounts / amounts.sum(axis=0)
    if series == "hhi":
        return np.asarray((share * share).sum(axis=0))
    five = [place for place, entity in enumerate(entities) if entity.partition(":")[0] in US_OWNERS]
    return np.asarray(share[five].sum(axis=0))


def _china(cast: Hindcast, series: str, date: datetime.date) -> Floats:
    entities = cast.history.entities(OWNED)
    theirs = sum(_owned(cast, entity, date) for entity in entities if entity.startswith("china:"))
    ours = sum(_owned(cast, entity, date) for entity in entities if entity.partition(":")[0] in US_OWNERS)
    del series
    return np.asarray(theirs / (theirs + ours))


def _run(cast: Hindcast, series: str, date: datetime.date) -> Floats:
    del series
    record, runs = cast.record_flop, cast.run[_quarter(cast, date)]
    last = max(row.value for row in cast.history.of(RUN, "world") + cast.history.of(RUN, "us"))
    return np.asarray(np.where(runs <= record, last, runs))


CUSTOM_PLACE = FAMILIES.index(CUSTOM)
_TOLD: Mapping[str, Callable[[Hindcast, str, datetime.date], Floats]] = {
    "capex": _capex,
    "nvidia_revenue": _revenue,
    "nvidia_sold": _sold,
    "tpu_sold": _sold,
    "owners": _owned,
    "concentration": _concentration,
    "china": _china,
    "largest_run": _run,
}
