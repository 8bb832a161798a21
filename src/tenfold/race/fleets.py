"""Fleets of owners at a day: what is observed, what is shared out of a group, and how fast it grows."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Catalog
from tenfold.quantities import Floats
from tenfold.race.nowcast import MAKER
from tenfold.race.reader import Reader, owners_in
from tenfold.race.series import OWNED, REVENUE, SOLD, History, flows
from tenfold.race.world import CHINA, DOMESTIC, FAMILIES, FAMILY_OF_MAKER

RECENT_QUARTERS = 4
"""Growth is of the last year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What is observed of one owner: H100e it owns and took in the last quarter, by family, and its past flows."""

    owned: Mapping[str, float]
    flow: Mapping[str, float]
    past: Sequence[float]
    """H100e of each quarter, all families, oldest first."""
    pasts: Mapping[str, Sequence[float]]
    """The same by family."""


def observed_fleets(history: History, reader: Reader) -> dict[str, Fleet]:
    """Fleets by observed owner."""
    found: dict[str, Fleet] = {}
    for owner in dict.fromkeys(entity.partition(":")[0] for entity in history.entities(OWNED)):
        owned: dict[str, float] = {}
        flow: dict[str, float] = {}
        pasts: dict[str, Sequence[float]] = {}
        for maker, family in FAMILY_OF_MAKER.items():
            rows = history.of(OWNED, f"{owner}:{maker}")
            if rows:
                reader.observed(rows[-2:])
                owned[family] = owned.get(family, 0.0) + rows[-1].value
                each = [h100e for _, h100e in flows(rows)]
                flow[family] = flow.get(family, 0.0) + max(each[-1], 0.0)
                pasts[family] = each
        longest = max(len(each) for each in pasts.values())
        total = [sum(each[-place] for each in pasts.values() if len(each) >= place) for place in range(longest, 0, -1)]
        found[owner] = Fleet(owned=owned, flow=flow, past=total, pasts=pasts)
    return found


def fleets_flow(history: History) -> float:
    """H100e that the leading maker sold in the last quarter."""
    return flows(history.of(SOLD, MAKER))[-1][1]


def growth_of(past: Sequence[float]) -> float | None:
    """Mean growth of the last year in logs a quarter; None with fewer than two quarters."""
    last = [value for value in past[-RECENT_QUARTERS - 1 :] if value > 0.0]
    return math.log(last[-1] / last[0]) / (len(last) - 1) if len(last) > 1 else None


def common_growth(history: History, reader: Reader, now_usd: float) -> float:
    """Growth of spending on chips, logs a quarter: the last year's, of chips and of revenue, drawn to the prior."""
    learning = math.log(reader.assumed("supply.learning_per_year")) / 4.0
    sold = [h100e for _, h100e in flows(history.of(SOLD, MAKER))]
    revenue = [row.value for row in history.of(REVENUE, MAKER)]
    said = [growth_of(sold), growth_of(revenue if now_usd == revenue[-1] else [*revenue, now_usd])]
    known = [value - shift for value, shift in zip(said, (learning, 0.0), strict=True) if value is not None]
    prior, weight = (
        math.log(reader.assumed("investment.prior_growth_per_year")) / 4.0,
        reader.assumed("investment.prior_quarters"),
    )
    if not known:
        return prior
    quarters = min(len(sold) - 1, RECENT_QUARTERS)
    return (quarters * sum(known) / len(known) + weight * prior) / (quarters + weight)


def volatility(history: History, reader: Reader) -> float:
    """Spread of growth in the last year over the assumed one, variances pooled by quarters: 1 where nothing is known.

    √((n·s² + k·s₀²)/(n + k))/s₀, s of the growth of chips sold; k as for the growth itself.
    """
    sold = [h100e for _, h100e in flows(history.of(SOLD, MAKER)) if h100e > 0.0][-RECENT_QUARTERS - 1 :]
    moves = np.diff(np.log(sold)) if len(sold) > 2 else np.zeros(0)
    return _pooled(_variance(moves), len(moves), reader.assumed("investment.common_spread"), reader)


