"""What is kept of a simulation: numbers of the world in each quarter, of players and users where they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.race.arrays import Array, Draws, at_least
from tenfold.race.equations.capability import months_behind
from tenfold.race.equations.concentration import gini, herfindahl, largest_shares, shares
from tenfold.race.equations.rental import margin_usd_per_hour
from tenfold.race.equations.training import rounds_per_year
from tenfold.race.kernel import Flows
from tenfold.race.luck import Luck
from tenfold.race.paths import MONTHS, Sides, past_indices, past_runs
from tenfold.race.state import State
from tenfold.race.world import CHINA, H100_FLOP_PER_S, QUARTERS_A_YEAR, World

WORLD = (
    *("h100e", "power_w", "capex_usd", "rental_usd_per_hour", "cost_usd_per_hour", "price_usd_per_h100e"),
    *("utilisation", "unserved_share", "cr3", "cr5", "hhi", "gini", "nvidia_share", "maker_hhi", "us_run_flop"),
    *("china_run_flop", "us_index", "china_index", "china_lag_months", "china_run_lag_months", "china_h100e_share"),
    *("iterations_per_year", "stranded_usd", "alive", "amd_share", "custom_share", "domestic_share"),
)
"""Numbers of the world, a row each."""
LAGS = ("china_lag_months", "china_run_lag_months")
"""Those of them that are counted back through all quarters at the end."""
COUNTED = tuple(number for number in WORLD if number not in LAGS)
PLACES = tuple(WORLD.index(number) for number in COUNTED)
PLAYER = ("h100e", "power_w", "share", "spending_usd", "cash_usd")
USER = ("h100e", "run_flop", "index", "lag_months", "rounds_per_year")
CONSTRAINTS = ("chips", "packaging", "memory", "power", "money", "demand", "people", "none")
SIZES: Mapping[str, tuple[str, float]] = {
    "1e5_h100e": ("h100e", 1e5),
    "1e6_h100e": ("h100e", 1e6),
    "1e7_h100e": ("h100e", 1e7),
    "1_gw": ("power_w", 1e9),
    "10_gw": ("power_w", 1e10),
}
"""Sizes whose first quarter is told, by what they are of."""
FANNED = 8_192
"""Draws whose every quarter is kept, for fans: their quantiles are within one percent of a spread of those of all."""
BINDS_DRAWS = 4_096
"""Draws whose binding constraints are counted: enough for shares to one percent."""
SOON = 10
"""Quarters after which it is told how concentrated owners are."""
BINDS_BELOW = 0.98
"""A constraint that leaves more than this of what is wanted binds nobody."""
F32 = np.float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Numbers of draws, filled chunk by chunk, draws last; every quarter of the first ``FANNED`` draws."""

    world: Draws
    """(number, quarter, fanned draw)."""
    players: Draws
    """(number, told quarter, player, fanned draw)."""
    users: Draws
    bound: Array
    """(chunk, constraint, quarter, player) draws."""
    end: Draws
    """(number, draw) in the last quarter; this and what follows of all draws."""
    below: Array
    """(size, player, draw) quarters in which a player is below a size."""
    failed: Array
    """(player, draw) 1 for who failed at some time."""
    exit_quarter: Draws
    """(draw,) quarters after which all fleets earn less than they cost, to the end; 0 where they always do."""
    loses: Array
    """(draw,) whether an hour earned less than it costs at some time."""
    idle: Array
    """(draw,) whether more than half stood idle at some time."""
    soon: Draws
    """(draw,) share of the five largest after ``SOON`` quarters, or at the end."""


def told_quarters(quarters: int) -> tuple[int, ...]:
    """Places of the quarters at which players and users are told: the last of each year, and the last of all."""
    return tuple(at for at in range(quarters) if (at + 1) % QUARTERS_A_YEAR == 0 or at == quarters - 1)


def kept_for(world: World, quarters: int, draws: int, chunk_count: int) -> Kept:
    """Room for a simulation."""
    told, fanned = len(told_quarters(quarters)), min(draws, FANNED)
    players, users = len(world.players), len(world.users)

    def room(*shape: int) -> Draws:
        return np.zeros(shape, dtype=np.float32)

    return Kept(
        world=room(len(WORLD), quarters, fanned),
        players=room(len(PLAYER), told, players, fanned),
        users=room(len(USER), told, users, fanned),
        bound=np.zeros((min(chunk_count, BINDS_DRAWS), len(CONSTRAINTS), quarters, players), dtype=np.int32),
        end=room(len(WORLD), draws),
        below=np.zeros((len(SIZES), players, draws), dtype=np.uint8),
        failed=np.zeros((players, draws), dtype=np.float32),
        exit_quarter=room(draws),
        loses=np.zeros(draws, dtype=np.bool_),
        idle=np.zeros(draws, dtype=np.bool_),
        soon=room(draws),
    )


