"""How simulated runs end: the work is done, or the limit of wall time is reached."""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Flags, Floats
from tenfold.reliability.rounds import Failures, Rules, State, Trace, undone, unsaved_s


def may_end(rules: Rules, state: State, failures: Failures, found: Trace) -> Flags:
    """Tell which replicas may end in the block; those that may not have neither the time nor the uptime."""
    kept = (state.saved - state.undone) * rules.interval_s - state.waited_s
    most = kept + state.since_back_s + found.uptime_s
    return np.asarray((failures.time_s[-1] >= rules.limit_s) | (most >= rules.work_s))


def end_times_s(rules: Rules, state: State, failures: Failures, found: Trace) -> Floats:
    """Wall time at which each replica is done or broken off; infinite where that is after the block.

    The run is done in the first stretch of uptime in which saved and unsaved work reach the work: r seconds of
    work after being sent back need r + (⌈r/τ⌉ − 1) w of uptime.
    """
    before = _kept_before(rules, state, failures, found)
    since = found.since_s
    reached = before + unsaved_s(rules, since) >= rules.work_s
    first = np.argmax(reached, axis=0), np.arange(reached.shape[1])
    left = rules.work_s - before[first]
    needed = left + np.maximum(np.ceil(left / rules.interval_s) - 1.0, 0.0) * rules.stall_s
    done = failures.time_s[first] - (since[first] - needed)
    done = np.where(reached.any(axis=0), done, np.inf)
    ended = np.minimum(done, rules.limit_s)
    return np.where(ended <= failures.time_s[-1], ended, np.inf)


def cut(rules: Rules, failures: Failures, end_s: Floats) -> Failures:
    """The failures until ``end_s``; later ones strike then, and do nothing."""
    late = failures.time_s >= end_s
    return Failures(
        time_s=np.minimum(failures.time_s, end_s),
        kind=np.where(late, len(rules.stops.rate_per_s), failures.kind),
        stall_s=np.where(late, 0.0, np.minimum(failures.stall_s, end_s - failures.time_s)),
    )


def _kept_before(rules: Rules, state: State, failures: Failures, found: Trace) -> Floats:
    """Work in saves before each failure, less what missing replicas left undone."""
    change = found.saved * rules.interval_s - rules.waits_s.take(failures.kind, mode="clip")
    if rules.two_tiers:
        change -= undone(rules, state, failures, found)[0] * rules.interval_s
    start = (state.saved - state.undone) * rules.interval_s - state.waited_s
    return np.asarray(start + np.cumsum(change, axis=0) - change)
