"""When a job would start if it were submitted now: the state of a fleet, and draws of how long everybody still runs.

What is left of a running job is drawn from the times of jobs of the trace that ran longer than it has; a waiting job's
time from all of them. Where there is no history (a snapshot), both end anywhere up to what they were estimated to,
each moment as likely: jobs use about any share of what their users ask for [Mu'alem and Feitelson 2001, section 5].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.fleet.account.gaps import Gaps
from tenfold.fleet.account.grid import Lane, grid_of
from tenfold.fleet.account.reasons import CAPACITY, POLICY, REASONS, account_lane
from tenfold.fleet.asks import scopes_of
from tenfold.fleet.capacity.powered import bare, has_powered_domains
from tenfold.fleet.engine.foreseen import FORESEEN, foreseen_waits
from tenfold.fleet.engine.quickest import run_steady
from tenfold.fleet.jobs import Jobs, make_jobs
from tenfold.fleet.orders import ORDERS
from tenfold.fleet.replay import Rules, capacity_of
from tenfold.fleet.runs import Runs
from tenfold.fleet.standing import Standing, fits_empty
from tenfold.fleet.wants import Wants, joined, make_wants
from tenfold.fleet.with_room import alone_with_room
from tenfold.quantities import Floats

FIRST = -1e18
"""Key of what runs already."""
BY_ESTIMATE = ("easy", "conservative")
"""Admissions that promise starts by estimates, which are longer than jobs last where no history tells how long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A job that somebody thinks of submitting."""

    chips: int
    work_s: float
    tier: int = 0
    within: str = ""
    """Level of which it stays in one domain; anywhere where empty."""
    kinds: str = ""
    """Kinds of chip that it takes, the best first, with ``|`` between them; any where empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What would become of it, one entry a draw."""

    wait_s: Floats
    reasons: dict[str, float]
    """Mean wait by reason, s."""
    put_off_s: float
    """By so much later it could be submitted and start at the same time in every draw; 0 where others would pass it."""


def could_ever(wish: Wish, rules: Rules) -> bool:
    """Whether a job fits an empty fleet."""
    own = make_jobs(np.zeros(1), np.ones(1), np.array([wish.chips]), wants=own_wants(wish))
    return bool(fits_empty(own, rules)[0])


def room_for(rules: Rules, level: str, kinds: str, chips: int) -> tuple[str, int]:
    """What is too small for a gang that can never start, in words, and the chips that it has."""
    what, there = "the fleet", rules.chips
    if rules.domains is not None:
        there = rules.domains.most(level, kinds)
        what = f"the largest {level}" if level else what
        what += f" with {kinds.replace('|', ' or ')}" if kinds else ""
    if rules.power is not None and there >= chips:
        empty = capacity_of(rules, rules.chips, rules.node_sizes)
        empty.at(rules.power.step_s[-1])
        if has_powered_domains(empty):
            gang, part = empty.largest_powered()
            scope = empty.scope([kind for kind in kinds.split("|") if kind], level)
            there = max(max(gang[at], part[of]) for at, of, _ in empty.looks(scope))
        return "the power of the last step", min(there, rules.power.chips[-1])
    return what, there


def forecast(standing: Standing, rules: Rules, wish: Wish, draws: int, seed: int) -> Forecast:
    """Submit a job into a state, ``draws`` times; a gang that fits not even an empty fleet is refused before."""
    rng = np.random.default_rng(np.random.SeedSequence((seed, 7)))
    rules = replace(rules, speeds=None)  # times that are left are those where a job stands
    lasts_s = np.stack([drawn_lasts_s(standing, wish, rng) for _ in range(draws)])
    jobs = all_jobs(standing, wish, lasts_s[0])
    drawn = [replace(jobs, work_s=each, estimate_s=_told_s(standing, wish, each)) for each in lasts_s]
    learnt = len(standing.history_s) > 0
    keys = [_keys(each, len(standing.running), rules) for each in drawn]
    if rules.contested:
        return _with_room(standing, rules, drawn, keys)
    shaped = rules.node_sizes or rules.domains is not None or rules.power is not None
    as_foreseen = rules.admission in FORESEEN and (learnt or rules.admission not in BY_ESTIMATE) and not shaped
    if as_foreseen and all(np.array_equal(keys[0], each) for each in keys[1:]):
        return _foreseen(jobs, keys[0], lasts_s, rules, standing.now_s)
    alone = _told([_alone(*each, rules, draws) for each in zip(drawn, keys, strict=True)])
    return replace(alone, put_off_s=put_off_s(alone.wait_s, keys))


def _told(found: Sequence[tuple[float, Mapping[str, float]]]) -> Forecast:
    """Draws together; of a job that cannot be put off."""
    waits_s = np.array([wait_s for wait_s, _ in found])
    reasons = {name: sum(each[name] for _, each in found) / len(found) for name in REASONS}
    return Forecast(wait_s=waits_s, reasons=reasons, put_off_s=0.0)


def _with_room(standing: Standing, rules: Rules, drawn: Sequence[Jobs], keys: Sequence[Floats]) -> Forecast:
    """Later tiers make room, draw by draw; who starts at once in an order that is not drawn does so in all."""
    first = waits_with_room(standing, rules, drawn[0])
    if not first[0] and all(np.array_equal(keys[0], each) for each in keys):
        return _told([first] * len(drawn))
    return _told([first, *(waits_with_room(standing, rules, each) for each in drawn[1:])])


def waits_with_room(standing: Standing, rules: Rules, jobs: Jobs) -> tuple[float, Mapping[str, float]]:
    """How long the last job waits, s, and for what, where the first of them run and ``work_s`` is left of all.

    Who is stopped goes back to where it stood in the line when it came, ties by submission, then by row.
    """
    work_s, done_s = jobs.work_s.copy(), standing.elapsed_s * rules.upsets.useful
    work_s[: len(done_s)] += done_s
    there = replace(jobs, work_s=work_s)
    came_s, line = (
        np.concatenate([getattr(standing.running, name), getattr(standing.waiting, name), [last]])
        for name, last in (("submit_s", standing.now_s), ("line", np.inf))
    )
    order = np.lexsort((line, came_s, ORDERS[rules.order](replace(there, submit_s=came_s))))
    keys = np.argsort(order).astype(np.float64)
    return alone_with_room(standing.now_s, there, keys, standing.elapsed_s, standing.kept_s, rules)


def _foreseen(jobs: Jobs, keys: Floats, lasts_s: Floats, rules: Rules, now_s: float) -> Forecast:
    """A pool whose order is the same in all draws.

    Without a shape a job waits for capacity, or for the policy while its chips are free, as ``account.reasons`` says.
    """
    order = np.argsort(keys, kind="stable")
    own = int(np.flatnonzero(order == len(jobs) - 1)[0])
    chips, lasts_s = jobs.chips[order], lasts_s[:, order]
    waits_s, fitting_s = foreseen_waits(now_s, rules.chips, chips, lasts_s, own, rules.admission, rules.interval_s)
    found = {CAPACITY: float((waits_s - fitting_s).mean()), POLICY: float(fitting_s.mean())}
    reasons = dict.fromkeys(REASONS, 0.0) | found
    return Forecast(wait_s=waits_s, reasons=reasons, put_off_s=put_off_s(waits_s, [keys]))


def put_off_s(waits_s: Floats, keys: Sequence[Floats]) -> float:
    """Shortest wait of a job that is last in line in every draw: until it starts, whether it waits moves nobody.

    It is the last entry, which of equal keys is served last. Others would take its chips meanwhile where it is not
    last: 0 then.
    """
    return float(waits_s.min()) if all(each[-1] >= each.max() for each in keys) else 0.0


def _alone(jobs: Jobs, keys: Floats, rules: Rules, times: int) -> tuple[float, Mapping[str, float]]:
    """One draw from event to event: how long the job waits, s, and for what."""
    own, there = len(jobs) - 1, capacity_of(rules, rules.chips, rules.node_sizes)
    scopes, looks = scopes_of(there, jobs), bare(there).looks
    runs = run_steady(
        jobs, there, keys, rules.admission, rules.placement, times=times, interval_s=rules.interval_s, until=own
    )
    waits = (np.array([own]), jobs.submit_s[[own]], runs.start_s[[own]])
    if waits[1] == waits[2]:
        return 0.0, dict.fromkeys(REASONS, 0.0)
    lane = Lane(jobs=jobs, runs=_begun(runs), chips=rules.chips, scopes=scopes, looks=looks, power=rules.power)
    gaps = Gaps(job=waits[0], from_s=waits[1], to_s=waits[2], scope=scopes.first[[own]])
    by_reason, _ = account_lane(grid_of(lane, None, gaps), gaps)
    return float(waits[2][0] - waits[1][0]), {name: float(column[own]) for name, column in by_reason.items()}


def _begun(runs: Runs) -> Runs:
    """Runs of the jobs that started."""
    there = np.isfinite(runs.start_s)
    return replace(
        runs, job=runs.job[there], start_s=runs.start_s[there], end_s=runs.end_s[there], held=runs.held[there]
    )


def drawn_lasts_s(standing: Standing, wish: Wish, rng: np.random.Generator) -> Floats:
    """One draw of what is left of running jobs, of the times of waiting jobs, and the time of the job itself, s."""
    left_s, waiting_s = remaining_s(standing, rng), standing.waiting.work_s - standing.kept_s
    if not len(standing.history_s):
        waiting_s = waiting_s * rng.random(len(waiting_s))
    else:
        waiting_s = standing.history_s[rng.integers(len(standing.history_s), size=len(waiting_s))]
        if standing.kept_s.any():
            waiting_s = np.where(standing.kept_s > 0, _longer_s(standing.history_s, standing.kept_s, rng), waiting_s)
    return np.concatenate([left_s, waiting_s, [wish.work_s]])


def _told_s(standing: Standing, wish: Wish, lasts_s: Floats) -> Floats:
    """How long everybody is taken to hold chips yet by who promises starts.

    As long as it lasts; as it is estimated to where no history tells how long.
    """
    if len(standing.history_s):
        return lasts_s
    left_s = np.maximum(standing.running.estimate_s - standing.elapsed_s, 0.0)
    return np.concatenate([left_s, standing.waiting.estimate_s, [wish.work_s]])


def all_jobs(standing: Standing, wish: Wish, lasts_s: Floats) -> Jobs:
    """Running jobs, waiting jobs, and the job itself, last."""
    parts = (standing.running, standing.waiting)
    chips = np.concatenate([*(part.chips for part in parts), [wish.chips]])
    tier = np.concatenate([*(part.tier for part in parts), [wish.tier]])
    jobs = make_jobs(np.full(len(chips), standing.now_s), lasts_s, chips, tier=tier, wants=_wants(parts, wish))
    return replace(jobs, estimate_s=_told_s(standing, wish, lasts_s))


def _keys(jobs: Jobs, running: int, rules: Rules) -> Floats:
    """In which order they are served: what runs already comes first."""
    keys = ORDERS[rules.order](jobs).astype(np.float64).copy()
    keys[:running] = FIRST
    return keys


def _wants(parts: tuple[Jobs, Jobs], wish: Wish) -> Wants | None:
    """What everybody asks for beside chips; levels are relaxed a time after now."""
    if not (wish.within or wish.kinds) and all(each.wants is None for each in parts):
        return None
    first, second = (make_wants(each.chips) if each.wants is None else each.wants for each in parts)
    return joined(joined(first, second), own_wants(wish))


def own_wants(wish: Wish) -> Wants:
    """What the job itself asks for."""
    within, kinds = (np.array([word], dtype=np.object_) for word in (wish.within, wish.kinds))
    return make_wants(np.array([wish.chips]), within=within, kinds=kinds)


def remaining_s(standing: Standing, rng: np.random.Generator) -> Floats:
    """What is left of running jobs: of times in the history, one that is longer than each has run, less that.

    Without a history some share of what is left of the estimate.
    """
    history, elapsed = standing.history_s, standing.elapsed_s
    if not len(history):
        planned = np.maximum(standing.running.estimate_s - elapsed, 0.0)
        return np.asarray(planned * rng.random(len(planned)))
    return _longer_s(history, elapsed, rng)


def _longer_s(history: Floats, elapsed: Floats, rng: np.random.Generator) -> Floats:
    """Of times in a history, for each one that is longer than it has run, less that; as long again where none is."""
    longer = np.searchsorted(history, elapsed, side="right")
    place = longer + np.floor(rng.random(len(elapsed)) * (len(history) - longer)).astype(np.int64)
    drawn = history[np.minimum(place, len(history) - 1)] - elapsed
    return np.where(longer < len(history), drawn, np.maximum(elapsed, 1.0) * rng.random(len(elapsed)))
