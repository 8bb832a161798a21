"""How running jobs make room for one that waits: rivals with one signature.

    make_room(Contest, job) → whether there may be room now

Nobody is stopped, moved or shrunk for nothing: victims are tried on a copy first, those of the latest tier before
others and of one tier those that lose the fewest chip-seconds, and who turns out not to be needed is left alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tenfold.fleet.engine.log import worked_s
from tenfold.fleet.engine.upsets import STOP

if TYPE_CHECKING:
    from tenfold.fleet.engine.contest import Contest


def stop_later(contest: Contest, job: int) -> bool:
    """Stop jobs of later tiers, at once or when their notice is over; False until they have stopped."""
    if contest.told and contest.claimant != job:
        return False
    mine = contest.counts_as(job)
    later = sum([chips for tier, chips in contest.held.items() if tier > mine])
    if contest.told or not later or contest.capacity.free + later < contest.chips[job]:
        return False
    victims = victims_of(contest, job)
    if not victims:
        return False
    notice_s = contest.upsets.notice_s
    for each in victims:
        contest.log.preemptions += 1
        if notice_s > 0:
            _tell(contest, each, job)
        else:
            stop_now(contest, each, job)
    return not notice_s > 0


def victims_of(contest: Contest, job: int) -> Sequence[int]:
    """Running jobs of later tiers that make room for one: the fewest and cheapest; none if all of them do not."""
    mine = contest.counts_as(job)
    return _enough(contest, job, [each for each, tier in contest.rank.items() if tier > mine])


def stop_now(contest: Contest, job: int, claimant: int) -> None:
    """Stop a running job, which keeps what its preemption says; what it loses to one that failed is charged to that."""
    noticed = job in contest.told and contest.upsets.notice_s >= contest.upsets.save_s
    reached_s = contest.reached_s(job)
    kept = reached_s if noticed else contest.kept_s(job, reached_s, contest.preemption.kept_s)
    contest.stop(job, kept, "lost_after_failure" if contest.failed[claimant] else "lost_to_preemption")
    if contest.preemption.saves and not noticed:
        contest.owes_s[job] = contest.upsets.save_s


def _tell(contest: Contest, victim: int, claimant: int) -> None:
    """Tell a job that it has to stop: where there is time it stands still for a save, and keeps all it has done."""
    upsets = contest.upsets
    stops_s = contest.told[victim] = contest.now_s + upsets.notice_s
    contest.claimant = claimant
    if upsets.notice_s >= upsets.save_s:
        contest.running[victim].first_s += upsets.save_s
        contest.expect(victim)
    heapq.heappush(contest.events, (stops_s, STOP, victim, 0, None))


def _enough(contest: Contest, job: int, able: Iterable[int]) -> Sequence[int]:
    """Of running jobs that may be stopped, the fewest and cheapest that make room; none if all of them do not."""
    later = list(able)
    spare = contest.capacity.free + sum([contest.running[each].chips for each in later])
    if not later or spare < contest.chips[job]:
        return ()
    trial, victims, ask = contest.capacity.copy(), [], contest.asks[job]
    for each in cheapest_first(contest, later):
        if trial.fits(ask):
            break
        trial.give(contest.running[each].place)
        victims.append(each)
    return _needed(contest, trial, victims, ask) if trial.fits(ask) else ()


def cheapest_first(contest: Contest, able: Sequence[int]) -> Iterator[int]:
    """Of the latest tier first, and of one tier who loses the fewest chip-seconds; worked out as far as is asked."""
    for tier in sorted({contest.rank[each] for each in able}, reverse=True):
        of_tier = losses(contest, [each for each in able if contest.rank[each] == tier])
        heapq.heapify(of_tier)
        while of_tier:
            yield heapq.heappop(of_tier)[1]


def losses(contest: Contest, jobs: Iterable[int]) -> list[tuple[float, int]]:
    """Chip-seconds that running jobs would lose, each with its job: work that is not kept, and a restart."""
    keeps, interval_s, restart_s = contest.preemption.kept_s, contest.upsets.interval_s, contest.upsets.restart_s
    running, done, work, chips = contest.running, contest.done_s, contest.work_s, contest.chips
    now_s, found = contest.now_s, []
    for job in jobs:
        done_s = done[job]
        reached_s = done_s + worked_s(running[job], now_s, work[job] - done_s)
        saved_s = keeps(reached_s, interval_s)
        lost_s = reached_s - (saved_s if saved_s > done_s else done_s)
        found.append(((lost_s + restart_s) * chips[job], job))
    return found


def _needed(contest: Contest, trial: Any, victims: Sequence[int], ask: Any) -> Sequence[int]:  # noqa: ANN401
    """Victims without those that turn out not to be needed, dearest first."""
    needed = list(victims)
    for each in reversed(victims[:-1]):
        place = contest.running[each].place
        if not trial.holds(place):
            continue
        trial.take(place)
        if trial.fits(ask):
            needed.remove(each)
        else:
            trial.give(place)
    return needed


def move_others(contest: Contest, job: int) -> bool:
    """Move jobs of its tier and later ones elsewhere, where enough chips are free but not where the gang may stand."""
    if contest.capacity.free < contest.chips[job]:
        return False
    mine = contest.counts_as(job)
    able = [each for each, tier in contest.rank.items() if tier >= mine]
    return _replaced(contest, job, able, {each: contest.running[each].chips for each in able})


def shrink_later(contest: Contest, job: int) -> bool:
    """Let jobs of later tiers go on with as few chips as they can run on; none of them stops."""
    mine = contest.counts_as(job)
    runs = contest.running
    able = [each for each, tier in contest.rank.items() if tier > mine and contest.least[each] < runs[each].chips]
    return _replaced(contest, job, able, {each: contest.least[each] for each in able})


def _replaced(contest: Contest, job: int, able: Iterable[int], left: dict[int, int]) -> bool:
    """Take jobs off, keep a place for the gang, and put them back on ``left`` chips, if all of them find a place."""
    victims = _enough(contest, job, able)
    if not victims:
        return False
    trial = contest.capacity.copy()
    for each in victims:
        trial.give(contest.running[each].place)
    trial.take(trial.find(contest.asks[job]))
    places = {}
    for each in sorted(victims, key=lambda victim: -left[victim]):
        place = trial.find(on(contest.asks[each], left[each]))
        if place is None:
            return False
        trial.take(place)
        places[each] = place
    for each in victims:
        contest.pause(each)
    contest.log.preemptions += len(victims)
    for each, place in places.items():
        contest.move(each, place, left[each])
    return True


def on(ask: Any, chips: int) -> Any:  # noqa: ANN401
    """The same ask for another number of chips."""
    return (chips, *ask[1:]) if isinstance(ask, tuple) else chips


def grow_back(contest: Contest) -> None:
    """Let shrunk jobs have the rest of their chips back, in order, where these are free; when nobody waits."""
    for job in sorted(contest.shrunk, key=lambda each: (contest.tier[each], contest.place[each])):
        place = whole_place(contest, job)
        if place is not None:
            contest.log.count("grew")
            contest.pause(job)
            contest.move(job, place, contest.chips[job])


def whole_place(contest: Contest, job: int) -> Any:  # noqa: ANN401
    """Place for a running job on all chips that it asked for, its own among them; None while there is none."""
    if contest.capacity.free + contest.running[job].chips < contest.chips[job]:
        return None
    trial = contest.capacity.copy()
    trial.give(contest.running[job].place)
    return trial.find(contest.asks[job])
