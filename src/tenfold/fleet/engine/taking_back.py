"""Spot chips are taken back: who has them works on until they go, less the time of a save, and stops then.

Spot chips are the last nodes of the fleet that are not being taken back already; in a pool any, those of the latest
tier and the least loss first. From the notice on, a job that does not end before they go, by its estimate, stands
elsewhere where it can (``standing``). Just in time before they go, who is to have them to the end saves, if the notice
is long enough and no usual save keeps as much; others go back to their latest save.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.failing import be_gone
from tenfold.fleet.engine.making_room import cheapest_first
from tenfold.fleet.engine.upsets import NEVER, NOBODY, SPOT, Event
from tenfold.fleet.preemptions import all_of_it, latest_save_s
from tenfold.fleet.spot import SpotTerm

NOTICE, SAVE, GO = range(3)
"""What happens to a term, in order; with its place among the terms the stamp of an event."""


@dataclass(slots=True)
class Leaving:
    """Chips that are being taken back."""

    spot: SpotTerm
    missing: int
    """Chips that are still there."""
    nodes: frozenset[int]
    """Which nodes they are of; none in a pool."""
    due: bool = False
    """Whether they are to be gone, so that what is free of them is taken."""
    told: dict[int, float] = field(default_factory=dict)
    """Jobs that saved, and the starts since when they run."""


def foretell(contest: Contest, spot: Sequence[SpotTerm], begin_s: float) -> None:
    """Write down when chips will be taken back; what is over before the first job comes is passed over."""
    for place, each in enumerate(spot):
        if each.until_s > begin_s:
            event = (max(each.from_s - each.notice_s, begin_s), SPOT, NOBODY, 3 * place + NOTICE, each)
            heapq.heappush(contest.events, event)


def take_back(contest: Contest, event: Event) -> None:
    """The notice of some chips begins, it is time to save, or they go."""
    _, _, _, stamp, what = event
    if isinstance(what, SpotTerm):
        _notify(contest, what, stamp)
    elif stamp % 3 == SAVE:
        _save(contest, what)
    else:
        what.due = True
        absorb(contest)
        _stop_holders(contest, what)


def _notify(contest: Contest, spot: SpotTerm, stamp: int) -> None:
    """Choose the chips, and write down when their holders save and when they go."""
    leaving = _told(contest, spot)
    contest.leaving.append(leaving)
    save_s = spot.from_s - save_before_s(contest, spot)
    if save_s >= contest.now_s:
        heapq.heappush(contest.events, (save_s, SPOT, NOBODY, stamp + SAVE, leaving))
    heapq.heappush(contest.events, (max(spot.from_s, contest.now_s), SPOT, NOBODY, stamp + GO, leaving))


def save_before_s(contest: Contest, spot: SpotTerm) -> float:
    """How long before chips go their holders begin to save; infinite where they learn of it too late."""
    save_s = contest.upsets.save_s
    return save_s if spot.notice_s > 0 and spot.notice_s >= save_s else NEVER


def kept_at_s(contest: Contest, spot: SpotTerm, done_s: float, works_s: float, rate: float) -> float:
    """Work that is kept when chips go, of a job that has ``done_s`` and can work for ``works_s`` until then.

    It stands still for a save at the end, done + rate · (works − save), or counts on its latest usual one.
    """
    saved = done_s + rate * max(0.0, works_s - save_before_s(contest, spot))
    return max(saved, latest_save_s(done_s + rate * works_s, contest.upsets.interval_s))


def _save(contest: Contest, leaving: Leaving) -> None:
    """Let those save who have the chips and do not end before, where that keeps more than their latest save will."""
    spot, now_s = leaving.spot, contest.now_s
    for job in _stayers(contest, leaving):
        run, done_s = contest.running[job], contest.reached_s(job)
        works_s = max(0.0, spot.from_s - max(now_s, run.start_s + run.first_s))
        if latest_save_s(done_s + run.rate * works_s, contest.upsets.interval_s) < done_s:
            leaving.told[job] = run.start_s
            run.first_s += contest.upsets.save_s
            contest.expect(job)


def _stayers(contest: Contest, leaving: Leaving) -> list[int]:
    """Jobs that are expected to have the chips to the end."""
    runs, go_s = contest.running, leaving.spot.from_s
    late = {job for job, run in runs.items() if contest.ends_s(job, run) > go_s}
    if leaving.nodes:
        return [job for job in late if any(node in leaving.nodes for node, _ in runs[job].place)]
    ending = sum([run.chips for job, run in runs.items() if job not in late])
    return _fewest(contest, cheapest_first(contest, list(late)), leaving.missing - contest.capacity.free - ending)


def _stop_holders(contest: Contest, leaving: Leaving) -> None:
    """Stop whoever still has chips that are gone now."""
    for job in _holders(contest, leaving):
        saved = leaving.told.get(job) == contest.running[job].start_s
        contest.log.count("spot_stops")
        keeps = all_of_it if saved else latest_save_s
        contest.stop(job, contest.kept_s(job, contest.reached_s(job), keeps), "lost_to_spot")
        absorb(contest)


def absorb(contest: Contest) -> None:
    """Take what is free of chips that are to be gone."""
    contest.leaving = [each for each in contest.leaving if each.missing and each.spot.until_s > contest.now_s]
    for each in [each for each in contest.leaving if each.due]:
        capacity = bare(contest.capacity)
        if not each.nodes:
            chips = min(each.missing, capacity.free)
            be_gone(contest, chips, each.spot.until_s)
            each.missing -= chips
        for node in each.nodes:
            chips = capacity.left[node]
            be_gone(contest, ((node, chips),), each.spot.until_s)
            each.missing -= chips


def _told(contest: Contest, spot: SpotTerm) -> Leaving:
    """Choose the chips."""
    sizes = getattr(bare(contest.capacity), "sizes", ())
    taken = {node for each in contest.leaving for node in each.nodes}
    chips, nodes = 0, list[int]()
    for node in reversed(range(len(sizes))):
        if chips < spot.chips and node not in taken:
            nodes.append(node)
            chips += sizes[node]
    return Leaving(spot=spot, missing=chips or spot.chips, nodes=frozenset(nodes))


def _holders(contest: Contest, leaving: Leaving) -> list[int]:
    """Jobs that have chips which are to be gone: those on the nodes; of a pool who saved and the cheapest."""
    if leaving.nodes:
        return [job for job, run in contest.running.items() if any(node in leaving.nodes for node, _ in run.place)]
    told = [job for job, start_s in leaving.told.items() if _runs_since(contest, job, start_s)]
    others = cheapest_first(contest, [each for each in contest.running if each not in told])
    return _fewest(contest, [*told, *others], leaving.missing)


def _fewest(contest: Contest, jobs: Iterable[int], chips: int) -> list[int]:
    """The first of running jobs that have so many chips together."""
    found, have = list[int](), 0
    for job in jobs:
        if have >= chips:
            break
        found.append(job)
        have += contest.running[job].chips
    return found


def _runs_since(contest: Contest, job: int, start_s: float) -> bool:
    return job in contest.running and contest.running[job].start_s == start_s
