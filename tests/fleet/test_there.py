"""What is there and when: domains, kinds, power, reservations; and how running jobs make room."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from traces import drawn_jobs, jobs_of

from tenfold.fleet import (
    Jobs,
    Power,
    Replay,
    Reservation,
    Rules,
    Speed,
    Speeds,
    SpotTerm,
    Stood,
    Upsets,
    chips_powered,
    make_jobs,
    make_wants,
    replay,
    summary_of,
)
from tenfold.fleet.capacity.domains import Domains, gathered
from tenfold.fleet.capacity.tree import Tree
from tenfold.fleet.choices import DOMAIN_CHOICES
from tenfold.fleet.placements import PLACEMENTS

SITES = gathered(
    ("site", "rack"),
    [(("a", "1"), "x", 2, 4), (("b", "1"), "y", 1, 4), (("a", "2"), "x", 1, 4), (("b", "2"), "x", 2, 2)],
)
CHIPS = sum(SITES.sizes)
LEVELS = np.array(["", "site", "rack"], dtype=object)
LISTS = np.array(["", "x", "y|x"], dtype=object)
UPSETS = Upsets(failures_per_chip_s=1e-3, unit_chips=4, repair_s=9.0, restart_s=2.0, interval_s=5.0, save_s=0.5)


def wanting(jobs: Jobs, seed: int, relax_s: float = np.inf, least: int = 1) -> Jobs:
    """The same jobs with places, kinds and models in a drawn order."""
    rng, count = np.random.default_rng(seed), len(jobs)
    wants = make_wants(
        jobs.chips,
        within=LEVELS[rng.integers(0, 3, count)],
        relax_s=np.where(rng.random(count) < 0.5, relax_s, np.inf),
        kinds=LISTS[rng.integers(0, 3, count)],
        model=np.array(["", "m"], dtype=object)[rng.integers(0, 2, count)],
        least_chips=np.minimum(least, jobs.chips),
    )
    return replace(jobs, wants=wants)


class Anywhere(dict[Stood, Speed]):
    """Slower on y, and where racks or sites are crossed."""

    def __missing__(self, stood: Stood) -> Speed:
        return Speed(
            alone=0.5 if stood.kind == "y" else 1.0, crossing={"": 1.0, "rack": 0.8, "site": 0.4}[stood.crossed]
        )


SPEEDS = Speeds(Anywhere({Stood(model="", global_batch=0, asked=0, chips=0): Speed()}))


def accounted(found: Replay, rules: Rules) -> None:
    summary = summary_of(found, rules.chips, rules.admission)
    assert np.isfinite(found.finished_s).all()
    assert sum(summary.utilisation.values()) == pytest.approx(1.0, abs=1e-6)
    assert all(value >= -1e-9 for value in summary.utilisation.values())
    assert sum(found.wait_by_reason_s.values()) == pytest.approx(found.wait_s, abs=1e-6)
    assert all((column >= -1e-6).all() for column in found.wait_by_reason_s.values())


@given(
    drawn_jobs(largest=16),
    st.sampled_from(("fifo", "sjf")),
    st.sampled_from(("head", "skip", "easy")),
    st.sampled_from(tuple(PLACEMENTS)),
    st.sampled_from((np.inf, 7.0)),
    st.sampled_from((None, SPEEDS)),
    st.sampled_from((None, Power(step_s=(0.0, 30.0), chips=(9, 17)))),
)
@settings(max_examples=60, deadline=None)
def test_domains_kinds_and_power_are_accounted_for(
    jobs: Jobs, order: str, admission: str, placement: str, relax_s: float, speeds: Speeds | None, power: Power | None
) -> None:
    rules = Rules(
        chips=CHIPS, domains=SITES, order=order, admission=admission, placement=placement, speeds=speeds, power=power
    )
    found = replay(wanting(jobs, len(jobs), relax_s), rules)
    if len(found.jobs):
        accounted(found, rules)


@given(
    drawn_jobs(largest=16),
    st.sampled_from(("none", "requeue", "save", "migrate", "shrink", "elastic")),
    st.sampled_from(("head", "skip")),
    st.sampled_from((SITES, None)),
    st.sampled_from((0.0, 3.0)),
    st.booleans(),
    st.sampled_from((None, Power(step_s=(0.0, 30.0), chips=(9, 17)))),
    st.sampled_from(((), (Reservation(tenant=0, chips=6, from_s=20.0, until_s=60.0),))),
    st.sampled_from(((), (SpotTerm(chips=9, from_s=40.0, until_s=70.0, notice_s=30.0),))),
)
@settings(max_examples=60, deadline=None)
def test_whatever_stops_jobs_is_accounted_for(
    jobs: Jobs,
    preemption: str,
    admission: str,
    domains: Domains | None,
    notice_s: float,
    failing: bool,
    power: Power | None,
    reservations: tuple[Reservation, ...],
    spot: tuple[SpotTerm, ...],
) -> None:
    upsets = replace(UPSETS, notice_s=notice_s, failures_per_chip_s=1e-3 if failing else 0.0)
    rules = Rules(
        chips=CHIPS, domains=domains, order="priority", admission=admission, preemption=preemption, contested=True,
        upsets=upsets, power=power, reservations=reservations, spot=spot, speeds=SPEEDS if domains else None,
    )  # fmt: skip
    found = replay(wanting(jobs, len(jobs), 7.0), rules)
    if len(found.jobs):
        accounted(found, rules)


@given(drawn_jobs(largest=24), st.sampled_from(("head", "skip", "easy")), st.sampled_from(tuple(PLACEMENTS)))
@settings(max_examples=40, deadline=None)
def test_a_tree_that_nobody_minds_is_the_twin_of_nodes(jobs: Jobs, admission: str, placement: str) -> None:
    sizes = (8, 8, 4, 4)
    tree = gathered(("rack",), [(("r",), "", 2, 8), (("r",), "", 2, 4)])
    rules = Rules(chips=24, admission=admission, placement=placement)
    found = [replay(jobs, replace(rules, node_sizes=sizes)), replay(jobs, replace(rules, domains=tree))]
    assert found[1].finished_s.tolist() == found[0].finished_s.tolist()
    flat, skip = make_jobs(jobs.submit_s, jobs.work_s, jobs.chips), replace(rules, admission="skip")
    steady = replay(flat, replace(skip, node_sizes=sizes))
    assert replay(flat, replace(skip, domains=tree, contested=True)).finished_s == pytest.approx(steady.finished_s)


@given(
    st.lists(st.sampled_from((0, 1, 4)), min_size=6, max_size=6),
    st.integers(1, 16),
    st.sampled_from(("", "site", "rack")),
    st.sampled_from(((), ("x",), ("y",))),
    st.sampled_from(tuple(DOMAIN_CHOICES)),
)
@settings(max_examples=100, deadline=None)
def test_a_gang_finds_a_place_where_there_is_one_and_stays_in_its_domain(
    held: list[int], chips: int, level: str, kinds: tuple[str, ...], choice: str
) -> None:
    tree = Tree(SITES, PLACEMENTS[choice], DOMAIN_CHOICES[choice])
    for node, taken in enumerate(held):
        if taken:
            tree.take(((node, min(taken, tree.left[node])),))
    place = tree.find((chips, tree.scope(kinds, level)))
    assert (
        (place is not None) == fits_by_hand(tree, chips, level, kinds) == tree.fits((chips, tree.scope(kinds, level)))
    )
    if place is not None:
        nodes = [node for node, _ in place]
        assert len({SITES.kinds[node] for node in nodes}) == 1
        assert not kinds or SITES.kinds[nodes[0]] in kinds
        at = SITES.levels.index(level) + 1 if level else 0
        assert len({SITES.domain_of[at][node] for node in nodes}) == 1
        assert tree.holds(place)
        assert tree.size_of(place) >= chips


def fits_by_hand(tree: Tree, chips: int, level: str, kinds: tuple[str, ...]) -> bool:
    """Every set of wholly free nodes of one kind in one domain, or one node."""
    at = SITES.levels.index(level) + 1 if level else 0
    for kind in kinds or ("x", "y"):
        mine = [node for node in range(len(SITES.sizes)) if SITES.kinds[node] == kind]
        if chips <= max(SITES.sizes[node] for node in mine):
            if any(tree.left[node] >= chips for node in mine):
                return True
            continue
        wholly = [node for node in mine if tree.left[node] == SITES.sizes[node]]
        for domain in set(SITES.domain_of[at]):
            free = [SITES.sizes[node] for node in wholly if SITES.domain_of[at][node] == domain]
            several = itertools.chain.from_iterable(
                itertools.combinations(free, count) for count in range(len(free) + 1)
            )
            if any(sum(some) >= chips for some in several):
                return True
    return False


def test_a_level_is_relaxed_after_a_time() -> None:
    tree = gathered(("rack",), [(("1",), "", 1, 4), (("2",), "", 1, 4)])
    jobs = jobs_of([(0, 100, 8, 0, 1)])
    waits = {}
    for relax_s in (np.inf, 30.0):
        wants = make_wants(jobs.chips, within=np.array(["rack"], dtype=object), relax_s=np.array([relax_s]))
        found = replay(replace(jobs, wants=wants), Rules(chips=8, domains=tree))
        waits[relax_s] = found.wait_by_reason_s["level"].tolist()
        assert found.never.tolist() == [relax_s == np.inf]
    assert waits == {np.inf: [], 30.0: [30.0]}


def test_crossing_costs_what_the_level_leaves() -> None:
    tree = gathered(("rack",), [(("1",), "", 1, 4), (("2",), "", 1, 4)])
    jobs = jobs_of([(0, 100, 8, 0, 1), (0, 50, 4, 0, 1)])
    wants = make_wants(jobs.chips, model=np.array(["m", "m"], dtype=object))
    rules = Rules(chips=8, domains=tree, speeds=SPEEDS)
    for contested in (False, True):
        found = replay(replace(jobs, wants=wants), replace(rules, contested=contested))
        assert found.finished_s.tolist() == [125.0, 175.0]
        assert found.lost_chip_s["crossing"] == pytest.approx(25.0 * 8)


def test_who_stands_in_the_way_moves() -> None:
    there = Rules(chips=8, node_sizes=(4, 4), placement="spread", contested=True)
    crowded = jobs_of([(0, 100, 2, 0, 1), (0, 100, 2, 0, 1), (10, 10, 4, 0, 1)])
    rules = replace(there, upsets=Upsets(restart_s=2.0, save_s=1.0))
    moved = replay(crowded, replace(rules, preemption="migrate"))
    assert [each.wait_s[2] for each in (replay(crowded, rules), moved)] == [90.0, 0.0]
    assert moved.preemptions == 1
    assert sorted(moved.finished_s[:2].tolist()) == [100.0, 103.0]


def test_later_tiers_shrink_and_grow_back() -> None:
    jobs = jobs_of([(0, 100, 8, 1, 1), (10, 20, 4, 0, 1)])
    wants = make_wants(jobs.chips, least_chips=np.array([2, 4]))
    rules = Rules(chips=8, contested=True, preemption="shrink", upsets=Upsets(restart_s=1.0, save_s=1.0))
    found = replay(replace(jobs, wants=wants), rules)
    assert found.wait_s.tolist() == [0.0, 0.0]
    # 10 s of work, 2 of restart and 18 at a quarter, then 2 of restart and the rest
    assert found.finished_s.tolist() == [30.0 + 2.0 + (90.0 - 18.0 / 4), 30.0]
    assert replay(jobs, rules).wait_s[1] == 90.0  # who cannot run on fewer stays


def test_elastic_jobs_start_small_and_grow() -> None:
    """Half is taken until 10 s: ten seconds on three of eight chips, a save and a restart, and the rest on all."""
    jobs = jobs_of([(0, 10, 4, 0, 1), (0, 20, 8, 0, 1)])
    wants = make_wants(jobs.chips, least_chips=np.array([4, 3]))
    rules = Rules(chips=8, contested=True, preemption="elastic", upsets=Upsets(restart_s=1.0, save_s=1.0))
    found = replay(replace(jobs, wants=wants), rules)
    assert found.wait_s.tolist() == [0.0, 0.0]
    assert found.finished_s.tolist() == [10.0, 10.0 + 2.0 + 20.0 - 10.0 * 3 / 8]
    accounted(found, rules)
    assert replay(jobs, rules).wait_s.tolist() == [0.0, 10.0]  # who cannot run on fewer waits


def test_spot_is_told_before_it_stops() -> None:
    jobs = jobs_of([(0, 100, 8, 1, 1), (10, 20, 4, 0, 1), (11, 5, 4, 1, 1)])
    rules = Rules(
        chips=8, contested=True, order="priority", admission="skip", preemption="requeue",
        upsets=Upsets(notice_s=6.0, save_s=1.0, interval_s=50.0),
    )  # fmt: skip
    found = replay(jobs, rules)
    assert found.wait_s[1] == 6.0
    assert found.preemptions == 1
    assert found.lost_chip_s["lost_to_preemption"] == 0.0  # six seconds are enough for a save
    short = replay(jobs, replace(rules, upsets=replace(rules.upsets, notice_s=0.5)))
    assert short.lost_chip_s["lost_to_preemption"] == pytest.approx(8 * 10.5 * 50 / 51)


@given(drawn_jobs(), st.sampled_from(("head", "skip")), st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_others_leave_what_is_reserved(jobs: Jobs, admission: str, whose: int) -> None:
    """With true estimates, others hold no more than the rest while a reservation lasts."""
    tenant = min(whose, len(jobs.tenants) - 1)
    reserved = Reservation(tenant=tenant, chips=7, from_s=30.0, until_s=70.0)
    truthful = replace(jobs, estimate_s=jobs.work_s)
    found = replay(truthful, Rules(chips=12, contested=True, admission=admission, reservations=(reserved,)))
    start_s, others = found.jobs.submit_s + found.wait_s, found.jobs.tenant != tenant
    for instant in (*start_s[start_s >= 30.0].tolist(), 30.0):
        if instant < reserved.until_s:
            there = others & (start_s <= instant) & (found.finished_s > instant)
            assert found.jobs.chips[there].sum() <= 12 - 7


def test_chips_that_idle_for_a_reservation_say_so() -> None:
    names = np.array(["a", "b"], dtype=object)
    jobs = make_jobs(np.array([0.0, 30.0]), np.array([50.0, 10.0]), np.array([8, 8]), tenant_names=names)
    rules = Rules(chips=8, contested=True, reservations=(Reservation(tenant=1, chips=4, from_s=20.0, until_s=60.0),))
    found = replay(jobs, rules)
    assert found.finished_s.tolist() == [110.0, 120.0]  # b asks for more than is reserved for it
    assert found.wait_by_reason_s["reserved"].tolist() == [60.0, 0.0]
    assert found.idle_chip_s["reserved"] == 8 * 60.0


def test_power_limits_who_is_busy() -> None:
    assert chips_powered(1000.0, 10, 150.0, 50.0) == 5
    assert chips_powered(400.0, 10, 150.0, 50.0) == 0
    jobs = jobs_of([(0, 10, 4, 0, 1), (0, 10, 4, 0, 1)])
    for contested in (False, True):
        rules = Rules(chips=8, contested=contested, power=Power(step_s=(0.0, 7.0), chips=(4, 8)))
        found = replay(jobs, rules)
        assert found.finished_s.tolist() == [10.0, 17.0]
        assert found.wait_by_reason_s["power"].tolist() == [0.0, 7.0]
        assert found.idle_chip_s["power"] == 4 * 7.0


@pytest.mark.parametrize("admission", ["head", "skip", "easy"])
def test_a_step_of_the_power_starts_who_waits_for_it(admission: str) -> None:
    jobs = jobs_of([(0, 10, 6, 0, 1), (0, 50, 2, 0, 1), (1, 20, 2, 0, 1), (1, 4, 2, 0, 1)])
    found = replay(jobs, Rules(chips=8, admission=admission, power=Power(step_s=(0.0, 20.0), chips=(4, 8))))
    assert (
        found.wait_s.tolist()
        == {
            "head": [20.0, 20.0, 29.0, 29.0],
            "skip": [24.0, 0.0, 0.0, 19.0],
            "easy": [20.0, 0.0, 29.0, 0.0],
        }[admission]
    )
