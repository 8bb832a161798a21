"""Jobs that go on without a node that failed, and have all of their chips again as soon as these are free.

What is dropped is the node, since a trace says of no gang what its replicas are; without another node nobody goes on.
Who goes on stalls, keeps its work in the memory of the others, which is no save, and does as much a chip as before.
"""

from __future__ import annotations

from typing import Any

from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.making_room import whole_place


def drop(contest: Contest, job: int, node: int | None) -> bool:
    """Let a job go on without a node, one of a pool where None; False where it cannot, and nothing has changed."""
    run, upsets = contest.running[job], contest.upsets
    left: Any = max(0, run.place - upsets.unit_chips) if node is None else _without(run.place, node)
    chips = min(run.chips, bare(contest.capacity).size_of(left)) if left else 0
    said = contest.least[job] < contest.chips[job]
    if not upsets.goes_on or chips < (contest.least[job] if said else 1):
        return False
    _go_on(contest, job, left, chips)
    contest.dropped.add(job)
    return True


def take_in_again(contest: Contest) -> None:
    """Give jobs that dropped a node all of their chips, before all that wait but those of earlier tiers."""
    first = min((ranks[0][0][0] for ranks in contest.waiting.values()), default=None)
    for job in sorted(contest.dropped, key=lambda each: (contest.tier[each], contest.place[each])):
        place = whole_place(contest, job) if first is None or contest.tier[job] <= first else None
        if place is not None:
            _go_on(contest, job, place, contest.chips[job])


def _without(place: Any, node: int) -> Any:  # noqa: ANN401
    return tuple(each for each in place if each[0] != node)


def _go_on(contest: Contest, job: int, place: Any, chips: int) -> None:  # noqa: ANN401
    """Let a running job go on elsewhere after a stall, with all of its work and no save."""
    run, worked_s = contest.running[job], contest.worked_s(job)
    still_s = max(0.0, run.start_s + run.first_s - contest.now_s)
    contest.spend(job, worked_s)
    contest.leave(job)
    contest.run(job, place, still_s + contest.upsets.stall_s, chips, worked_s)
