"""A replay: jobs on a fleet under rules, and the account of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tenfold.fleet.account.gaps import gaps_of
from tenfold.fleet.account.grid import Lane, fleet_free, grid_of
from tenfold.fleet.account.openings import Opening, openings_of, stranded_chip_s
from tenfold.fleet.account.reasons import IDLE, REASONS, account_lane
from tenfold.fleet.asks import asks_of, scopes_of
from tenfold.fleet.capacity.domains import Domains
from tenfold.fleet.capacity.nodes import Nodes
from tenfold.fleet.capacity.pool import Pool
from tenfold.fleet.capacity.powered import Power, Powered, bare
from tenfold.fleet.capacity.powered_domains import PoweredDomains
from tenfold.fleet.capacity.spots import spots_of
from tenfold.fleet.capacity.tree import Tree
from tenfold.fleet.engine.contested import replay_contested
from tenfold.fleet.engine.log import HAPPENED
from tenfold.fleet.engine.moving import replay_moving
from tenfold.fleet.engine.moving_orders import MOVING_ORDERS
from tenfold.fleet.engine.quickest import run_steady
from tenfold.fleet.engine.rounds import Unlike, replay_rounds
from tenfold.fleet.engine.upsets import Upsets
from tenfold.fleet.fair import HALF_LIFE_S, TURNS, Turns
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.orders import fifo
from tenfold.fleet.pace import Speeds
from tenfold.fleet.reservations import Reservation
from tenfold.fleet.rivals import HOUSE, Rivals
from tenfold.fleet.runs import Runs
from tenfold.fleet.shares import SHARES
from tenfold.fleet.spot import SpotTerm
from tenfold.quantities import Flags, Floats, Indices, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The fleet and how it is shared."""

    chips: int
    node_sizes: tuple[int, ...] = ()
    """Chips of each node; none for a pool."""
    order: str = "fifo"
    admission: str = "head"
    placement: str = "best-fit"
    interval_s: float = 0.0
    queues: tuple[float, ...] = ()
    """Limits of the queues of ``las``, chip-seconds."""
    quotas: Mapping[str, int] = field(default_factory=dict)
    """Chips by tenant, each a part of the fleet of its own; none where all share it."""
    weights: Mapping[str, int] = field(default_factory=dict)
    """Of tenants that take turns; 1 where nothing is said."""
    half_life_s: float = HALF_LIFE_S
    """Of what a tenant used, under ``fair``."""
    contested: bool = False
    """Whether running jobs can be stopped at a cost."""
    preemption: str = "none"
    guaranteed: Mapping[str, int] = field(default_factory=dict)
    """Chips by tenant that others may borrow."""
    upsets: Upsets = field(default_factory=Upsets)
    domains: Domains | None = None
    """The tree that nodes stand in, in place of their sizes."""
    speeds: Speeds | None = None
    """How quick jobs are that name a model, wherever they may stand."""
    power: Power | None = None
    """How many chips may be busy, in steps."""
    reservations: tuple[Reservation, ...] = ()
    spot: tuple[SpotTerm, ...] = ()
    seed: int = 0
    notes: tuple[str, ...] = ()
    """What is to be said of where its chips are from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What became of every job that could ever start, one entry each."""

    jobs: Jobs
    finished_s: Floats
    held_s: Floats
    """Time that each held chips."""
    preemptions: int
    wait_by_reason_s: Mapping[str, Floats]
    idle_chip_s: Mapping[str, float]
    held_beyond_chip_s: float
    """Chips held that were not asked for: the rest of nodes taken whole."""
    lost_chip_s: Mapping[str, float]
    """Chip-seconds held that did no lasting work, by what they did instead."""
    productive_chip_s: float
    """Chip-seconds of lasting work."""
    happened: Mapping[str, int]
    """How often machines, software and sellers struck, where they can."""
    window_s: tuple[float, float]
    openings: tuple[Opening, ...]
    """Largest gangs that could start, over time, by level and kind."""
    stranded_chip_s: float
    """Chip-seconds that were free beyond the largest gang that could start."""
    never: Flags
    """Of all jobs that were given: those that fit not even an empty fleet."""

    @property
    def jct_s(self) -> Floats:
        """From submission to the end."""
        return self.finished_s - self.jobs.submit_s

    @property
    def wait_s(self) -> Floats:
        """Time without chips."""
        return np.asarray(self.jct_s - self.held_s)


