"""Runs at the start, tied to the records: what of what fleets allowed the largest runs took when they were set.

A record is the largest of what the users of a country brought out. Were every user's last run φ·p·e^{σz} (p what its
share of compute allowed then, z standard normal), the record L would be its median where Π Φ(ln(L ÷ φp) ÷ σ) = ½. The φ
that solves this is the factor that runs start from, and keep: a fleet that grows allows runs that grow with it.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Flags, Floats, normal_cdf
from tenfold.race.arrays import Draws
from tenfold.race.reader import Reader
from tenfold.race.series import OWNED, RUN, History, quarter_end
from tenfold.race.world import CHINA

HALVINGS = 60
FIRST_FLOP = 1e24
"""A record where none is known: no more than the scale of the index."""
PAST_QUARTERS = 20
"""Quarters before the start whose records are looked up: what a lag is counted back through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Runs of the users at the start."""

    run_flop: Draws
    """(u,) largest so far."""
    scale: Draws
    """(u,) what runs take of what fleets allow."""


def share_taken(record_flop: float, allowed_flop: Floats, spread: float) -> float:
    """φ with Π Φ(ln(record ÷ (φ·allowed)) ÷ spread) = ½, by bisection of its logarithm; (users,) in, a number out.

    Extreme-value median of lognormal runs (David and Nagaraja 2003, Order Statistics, section 2.1). Raises nothing.
    """
    logs = np.log(record_flop / np.maximum(allowed_flop, 1.0))
    low, high = float(logs.min()) - 10.0 * spread, float(logs.min()) + 1e-9
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        chance = float(np.prod(normal_cdf((logs - middle) / spread)))
        low, high = (middle, high) if chance > 0.5 else (low, middle)
    return math.exp((low + high) / 2.0)


def tied_runs(reader: Reader, history: History, users: Sequence[str], allowed_flop: Draws) -> Runs:
    """Tie what fleets allow now, (u,), to the record of each user's country when it was set."""
    spread = reader.assumed("training.run_spread")
    chinese = np.array([reader.catalog.player(user).country == CHINA for user in users])
    runs, scale = np.zeros(len(users)), np.ones(len(users))
    for theirs, country in ((~chinese, "world"), (chinese, "china")):
        if not theirs.any():
            continue
        record, since = _record(reader, history, country)
        then = np.asarray(allowed_flop[theirs], dtype=np.float64) * _grown(history, since, country)
        scale[theirs] = share_taken(record, then, spread)
        least = np.minimum(scale[theirs] * then, record)
        runs[theirs] = _own(reader, history, users, theirs, np.where(then >= then.max(), record, least))
    return Runs(run_flop=runs.astype(np.float32), scale=scale.astype(np.float32))


def _record(reader: Reader, history: History, country: str) -> tuple[float, datetime.date]:
    rows = history.of(RUN, country) or history.of(RUN, "us")
    if not rows:
        return FIRST_FLOP, history.day
    best = max(rows, key=lambda row: row.value)
    reader.observed((best,))
    return best.value, best.date


def _own(reader: Reader, history: History, users: Sequence[str], theirs: Flags, otherwise: Floats) -> Floats:
    """Largest run of each user of a country: its own record where one is known."""
    found = []
    for user, run in zip((user for user, one in zip(users, theirs, strict=True) if one), otherwise, strict=True):
        rows = history.of(RUN, user)
        reader.observed(rows[-1:])
        found.append(max((row.value for row in rows), default=float(run)))
    return np.array(found)


def _grown(history: History, since: datetime.date, country: str) -> float:
    """Chips owned at a day over those owned now, of those that are observed: China's, or all but China's."""
    then = now = 0.0
    for entity in history.entities(OWNED):
        if entity.startswith("china:") == (country == CHINA_ROWS):
            rows = history.of(OWNED, entity)
            then += ([row.value for row in rows if row.date <= since] or [rows[0].value])[-1]
            now += rows[-1].value
    return then / now if now > 0.0 else 1.0


CHINA_ROWS = "china"


def past_records(history: History, country: str) -> tuple[float, ...]:
    """Largest run so far at the end of each quarter up to the start, the oldest first; those of the world or China."""
    return tuple(_past(history, country))


def _past(history: History, country: str) -> Iterator[float]:
    rows = history.of(RUN, country)
    for back in range(-PAST_QUARTERS, 1):
        day = quarter_end(history.day, back)
        yield max((row.value for row in rows if row.date <= min(day, history.day)), default=FIRST_FLOP)