def share_volatility(history: History, reader: Reader) -> tuple[float, ...]:
    """The same of the share of each family in the H100e sold in a quarter: generations of chips come in steps."""
    sold: dict[datetime.date, dict[str, float]] = {}
    for maker, family in FAMILY_OF_MAKER.items():
        rows = history.of(SOLD, maker)
        for day, h100e in flows(rows) if rows else ():
            into = sold.setdefault(day, dict.fromkeys(FAMILIES, 0.0))
            into[family] += max(h100e, 0.0)
    assumed, found = reader.assumed("shares.spread"), []
    for family in FAMILIES:
        shares = [each[family] / sum(each.values()) for _, each in sorted(sold.items()) if each[family] > 0.0]
        moves = np.diff(np.log(shares[-RECENT_QUARTERS - 1 :])) if len(shares) > 2 else np.zeros(0)
        found.append(_pooled(_variance(moves), len(moves), assumed, reader))
    return tuple(found)


def _variance(moves: Floats) -> float | None:
    return float(moves.var(ddof=1)) if len(moves) > 1 else None


def _pooled(seen: float | None, count: int, assumed: float, reader: Reader) -> float:
    """Spread over the assumed one, √((n·s² + k·s₀²)/(n + k))/s₀; variances pooled by quarters."""
    weight = reader.assumed("investment.prior_quarters")
    variance = assumed**2 if seen is None else seen
    return math.sqrt((count * variance + weight * assumed**2) / (count + weight)) / assumed


def own_volatility(fleets: Mapping[str, Fleet], reader: Reader) -> float:
    """The same of each owner beside all: variance of its growth less the median owner's, of the middle owner.

    The middle one, since a rule that hits one country is no spread of all.
    """
    moves = [
        np.diff(np.log(past)) for fleet in fleets.values() if len(past := _last_year(fleet.past)) > RECENT_QUARTERS
    ]
    if len(moves) < 2:
        return 1.0
    table = np.stack(moves)
    apart = table - np.median(table, axis=0)
    seen = float(np.median(apart.var(axis=1, ddof=1)))
    return _pooled(seen, table.shape[1], reader.assumed("investment.own_spread"), reader)


def _last_year(past: Sequence[float]) -> list[float]:
    return [h100e for h100e in past if h100e > 0.0][-RECENT_QUARTERS - 1 :]


def fleet_of(catalog: Catalog, reader: Reader, player: str, fleets: Mapping[str, Fleet]) -> Fleet:
    """Fleet of a player: its own where it is observed, else its share of its group's."""
    if player in fleets:
        return fleets[player]
    group = catalog.player(player).race_group
    share = _share_of_group(catalog, reader, player, fleets)
    whole = fleets.get(group, Fleet(owned={}, flow={}, past=(), pasts={}))
    owned = {family: share * h100e for family, h100e in whole.owned.items()}
    flow = {family: share * h100e for family, h100e in whole.flow.items()}
    if catalog.player(player).country == CHINA:
        owned[DOMESTIC], flow[DOMESTIC] = _domestic(reader, player)
    return Fleet(owned=owned, flow=flow, past=whole.past, pasts=whole.pasts)


def _share_of_group(catalog: Catalog, reader: Reader, player: str, fleets: Mapping[str, Fleet]) -> float:
    """Share of a player among those of its group that are not observed themselves."""
    group = catalog.player(player).race_group
    members = [name for name in owners_in(catalog) if catalog.player(name).race_group == group and name not in fleets]
    stated = {name: reader.player(name, "race.share_of_group") or 0.0 for name in members}
    return stated[player] / max(sum(stated.values()), 1e-9)


def _domestic(reader: Reader, player: str) -> tuple[float, float]:
    """Chinese chips of a player: stock of a year at the rate of the start, and the rate."""
    quarter = reader.assumed("domestic_h100e_per_quarter") * reader.assumed(f"domestic_share.{player}")
    return 4.0 * quarter, quarter


def own_growth(past: Sequence[float], common: float, weight: float, learning: float) -> float:
    """Growth of a player's spending: that of all, moved towards its own last year's by a weight."""
    own = growth_of(past)
    return common if own is None else (1.0 - weight) * common + weight * (own - learning)


def tilt_of(fleet: Fleet, family: str, weight: float) -> float:
    """Growth of a family's share of a player's chips over the last year, by the weight that its own past has."""
    own, whole = growth_of(fleet.pasts.get(family, ())), growth_of(fleet.past)
    return 0.0 if own is None or whole is None else weight * (own - whole)
