"""Engines that are quicker than the plain one give the same: compiled, and draws in which all is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.fleet import Rules, Wish, forecast, replay, standing_at
from tenfold.fleet.admissions import ADMISSIONS
from tenfold.fleet.capacity.domains import Domains
from tenfold.fleet.capacity.nodes import Nodes
from tenfold.fleet.capacity.pool import Pool
from tenfold.fleet.capacity.tree import Tree
from tenfold.fleet.choices import DOMAIN_CHOICES
from tenfold.fleet.engine.foreseen import foreseen_waits
from tenfold.fleet.engine.quickest import WORTH_LOADING, compiled_is_there, run_steady
from tenfold.fleet.engine.steady import replay_steady
from tenfold.fleet.forecast import FIRST, all_jobs, drawn_lasts_s
from tenfold.fleet.jobs import Jobs, make_jobs
from tenfold.fleet.orders import ORDERS
from tenfold.fleet.placements import PLACEMENTS
from tenfold.fleet.replay import capacity_of
from tenfold.fleet.runs import Runs
from tenfold.quantities import Floats

needs_fast = pytest.mark.skipif(not compiled_is_there(), reason="the extra fast is not installed")


@st.composite
def some_jobs(draw: st.DrawFn, most: int = 8) -> Jobs:
    """Jobs whose times coincide often, as they do on the grid of a trace."""
    count = draw(st.integers(1, 40))
    whole = st.integers(0, 12)
    submit, lasts, said = (np.array(draw(st.lists(whole, min_size=count, max_size=count)), float) for _ in range(3))
    chips = np.array(draw(st.lists(st.integers(1, most), min_size=count, max_size=count)))
    return make_jobs(submit, lasts + 1.0, chips, estimate_s=said + 1.0)


def plain(jobs: Jobs, capacity: Pool | Nodes, keys: Floats, admission: str, interval_s: float) -> Runs:
    chosen = ADMISSIONS[admission]
    return replay_steady(jobs, capacity, keys, chosen, interval_s=interval_s, promises=chosen.promises)


@needs_fast
@settings(deadline=None, max_examples=150)
@given(
    jobs=some_jobs(20),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=70),
    admission=st.sampled_from(("head", "skip", "easy")),
    placement=st.sampled_from(("best-fit", "first-fit")),
    by_work=st.booleans(),
    interval_s=st.sampled_from((0.0, 2.0)),
)
def test_the_compiled_engine_starts_every_job_when_the_plain_one_does(
    jobs: Jobs, sizes: list[int], admission: str, placement: str, by_work: bool, interval_s: float
) -> None:
    fitting = np.flatnonzero(jobs.chips <= sum(sizes))
    jobs = jobs.take(fitting)
    if not len(jobs):
        return
    keys = jobs.work_s if by_work else jobs.submit_s
    expected = plain(jobs, Nodes(sizes, PLACEMENTS[placement]), keys, admission, interval_s)
    found = run_steady(
        jobs,
        Nodes(sizes, PLACEMENTS[placement]),
        keys,
        admission,
        placement,
        times=WORTH_LOADING,
        interval_s=interval_s,
    )
    assert found.start_s.tolist() == expected.start_s.tolist()
    assert found.held.tolist() == expected.held.tolist()
    if len(sizes) > 1:
        assert (found.room, expected.room) == (expected.room, found.room)


@needs_fast
@settings(deadline=None, max_examples=60)
@given(jobs=some_jobs(12), admission=st.sampled_from(("head", "skip", "easy")))
def test_of_a_pool_it_gives_the_same(jobs: Jobs, admission: str) -> None:
    expected = plain(jobs, Pool(12), jobs.submit_s, admission, 0.0)
    found = run_steady(jobs, Pool(12), jobs.submit_s, admission, "best-fit", times=WORTH_LOADING)
    assert found.start_s.tolist() == expected.start_s.tolist()


@settings(deadline=None, max_examples=100)
@given(
    jobs=some_jobs(12) | some_jobs(2),
    draws=st.integers(1, 4),
    admission=st.sampled_from(("head", "skip", "easy")),
    interval_s=st.sampled_from((0.0, 3.0)),
    data=st.data(),
)
def test_where_all_is_known_a_job_waits_as_in_the_plain_engine(
    jobs: Jobs, draws: int, admission: str, interval_s: float, data: st.DataObject
) -> None:
    own, seed = data.draw(st.integers(0, len(jobs) - 1)), data.draw(st.integers(0, 99))
    lasts_s = np.random.default_rng(seed).integers(1, 9, (len(jobs), draws)).astype(float)
    waits_s, fitting_s = foreseen_waits(6.0, 12, jobs.chips, lasts_s.T, own, admission, interval_s)
    waits_from = np.full(len(jobs), 6.0)
    for draw in range(draws):
        alone = make_jobs(waits_from, lasts_s[:, draw], jobs.chips)
        runs = plain(alone, Pool(12), waits_from, admission, interval_s)
        start_s = runs.start_s[own]
        assert waits_s[draw] == start_s - 6.0
        other = np.arange(len(jobs)) != own
        seconds = np.arange(6.0, start_s)[:, None]
        busy = ((runs.start_s <= seconds) & (seconds < runs.end_s) & other) @ jobs.chips
        assert fitting_s[draw] == np.sum(12 - busy >= jobs.chips[own])


@pytest.mark.parametrize("admission", ["head", "skip", "easy"])
def test_a_long_line_is_looked_through_as_in_the_plain_engine(admission: str) -> None:
    rng = np.random.default_rng(0)
    chips, now_s = rng.choice([1, 5], 700, p=[0.9, 0.1]), np.zeros(700)
    lasts_s = np.ceil(rng.lognormal(3.0, 2.0, (2, 700)))
    waits_s, _ = foreseen_waits(0.0, 12, chips, lasts_s, 699, admission)
    alone = [plain(make_jobs(now_s, each, chips), Pool(12), now_s, admission, 0.0).start_s[699] for each in lasts_s]
    assert waits_s.tolist() == alone


def test_a_fleet_at_an_instant_is_that_of_the_whole_replay() -> None:
    rng = np.random.default_rng(1)
    times_s = (np.sort(rng.integers(0, 300, 200)).astype(float), rng.integers(1, 40, 200).astype(float))
    jobs = make_jobs(*times_s, rng.integers(1, 10, 200))
    rules = Rules(chips=9, admission="easy")
    standing, found = standing_at(jobs, rules, 250.0), replay(jobs, rules)
    start_s = found.finished_s - found.held_s
    runs = (start_s <= 250) & (found.finished_s > 250)
    assert standing.running.line.tolist() == jobs.line[runs].tolist()
    assert standing.elapsed_s.tolist() == (250 - start_s[runs]).tolist()
    assert standing.waiting.line.tolist() == jobs.line[(jobs.submit_s <= 250) & (start_s > 250)].tolist()
    assert standing.history_s.tolist() == np.sort(jobs.work_s[found.finished_s <= 250]).tolist()


@settings(deadline=None, max_examples=40)
@given(jobs=some_jobs(9), chips=st.integers(1, 9), admission=st.sampled_from(("head", "skip", "easy")))
def test_a_forecast_of_a_pool_is_that_of_one_node(jobs: Jobs, chips: int, admission: str) -> None:
    rules = Rules(chips=9, admission=admission)
    standing = standing_at(jobs, rules, 4.0)
    found = forecast(standing, rules, Wish(chips=chips, work_s=3.0), 3, 0)
    on_one_node = forecast(standing, replace(rules, node_sizes=(9,)), Wish(chips=chips, work_s=3.0), 3, 0)
    assert found.wait_s.tolist() == on_one_node.wait_s.tolist()
    assert found.reasons == pytest.approx(on_one_node.reasons)


@settings(deadline=None, max_examples=20)
@given(jobs=some_jobs(20), admission=st.sampled_from(("head", "skip", "easy")))
def test_a_tree_goes_to_the_plain_engine_by_itself(jobs: Jobs, admission: str) -> None:
    domains = Domains(sizes=(8, 8, 4), levels=("rack",), paths=(("a",), ("a",), ("b",)))
    tree = Tree(domains, PLACEMENTS["best-fit"], DOMAIN_CHOICES["best-fit"])
    nodes = Nodes((8, 8, 4), PLACEMENTS["best-fit"])
    found = run_steady(jobs, tree, jobs.submit_s, admission, "best-fit", times=WORTH_LOADING)
    assert found.start_s.tolist() == plain(jobs, nodes, jobs.submit_s, admission, 0.0).start_s.tolist()


@settings(deadline=None, max_examples=25)
@given(
    jobs=some_jobs(9),
    chips=st.integers(1, 9),
    sizes=st.sampled_from(((), (4, 3, 2))),
    admission=st.sampled_from(("head", "skip", "easy")),
    order=st.sampled_from(("fifo", "sjf", "priority")),
    part=st.floats(0.0, 1.0),
)
def test_a_job_that_is_put_off_by_no_more_than_it_may_starts_at_the_same_time(
    jobs: Jobs, chips: int, sizes: tuple[int, ...], admission: str, order: str, part: float
) -> None:
    jobs = replace(jobs, tier=jobs.line % 3)
    rules = Rules(chips=9, node_sizes=sizes, admission=admission, order=order)
    standing = standing_at(jobs, rules, 4.0)
    wish = Wish(chips=chips, work_s=3.0, tier=1)
    found = forecast(standing, rules, wish, 2, 0)
    whose_s = np.random.default_rng(np.random.SeedSequence((0, 7)))
    for wait_s in found.wait_s:
        there = all_jobs(standing, wish, drawn_lasts_s(standing, wish, whose_s))
        keys = np.where(np.arange(len(there)) < len(standing.running), FIRST, ORDERS[order](there))
        later = replace(there, submit_s=np.append(there.submit_s[:-1], 4.0 + part * found.put_off_s))
        runs = plain(later, capacity_of(rules, 9, sizes), keys, admission, 0.0)
        assert runs.start_s[-1] == pytest.approx(4.0 + wait_s)
