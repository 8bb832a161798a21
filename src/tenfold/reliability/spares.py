"""Spares: how many units to hold so that failures seldom find none, and what a job loses that holds fewer.

Units under repair at any moment are Poisson with mean ρ = λ T, λ their failures and T the time of a repair, whatever
its distribution [M/G/∞ queue, Takács 1962]. A failure finds a spare if S − 1 units at most are under repair before it.

What a job loses that stops when the S spares are gone, until a repair gives one back:

    while-running  B(S + 1, ρ), the loss formula of Erlang (1917): nothing fails while the job stands still. The default
    always         P(X > S), X ~ Poisson(ρ): idle units fail as busy ones do

A job that goes on without the replica (elastic) lacks E[max(X − S, 0)] of its D replicas instead.
Holds for independent failures and repairs that do not wait for each other. Nodes and racks are counted apart: one does
not replace the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Column, Floats
from tenfold.reliability.components import NODE, RACK, JobHazards
from tenfold.reliability.recoveries import Recovery

TINY = 1e-300
SIGMAS = 12.0
"""Standard deviations from the mean beyond which a Poisson count is never looked at."""
DRAWS_ON: Mapping[str, tuple[str, ...]] = MappingProxyType({"node": (NODE,), "rack": (NODE, RACK), "": ()})
"""Kinds of failures that take a spare, by the unit that is held ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SparePool:
    """Spare units of a job; columns broadcast."""

    units: Column
    """How many stand ready at the start, in units of the recovery: nodes, or racks."""
    repair_s: Column
    """Time until a failed unit is a spare again."""
    pools: Column = 1.0
    """Places apart that hold so many units each: racks whose spare nodes serve their own rack alone."""


def units_under_repair(rate_per_s: Column, repair_s: Column) -> Column:
    """Mean number of units under repair, λ T. Broadcasts."""
    return np.multiply(rate_per_s, repair_s)


def spare_units(under_repair: Column, probability: Column = 0.99) -> Floats:
    """Smallest S of which a failure finds one with ``probability``: P(X ≤ S − 1), X Poisson of mean ``under_repair``.

    0 where nothing is ever under repair. Broadcasts.
    """
    mean, wanted = np.broadcast_arrays(np.asarray(under_repair, dtype=np.float64), probability)
    found = [_spares(*pair) for pair in zip(mean.ravel().tolist(), wanted.ravel().tolist(), strict=True)]
    return np.array(found, dtype=np.float64).reshape(mean.shape)


def _spares(mean: float, probability: float) -> float:
    """``spare_units`` of numbers: Poisson terms are summed as far from the mean as they count, and scaled to 1."""
    if not mean > 0.0:
        return 0.0
    reach = SIGMAS * (np.sqrt(mean) + 1.0) + SIGMAS
    busy = np.arange(max(np.floor(mean - reach), 0.0), np.ceil(mean + reach))
    logs = np.cumsum(np.log(mean) - np.log(np.maximum(busy, 1.0)))
    reached = np.cumsum(np.exp(logs - logs.max()))
    enough = np.searchsorted(reached, probability * reached[-1])
    return float(busy[enough] + 1.0)


def blocked_share(places: Column, offered: Column) -> Floats:
    """B(c, ρ): share of time all of c places are taken where nobody waits; c whole. Broadcasts.

    By B(0) = 1, B(k) = ρ B(k−1)/(k + ρ B(k−1)). Source: Erlang 1917; for any distribution of stays, Sevastyanov 1957.
    """
    most, mean = np.broadcast_arrays(np.asarray(places, dtype=np.float64), np.asarray(offered, dtype=np.float64))
    share = np.ones(most.shape)
    for busy in range(1, int(np.max(most, initial=0.0)) + 1):
        going = busy <= most
        if not np.any(share[going] > TINY):
            break
        share = np.where(going, mean * share / (busy + mean * share), share)
    return share


def stopped_share_while_running(spares: Column, under_repair: Column) -> Floats:
    """B(S + 1, ρ): share of time without a spare where nothing fails in the meantime. Broadcasts."""
    return blocked_share(np.add(spares, 1.0), under_repair)


def of_any_pool(share: Column, pools: Column) -> Floats:
    """Share of time that any of K pools alike keeps the job stopped, where one alone would for ``share``.

    K times the odds of one, as if repairs elsewhere stood still with the job: the chain of all pools is then reversible
    and cut off where one is out [Kelly 1979, Reversibility and Stochastic Networks, section 1.6]. From above, by
    an eighth of itself at most where few are short, since the others fill up meanwhile; exact for K = 1 or S = 0.
    Broadcasts.
    """
    return np.asarray(np.multiply(pools, share) / (1.0 + np.multiply(np.subtract(pools, 1.0), share)))


def stopped_share_always(spares: Column, under_repair: Column) -> Floats:
    """P(X > S): share of time without a spare where units fail all the time. Broadcasts."""
    from scipy.special import pdtrc

    return np.asarray(pdtrc(spares, under_repair))


STOPPED_SHARES: Mapping[str, Callable[[Column, Column], Floats]] = MappingProxyType(
    {"while-running": stopped_share_while_running, "always": stopped_share_always}
)
"""Rivals for the share of time a job waits for a spare, by when parts fail: (spares, units under repair) → share."""


def units_short(spares: Column, under_repair: Column) -> Floats:
    """E[max(X − S, 0)] = ρ P(X ≥ S) − S P(X > S): mean number of failed units without a spare. Broadcasts."""
    from scipy.special import pdtrc

    units = np.asarray(spares, dtype=np.float64)
    at_least = np.where(units > 0, pdtrc(np.maximum(units - 1.0, 0.0), under_repair), 1.0)
    return np.maximum(under_repair * at_least - units * pdtrc(units, under_repair), 0.0)


def waiting_share(hazards: JobHazards, recovery: Recovery, replicas: Column, pool: SparePool) -> Floats:
    """Share of wall time a job waits for spares under a recovery; 0 where the recovery holds none. Broadcasts.

    A dropped replica that waits keeps its share of the work undone, which then takes that much longer: f/(1 + f).
    """
    rate = hazards.of_kinds(*DRAWS_ON[recovery.spare_unit]).sum(axis=0)
    busy = units_under_repair(rate, pool.repair_s) / pool.pools
    if not recovery.spare_unit:
        return np.zeros_like(busy)
    if recovery.rolls_back:
        return of_any_pool(stopped_share_while_running(pool.units, busy), pool.pools)
    missing = pool.pools * units_short(pool.units, busy) / replicas
    return missing / (1.0 + missing)
