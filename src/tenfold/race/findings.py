"""From what is kept of a simulation to what is told: fans, when who reaches what, chances, pairs with the base."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tenfold.quantities import Floats, Percentiles
from tenfold.race.answer import CaseAnswer, Driver, Fan, PlayerAnswer, Reach, UserAnswer
from tenfold.race.arrays import Array, Draws
from tenfold.race.cores import threads
from tenfold.race.recording import BINDS_DRAWS, CONSTRAINTS, PLAYER, SIZES, USER, WORLD, Kept, told_quarters
from tenfold.race.series import quarter_end
from tenfold.race.world import World

LEVELS = (0.1, 0.5, 0.9)
PAIRED = (
    *("h100e", "capex_usd", "rental_usd_per_hour", "price_usd_per_h100e", "utilisation", "cr5", "hhi", "nvidia_share"),
    *("us_run_flop", "china_run_flop", "us_index", "china_index", "china_lag_months", "china_run_lag_months"),
    *("china_h100e_share", "stranded_usd", "power_w", "iterations_per_year", "alive", "amd_share", "custom_share"),
    "domestic_share",
)
"""Numbers of the last quarter that cases are compared by."""
DRIVEN = ("h100e", "china_lag_months", "cr5", "rental_usd_per_hour")
"""Numbers of the last quarter whose drivers are told."""
DRIVERS_EACH = 5
ROWS = 32
"""Rows that are put in order at a time."""
TOP = 10
SAME_MONTHS = 0.1
"""Months that lags may differ by and are one: a path is straight between quarters."""


def quarter_names(start: datetime.date, quarters: int) -> tuple[str, ...]:
    """Names of the quarters after a start, such as 2025Q3."""
    ends = [quarter_end(start, ahead) for ahead in range(1, quarters + 1)]
    return tuple(f"{end.year}Q{(end.month - 1) // 3 + 1}" for end in ends)


def quantiles(values: Array) -> Array:
    """P10, P50 and P90 over the last axis, in front: (3, …). Straight between the order statistics next to a level.

    Sorting takes a seventh of the time of NumPy's partition about six places (2.4, 8,192 numbers).
    """
    rows = values.reshape(-1, values.shape[-1])
    count = rows.shape[-1]
    places = [level * (count - 1) for level in LEVELS]
    found = np.empty((len(LEVELS), len(rows)), dtype=np.float64)

    def fill(span: slice) -> None:
        ordered = np.sort(rows[span])
        for level, place in enumerate(places):
            low, high = ordered[:, int(place)], ordered[:, min(int(place) + 1, count - 1)]
            found[level, span] = low + (high - low) * (place - int(place))

    with ThreadPoolExecutor(threads()) as pool:
        list(pool.map(fill, [slice(start, start + ROWS) for start in range(0, len(rows), ROWS)]))
    return found.reshape(len(LEVELS), *values.shape[:-1])


def case_answer(
    name: str, world: World, kept: Kept, names: Sequence[str], base: Kept | None, parameters: Mapping[str, Draws]
) -> CaseAnswer:
    """Everything that is told of a case, without its trajectories."""
    told = quantiles(kept.world)
    numbers = {number: _fan(told[:, place]) for place, number in enumerate(WORLD)}
    return CaseAnswer(
        name=name,
        world=numbers,
        players=_players(world, kept, names),
        users=_users(world, kept),
        chances=_chances(world, kept, parameters["capability.imitation_months"]),
        exit_quarter=_of(kept.exit_quarter),
        end={number: _of(_last(kept, number)) for number in PAIRED},
        against_base={}
        if base is None
        else {number: _of(_last(kept, number) - _last(base, number)) for number in PAIRED},
        against_base_by_year={} if base is None else _by_year(kept, base),
        drivers=tuple(_drivers(kept, parameters)),
        trajectories={},
    )


def _by_year(kept: Kept, base: Kept) -> Mapping[str, Fan]:
    """Differences to the base where players are told, draw by draw."""
    places = np.ix_([WORLD.index(number) for number in PAIRED], told_quarters(kept.world.shape[1]))
    told = quantiles(kept.world[places] - base.world[places])
    return {number: _fan(told[:, place]) for place, number in enumerate(PAIRED)}


def _last(kept: Kept, number: str) -> Floats:
    return np.asarray(kept.end[WORLD.index(number)], dtype=np.float64)


def _of(values: Array) -> Percentiles:
    low, middle, high = quantiles(np.asarray(values)[None])[:, 0]
    return Percentiles(p10=float(low), p50=float(middle), p90=float(high))


def _fan(told: Array) -> Fan:
    """(level, step) → a fan."""
    low, middle, high = (tuple(float(f"{value:.6g}") for value in row) for row in told)
    return Fan(p10=low, p50=middle, p90=high)


def _players(world: World, kept: Kept, names: Sequence[str]) -> Mapping[str, PlayerAnswer]:
    told = quantiles(kept.players)
    draws = kept.end.shape[-1]
    counted = min(draws, BINDS_DRAWS)
    bound = kept.bound.sum(axis=0) / max(counted, 1)
    found = {}
    for at, player in enumerate(world.players):
        fans = {name: _fan(told[:, place, :, at]) for place, name in enumerate(PLAYER)}
        found[player] = PlayerAnswer(
            country=world.countries[at],
            **fans,
            reaches={size: _reach(kept.below[place, at], names) for place, size in enumerate(SIZES)},
            binding={
                what: tuple(float(f"{share:.4g}") for share in bound[place, :, at])
                for place, what in enumerate(CONSTRAINTS)
            },
            failure=float(kept.failed[at].mean()),
        )
    return found


def _reach(below: Array, names: Sequence[str]) -> Reach:
    """From the quarters that each draw spends below a size."""
    reached = np.bincount(below, minlength=len(names) + 1).cumsum()

    def by(share: float) -> str | None:
        at = int(np.searchsorted(reached, np.ceil(share * len(below))))
        return "start" if at == 0 else names[at] if at < len(names) else None

    return Reach(chance=float(reached[len(names) - 1] / len(below)), first=by(0.1), middle=by(0.5))


def _users(world: World, kept: Kept) -> Mapping[str, UserAnswer]:
    told = quantiles(kept.users)
    return {
        user: UserAnswer(
            country=world.user_countries[at],
            **{name: _fan(told[:, place, :, at]) for place, name in enumerate(USER)},
        )
        for at, user in enumerate(world.users)
    }


def _chances(world: World, kept: Kept, copied_months: Draws) -> Mapping[str, float]:
    """Shares of draws in which something happens; ``copied_months``: what others need to do what the leader did."""
    end = {name: kept.end[WORLD.index(name)] for name in ("cr3", "cr5", "china_lag_months", "china_run_flop")}
    largest = np.argsort(-world.owned_h100e.sum(axis=0))[:TOP]
    return {
        "five_hold_90_percent_at_the_end": _share(end["cr5"] > 0.9),
        "five_hold_90_percent_in_10_quarters": _share(kept.soon > 0.9),
        "three_hold_half_at_the_end": _share(end["cr3"] > 0.5),
        "idle_above_half_at_some_time": _share(kept.idle),
        "an_hour_earns_less_than_it_costs_at_some_time": _share(kept.loses),
        "a_top_10_player_fails": _share(kept.failed[largest].any(axis=0)),
        "china_leads_at_the_end": _share(end["china_lag_months"] < 0.0),
        "china_lag_is_assumed_at_the_end": _share(np.abs(end["china_lag_months"] - copied_months) < SAME_MONTHS),
        "china_below_the_us_run_of_the_start_at_the_end": _share(end["china_run_flop"] < world.records[-1]),
    }


def _share(happens: Array) -> float:
    return float(np.mean(happens))


def _drivers(kept: Kept, parameters: Mapping[str, Draws]) -> Iterator[Driver]:
    """The parameters that move each number most, by rank correlation over at most 4,096 draws."""
    names = tuple(parameters)
    count = min(len(next(iter(parameters.values()))), BINDS_DRAWS)
    if count < 3:
        return
    ranks = _ranks(np.stack([parameters[name][:count] for name in names]))
    for number in DRIVEN:
        result = _ranks(kept.end[WORLD.index(number), :count][None])[0]
        found = ranks @ result / count
        for at in np.argsort(-np.abs(found))[:DRIVERS_EACH]:
            yield Driver(parameter=names[at], result=number, rank_correlation=round(float(found[at]), 4))


def _ranks(values: Array) -> Floats:
    """Ranks along the last axis with mean 0 and standard deviation 1; 0 where all are equal."""
    ranks = np.argsort(np.argsort(values, axis=-1), axis=-1).astype(np.float64)
    ranks[values.max(axis=-1) <= values.min(axis=-1)] = 0.0
    centred = ranks - ranks.mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.maximum(centred.std(axis=-1, keepdims=True), 1e-12))
