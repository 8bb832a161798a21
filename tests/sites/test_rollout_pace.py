"""Reinforcement learning over sites: the loop against an event by event rival, and its limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.sites import RolloutWork, broadcast_s, rollout_pace

WORK = RolloutWork(
    train_s=60.0, generate_s=50.0, weights_bytes=64e9, tokens=4e6, sites=8.0, bytes_per_s=10e9, fibre_km=2000.0
)
SECONDS = st.floats(1.0, 100.0)


def simulated(train: float, generate: float, out: float, back: float, old: int, steps: int = 400) -> float:
    """Step time event by event: each stage does one item at a time, and step n starts from the weights of n − k − 1."""
    trained, sent, made, home = [0.0] * (old + 1), 0.0, 0.0, 0.0
    for _ in range(steps):
        sent = max(sent, trained[-old - 1]) + out
        made = max(made, sent) + generate
        home = max(home, made) + back
        trained.append(max(trained[-1], home) + train)
    return (trained[-1] - trained[-steps // 2]) / (steps // 2 - 1)


@given(SECONDS, SECONDS, SECONDS, st.integers(0, 6))
def test_the_loop_is_that_of_an_event_by_event_simulation(train: float, generate: float, out: float, old: int) -> None:
    work = replace(
        WORK, train_s=train, generate_s=generate, weights_bytes=out * 5e9, fibre_km=0.0, steps_old=float(old)
    )
    found = rollout_pace(work)
    back = float(found.return_s)
    assert float(found.broadcast_s) == pytest.approx(out)
    assert float(found.step_s) == pytest.approx(simulated(train, generate, out, back, old), rel=0.02)


def test_without_old_rollouts_all_wait_and_with_enough_the_trainer_never_does() -> None:
    strict = rollout_pace(WORK)
    loop = 60.0 + 50.0 + float(strict.broadcast_s) + float(strict.return_s)
    assert float(strict.step_s) == pytest.approx(loop)
    enough = float(strict.steps_old_needed)
    free, less = (rollout_pace(replace(WORK, steps_old=enough - short)) for short in (0.0, 1.0))
    assert float(free.compute_use) == 1.0
    assert float(less.compute_use) < 1.0


@given(st.floats(1.0, 3.0))
def test_more_bandwidth_or_older_rollouts_never_slow_a_step(factor: float) -> None:
    base = float(rollout_pace(WORK).step_s)
    assert float(rollout_pace(replace(WORK, bytes_per_s=10e9 * factor)).step_s) <= base
    assert float(rollout_pace(replace(WORK, steps_old=factor)).step_s) <= base
    assert float(rollout_pace(replace(WORK, fibre_km=2000.0 * factor)).step_s) >= base


def test_a_tree_adds_latency_by_its_depth_and_a_slow_link_sets_the_pace() -> None:
    """64 GB to eight sites by twos at 10 GB/s: 12.8 s and three hops; at 0.1 GB/s weights take longer than a step."""
    assert float(broadcast_s(64e9, 10e9, 8.0, 2.0, 0.01)) == pytest.approx(12.83)
    assert float(broadcast_s(64e9, 10e9, 1.0, 2.0, 0.01)) == pytest.approx(6.41)
    assert float(broadcast_s(64e9, 10e9, 6.0, 2.0, 0.01)) == pytest.approx(12.82)
    back = rollout_pace(replace(WORK, weights_bytes=1e3, tokens=1e9, bytes_per_s=1e6, sites=100.0, steps_old=9000.0))
    assert float(back.step_s) == pytest.approx(8e3, rel=1e-3)  # 8 GB over the trainer's one link, from all sites
    slow = rollout_pace(replace(WORK, bytes_per_s=0.1e9, steps_old=100.0))
    assert float(slow.step_s) == pytest.approx(float(slow.broadcast_s))
    assert np.isinf(slow.steps_old_needed)
