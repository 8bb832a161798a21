"""Caches of conversations that wait for their next turn: how many, where they are kept, how long it takes to fetch one.

Pure functions over columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance.serving.replica import Replica, cache_room_bytes
from tenfold.workloads.serving import cache_kept_bytes

if TYPE_CHECKING:
    from tenfold.quantities import Column, Floats


def waiting_conversations(rate_per_s: Column, turns: Column, interval_s: Column) -> Column:
    """Conversations that wait for a further turn: λ·(n − 1)/n·T, of n turns on average, T between two.

    Little's law [Little 1961]: all turns but the last are followed by another. Broadcasts.
    """
    return rate_per_s * (turns - 1.0) / turns * interval_s


def held_conversations(replica: Replica, tokens: Column, bytes_per_chip: Column) -> Column:
    """Conversations of so many tokens that memory beside each chip of a rank keeps; every chip keeps its share."""
    kept = cache_kept_bytes(replica.counted, tokens, replica.layout.pipeline)
    return np.where(kept > 0, bytes_per_chip / np.maximum(kept, 1e-9), np.inf)


def idle_conversations(replica: Replica, tokens: Column, active: Column) -> Column:
    """Conversations that the chips' own memory keeps beside so many that are served."""
    room = held_conversations(replica, tokens, np.maximum(cache_room_bytes(replica), 0.0))
    return np.maximum(room - active, 0.0)


def held_shares(waiting: Column, rooms: Sequence[Column]) -> list[Floats]:
    """Share of what waits that each room keeps, the first filled first: min(room, what is left) ÷ waiting."""
    shares: list[Floats] = []
    left = np.ones_like(np.asarray(waiting, dtype=np.float64))
    for room in rooms:
        share = np.minimum(left, np.asarray(room) / np.maximum(waiting, 1e-12))
        shares.append(np.asarray(share))
        left = left - share
    return shares


def fetch_s(replica: Replica, tokens: Column, bytes_per_s_per_chip: Column) -> Column:
    """Time to bring the cache of so many tokens back, s: what a chip keeps of it ÷ bandwidth to the chip."""
    return cache_kept_bytes(replica.counted, tokens, replica.layout.pipeline) / bytes_per_s_per_chip
