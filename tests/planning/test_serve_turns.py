"""Caches that wait between turns: Little's law, rooms filled in order, and what more room or longer waits may do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving_plans import CATALOG, QUOTED, SERVICE, paid, planned

from tenfold.performance.serving import held_shares, waiting_conversations
from tenfold.planning.plan.serve import PlanServeQuestion, ServeGoal
from tenfold.planning.plan.serve.question import contradictions

TALK = replace(SERVICE, isl=4096, turns=5.0, turn_interval_s=600.0, engine="vllm-2026", prompts="together")


def test_conversations_wait_as_littles_law_says() -> None:
    rng = np.random.default_rng(1)
    rate, turns, interval = 3.0, 4.0, 50.0
    begins = np.cumsum(rng.exponential(turns / rate, 8_000))  # conversations, each of four turns
    waits = np.concatenate([begins + turn * interval for turn in range(int(turns) - 1)])
    at = begins[-1] * 0.7
    counted = np.mean([((waits <= t) & (t < waits + interval)).sum() for t in np.linspace(at * 0.8, at, 200)])
    assert waiting_conversations(rate, turns, interval) == pytest.approx(counted, rel=0.05)


@settings(max_examples=40, deadline=None)
@given(waiting=st.floats(0.0, 1e6), rooms=st.lists(st.floats(0.0, 1e6), min_size=1, max_size=3))
def test_rooms_are_filled_in_order_and_never_hold_more_than_waits(waiting: float, rooms: list[float]) -> None:
    shares = [float(each) for each in held_shares(waiting, rooms)]
    assert sum(shares) <= 1.0 + 1e-9
    for place, share in enumerate(shares[:-1]):
        assert shares[place + 1] == 0.0 or share * max(waiting, 1e-12) == pytest.approx(rooms[place], abs=1e-6)


@settings(max_examples=2, deadline=None)
@given(longer=st.floats(1.1, 10.0))
def test_longer_waits_are_never_cheaper_and_more_room_is_never_dearer(longer: float) -> None:
    base = paid(planned(TALK, QUOTED))
    assert paid(planned(replace(TALK, turn_interval_s=600.0 * longer), QUOTED)) >= base
    roomy = planned(replace(TALK, host_cache_bytes_per_chip=1e11 * longer), QUOTED)
    assert paid(roomy) <= base * 1.01  # a fetch may cost a replica what its room gains
    assert roomy.best is None or set(roomy.best.caches_held) == {"chip", "host"}


def test_no_wait_is_what_is_planned_without() -> None:
    here, without = (planned(replace(TALK, turn_interval_s=each), QUOTED).best for each in (0.0, None))
    assert here is not None
    assert without is not None
    assert (here.chips, here.ttft_s, here.caches_held) == (without.chips, without.ttft_s, {"chip": 1.0})
    assert without.caches_held == {}


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ({"turn_interval_s": 60.0}, ["goal.turn_interval"]),
        ({"turns": 3.0, "host_cache_bytes_per_chip": 1e9}, ["goal.host_cache"]),
        ({"turns": 3.0, "turn_interval_s": 60.0, "disk_cache_bytes_per_chip": 1e9}, []),
    ],
)
def test_rooms_are_for_turns(said: dict[str, object], keys: list[str]) -> None:
    question = PlanServeQuestion(goal=ServeGoal(service=replace(SERVICE, **said)))  # type: ignore[arg-type]
    assert [each.key for each in contradictions(question, CATALOG)] == keys
