"""Monte Carlo over the whole run: every replica is a run of its own, from the first step to the last.

Replicas go in chunks that fit the cache, each with a random stream of its own (``SeedSequence.spawn``), so the answer
does not depend on which thread takes which chunk. Inside a chunk, blocks of failures of all its replicas are drawn and
followed at once (``rounds``). NumPy lets go of the interpreter while it fills and computes, so threads run beside each
other.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import numpy as np

from tenfold.quantities import Flags, Floats, Indices, InputError, Problem
from tenfold.reliability.components import CORRUPTION, JOB
from tenfold.reliability.endings import cut, end_times_s, may_end
from tenfold.reliability.rounds import Failures, Rules, State, advance, draw, trace, useful_s
from tenfold.reliability.shelf import Draws, Shelf, draw_spares

EVENTS_AT_ONCE = 32_768
"""Failures followed at once: their columns fit a core's share of the cache."""
MOST_AHEAD, FEWEST_AHEAD = 32, 8
"""Failures of one replica drawn at once."""
MOST_FAILURES = 1e9
"""Failures that a simulation may be asked to follow in all."""
THREADS = min(os.cpu_count() or 1, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """One value per replica; wall time is useful work and everything lost: the other times sum to it."""

    wall_s: Floats
    useful_s: Floats
    stalled_s: Floats
    """Stalls after failures, void work after silent corruption among them."""
    saving_s: Floats
    lost_s: Floats
    """Work lost since the latest save."""
    lost_durable_s: Floats
    """Work that was in memory alone and lost with it."""
    waited_s: Floats
    """Work that missing replicas left undone."""
    without_spare_s: Floats
    """Waiting for a spare."""
    failures: Floats
    repairing: Floats
    """Failures of hardware within the first repair time: what is under repair when the first comes back."""
    finished: Floats
    """1 where the work was done within the limit."""

    @property
    def goodput(self) -> Floats:
        """Useful over wall time."""
        return self.useful_s / self.wall_s

    @property
    def finish_s(self) -> Floats:
        """Wall time until the work is done; infinite where the run was broken off."""
        return np.where(self.finished > 0, self.wall_s, np.inf)


def simulate_run(
    rules: Rules,
    *,
    replicas: int,
    seed: int,
    rate_factor: Floats | None = None,
    stall_factor: Floats | None = None,
    repair_factor: Floats | None = None,
    repair_s: float = 0.0,
    spares: Draws | None = None,
    progress: Callable[[float], None] | None = None,
) -> Simulated:
    """Simulate ``replicas`` runs.

    ``rate_factor``, ``stall_factor`` and ``repair_factor`` (one value for each replica; 1 when None) multiply the
    rates, the stalls and ``repair_s``: what is not known about them. ``spares`` is None where one is always there.
    ``progress`` is told the share done. Raises ``InputError`` for numbers no run can have, such as an interval of zero.
    """
    _refuse(rules, replicas)
    chunk = EVENTS_AT_ONCE // _ahead(rules, EVENTS_AT_ONCE)
    given = (1.0 if factor is None else factor for factor in (rate_factor, stall_factor, repair_factor))
    rates, stalls, repairs = (np.broadcast_to(factor, replicas) for factor in given)
    starts = range(0, replicas, chunk)
    streams = np.random.SeedSequence(seed).spawn(len(starts))

    stopped = Event()

    def run(place: int) -> Simulated:
        part = slice(starts[place], starts[place] + chunk)
        rng = np.random.Generator(np.random.SFC64(streams[place]))
        running = _Running.start(rates[part], stalls[part], repairs[part] * repair_s, spares)
        return _chunk(rules, running, spares, repair_s, rng, stopped)

    parts = _in_threads(run, len(starts), stopped, progress)
    return Simulated(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in Simulated.__slots__})


def _in_threads(
    run: Callable[[int], Simulated], count: int, stopped: Event, progress: Callable[[float], None] | None
) -> list[Simulated]:
    """Every part in its order, worked out in threads; ``stopped`` tells those at work of an interrupt."""
    parts: list[Simulated] = []
    with ThreadPoolExecutor(min(THREADS, count)) as pool:
        try:
            for future in [pool.submit(run, place) for place in range(count)]:
                parts.append(future.result())
                if progress is not None:
                    progress(len(parts) / count)
        except BaseException:  # an interrupt: threads that are at work leave after the block they are in
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    """Replicas of a chunk that have not ended."""

    place: Indices
    rates: Floats
    stalls: Floats
    repairs_s: Floats
    state: State
    shelf: Shelf

    @classmethod
    def start(cls, rates: Floats, stalls: Floats, repairs_s: Floats, spares: Draws | None) -> _Running:
        """All of them, before anything has failed."""
        count = len(rates)
        shelf = Shelf.full(0, count) if spares is None else Shelf.full(spares.units, count, spares.pools)
        place, state = np.arange(count), State.start(count)
        return cls(place=place, rates=rates, stalls=stalls, repairs_s=repairs_s, state=state, shelf=shelf)

    def take(self, chosen: Flags) -> _Running:
        """Some of them."""
        return _Running(
            place=self.place[chosen],
            rates=self.rates[chosen],
            stalls=self.stalls[chosen],
            repairs_s=self.repairs_s[chosen],
            state=self.state.take(chosen),
            shelf=self.shelf.take(chosen),
        )


