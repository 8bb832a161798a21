"""The answer about a race: fans over quarters by case, by player and by user, chances, and what binds whom."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np

from tenfold.fleet import parquet_of
from tenfold.quantities import Made, NamedFigure, Percentiles
from tenfold.race.arrays import Array
from tenfold.race.question import RaceQuestion

FILE_SUFFIX = ".parquet"
MOSTLY = 0.5
"""Share of draws beyond which a number is said to be something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """A number quarter by quarter, or year by year."""

    p10: tuple[float, ...]
    p50: tuple[float, ...]
    p90: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """When a player reaches a size."""

    chance: float
    """Share of draws in which it does within the quarters."""
    first: str | None
    """Quarter by which a tenth of all draws have; None where fewer ever do."""
    middle: str | None
    """Quarter by which half have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerAnswer:
    """An owner of chips, at the end of each year and of the last quarter."""

    country: str
    h100e: Fan
    power_w: Fan
    """Energised, with cooling."""
    share: Fan
    """Of all H100e."""
    spending_usd: Fan
    """On chips, in the quarter."""
    cash_usd: Fan
    reaches: Mapping[str, Reach]
    """By size, such as ``1e6_h100e`` or ``1_gw``."""
    binding: Mapping[str, tuple[float, ...]]
    """Share of draws in which a constraint is the one that binds, by constraint and quarter; ``none``: none does."""
    failure: float
    """Share of draws in which it fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAnswer:
    """Who trains models, at the end of each year and of the last quarter."""

    country: str
    h100e: Fan
    run_flop: Fan
    index: Fan
    lag_months: Fan
    """Behind the leader; 0 for the leader itself."""
    rounds_per_year: Fan
    """Runs of the largest size that its fleet completes in a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A parameter that moves a result."""

    parameter: str
    result: str
    rank_correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswer:
    """One world."""

    name: str
    world: Mapping[str, Fan]
    """By the name of the number, quarter by quarter."""
    players: Mapping[str, PlayerAnswer]
    users: Mapping[str, UserAnswer]
    chances: Mapping[str, float]
    """Shares of draws in which something happens within the quarters."""
    exit_quarter: Percentiles
    """Quarters after which staying in all fleets earns less than it costs to the end, capital included: when investors
    should have left, as hindsight has it."""
    end: Mapping[str, Percentiles]
    """Numbers of the world in the last quarter."""
    against_base: Mapping[str, Percentiles]
    """The same less those of the base, draw by draw; empty for the base."""
    against_base_by_year: Mapping[str, Fan]
    """The same at the end of each year and of the last quarter."""
    drivers: tuple[Driver, ...]
    """The strongest first."""
    trajectories: Mapping[str, Array]
    """Numbers of the world, (quarter, draw); empty unless asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenTimes:
    """What ten times the compute changes."""

    points: Percentiles
    """Of the index."""
    months: Mapping[str, float]
    """Time that the largest run so far takes, by how many H100e train it."""
    failures_per_day: Mapping[str, float]
    """Of the chips that train it."""
    success: Mapping[str, float]
    """Share of tasks done, at the threshold where the smaller does half; by how much compute."""
    only_larger: tuple[str, ...]
    """What only the larger can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceAnswer:
    """Who has which compute when."""

    question: RaceQuestion
    made: Made
    title: str
    start: datetime.date
    currency: str
    quarters: tuple[str, ...]
    """Names of the quarters, such as 2025Q3."""
    years: tuple[str, ...]
    """Quarters at which players and users are told: the last of each year after the start, and the last of all."""
    cases: Mapping[str, CaseAnswer]
    """``base`` first, then by the name of the case in lower case with hyphens."""
    ten_times: TenTimes
    surfaces: Mapping[str, float]
    """Largest error of what was fitted to other rooms."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]


def file(answer: RaceAnswer) -> bytes:
    """Quantiles of every fan as Parquet; every draw of the world where trajectories are asked for."""
    rows = _trajectories(answer) if answer.question.trajectories else _quantiles(answer)
    return parquet_of(rows)


def _quantiles(answer: RaceAnswer) -> dict[str, list[object]]:
    """A row for each case, number and quarter, of the world, of players and of users."""
    rows: list[tuple[object, ...]] = []
    for key, case in answer.cases.items():
        rows += _rows(key, "world", "", case.world, answer.quarters)
        for kind, members in (("player", case.players), ("user", case.users)):
            for name, member in members.items():
                values = {field.name: getattr(member, field.name) for field in fields(member)}
                fans = {each: fan for each, fan in values.items() if isinstance(fan, Fan)}
                rows += _rows(key, kind, name, fans, answer.years)
    names = ("case_name", "kind", "who", "number", "quarter", "p10", "p50", "p90")
    return {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}


def _rows(
    case: str, kind: str, who: str, fans: Mapping[str, Fan], when: tuple[str, ...]
) -> Iterator[tuple[object, ...]]:
    for number, fan in fans.items():
        for step, *values in zip(when, fan.p10, fan.p50, fan.p90, strict=True):
            yield (case, kind, who, number, step, *values)


def _trajectories(answer: RaceAnswer) -> dict[str, Array]:
    """A row for each case, quarter and draw, a column for each number of the world; draws are paired over cases."""
    quarters, draws = next(iter(answer.cases["base"].trajectories.values())).shape
    columns: dict[str, Array] = {
        "case_name": np.repeat(list(answer.cases), quarters * draws),
        "quarter": np.tile(np.repeat(answer.quarters, draws), len(answer.cases)),
        "draw": np.tile(np.arange(draws), len(answer.cases) * quarters),
    }
    for number in answer.cases["base"].trajectories:
        columns[number] = np.concatenate([case.trajectories[number].ravel() for case in answer.cases.values()])
    return columns