def replay(jobs: Jobs, rules: Rules, progress: Progress | None = None, rivals: Rivals = HOUSE) -> Replay:
    """Replay jobs under rules, whose names ``rivals`` knows; jobs that can never start are left out and named."""
    never = np.ones(len(jobs), dtype=np.bool_)
    lanes: list[tuple[Indices, Lane]] = []
    for tenant, rows, capacity in _parts(jobs, rules, rivals):
        asks = asks_of(capacity, jobs.take(rows)).later
        could = {ask: bool(capacity.could_ever(ask)) for ask in set(asks)}
        rows = rows[np.array([could[ask] for ask in asks], dtype=np.bool_)]
        never[rows] = False
        some = jobs.take(rows)
        scopes = scopes_of(capacity, some)
        runs = _run(some, capacity, rules, rivals, progress)
        looks, power = bare(capacity).looks, rules.power
        lane = Lane(
            jobs=some,
            runs=runs,
            chips=capacity.chips,
            tenant=tenant,
            scopes=scopes,
            looks=looks,
            spots=spots_of(capacity),
            power=power,
        )
        lanes.append((rows, lane))
    return _told(jobs, rules, lanes, never)


def _parts(jobs: Jobs, rules: Rules, rivals: Rivals) -> list[tuple[str, Any, Any]]:
    """Tenants, the places of their jobs, and what they have; one part without quotas."""
    if not rules.quotas:
        return [("", np.arange(len(jobs)), capacity_of(rules, rules.chips, rules.node_sizes, rivals))]
    found, at = [], 0
    names = {name: place for place, name in enumerate(jobs.tenants)}
    for tenant, chips in rules.quotas.items():
        sizes: list[int] = []
        while rules.node_sizes and sum(sizes) < chips and at < len(rules.node_sizes):
            sizes.append(min(rules.node_sizes[at], chips - sum(sizes)))
            at += 1
        rows = np.flatnonzero(jobs.tenant == names.get(tenant, -1))
        found.append((tenant, rows, capacity_of(rules, chips, tuple(sizes), rivals)))
    return found


def capacity_of(rules: Rules, chips: int, sizes: tuple[int, ...], rivals: Rivals = HOUSE) -> Any:  # noqa: ANN401
    """A tree where there are domains, nodes where there are any, else a pool; under a limit where power is one."""
    there: Any = Nodes(sizes, rivals.placements[rules.placement]) if sizes else Pool(chips)
    if rules.domains is not None:
        there = Tree(rules.domains, rivals.placements[rules.placement], rivals.domain_choices[rules.placement])
        if rules.power is not None and rules.power.domains:
            there = PoweredDomains(there, rules.power.domains)
    return there if rules.power is None else Powered(there, rules.power.step_s, rules.power.chips)


def _run(jobs: Jobs, capacity: Any, rules: Rules, rivals: Rivals, progress: Progress | None) -> Runs:  # noqa: ANN401
    """Runs, by the engine that the rules need."""
    if rules.contested:
        places = {name: place for place, name in enumerate(jobs.tenants)}
        return replay_contested(
            jobs,
            capacity,
            rivals.orders[rules.order](jobs),
            upsets=rules.upsets,
            preemption=rivals.preemptions[rules.preemption],
            guaranteed={places[name]: chips for name, chips in rules.guaranteed.items() if name in places},
            reservations=rules.reservations,
            spot=rules.spot,
            speeds=rules.speeds,
            strict=rules.admission == "head",
            interval_s=rules.interval_s,
            seed=rules.seed,
            progress=progress,
        )
    if rules.order in MOVING_ORDERS:
        moving = MOVING_ORDERS[rules.order]
        strict = rules.admission == "head"
        return replay_moving(
            jobs, capacity, moving, limits=rules.queues, strict=strict, interval_s=rules.interval_s, progress=progress
        )
    return run_steady(
        jobs,
        capacity,
        rivals.orders.get(rules.order, fifo)(jobs),
        rules.admission,
        rules.placement,
        interval_s=rules.interval_s,
        admissions=rivals.admissions,
        turns=_turns(jobs, rules),
        speeds=rules.speeds,
        progress=progress,
    )


