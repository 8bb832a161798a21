"""What a case changes, quarter by quarter. No draws here: every draw of a case meets the same events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.race.arrays import Draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """Who takes over whom from a quarter on, by their places among the players."""

    quarter: int
    buyer: int
    bought: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Factors by quarter (first axis); 1 leaves everything as it is."""

    allowed: Draws
    """(quarter, family, player) share of a family that may reach a player."""
    ruled: Draws
    """(quarter, family, player) 1 where a dated rule of the history holds from this quarter, else 0."""
    lined: Draws
    """(quarter, family, player) 1 where only chips below a line of performance may be sold, else 0."""
    capacity: Draws
    """(quarter, family)."""
    packaging: Draws
    memory: Draws
    demand: Draws
    lending: Draws
    room: Draws
    talent: Draws
    """(quarter,)."""
    leap: Draws
    """(quarter, family) factor on performance per dollar, once, in its quarter."""
    maturity: Draws
    """(quarter, family)."""
    eagerness: Draws
    """(player,) growth of budgets added in a quarter."""
    thrift: Draws
    """(player,) factor on the efficiency of runs on its chips."""
    subsidy_usd: Draws
    """(quarter, player) money from outside for chips."""
    sensitivity: float = 1.0
    """Factor on how much quality decides the market."""
    mergers: tuple[Merger, ...] = ()
    makers_merged: tuple[tuple[int, int, int], ...] = ()
    """Quarter, family that buys, family that is bought: their shares count as one maker's."""


def no_events(quarters: int, families: int, players: int) -> Events:
    """A case in which nothing happens."""

    def ones(*shape: int) -> Draws:
        return np.ones(shape, dtype=np.float32)

    return Events(
        allowed=ones(quarters, families, players),
        ruled=0.0 * ones(quarters, families, players),
        lined=0.0 * ones(quarters, families, players),
        capacity=ones(quarters, families),
        packaging=ones(quarters),
        memory=ones(quarters),
        demand=ones(quarters),
        lending=ones(quarters),
        room=ones(quarters),
        talent=ones(quarters),
        leap=ones(quarters, families),
        maturity=ones(quarters, families),
        eagerness=0.0 * ones(players),
        thrift=ones(players),
        subsidy_usd=0.0 * ones(quarters, players),
    )
