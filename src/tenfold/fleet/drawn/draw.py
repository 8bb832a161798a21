"""Streams become jobs: each stream by its own generators, so that changing one leaves the others as they were."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenfold.fleet.asks import KIND_MARK
from tenfold.fleet.drawn.arrivals import arrivals_s, in_bursts, needed_spans_s
from tenfold.fleet.drawn.laws import LAWS
from tenfold.fleet.drawn.streams import ArrivingJobs, BacklogJobs, Drawn, ReplicaJobs, Stream
from tenfold.fleet.jobs import Jobs, make_jobs
from tenfold.fleet.traces.read import Trace
from tenfold.fleet.wants import ANYWHERE, make_wants
from tenfold.quantities import DAY_S, Floats, InputError, Integers, Problem

DRAWN = "drawn"
"""What a trace of drawn jobs is called."""
STREAM = 17
"""Beside the seed, so that draws of jobs are no other's."""
Columns = tuple[Floats, Floats, Integers, Floats]
"""Of one stream: time of submission, time of work, chips, estimate."""


def drawn_trace(streams: Sequence[Stream], span_s: float, seed: int) -> Trace:
    """Draw jobs that come from time 0 until ``span_s``. Raises ``InputError`` where none came."""
    columns = [_columns(stream, span_s, seed, place) for place, stream in enumerate(streams)]
    counts = [len(each[0]) for each in columns]
    if not sum(counts):
        wrong = "drew no job"
        raise InputError(Problem(file="", key="jobs", wrong=wrong, remedy="Give more jobs a day, or a longer jobs_for"))
    jobs = _jobs(streams, counts, columns)
    return Trace(file="", format=DRAWN, rows=len(jobs), jobs=jobs, damaged=(), without_chips=0)


def _columns(stream: Stream, span_s: float, seed: int, place: int) -> Columns:
    if isinstance(stream, ReplicaJobs):
        peak_at_s = stream.peak_at_s or 0.0
        begin_s, end_s = needed_spans_s(stream.replicas, stream.peak_to_mean, peak_at_s, span_s)
        work_s = end_s - begin_s
        return begin_s, work_s, np.full(len(work_s), stream.chips), work_s
    when, sizes, times, said = np.random.default_rng(np.random.SeedSequence((seed, STREAM, place))).spawn(4)
    submit_s = _submitted_s(when, stream, span_s)
    weights = np.array(stream.weights or (1.0,) * len(stream.chips))
    chips = sizes.choice(np.array(stream.chips), len(submit_s), p=weights / weights.sum())
    work_s = LAWS[stream.law](times, stream.time_s, stream.spread_said, len(submit_s))
    return submit_s, work_s, chips, estimates_s(said, work_s, stream.estimate_excess)


def estimates_s(rng: np.random.Generator, work_s: Floats, excess: float) -> Floats:
    """What users say: evenly from T to (1 + f) T (the f-model; Mu'alem and Feitelson, IEEE TPDS 12(6), 2001)."""
    return np.asarray(work_s * rng.uniform(1.0, 1.0 + excess, len(work_s)))


def _submitted_s(rng: np.random.Generator, stream: ArrivingJobs | BacklogJobs, span_s: float) -> Floats:
    if isinstance(stream, BacklogJobs):
        return np.zeros(stream.jobs)
    rate_per_s = stream.jobs_per_day / DAY_S / stream.burst_jobs
    moments_s = arrivals_s(rng, rate_per_s, span_s, stream.peak_to_mean, stream.peak_at_s or 0.0)
    return in_bursts(rng, moments_s, stream.burst_jobs)


def _jobs(streams: Sequence[Stream], counts: Sequence[int], columns: Sequence[Columns]) -> Jobs:
    submit_s, work_s, chips, estimate_s = (np.concatenate(each) for each in zip(*columns, strict=True))
    plain = [stream if isinstance(stream, Drawn) else None for stream in streams]
    least = [1 << 62 if each is None or each.least_chips is None else each.least_chips for each in plain]
    relax_s = [np.inf if each is None or each.relax_s is None else each.relax_s for each in plain]
    within = [ANYWHERE if each is None else each.within for each in plain]
    takes = ["" if each is None else KIND_MARK.join(each.takes) for each in plain]
    asked = any(within) or any(takes) or any(each is not None and each.least_chips for each in plain)
    return make_jobs(
        submit_s,
        work_s,
        chips,
        tenant_names=_words([stream.name for stream in streams], counts),
        estimate_s=estimate_s,
        tier=np.repeat([stream.tier for stream in streams], counts),
        wants=None
        if not asked
        else make_wants(
            chips,
            within=_words(within, counts),
            relax_s=np.repeat(relax_s, counts),
            kinds=_words(takes, counts),
            least_chips=np.minimum(chips, np.repeat(least, counts)),
        ),
    )


def _words(each: Sequence[str], counts: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.repeat(np.array(each, dtype=np.object_), counts)


def mean_chips_asked(streams: Sequence[Stream], span_s: float) -> float:
    """Chips that would be busy if nobody waited, over the time that jobs come: Σ jobs E[g] E[T] ÷ span.

    Gangs and times are independent, so this is the mean of all draws; replicas count as they are.
    """
    total = 0.0
    for stream in streams:
        if isinstance(stream, ReplicaJobs):
            begin_s, end_s = needed_spans_s(stream.replicas, stream.peak_to_mean, stream.peak_at_s or 0.0, span_s)
            total += float((end_s - begin_s).sum()) * stream.chips
            continue
        jobs = stream.jobs if isinstance(stream, BacklogJobs) else stream.jobs_per_day * span_s / DAY_S
        gang = float(np.average(stream.chips, weights=stream.weights or None))
        total += jobs * gang * stream.time_s
    return total / span_s
