"""Which sites reach each other over which links: parts, shortest ways, rings."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.planning.multisite.run import Fibre
from tenfold.quantities import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Order in which sites pass messages on, and what its hops run over."""

    order: tuple[int, ...]
    longest_km: float
    """Fibre of the longest hop."""
    loads: tuple[int, ...]
    """Hops that run over each link in the direction that carries more."""


def connected_parts(count: int, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Split ``count`` nodes into parts that edges connect, each sorted, in order of their first node."""
    label = list(range(count))
    for first, second in edges:
        old, new = label[second], label[first]
        label = [new if each == old else each for each in label]
    return [[node for node in range(count) if label[node] == each] for each in dict.fromkeys(label)]


def ways(count: int, fibres: Sequence[Fibre]) -> tuple[Floats, list[list[tuple[int, ...]]]]:
    """Shortest fibre between all pairs, km, and the links it takes (Floyd and Warshall).

    A link taken against its direction is ``-number - 1``. Infinite where there is no way. Of equal links the wider
    counts.
    """
    length = np.where(np.eye(count, dtype=bool), 0.0, np.inf)
    taken: list[list[tuple[int, ...]]] = [[() for _ in range(count)] for _ in range(count)]
    for number in sorted(range(len(fibres)), key=lambda each: (fibres[each].distance_km, -fibres[each].bytes_per_s)):
        first, second, km = fibres[number].first, fibres[number].second, fibres[number].distance_km
        if km < length[first, second]:
            length[first, second] = length[second, first] = km
            taken[first][second], taken[second][first] = (number,), (-number - 1,)
    for over, first, second in itertools.product(range(count), repeat=3):
        through = length[first, over] + length[over, second]
        if through < length[first, second]:
            length[first, second] = through
            taken[first][second] = taken[first][over] + taken[over][second]
    return length, taken


def best_ring(
    members: Sequence[int], length: Floats, taken: list[list[tuple[int, ...]]], fibres: Sequence[Fibre]
) -> Ring:
    """Order the members so that the ring carries most, then so that its longest hop is shortest."""
    if len(members) == 1:
        return Ring(order=tuple(members), longest_km=0.0, loads=(0,) * len(fibres))
    first, rest = members[0], members[1:]
    rings = [_ring((first, *order), length, taken, len(fibres)) for order in itertools.permutations(rest)]
    return min(rings, key=lambda ring: (-ring_bytes_per_s(ring, fibres), ring.longest_km))


def ring_bytes_per_s(ring: Ring, fibres: Sequence[Fibre]) -> float:
    """Bandwidth of every hop when all send at once: that of the link that is shared most for its width."""
    shares = [fibre.bytes_per_s / load for fibre, load in zip(fibres, ring.loads, strict=True) if load]
    return min(shares, default=np.inf)


def _ring(order: tuple[int, ...], length: Floats, taken: list[list[tuple[int, ...]]], links: int) -> Ring:
    hops = list(zip(order, (*order[1:], order[0]), strict=True))
    used = [number for first, second in hops for number in taken[first][second]]
    loads = tuple(max(used.count(number), used.count(-number - 1)) for number in range(links))
    return Ring(order=order, longest_km=max(float(length[hop]) for hop in hops), loads=loads)
