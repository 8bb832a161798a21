"""Spot chips are taken back: with the notice nobody new gets them, and at its end whoever still has them is stopped.

Spot chips are the last nodes of the fleet that are not being taken back already; in a pool any, those of the latest
tier and the least loss first. A job that is told early enough saves, and keeps all it has done; others go back to their
latest save.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.failing import be_gone
from tenfold.fleet.engine.making_room import cheapest_first
from tenfold.fleet.engine.upsets import NOBODY, SPOT, Event
from tenfold.fleet.preemptions import latest_save_s
from tenfold.fleet.spot import SpotTerm


@dataclass(slots=True)
class Leaving:
    """Chips that are being taken back."""

    spot: SpotTerm
    missing: int
    """Chips that somebody still has."""
    nodes: frozenset[int]
    """Which nodes they are of; none in a pool."""
    told: dict[int, float] = field(default_factory=dict)
    """Jobs that saved, and the starts since when they run."""


def foretell(contest: Contest, spot: Sequence[SpotTerm], begin_s: float) -> None:
    """Write down when chips will be taken back; what is over before the first job comes is passed over."""
    for place, each in enumerate(spot):
        if each.until_s > begin_s:
            event = (max(each.from_s - each.notice_s, begin_s), SPOT, NOBODY, place, each)
            heapq.heappush(contest.events, event)


def take_back(contest: Contest, event: Event, now_s: float) -> None:
    """The notice of some chips begins, or is over; not if the pass comes so late that they are back."""
    _, _, _, place, what = event
    spot = what if isinstance(what, SpotTerm) else what.spot
    if spot.until_s <= now_s:
        return
    if what is not spot:
        _stop_holders(contest, what)
        return
    leaving = _told(contest, spot)
    contest.leaving.append(leaving)
    absorb(contest)
    for job in _holders(contest, leaving):
        _tell(contest, leaving, job, spot.from_s - now_s)
    heapq.heappush(contest.events, (max(spot.from_s, now_s), SPOT, NOBODY, ~place, leaving))


def _stop_holders(contest: Contest, leaving: Leaving) -> None:
    """Stop whoever still has chips that are gone now."""
    for job in _holders(contest, leaving):
        done = contest.done_s[job] + contest.worked_s(job)
        saved = leaving.told.get(job) == contest.running[job].start_s
        kept = done if saved else max(latest_save_s(done, contest.upsets.interval_s), contest.done_s[job])
        contest.log.count("spot_stops")
        contest.stop(job, kept, "lost_to_spot")
        absorb(contest)


def absorb(contest: Contest) -> None:
    """Take what is free of chips that are being taken back."""
    contest.leaving = [each for each in contest.leaving if each.missing and each.spot.until_s > contest.now_s]
    for each in contest.leaving:
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
    """Jobs that have chips which are to be gone: those on the nodes; of a pool the cheapest that have enough."""
    if leaving.nodes:
        return [job for job, run in contest.running.items() if any(node in leaving.nodes for node, _ in run.place)]
    found, chips = list[int](), 0
    told = [job for job, start_s in leaving.told.items() if _runs_since(contest, job, start_s)]
    for job in (*told, *cheapest_first(contest, [each for each in contest.running if each not in told])):
        if chips < leaving.missing:
            found.append(job)
            chips += contest.running[job].chips
    return found


def _runs_since(contest: Contest, job: int, start_s: float) -> bool:
    return job in contest.running and contest.running[job].start_s == start_s


def _tell(contest: Contest, leaving: Leaving, job: int, notice_s: float) -> None:
    """Let a job stand still for a save, where there is time for it."""
    if notice_s >= contest.upsets.save_s:
        leaving.told[job] = contest.running[job].start_s
        contest.running[job].first_s += contest.upsets.save_s
        contest.expect(job)
