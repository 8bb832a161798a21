"""The engine for unlike chips: time goes in rounds, and each round goes to whoever has had the least of its share.

A round lasts ``round_s``, or until the last of its jobs is done. In a round, kind by kind, jobs come by priority: share
÷ part of the kind's time received since shares were last set. Shares are set anew when jobs come or go, at most every
``reset_s``. Under ``fifo`` a job is bound, in order of submission, to the fastest kind of which a chip is free when
the pass begins, and keeps to it; those bound to a kind take turns.

Source: Narayanan et al., Gavel (OSDI 2020), section 5; ``fifo`` as its released code binds jobs.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.fleet.jobs import Jobs
from tenfold.fleet.runs import Runs
from tenfold.fleet.shares import Claims, Share
from tenfold.quantities import Floats, Indices, Progress

NEW = 1e9
"""Priority over share of a job that has received nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """What jobs do on kinds of chips."""

    kinds: tuple[str, ...]
    """The fastest first."""
    there: Floats
    """Chips of each kind."""
    rate: Floats
    """Steps per s of each job on each kind, (jobs, kinds); 0 where it cannot run."""
    steps: Floats
    """Steps of each job."""


class _Rounds:
    """Jobs that are there, what each has received of each kind since shares were set, and the shares."""

    def __init__(self, jobs: Jobs, unlike: Unlike, share: Share | None, round_s: float, reset_s: float) -> None:
        self.unlike, self.share, self.round_s = unlike, share, round_s
        self.reset_s = reset_s if share is not None else 0.0
        self.chips = jobs.chips
        count, kinds = unlike.rate.shape
        self.left = unlike.steps.copy()
        self.there: list[int] = []
        self.received_s = np.full((count, kinds), round_s / 2)
        self.deficit_s = np.zeros((count, kinds))
        self.shares = np.zeros((count, kinds))
        self.bound = np.full(count, -1)
        self.set_s = -np.inf
        self.stale = False

    def arrive(self, job: int) -> None:
        self.there.append(job)
        self.stale = True

    def set_shares(self, now_s: float) -> None:
        """Set shares anew, and remember who has received less than its old one."""
        if not self.stale or now_s - self.set_s < self.reset_s:
            return
        there = np.asarray(self.there)
        if np.isfinite(self.set_s):
            due_s = self.shares[there] * (now_s - self.set_s)
            self.deficit_s[there] += due_s - (self.received_s[there] - self.round_s / 2)
        self.received_s[there] = self.round_s / 2
        self.shares[:] = 0.0
        if self.share is None:
            self._bind()
        else:
            unlike = self.unlike
            claims = Claims(rate=unlike.rate[there], chips=self.chips[there].astype(float), there=unlike.there)
            self.shares[there] = self.share(claims)
        self.set_s, self.stale = now_s, False

    def _bind(self) -> None:
        free = self.unlike.there.copy()
        held = [job for job in self.there if self.bound[job] >= 0]
        for job in held:
            free[self.bound[job]] -= self.chips[job]
        open_kinds = np.flatnonzero(free > 0)
        for job in self.there:
            if self.bound[job] >= 0:
                continue
            if not np.any((free[open_kinds] >= self.chips[job]) & (self.unlike.rate[job, open_kinds] > 0)):
                break
            able = open_kinds[self.unlike.rate[job, open_kinds] > 0]
            self.bound[job] = able[0]
            free[able[0]] -= self.chips[job]
        for job in self.there:
            if self.bound[job] >= 0:
                self.shares[job, self.bound[job]] = 1.0

    def choose(self, kinds: Sequence[int]) -> dict[int, int]:
        """Jobs of the next round, each with its kind."""
        there = np.asarray(self.there)
        room, chosen = self.unlike.there.copy(), dict[int, int]()
        total_s = self.received_s[there].sum(axis=0)
        for kind in kinds:
            part = self.received_s[there, kind] / total_s[kind]
            share = self.shares[there, kind]
            first = np.where(part > 0, share / np.where(part > 0, part, 1.0), share * NEW)
            order = np.lexsort((np.arange(len(there)), -share, -self.deficit_s[there, kind], -first))
            for job, priority in zip(there[order].tolist(), first[order].tolist(), strict=True):
                if room[kind] <= 0:
                    break
                able = self.unlike.rate[job, kind] > 0 and (priority > 0 or self.share is not None)
                if able and job not in chosen and self.chips[job] <= room[kind]:
                    chosen[job] = kind
                    room[kind] -= self.chips[job]
        return chosen


class _Log:
    """Who has held what when, and when each job was done."""

    def __init__(self, count: int) -> None:
        self.job: list[int] = []
        self.spans: list[tuple[float, float]] = []
        self.finished_s = np.full(count, np.inf)

    def runs(self, chips: Indices) -> Runs:
        begins, ends = np.array(self.spans).T
        place = np.asarray(self.job, dtype=np.intp)
        return Runs(
            job=place, start_s=begins, end_s=ends, held=chips[place], finished_s=self.finished_s, preemptions=0,
            room=None,
        )  # fmt: skip


def _work(state: _Rounds, chosen: Mapping[int, int], now_s: float, log: _Log) -> float:
    """Let who was chosen work for a round or until it is done; gives when the last of them ends."""
    end_s = now_s
    for job, kind in chosen.items():
        rate = float(state.unlike.rate[job, kind])
        steps = min(float(int(rate * state.round_s)), float(state.left[job]))
        done_s = now_s + steps / rate
        state.left[job] -= steps
        state.received_s[job, kind] += done_s - now_s
        log.job.append(job)
        log.spans.append((now_s, done_s))
        end_s = max(end_s, done_s)
        if state.left[job] <= 0:
            log.finished_s[job] = done_s
            state.there.remove(job)
            state.stale = True
    return end_s


def replay_rounds(
    jobs: Jobs,
    unlike: Unlike,
    share: Share | None,
    *,
    round_s: float = 360.0,
    reset_s: float = 1920.0,
    aware: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Runs:
    """Replay jobs on unlike chips; ``share`` None binds in order. Every job has to be able to run on some kind.

    ``aware``: kinds are filled fastest first; otherwise in an order drawn for each round.
    """
    state, draw = _Rounds(jobs, unlike, share, round_s, reset_s), random.Random(seed)  # noqa: S311
    submit_s, count, at = jobs.submit_s, len(jobs), 0
    log = _Log(count)
    now_s = float(submit_s[0])
    kinds = list(range(len(unlike.kinds)))
    while at < count or state.there:
        while at < count and submit_s[at] <= now_s:
            state.arrive(at)
            at += 1
        if not state.there:
            now_s = float(submit_s[at])
            continue
        state.set_shares(now_s)
        if not aware:
            draw.shuffle(kinds)
        end_s = _work(state, state.choose(kinds), now_s, log)
        now_s = end_s if end_s > now_s else now_s + round_s
        if progress is not None:
            progress(at / count)
    return log.runs(jobs.chips)
