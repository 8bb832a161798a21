"""Traces of requests and their replay: readers, fits, routers, caches and rules, against brute force and theory."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.fleet import (
    ROUTERS,
    SCALERS,
    Affinity,
    Incoming,
    Ranks,
    ReplayedRequests,
    ScaleRule,
    Stand,
    fit_traffic,
    read_requests,
    replay_requests,
    stand_of,
)
from tenfold.fleet.requests.fitted import busiest_per_s, reused_share
from tenfold.fleet.requests.trace import Blocks
from tenfold.performance.serving import Requests, Server, poisson_arrivals, simulate

AFFINITY = Affinity(least_share=0.3, far_ahead=64.0, times_ahead=1.5)
SERVER = Server(
    steps_s=[0.0, *(0.01 + 0.0002 * batch for batch in range(1, 17))],
    prompt_s_per_token=2e-5,
    prompt_floor_s=0.01,
    mixed_share=0.7,
    token_budget=512.0,
)
RULE = ScaleRule(
    rate_per_unit=1.0, most=20, start_s=60.0, interval_s=20.0, window_s=60.0, up_s=300.0, down_s=1200.0, tolerance=0.1
)


def ranks(count: int = 1, cache_tokens: float = np.inf, server: Server = SERVER, **more: Any) -> Ranks:
    stand = more.pop("stand", Stand(first=count))
    return Ranks(server=server, cache_tokens=cache_tokens, cache_growth=1.0, stand=stand, affinity=AFFINITY, **more)


def incoming(arrival: Any, prompts: Any, outputs: Any, blocks: Blocks | None = None) -> Incoming:
    prompt = np.asarray(prompts, dtype=float)
    return Incoming(
        arrival_s=np.asarray(arrival, dtype=float),
        prompt_tokens=prompt,
        new_tokens=prompt,
        output_tokens=np.asarray(outputs, dtype=float),
        blocks=blocks,
    )


def blocks_of(lists: list[list[int]], tokens: int = 4) -> Blocks:
    start = np.concatenate([[0], np.cumsum([len(each) for each in lists])]).astype(np.int64)
    return Blocks(start=start, number=np.array([each for own in lists for each in own], dtype=np.int64), tokens=tokens)


@st.composite
def conversations(draw: st.DrawFn) -> list[list[int]]:
    """Prompts as chains of blocks, each a way down one tree, so that equal blocks have equal prefixes."""
    paths = draw(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=5), min_size=2, max_size=25))
    numbers: dict[tuple[int, ...], int] = {}
    return [[numbers.setdefault(tuple(path[: end + 1]), len(numbers)) for end in range(len(path))] for path in paths]


def some_requests(count: int, rate: float, seed: int) -> Incoming:
    rng = np.random.default_rng(seed)
    return incoming(poisson_arrivals(rate, count, seed), rng.integers(1, 900, count), rng.integers(1, 80, count))


@settings(max_examples=40)
@given(lists=conversations())
def test_reuse_is_what_a_set_of_blocks_says(lists: list[list[int]]) -> None:
    prompts = np.array([4.0 * len(each) for each in lists])
    seen, known = set[int](), 0.0
    for own, tokens in zip(lists, prompts, strict=True):
        length = next((place for place, block in enumerate(own) if block not in seen), len(own))
        known += min(4.0 * length, tokens - 1.0)
        seen.update(own)
    assert reused_share(blocks_of(lists), prompts) == pytest.approx(known / prompts.sum())


@given(gaps=st.lists(st.integers(0, 9), min_size=2, max_size=40), window=st.integers(1, 20))
def test_the_busiest_window_is_the_one_that_counting_finds(gaps: list[int], window: int) -> None:
    arrival = np.cumsum(np.array(gaps, dtype=float))
    if np.ptp(arrival) <= window:
        return
    most = max(int(((arrival >= start) & (arrival < start + window)).sum()) for start in arrival)
    assert busiest_per_s(arrival, float(window)) == most / window


def test_a_fit_has_the_moments_of_the_trace(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_text("arrival_s,prompt_tokens,output_tokens\n0,100,10\n1,300,30\n4,200,20\n")
    found = fit_traffic(read_requests(path))
    assert (found.prompt_tokens, found.output_tokens, found.rate_per_s) == (200.0, 20.0, 0.5)
    assert found.prompt_spread == pytest.approx(np.std([1, 2, 3]) / 2)
    assert found.peak_to_mean is None
    assert found.prefix_share is None


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 999),
    rate=st.floats(0.5, 60.0),
    mixes=st.booleans(),
    per_step=st.sampled_from([1.0, 2.3]),
)
def test_one_rank_is_the_engine_of_the_estimate(seed: int, rate: float, mixes: bool, per_step: float) -> None:
    server = Server(
        steps_s=SERVER.steps_s,
        prompt_s_per_token=2e-5,
        prompt_floor_s=0.01,
        mixed_share=0.7,
        token_budget=512.0,
        tokens_per_step=per_step,
        mixes_prompts=mixes,
    )
    asked = some_requests(60, rate, seed)
    rival = simulate(
        server,
        Requests(prompt_tokens=asked.prompt_tokens, output_tokens=asked.output_tokens, arrival_s=asked.arrival_s),
    )
    found = replay_requests(asked, ranks(server=server), "least-load", compiled=False)
    np.testing.assert_array_equal(found.first_s, rival.first_s)
    np.testing.assert_array_equal(found.last_s, rival.last_s)


def test_one_at_a_time_waits_as_md1_says() -> None:
    """Mean wait ρS/(2(1 − ρ)) of M/D/1 [Pollaczek–Khinchine], with prompts that fill a step and answers of a token."""
    server = Server(
        steps_s=[0.0, 0.01], prompt_s_per_token=0.001, prompt_floor_s=0.0, mixed_share=1.0, token_budget=100.0
    )
    count, busy, service = 30_000, 0.6, 0.1
    asked = incoming(poisson_arrivals(busy / service, count, 3), np.full(count, 100), np.ones(count))
    found = replay_requests(asked, ranks(server=server), "round-robin", compiled=False)
    waited = float((found.ttft_s - service).mean())
    assert waited == pytest.approx(busy * service / (2.0 * (1.0 - busy)), rel=0.06)


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 999),
    router=st.sampled_from(sorted(ROUTERS)),
    count=st.integers(1, 5),
    cache=st.sampled_from([1_200.0, 4_000.0, np.inf]),
)
def test_every_request_is_answered_once_in_order(seed: int, router: str, count: int, cache: float) -> None:
    asked = some_requests(120, 40.0, seed)
    found = replay_requests(asked, ranks(count, cache), router, compiled=False)
    assert ((found.unit >= 0) & (found.unit < count)).all()
    assert (found.first_s > found.arrival_s).all()
    assert (found.last_s >= found.first_s).all()
    for unit in range(count):
        own = found.unit == unit
        assert (np.diff(found.first_s[own]) >= 0.0).all()  # first come first served


def test_what_no_rank_can_hold_is_never_answered() -> None:
    asked = incoming([0.0, 1.0, 2.0], [100, 5_000, 100], [10, 10, 10])
    for fleet in (ranks(1, 1_000.0), ranks(1, longest_tokens=2_000.0)):
        found = replay_requests(asked, fleet, "least-load", compiled=False)
        assert found.unit.tolist() == [0, -1, 0]
        assert np.isinf(found.first_s[1])
        assert np.isinf(found.tpot_s[1])
        assert np.isfinite(found.e2e_s[[0, 2]]).all()


def test_turns_are_even_and_least_load_waits_least_where_requests_queue() -> None:
    """With one place a rank, the queue that is joined counts: the shortest beats the next in turn [Winston 1977]."""
    one = Server(steps_s=[0.0, 0.01], prompt_s_per_token=2e-5, prompt_floor_s=0.0, mixed_share=1.0, token_budget=1e4)
    asked = some_requests(6_000, 12.0, 5)
    found = {
        name: replay_requests(asked, ranks(6, server=one), name, compiled=False)
        for name in ("round-robin", "least-load")
    }
    assert np.bincount(found["round-robin"].unit).tolist() == [1_000] * 6
    assert found["least-load"].ttft_s.mean() < 0.8 * found["round-robin"].ttft_s.mean()


@settings(deadline=None, max_examples=60)
@given(lists=conversations(), room=st.integers(1, 12))
def test_a_cache_forgets_what_was_used_least_recently(lists: list[list[int]], room: int) -> None:
    """Requests one after another, so that nothing but the cache counts, against an ordered dictionary."""
    lists = [each for each in lists if 4 * len(each) + 1 <= 4 * room]
    if len(lists) < 2:
        return
    prompts = np.array([4.0 * len(each) for each in lists])
    asked = incoming(np.arange(len(lists)) * 100.0, prompts, np.ones(len(lists)), blocks_of(lists))
    found = replay_requests(asked, ranks(1, 4.0 * room), "least-load", compiled=False)
    held, new = OrderedDict[int, None](), []
    for own, tokens in zip(lists, prompts, strict=True):
        length = next((place for place, block in enumerate(own) if block not in held), len(own))
        new.append(tokens - min(4.0 * length, tokens - 1.0))
        for block in reversed(own):
            held[block] = None
            held.move_to_end(block)
        while 4 * len(held) > 4 * room - 1:
            held.popitem(last=False)
    assert found.new_tokens.tolist() == new


def test_a_router_that_looks_at_prefixes_finds_more_of_them() -> None:
    rng = np.random.default_rng(2)
    people = rng.integers(0, 40, 2_000)
    said = dict.fromkeys(range(40), 0)
    lists = []
    for person in people.tolist():
        said[person] += 1
        lists.append([1_000 * person + turn for turn in range(min(said[person], 60))])
    prompts = np.array([4.0 * len(each) for each in lists])
    asked = incoming(poisson_arrivals(30.0, 2_000, 1), prompts, np.full(2_000, 20), blocks_of(lists))
    share = {}
    for name in ROUTERS:
        found: ReplayedRequests = replay_requests(asked, ranks(5, 40_000.0), name, compiled=False)
        share[name] = 1.0 - found.new_tokens.sum() / prompts.sum()
    assert share["prefix-aware"] > 0.9 > share["round-robin"] > 0.3
    assert reused_share(asked.blocks or blocks_of([]), prompts) >= share["prefix-aware"]


def test_those_that_take_no_more_finish_what_they_have() -> None:
    stand = Stand(first=4, change_s=np.array([20.0, 40.0]), units=np.array([1, 3]))
    asked = some_requests(2_000, 30.0, 7)
    found = replay_requests(asked, ranks(stand=stand), "least-load", compiled=False)
    late = (found.arrival_s >= 20.0) & (found.arrival_s < 40.0)
    assert set(found.unit[late].tolist()) == {0}
    assert set(found.unit[found.arrival_s >= 40.0].tolist()) == {0, 1, 2}
    assert np.isfinite(found.last_s).all()
    assert stand.mean(60.0) == pytest.approx((4 + 1 + 3) / 3)
    assert stand.times(2).units.tolist() == [2, 6]


@given(seed=st.integers(0, 99), name=st.sampled_from(sorted(SCALERS)), rate=st.floats(0.2, 40.0))
@settings(deadline=None, max_examples=25)
def test_a_rule_keeps_within_its_bounds(seed: int, name: str, rate: float) -> None:
    found = stand_of(RULE, name, poisson_arrivals(rate, 2_000, seed))
    counts = np.concatenate([[found.first], found.units])
    assert counts.min() >= 1
    assert counts.max() <= RULE.most
    assert (np.diff(counts) != 0).all()
    assert (np.diff(found.change_s) > 0).all()


def test_rules_wait_as_long_as_they_say() -> None:
    """A step up after 600 s: seen over a window, wanted for a delay, started for another."""
    arrival = np.concatenate([np.arange(0.0, 600.0, 0.5), np.arange(600.0, 3_600.0, 0.125)])
    sky, kubernetes = (stand_of(RULE, name, arrival) for name in ("skypilot", "kubernetes"))
    assert (sky.first, kubernetes.first) == (2, 2)
    assert sky.units[-1] == kubernetes.units[-1] == 8
    assert 600.0 + RULE.up_s + RULE.start_s <= sky.change_s[0] <= 600.0 + RULE.up_s + RULE.start_s + 60.0 + 20.0
    wait = stand_of(RULE, "kubernetes", arrival).change_s[0]
    assert 600.0 + RULE.up_s + RULE.start_s <= wait


def test_steady_traffic_changes_nothing() -> None:
    arrival = np.arange(0.0, 7_200.0, 0.26)
    for name in SCALERS:
        assert not len(stand_of(RULE, name, arrival).units)