def _turns(jobs: Jobs, rules: Rules) -> Turns | None:
    """How tenants take turns; None under orders of jobs."""
    if rules.order not in TURNS:
        return None
    half_s = rules.half_life_s if TURNS[rules.order] else 0.0
    return Turns(half_s, [rules.weights.get(name, 1) for name in jobs.tenants])


def _told(jobs: Jobs, rules: Rules, lanes: list[tuple[Indices, Lane]], never: Flags) -> Replay:
    count = len(jobs)
    finished_s = np.full(count, np.nan)
    held_s = np.zeros(count)
    waits = {name: np.zeros(count) for name in REASONS}
    idle = dict.fromkeys(IDLE, 0.0)
    fleet = fleet_free(tuple(lane for _, lane in lanes), rules.chips)
    grids = []
    for rows, lane in lanes:
        if not len(lane.jobs):
            continue
        gaps = gaps_of(lane.jobs, lane.runs, lane.scopes)
        grid = grid_of(lane, fleet, gaps)
        by_reason, idle_by = account_lane(grid, gaps)
        grids.append(grid)
        finished_s[rows] = lane.runs.finished_s
        held_s[rows] = _held_s(lane)
        for name, column in by_reason.items():
            waits[name][rows] = column
        idle = {name: idle[name] + idle_by[name] for name in idle}
    kept = np.flatnonzero(~never)
    some = jobs.take(kept)
    window = (float(some.submit_s.min(initial=np.inf)), float(np.max(finished_s[kept], initial=-np.inf)))
    runs = [lane.runs for _, lane in lanes]
    return Replay(
        jobs=some,
        finished_s=finished_s[kept],
        held_s=held_s[kept],
        preemptions=sum(each.preemptions for each in runs),
        wait_by_reason_s={name: column[kept] for name, column in waits.items()},
        idle_chip_s=idle,
        held_beyond_chip_s=sum(_beyond(lane) for _, lane in lanes),
        lost_chip_s=_lost_chip_s(runs),
        productive_chip_s=float((some.work_s * some.chips).sum()) + sum(each.shift_chip_s for each in runs),
        happened={name: sum(each.happened.get(name, 0) for each in runs) for name in HAPPENED},
        window_s=window,
        openings=tuple(each for grid in grids for each in openings_of(grid)),
        stranded_chip_s=sum(stranded_chip_s(grid) for grid in grids),
        never=never,
    )


def _beyond(lane: Lane) -> float:
    """Chip-seconds held beyond the chips that jobs ran on."""
    runs = lane.runs
    chips = lane.jobs.chips[runs.job] if runs.chips is None else runs.chips
    return float(((runs.held - chips) * (runs.end_s - runs.start_s)).sum())


def _held_s(lane: Lane) -> Floats:
    """Time that each job held chips."""
    runs, jobs = lane.runs, lane.jobs
    if runs.held_s is not None:
        return runs.held_s
    return np.bincount(runs.job, weights=runs.end_s - runs.start_s, minlength=len(jobs)).astype(np.float64)


def replay_unlike(
    jobs: Jobs, unlike: Unlike, rules: Rules, round_s: float, seed: int, progress: Progress | None = None
) -> Replay:
    """Replay jobs with steps to do on unlike chips, in rounds; a job's work is the time it ran."""
    share = SHARES.get(rules.order)
    aware = rules.order == "max-min"
    runs = replay_rounds(jobs, unlike, share, round_s=round_s, aware=aware, seed=seed, progress=progress)
    ran_s = np.bincount(runs.job, weights=runs.end_s - runs.start_s, minlength=len(jobs))
    ran = replace(jobs, work_s=ran_s.astype(np.float64))
    never = np.zeros(len(jobs), dtype=np.bool_)
    pool = Pool(rules.chips)
    lane = Lane(
        jobs=ran, runs=runs, chips=rules.chips, scopes=scopes_of(pool, ran), looks=pool.looks, spots=spots_of(pool)
    )
    return _told(ran, rules, [(np.arange(len(jobs)), lane)], never)


def _lost_chip_s(runs: Sequence[Runs]) -> dict[str, float]:
    """Chip-seconds that lanes lost, by cause."""
    causes = dict.fromkeys(name for each in runs for name in each.lost_chip_s)
    return {name: sum(each.lost_chip_s.get(name, 0.0) for each in runs) for name in causes}
