"""Where a job may start: beside what is reserved for others, and what is about to be taken back.

On chips that are about to go it may start if it ends before, or if what it keeps when they go is worth more time than
the restart that this costs beyond what its start costs in any case: (kept − done) ÷ rate + first > restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.taking_back import Leaving, kept_at_s
from tenfold.fleet.reservations import leaves_room


def place_for(contest: Contest, job: int, ask: Any) -> Any:  # noqa: ANN401
    """Place where a job may start now, or None while there is none."""
    if not contest.leaving or not contest.capacity.fits(ask):
        return contest.capacity.find(ask)
    first_s, done_s = contest.first_s(job), contest.done_s[job]
    ends_s = contest.now_s + first_s + max(0.0, contest.estimate_s[job] - done_s) / contest.useful
    going = [each for each in contest.leaving if not each.due and each.spot.from_s < ends_s]
    if not going:
        return contest.capacity.find(ask)
    there, hidden = bare(contest.capacity), list[Any]()
    for each in going:
        for place in _free_of(contest, each):
            there.take(place)
            hidden.append(place)
    found = contest.capacity.find(ask)
    for place in hidden:
        there.give(place)
    spot = min((each.spot for each in going), key=lambda each: each.from_s)
    works_s = max(0.0, spot.from_s - contest.now_s - first_s)
    gets_s = (kept_at_s(contest, spot, done_s, works_s, contest.useful) - done_s) / contest.useful
    if found is None and gets_s + first_s > contest.upsets.restart_s:
        found = contest.capacity.find(ask)
    return found


def _free_of(contest: Contest, leaving: Leaving) -> Sequence[Any]:
    """Free places of chips about to go, a node each; of a pool as much as others do not give back till then."""
    there, go_s = bare(contest.capacity), leaving.spot.from_s
    if leaving.nodes:
        return [((node, there.left[node]),) for node in leaving.nodes if there.left[node]]
    ending = sum([run.chips for job, run in contest.running.items() if contest.ends_s(job, run) <= go_s])
    return [min(there.free, max(0, leaving.missing - ending))]


def may_start(contest: Contest, job: int) -> bool:
    """Whether a job leaves room for what is reserved for others, by estimates."""
    if not contest.reservations:
        return True
    left_s = max(0.0, contest.estimate_s[job] - contest.done_s[job]) / contest.useful
    running = ((contest.tenant[each], run.chips, contest.ends_s(each, run)) for each, run in contest.running.items())
    return leaves_room(
        contest.reservations,
        running,
        contest.capacity.chips,
        tenant=contest.tenant[job],
        asks=contest.chips[job],
        now_s=contest.now_s,
        ends_s=contest.now_s + left_s,
    )
