"""How many replicas stand over time: rules that look at the rate of requests, by name in ``SCALERS``.

Both rules see nothing but the rate, so that what they do is known before a replay. Their delays are those of the
software's documentation (the catalog's assumptions ``autoscaling``).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Floats, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Units that take requests over time."""

    first: int
    change_s: Floats = field(default_factory=lambda: np.zeros(0))
    """In order, from the first arrival."""
    units: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """From then on."""

    @property
    def most(self) -> int:
        """The most that stand at once."""
        return int(max(self.first, self.units.max(initial=0)))

    def mean(self, until_s: float) -> float:
        """On average from 0 to a time."""
        edges = np.clip(np.concatenate([[0.0], self.change_s, [until_s]]), 0.0, until_s)
        counts = np.concatenate([[self.first], self.units])
        return float((np.diff(edges) * counts).sum() / until_s)

    def times(self, ranks: int) -> Stand:
        """The same in ranks of which a unit has so many."""
        return Stand(first=self.first * ranks, change_s=self.change_s, units=self.units * ranks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleRule:
    """What a rule is set to."""

    rate_per_unit: float
    """Requests a second that a unit is meant to take."""
    most: int
    start_s: float
    """From the decision until a new unit takes requests."""
    interval_s: float
    """Between decisions."""
    window_s: float
    """Over which the rate is seen."""
    up_s: float
    """For which more has to be wanted before more are started."""
    down_s: float
    """For which fewer have to be wanted before any is stopped."""
    tolerance: float = 0.0
    """Share by which the rate may be off before anything is done."""
    least: int = 1


Wanted = Callable[[ScaleRule, Floats, int], Integers]


def stand_of(rule: ScaleRule, name: str, arrival_s: Floats) -> Stand:
    """Follow a rule through arrivals: units that take requests, new ones after they have started.

    It begins with what the rate of the first window wants: the fleet was there before the trace.
    """
    last_s = float(arrival_s[-1])
    ticks = np.arange(1.0, max(math.ceil(last_s / rule.interval_s), 1) + 1.0) * rule.interval_s
    since = np.searchsorted(arrival_s, ticks - rule.window_s, side="left")
    seen = np.searchsorted(arrival_s, ticks, side="left") - since
    rates = seen / np.minimum(ticks, rule.window_s)
    opening = max(float(np.searchsorted(arrival_s, rule.window_s, side="left")) / rule.window_s, rates[0])
    first = _clamped(rule, opening)
    decided = SCALERS[name](rule, np.asarray(rates), first)
    return _after_starting(rule, ticks, decided, first)


def _clamped(rule: ScaleRule, rate_per_s: float) -> int:
    """Units that a rate wants, at least one."""
    return int(min(max(math.ceil(rate_per_s / rule.rate_per_unit - 1e-9), rule.least), rule.most))


def _skypilot(rule: ScaleRule, rates: Floats, first: int) -> Integers:
    """Counters: what is wanted has to stay above, or below, what stands for a delay [SkyPilot, serve autoscalers].

    n* = ceil(rate ÷ rate per unit); n becomes n* once n* > n for ``up_s``, or n* < n for ``down_s``, without a break.
    """
    found, stands, above, below = np.empty(len(rates), dtype=np.int64), first, 0, 0
    need_above, need_below = (max(math.ceil(each / rule.interval_s), 1) for each in (rule.up_s, rule.down_s))
    for tick, rate in enumerate(rates.tolist()):
        wanted = _clamped(rule, rate)
        above, below = (above + 1 if wanted > stands else 0), (below + 1 if wanted < stands else 0)
        if above >= need_above or below >= need_below:
            stands, above, below = wanted, 0, 0
        found[tick] = stands
    return found


def _kubernetes(rule: ScaleRule, rates: Floats, first: int) -> Integers:
    """Horizontal pod autoscaler: n* = ceil(n·ρ), ρ = rate/(n·rate per unit), nothing within a tolerance of ρ = 1.

    More is wanted for the least of ``up_s``, fewer for the most of ``down_s``: the stabilisation windows. At once at
    most twice as many, or four more [Kubernetes documentation, horizontal pod autoscaling: default behaviour].
    """
    found, stands = np.empty(len(rates), dtype=np.int64), first
    keep_up, keep_down = (math.ceil(each / rule.interval_s) + 1 for each in (rule.up_s, rule.down_s))
    up, down = deque[int](maxlen=keep_up), deque[int](maxlen=keep_down)
    for tick, rate in enumerate(rates.tolist()):
        ratio = rate / (stands * rule.rate_per_unit)
        wanted = stands if abs(ratio - 1.0) <= rule.tolerance else _clamped(rule, rate)
        up.append(wanted)
        down.append(wanted)
        if min(up) > stands:
            stands = min(min(up), max(2 * stands, stands + 4))
        elif max(down) < stands:
            stands = max(down)
        found[tick] = stands
    return found


SCALERS: MappingProxyType[str, Wanted] = MappingProxyType({"skypilot": _skypilot, "kubernetes": _kubernetes})


def _after_starting(rule: ScaleRule, ticks: Floats, decided: Integers, first: int) -> Stand:
    """What takes requests: what was decided at every moment of the start time before; stopped at once.

    ready(t) = min of decided over [t − start, t]: a unit takes requests when it was wanted for as long as it starts.
    """
    moments = np.unique(np.concatenate([ticks, ticks + rule.start_s]))
    steps, values = np.concatenate([[-np.inf], ticks]), np.concatenate([[first], decided])
    since = np.searchsorted(steps, moments - rule.start_s, side="right") - 1
    until = np.searchsorted(steps, moments, side="right") - 1
    ready = np.array([values[a : b + 1].min() for a, b in zip(since.tolist(), until.tolist(), strict=True)])
    changed = np.flatnonzero(np.diff(np.concatenate([[first], ready])))
    return Stand(first=first, change_s=moments[changed], units=ready[changed].astype(np.int64))
