"""The eight blocks: what is observed and foretold, each a set of series with dates, levels in logs or logits."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tenfold.catalog import Observation
from tenfold.race.series import CAPEX, OWNED, REVENUE, RUN, SOLD, History, flows, history_at, quarter_end

BIG_FOUR = ("amazon", "alphabet", "meta", "microsoft")
US_OWNERS = ("microsoft", "meta", "amazon", "alphabet", "oracle")
LOG, LOGIT = "log", "logit"
Dated = tuple[tuple[datetime.date, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A set of series that are scored together."""

    name: str
    title: str
    scale: str
    """``log``, or ``logit`` for shares."""
    series: Callable[[History], Mapping[str, Dated]]


def scaled(value: float, scale: str) -> float:
    """Level on the scale that is scored; shares are kept away from 0 and 1."""
    if scale == LOG:
        return math.log(max(value, 1e-300))
    share = min(max(value, 1e-6), 1.0 - 1e-6)
    return math.log(share / (1.0 - share))


def capex(history: History) -> Mapping[str, Dated]:
    """Quarterly capex of each of the big four."""
    return {firm: _levels(history.of(CAPEX, firm)) for firm in BIG_FOUR if history.of(CAPEX, firm)}


def revenue(history: History) -> Mapping[str, Dated]:
    """NVIDIA's data-centre revenue."""
    return {"nvidia": _levels(history.of(REVENUE, "nvidia"))}


def nvidia_sold(history: History) -> Mapping[str, Dated]:
    """H100e that NVIDIA sold in a quarter."""
    return {"nvidia": _positive(flows(history.of(SOLD, "nvidia")))}


def tpu_sold(history: History) -> Mapping[str, Dated]:
    """H100e of TPUs in a quarter."""
    return {"tpu": _positive(flows(history.of(SOLD, "tpu")))}


def owners(history: History) -> Mapping[str, Dated]:
    """H100e that each owner has of each maker, cumulative."""
    return {entity: _levels(history.of(OWNED, entity)) for entity in history.entities(OWNED)}


def concentration(history: History) -> Mapping[str, Dated]:
    """Within NVIDIA's chips: the five US owners' share, and HHI over all observed owners."""
    owned = _owned_by(history, "nvidia")
    five, hhi = [], []
    for day, amounts in owned.items():
        total = sum(amounts.values())
        if total > 0.0:
            five.append((day, sum(amounts.get(owner, 0.0) for owner in US_OWNERS) / total))
            hhi.append((day, sum((each / total) ** 2 for each in amounts.values())))
    return {"five": tuple(five), "hhi": tuple(hhi)}


def china(history: History) -> Mapping[str, Dated]:
    """China's share of what China and the five US owners have, all makers."""
    rows: dict[datetime.date, dict[str, float]] = {}
    for maker in ("nvidia", "amd", "tpu", "trainium"):
        for day, amounts in _owned_by(history, maker).items():
            into = rows.setdefault(day, {})
            for owner, amount in amounts.items():
                into[owner] = into.get(owner, 0.0) + amount
    found = []
    for day, amounts in sorted(rows.items()):
        both = amounts.get("china", 0.0) + sum(amounts.get(owner, 0.0) for owner in US_OWNERS)
        if "china" in amounts and both > 0.0:
            found.append((day, amounts["china"] / both))
    return {"china": tuple(found)}


def largest_run(history: History) -> Mapping[str, Dated]:
    """The record of training compute at the end of each quarter that chips or runs are counted to."""
    rows = [row for country in ("world", "us", "china") for row in history.of(RUN, country)]
    if not rows:
        return {"world": ()}
    first, found = min(row.date for row in rows), []
    day = quarter_end(first)
    last = max(row.date for row in (*rows, *history.of(SOLD, "nvidia")))
    while day <= min(history.day, quarter_end(last)):
        found.append((day, max(row.value for row in rows if row.date <= day)))
        day = quarter_end(day, 1)
    return {"world": tuple(found)}


BLOCKS: tuple[Block, ...] = (
    Block(name="capex", title="Capex of the big four", scale=LOG, series=capex),
    Block(name="nvidia_revenue", title="NVIDIA's data-centre revenue", scale=LOG, series=revenue),
    Block(name="nvidia_sold", title="H100e that NVIDIA sells", scale=LOG, series=nvidia_sold),
    Block(name="tpu_sold", title="H100e of TPUs", scale=LOG, series=tpu_sold),
    Block(name="owners", title="H100e by owner", scale=LOG, series=owners),
    Block(name="concentration", title="Concentration within NVIDIA's chips", scale=LOGIT, series=concentration),
    Block(name="china", title="China over China and five US owners, US makers' chips", scale=LOGIT, series=china),
    Block(name="largest_run", title="Largest run", scale=LOG, series=largest_run),
)
"""All blocks in the order they are told."""


def actual_series(rows: Iterable[Observation], block: Block, until: datetime.date) -> Mapping[str, Dated]:
    """Every observation of a block up to a day."""
    return block.series(history_at(rows, until))


def _levels(rows: tuple[Observation, ...]) -> Dated:
    return _positive(tuple((row.date, row.value) for row in rows))


def _positive(dated: Iterable[tuple[datetime.date, float]]) -> Dated:
    return tuple((day, value) for day, value in dated if value > 0.0)


def _owned_by(history: History, maker: str) -> dict[datetime.date, dict[str, float]]:
    """H100e by owner on each day, of one maker."""
    found: dict[datetime.date, dict[str, float]] = {}
    for entity in history.entities(OWNED):
        owner, _, of = entity.partition(":")
        if of == maker:
            for row in history.of(OWNED, entity):
                found.setdefault(row.date, {})[owner] = row.value
    return _whole(dict(sorted(found.items())))


def _whole(found: dict[datetime.date, dict[str, float]]) -> dict[datetime.date, dict[str, float]]:
    """Days on which everybody is counted who was counted the day before: shares of a part would mean nothing."""
    kept: dict[datetime.date, dict[str, float]] = {}
    before: set[str] = set()
    for day, amounts in found.items():
        if before <= set(amounts):
            kept[day] = amounts
            before = set(amounts)
    return kept
