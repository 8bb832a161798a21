"""Where caches of conversations wait between turns: what is left of the cached share, and what a fetch takes, by row.

A row is looked at under the rate that it would have with all of it cached: less is cached, so that it carries less,
and fewer wait than are counted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tenfold.performance.serving import (
    fetch_s,
    held_conversations,
    held_shares,
    idle_conversations,
    taken,
    waiting_conversations,
)
from tenfold.planning.plan.serve.fleets import Demand
from tenfold.planning.plan.serve.layouts import Kept, Space
from tenfold.planning.plan.serve.question import TIERS, Service, tokens_of
from tenfold.quantities import Floats, Indices

CHIP = "chip"


def kept_by(
    space: Space, service: Service, demand: Demand, setting: Indices, rate_per_s: Floats, active: Floats
) -> Kept:
    """What rows keep at the rate of a rank, beside ``active`` sequences; all where nobody says how long turns wait."""
    whole = kept_all(demand, len(setting))
    if service.turn_interval_s is None:
        return whole
    cached = whole.known
    replica, tokens = taken(space.replica, setting), sum(tokens_of(service))
    waiting = np.asarray(waiting_conversations(rate_per_s, service.turns, service.turn_interval_s))
    rooms = [idle_conversations(replica, tokens, active)]
    rooms += [held_conversations(replica, tokens, getattr(service, TIERS[tier])) for tier in demand.links]
    shares = dict(zip((CHIP, *demand.links), held_shares(waiting, rooms), strict=True))
    known_tokens = float(np.asarray(demand.traffic.prompt_tokens)) * cached
    fetched = {tier: np.asarray(fetch_s(replica, known_tokens, speed)) for tier, speed in demand.links.items()}
    return Kept(
        known=cached * np.sum(list(shares.values()), axis=0),
        fetch_s=_seen_s(shares, fetched, service.percentile),
        shares=shares,
    )


def kept_all(demand: Demand, rows: int) -> Kept:
    """All of the cached share, at hand."""
    cached = np.full(rows, float(np.asarray(demand.traffic.prefix_share)))
    return Kept(known=cached, fetch_s=np.zeros(rows), shares={})


def kept_at(kept: Kept, row: int) -> dict[str, Any]:
    """What one row keeps, by the fields of a part."""
    held = tuple((name, float(each[row])) for name, each in kept.shares.items())
    return {"known": float(kept.known[row]), "fetch_s": float(kept.fetch_s[row]), "held": held}


def _seen_s(shares: Mapping[str, Floats], fetched_s: Mapping[str, Floats], percentile: float) -> Floats:
    """Time of the slowest tier that more requests use than may miss the latency; (rows,)."""
    found = np.zeros_like(shares[CHIP])
    for tier, each in fetched_s.items():
        found = np.where(shares[tier] > 1.0 - percentile, np.maximum(found, each), found)
    return found