class Recorder:
    """Writes one chunk into what is kept."""

    def __init__(self, world: World, kept: Kept, chunk: int, span: slice, luck: Luck) -> None:
        self.kept, self.chunk, self.span, self.drawn = kept, chunk, span, luck.parameters
        self.quarters = kept.world.shape[1]
        self.told = told_quarters(self.quarters)
        self.families = np.argmax(world.mix, axis=0)
        chinese = np.array([country == CHINA for country in world.user_countries])
        self.chinese_owners = np.array([country == CHINA for country in world.countries])
        self.surface = world.surface
        self.training_share = world.training_share[:, None]
        self.below = np.zeros((len(SIZES), len(world.players), span.stop - span.start), dtype=np.uint8)
        self.per_price, self.kept_share = F32(world.hour.per_price), luck.rates.kept
        self.paid_usd = np.full_like(self.kept_share, (world.owned_h100e.sum(axis=1) * world.price_usd).sum())
        self.gain, self.most = np.zeros((2, span.stop - span.start), dtype=np.float32)
        records = (world.records, world.chinese_records)
        self.indices = Sides(chinese, [past_indices(each, self.drawn) for each in records], self.quarters)
        past = [past_runs(each, len(self.gain)) for each in records]
        self.runs = Sides(chinese, past, self.quarters, counted=np.log10)

    def __call__(self, quarter: int, state: State, flows: Flows) -> None:
        """Record one quarter."""
        h100e = state.owned
        self.indices.add(flows.index)
        self.runs.add(state.run_flop)
        for place, (of, size) in enumerate(SIZES.values()):
            is_below = h100e < F32(size) if of == "h100e" else _power_below(state, size)
            self.below[place] += is_below.view(np.uint8)
        self._happen(quarter, state, flows)
        is_last, is_fanned = quarter == self.quarters - 1, self.span.start < FANNED
        if is_fanned or is_last or quarter == min(SOON, self.quarters) - 1:
            power, share = np.minimum(state.energised_w, state.need_w), shares(h100e)
            rows = self._world(state, flows, (h100e, power, share))
            if quarter == min(SOON, self.quarters) - 1:
                self.kept.soon[self.span] = rows[COUNTED.index("cr5")]
            if is_fanned:
                self.kept.world[PLACES, quarter, self.span] = rows
                if quarter in self.told:
                    self._members(self.told.index(quarter), state, flows, (h100e, power, share))
            if is_last:
                self.kept.end[PLACES, self.span] = rows
                self.kept.failed[:, self.span] = state.failed
                self.kept.below[..., self.span] = self.below
                self._count_back(0 if is_fanned else quarter, is_fanned)
        if self.span.start < BINDS_DRAWS:
            self._bind(quarter, state, flows)

    def _world(self, state: State, flows: Flows, fleets: tuple[Draws, Draws, Draws]) -> list[Draws]:
        h100e, power, share = fleets
        ordered = np.sort(share, axis=0)
        cr3, cr5 = largest_shares(ordered, (3, 5))
        total, sales = h100e.sum(axis=0), shares(flows.sales_usd)
        used = flows.used.max(axis=0)
        norm = self.drawn["demand.utilisation_norm"]
        idle = np.maximum(norm - state.fullness * flows.running.sum(axis=0) / np.maximum(total, F32(1.0)), F32(0.0))
        value = (state.stock * state.price_usd).sum(axis=0)
        wanted = np.maximum(flows.wanted_h100e, F32(1.0))
        return [
            total,
            power.sum(axis=0),
            flows.capex_usd.sum(axis=0),
            state.rental_usd,
            flows.cost_usd_per_hour,
            state.price_usd[0],
            state.fullness,
            np.maximum(wanted - flows.running.sum(axis=0), F32(0.0)) / wanted,
            cr3,
            cr5,
            herfindahl(share),
            gini(ordered),
            sales[0],
            herfindahl(sales),
            *self.runs.best,
            *self.indices.best,
            h100e[self.chinese_owners].sum(axis=0) / np.maximum(total, F32(1.0)),
            self._rounds(used, state),
            idle * value,
            state.alive.sum(axis=0),
            *sales[1:],
        ]

    def _efficiency(self, h100e: Draws, state: State) -> Draws:
        chips = np.minimum(h100e / state.chip_h100e, F32(self.surface.decay_chips))
        return self.surface.efficiency(chips)

    def _rounds(self, used: Draws, state: State) -> Draws:
        share, run = F32(self.training_share.max()), state.run_flop.max(axis=0)
        efficiency = self._efficiency(used * share, state)
        return rounds_per_year(used, share, run, efficiency, H100_FLOP_PER_S)

    def _bind(self, quarter: int, state: State, flows: Flows) -> None:
        """Which constraint leaves a player least of what it wants."""
        demand = np.minimum(state.fullness / self.drawn["demand.utilisation_norm"], F32(1.0))
        factors = (
            *(flows.chips[self.families], flows.packaging, flows.memory, flows.powered, flows.money, demand),
            F32(flows.talent),
        )
        least = np.full(flows.money.shape, F32(BINDS_BELOW))
        for factor in factors:
            np.minimum(factor, least, out=least)
        counts, free = self.kept.bound[self.chunk, :, quarter], least < F32(BINDS_BELOW)
        counts[-1] = free.shape[1] - _each(free)
        for place, factor in enumerate(factors):
            binds = (least == factor) & free
            free ^= binds
            counts[place] = _each(binds)

    def _happen(self, quarter: int, state: State, flows: Flows) -> None:
        """See after which quarter what all fleets gained, capital included, was most; whether half is idle."""
        norm = self.drawn["demand.utilisation_norm"]
        new = flows.cost_usd_per_hour
        self.kept.loses[self.span] |= margin_usd_per_hour(state.rental_usd, state.fullness, new, norm) < 0.0
        self.paid_usd *= self.kept_share
        self.paid_usd += flows.spend_usd.sum(axis=0)
        dearer = self.paid_usd / at_least(state.owned.sum(axis=0), 1.0) - state.price_usd[0]
        margin = margin_usd_per_hour(state.rental_usd, state.fullness, new + self.per_price * dearer, norm)
        self.gain += margin * flows.running.sum(axis=0)
        better = self.gain > self.most
        np.maximum(self.gain, self.most, out=self.most)
        self.kept.exit_quarter[self.span][better] = quarter + 1
        self.kept.idle[self.span] |= state.fullness < F32(0.5)

    def _members(self, at: int, state: State, flows: Flows, found: tuple[Draws, Draws, Draws]) -> None:
        h100e, power, share = found
        rows = (h100e, power, share, flows.spend_usd, state.cash_usd)
        for place, row in enumerate(rows):
            self.kept.players[place, at, :, self.span] = row
        efficiency = self._efficiency(flows.used * self.training_share, state)
        rounds = rounds_per_year(flows.used, self.training_share, state.run_flop, efficiency, H100_FLOP_PER_S)
        for name, row in (
            *(("h100e", flows.used), ("run_flop", state.run_flop)),
            *(("index", flows.index), ("rounds_per_year", rounds)),
        ):
            self.kept.users[USER.index(name), at, :, self.span] = row

    def _count_back(self, first: int, is_fanned: bool) -> None:
        """Lags of quarters from one on, and of users where they are told, through paths that are whole now."""
        for name, sides in zip(LAGS, (self.indices, self.runs), strict=True):
            lags = sides.lags(first)
            self.kept.end[WORLD.index(name), self.span] = lags[-1]
            if is_fanned:
                self.kept.world[WORLD.index(name), :, self.span] = lags
        if is_fanned:
            index = self.kept.users[USER.index("index"), ..., self.span]
            seen = self.indices.seen(np.array(self.told))[:, None, None]
            self.kept.users[USER.index("lag_months"), ..., self.span] = months_behind(
                index, self.indices.leader(), MONTHS, seen
            )


def _power_below(state: State, size_w: float) -> Array:
    """Whether what is energised or what is needed, (player, draw), is below a size."""
    below = state.energised_w < F32(size_w)
    below |= state.need_w < F32(size_w)
    return below


def _each(happens: Array) -> Array:
    """How often something happens to each player, of (player, draw)."""
    return np.add.reduce(happens.view(np.uint8), axis=1, dtype=np.int32)
