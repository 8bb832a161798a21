"""The rounds of the simulation: a block of failures of many replicas at once, shape (failures, replicas).

One round is one failure of each replica. Failures are Poisson in wall time, whatever the job does; what follows from
them is found by running sums and running maxima from round to round:

    covered_i = max(covered_{i−1}, t_i + R_i)       the job stalls until then
    up_i      = max(t_i − covered_{i−1}, 0)         uptime before failure i
    base_i    = uptime at the last failure that sent the job back to a save
    ⌊(uptime − base − c)/S⌋                         saves drained since then; the rest of the uptime is lost

Failures during stalls and during saves are counted as they come.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tenfold.quantities import Flags, Floats, Indices
from tenfold.reliability.ageing import Clock
from tenfold.reliability.stops import DURABLE, KEEPS, Stops

HALF_A_MILLIONTH = 5e-7
"""Keeps whole numbers of intervals whole when they are divided by another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What every replica of a run has in common."""

    stops: Stops
    clock: Clock
    interval_s: float
    stall_s: float
    intervals_per_durable: int
    drain_s: float
    """Uptime from taking a save until the failures it can outlive no longer reach it."""
    durable_drain_s: float
    """Uptime from taking a save for storage until storage has it."""
    work_s: float
    """Useful work until the run is done."""
    limit_s: float
    """Wall time at which a run that is not done is broken off."""

    @property
    def span_s(self) -> float:
        """Interval and stall."""
        return self.interval_s + self.stall_s

    @property
    def two_tiers(self) -> bool:
        """Whether a save can outlive some failures and not others."""
        return self.intervals_per_durable > 1 or self.durable_drain_s > self.drain_s

    @property
    def sends_back(self) -> Floats:
        """1 for each class that sends the job back to a save; a class that does nothing comes last."""
        return np.append((self.stops.rollback != KEEPS).astype(np.float64), 0.0)

    @property
    def to_storage(self) -> Floats:
        """1 for each class that sends the job back to storage; a class that does nothing comes last."""
        return np.append((self.stops.rollback == DURABLE).astype(np.float64), 0.0)

    @property
    def waits_s(self) -> Floats:
        """Work that replicas miss after a failure of each class; a class that does nothing comes last."""
        return np.append(self.stops.waits_s, 0.0)

    @property
    def thresholds(self) -> npt.NDArray[np.float32]:
        """Cumulative shares of the classes, the last left out."""
        return (np.cumsum(self.stops.rate_per_s)[:-1] / self.stops.total_per_s).astype(np.float32)


@dataclass(slots=True, kw_only=True)
class State:
    """Where replicas stand between blocks; columns of one value each."""

    expected: Floats
    """Operational time."""
    covered_s: Floats
    """Wall time until which the job stalls."""
    since_back_s: Floats
    """Uptime since the job was last sent back."""
    saved: Floats
    """Intervals of useful work in saves."""
    unsafe: Floats
    """Intervals since the job was last sent back to storage."""
    drain_age_s: Floats
    """Uptime since the latest save for storage was taken."""
    undone: Floats
    """Intervals that were saved and lost again."""
    waited_s: Floats
    uptime_s: Floats

    @classmethod
    def start(cls, replicas: int) -> State:
        """Everything at zero."""
        return cls(**{name: np.zeros(replicas) for name in cls.__slots__})

    def take(self, chosen: Flags) -> State:
        """The state of some replicas."""
        return State(**{name: getattr(self, name)[chosen] for name in self.__slots__})

    def put(self, place: Indices, other: State) -> None:
        """Copy the state of other replicas to these places."""
        for name in self.__slots__:
            getattr(self, name)[place] = getattr(other, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """A block of failures: when they strike, and of which class."""

    time_s: Floats
    kind: Indices
    stall_s: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a block of failures does to every replica."""

    since_s: Floats
    """Uptime since the job was last sent back, before each failure; shape (failures, replicas)."""
    elapsed_s: Floats
    """Uptime before each failure since the job was last sent back before the block; shape (failures, replicas)."""
    saved: Floats
    """Intervals finished before each failure that sends back; zero at others; shape (failures, replicas)."""
    uptime_s: Floats
    """Uptime in the block; one value per replica, as are the rest."""
    since_back_s: Floats
    """Uptime since the job was last sent back, at the end of the block."""
    covered_s: Floats


def draw(rules: Rules, state: State, rates: Floats, stalls: Floats, count: int, rng: np.random.Generator) -> Failures:
    """Draw the next ``count`` failures of every replica; ``rates`` and ``stalls`` hold a factor for each."""
    time = rng.standard_exponential((count, len(rates)))
    time /= rates
    time[0] += state.expected
    state.expected = running_sum(time)[-1].copy()
    uniform = rng.random(time.shape, dtype=np.float32)
    small, above = np.zeros(time.shape, dtype=np.uint8), np.empty(time.shape, dtype=np.bool_)
    for threshold in rules.thresholds:
        np.greater(uniform, threshold, out=above)
        np.add(small, above.view(np.uint8), out=small)
    kind = small.astype(np.intp)
    stall = rules.stops.stall_s.take(kind, mode="clip")
    stall *= stalls
    return Failures(time_s=rules.clock.wall_s(time, out=time), kind=kind, stall_s=stall)


def running_sum(values: Floats) -> Floats:
    """Sum each row and all before it, in place; row by row, which is faster than ``np.cumsum`` down the columns."""
    above = values[0]
    for row in values[1:]:
        above = np.add(row, above, out=row)
    return values


def running_max(values: Floats) -> Floats:
    """Largest of each row and all before it, in place."""
    above = values[0]
    for row in values[1:]:
        above = np.maximum(row, above, out=row)
    return values