def _chunk(
    rules: Rules, running: _Running, spares: Draws | None, repair_s: float, rng: np.random.Generator, stopped: Event
) -> Simulated:
    """Simulate the replicas of a chunk, block by block; those that have ended leave the block.

    Raises ``InterruptedError`` once ``stopped`` is set.
    """
    replicas = len(running.place)
    final, end, waited = State.start(replicas), np.full(replicas, np.inf), np.zeros(replicas)
    count, repairing = np.zeros(replicas), np.zeros(replicas)
    while len(running.place):
        if stopped.is_set():
            raise InterruptedError
        state, place = running.state, running.place
        early = float(state.covered_s.min()) < repair_s
        failures = draw(rules, state, running.rates, running.stalls, _ahead(rules, len(place)), rng)
        found, ends = trace(rules, state, failures), np.full(len(place), np.inf)
        if may_end(rules, state, failures, found).any():
            ends = end_times_s(rules, state, failures, found)
            failures = cut(rules, failures, ends)
            found = trace(rules, state, failures)
        if early:
            repairing[place] += _repairing(rules, failures, repair_s)
        if spares is not None:
            draw_spares(spares, running.shelf, failures, running.repairs_s, rng)
        advance(rules, state, failures, found)
        count[place] += (failures.kind < len(rules.stops.rate_per_s)).sum(axis=0)
        ended = np.isfinite(ends)
        if ended.any():
            end[place[ended]], waited[place[ended]] = ends[ended], running.shelf.waited_s[ended]
            final.put(place[ended], state.take(ended))
            running = running.take(~ended)
    return _simulated(rules, final, end, waited, count, repairing)


def _simulated(
    rules: Rules, final: State, end_s: Floats, waited_s: Floats, failures: Floats, repairing: Floats
) -> Simulated:
    """Account for the wall time of ended replicas."""
    useful = useful_s(rules, final)
    done = useful >= rules.work_s * (1.0 - 1e-9)
    unsaved = np.floor(final.since_back_s / rules.span_s)
    saving = (final.saved - final.undone + unsaved) * rules.stall_s
    durable = final.undone * rules.span_s
    lost = final.uptime_s - useful - final.waited_s - saving - durable
    return Simulated(
        wall_s=end_s + waited_s,
        useful_s=useful,
        stalled_s=end_s - final.uptime_s,
        saving_s=saving,
        lost_s=lost,
        lost_durable_s=durable,
        waited_s=final.waited_s,
        without_spare_s=waited_s,
        failures=failures,
        repairing=repairing,
        finished=done.astype(np.float64),
    )


def _repairing(rules: Rules, failures: Failures, repair_s: float) -> Floats:
    """Failures of hardware before ``repair_s``: classes count by their share of it."""
    hardware = np.array([cause not in (JOB, CORRUPTION) for cause in rules.stops.causes], dtype=np.float64)
    share = hardware @ rules.stops.cause_rate_per_s / rules.stops.rate_per_s
    counted = np.append(share, 0.0).take(failures.kind, mode="clip") * (failures.time_s < repair_s)
    return np.asarray(counted.sum(axis=0))


def _ahead(rules: Rules, replicas: int) -> int:
    """Failures of one replica to draw at once: about as many as it will have, more as fewer replicas are left."""
    expected = rules.stops.total_per_s * min(rules.limit_s, 2.0 * rules.work_s)
    most = max(MOST_AHEAD, min(EVENTS_AT_ONCE // replicas, 8 * MOST_AHEAD))
    return int(np.clip(expected, FEWEST_AHEAD, most))


def _refuse(rules: Rules, replicas: int) -> None:
    checks = (
        (rules.interval_s > 0, "interval_s", f"{rules.interval_s:g} s between saves", "Give a time above zero"),
        (rules.stops.total_per_s > 0, "rate_per_s", "a job that nothing stops", "Give a failure rate above zero"),
        (replicas > 0, "replicas", f"{replicas} replicas", "Simulate at least 1"),
        (rules.limit_s < np.inf, "limit_s", "a run without a limit of wall time", "Give a time"),
        (
            replicas * rules.stops.total_per_s * rules.limit_s < MOST_FAILURES,
            "replicas",
            f"{replicas * rules.stops.total_per_s * rules.limit_s:.3g} failures to follow",
            "Simulate fewer replicas or days",
        ),
    )
    problems = [
        Problem(file="", key=key, wrong=wrong, remedy=remedy) for holds, key, wrong, remedy in checks if not holds
    ]
    if problems:
        raise InputError(problems)
