"""Reverse stress of a network: for each shock, where the first and the second firm break."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tenfold.economics.network import Shocks, smallest_breaking, stress
from tenfold.planning.contagion.answer import BreakingPoint
from tenfold.planning.contagion.prepared import Prepared
from tenfold.quantities import Floats, Indices


@dataclass(frozen=True, slots=True)
class _Family:
    """Questions of one kind, one a player or a single one, and the shocks at given levels."""

    shock: str
    players: Sequence[int]
    """Places of the players asked about; −1 for a shock that hits everybody at once."""
    shocks: Callable[[Floats], Shocks]
    """At levels for the players, one after another, as often over as they are asked about."""


def breaking_points(prepared: Prepared) -> tuple[BreakingPoint, ...]:
    """Smallest shock of each kind that breaks one and two firms, cleared with costs of default.

    Misses are asked of players that owe and have revenue, halts of players that others rent from; shocks that never
    break anybody are left out.
    """
    points = [point for family in _families(prepared) for point in _points(prepared, family)]
    found = [point for point in points if point.first is not None]
    return tuple(sorted(found, key=lambda point: (point.second is None, point.second or 0.0, point.first or 0.0)))


def _families(prepared: Prepared) -> list[_Family]:
    network, count = prepared.network, len(prepared.players)
    owing = np.nonzero((network.revenue_usd > 0.0) & (network.supply_usd + network.interest_usd).any(axis=1))[0]
    rented = np.nonzero(network.supply_usd.any(axis=0))[0]

    def at(places: Indices, levels: Floats) -> Floats:
        found = np.zeros((len(levels), count))
        found[np.arange(len(levels)), np.resize(places, len(levels))] = levels
        return found

    none, zero = np.zeros((1, count)), np.zeros(1)
    return [
        _Family("revenue_miss", owing.tolist(), lambda x: _shocks(at(owing, x), none, zero, zero)),
        _Family("revenue_miss", [-1], lambda x: _shocks(x[:, None] * (network.revenue_usd > 0.0), none, zero, zero)),
        _Family("supplier_halt", rented.tolist(), lambda x: _shocks(none, at(rented, x), zero, zero)),
        _Family("chip_price_fall", [-1], lambda x: _shocks(none, none, x, zero)),
        _Family("refinancing_stop", [-1], lambda x: _shocks(none, none, zero, x)),
    ]


def _shocks(miss: Floats, halt: Floats, fall: Floats, stop: Floats) -> Shocks:
    return Shocks(revenue_miss=miss, supplier_halt=halt, chip_price_fall=fall, refinancing_stop=stop)


def _points(prepared: Prepared, family: _Family) -> list[BreakingPoint]:
    if not family.players:
        return []

    def rounds(levels: Floats) -> npt.NDArray[np.int16]:
        recovery = prepared.recovery
        shocks = family.shocks(levels)
        return stress(prepared.network, shocks, prepared.terms, alpha=recovery, beta=recovery).failed_in_round

    questions = len(family.players)
    fewest = np.repeat([1, 2], questions)
    found = smallest_breaking(lambda levels: np.asarray((rounds(levels) > 0).sum(axis=1) >= fewest), 2 * questions)
    first, second = found.reshape(2, questions)
    broken = rounds(np.minimum(second, 1.0))
    return [
        BreakingPoint(
            shock=family.shock,
            player="" if place < 0 else prepared.players[place],
            first=_finite(first[row]),
            second=_finite(second[row]),
            broken=_in_order(prepared, broken[row]) if np.isfinite(second[row]) else (),
        )
        for row, place in enumerate(family.players)
    ]


def _finite(level: float) -> float | None:
    return float(level) if np.isfinite(level) else None


def _in_order(prepared: Prepared, rounds: npt.NDArray[np.int16]) -> tuple[str, ...]:
    order = sorted(np.nonzero(rounds)[0].tolist(), key=lambda place: int(rounds[place]))
    return tuple(prepared.players[place] for place in order)