def trace(rules: Rules, state: State, failures: Failures) -> Trace:
    """Follow every replica through the failures."""
    up, covered = _uptimes(state, failures)
    classes = np.append(rules.sends_back[:-1], rules.sends_back.take(failures.kind[-1], mode="clip"))
    follow = _sent_back_by_all if classes.all() else _sent_back_by_some
    return follow(rules, state, failures, up, covered)


def _uptimes(state: State, failures: Failures) -> tuple[Floats, Floats]:
    """Uptime before each failure, and until when the last of them stalls."""
    covered = _under(failures.time_s)
    covered[0] = state.covered_s
    np.add(failures.time_s, failures.stall_s, out=covered[1:])
    running_max(covered)
    up = failures.time_s - covered[:-1]
    return np.maximum(up, 0.0, out=up), covered[-1].copy()


def _sent_back_by_all(rules: Rules, state: State, failures: Failures, up: Floats, covered: Floats) -> Trace:
    """Where every failure sends the job back: the stretch before each is all there is to save."""
    uptime = up.sum(axis=0)
    up[0] += state.since_back_s
    elapsed = running_sum(up.copy()) if rules.two_tiers else up
    return Trace(
        since_s=up,
        elapsed_s=elapsed,
        saved=_drained(rules, up.copy()),
        uptime_s=uptime,
        since_back_s=np.zeros(len(uptime)),
        covered_s=covered,
    )


def _sent_back_by_some(rules: Rules, state: State, failures: Failures, up: Floats, covered: Floats) -> Trace:
    """Where some failures do not: since the last that did, by running sums and maxima."""
    total = up.sum(axis=0)
    up[0] += state.since_back_s
    uptime, base = running_sum(up), _under(up)
    base[0] = 0.0
    np.multiply(uptime, rules.sends_back.take(failures.kind, mode="clip"), out=base[1:])
    running_max(base)
    return Trace(
        since_s=uptime - base[:-1],
        elapsed_s=uptime,
        saved=_drained(rules, base[1:] - base[:-1]),
        uptime_s=total,
        since_back_s=uptime[-1] - base[-1],
        covered_s=covered,
    )


def _drained(rules: Rules, since_s: Floats) -> Floats:
    """Intervals in saves that have drained within stretches of uptime, in place."""
    if rules.drain_s > 0:
        since_s -= rules.drain_s
        np.maximum(since_s, 0.0, out=since_s)
    since_s *= 1.0 / rules.span_s
    return np.floor(since_s, out=since_s)


def undone(rules: Rules, state: State, failures: Failures, found: Trace) -> tuple[Floats, Floats, Floats]:
    """Intervals that were in memory alone and lost at each failure.

    Also those since the last such failure, and the uptime since the latest save for storage was taken.
    """
    since, base = found.saved.copy(), _under(found.saved)
    since[0] += state.unsafe
    running_sum(since)
    to_storage = rules.to_storage.take(failures.kind, mode="clip")
    base[0] = 0.0
    np.multiply(since, to_storage, out=base[1:])
    running_max(base)
    lost = since - base[:-1]
    safe = np.floor(lost * (1.0 / rules.intervals_per_durable) + HALF_A_MILLIONTH)
    taken = _taken_s(rules, state, found, lost, safe)
    safe -= (found.elapsed_s - taken < rules.durable_drain_s) & (safe > 0)
    lost -= safe * rules.intervals_per_durable
    return lost * to_storage, since[-1] - base[-1], found.elapsed_s[-1] - taken[-1]


def _taken_s(rules: Rules, state: State, found: Trace, since: Floats, for_storage: Floats) -> Floats:
    """When, in uptime as ``elapsed_s`` counts it, the latest save for storage before each failure was taken.

    ``since`` holds intervals since the job was last sent back to storage, ``for_storage`` how many of their saves are
    for storage: every m-th. One that is not the first of its stretch was taken whole intervals after it began.
    """
    before = since - found.saved
    known = np.floor(before * (1.0 / rules.intervals_per_durable) + HALF_A_MILLIONTH)
    into = (for_storage * rules.intervals_per_durable - before) * rules.span_s
    taken = np.where(for_storage > known, found.elapsed_s - found.since_s + into, -np.inf)
    np.maximum(taken[0], state.since_back_s - state.drain_age_s, out=taken[0])
    return running_max(taken)


def _under(values: Floats) -> Floats:
    """Room for one row more."""
    return np.empty((len(values) + 1, *values.shape[1:]))


def advance(rules: Rules, state: State, failures: Failures, found: Trace) -> None:
    """Move the state to the end of the block."""
    if rules.two_tiers:
        lost, state.unsafe, state.drain_age_s = undone(rules, state, failures, found)
        state.undone = state.undone + lost.sum(axis=0)
    if np.any(rules.stops.waits_s):
        state.waited_s = state.waited_s + rules.waits_s.take(failures.kind, mode="clip").sum(axis=0)
    state.uptime_s = state.uptime_s + found.uptime_s
    state.saved = state.saved + found.saved.sum(axis=0)
    state.since_back_s = found.since_back_s
    state.covered_s = found.covered_s


def useful_s(rules: Rules, state: State) -> Floats:
    """Useful work so far, what is not saved yet included."""
    return (state.saved - state.undone) * rules.interval_s + unsaved_s(rules, state.since_back_s) - state.waited_s


def unsaved_s(rules: Rules, since_s: Floats) -> Floats:
    """Useful work within the uptime since the job was last sent back."""
    finished = np.floor(since_s / rules.span_s)
    return np.asarray(finished * rules.interval_s + np.minimum(since_s - finished * rules.span_s, rules.interval_s))
