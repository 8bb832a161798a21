"""Runs that never end, that are too many to follow, and that are interrupted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from jobs import DAY_S, applied, hopper_job, inputs, rules

from tenfold.quantities import InputError
from tenfold.reliability import GoodputQuestion, Policy, apply_policy, assess_goodput, simulate, simulate_run
from tenfold.reliability.runs import FEWEST_REPLICAS, MOST_FAILURES, Run, run_of

BLOCKING = Policy(checkpointing="blocking", recovery="node-spares", detection="heartbeat")


def question(
    chips: float = 16_384.0, run_days: float = 90.0, replicas: int = 2_000, work_days: float | None = None
) -> GoodputQuestion:
    return GoodputQuestion(
        hazards=hopper_job(chips),
        inputs=inputs(replicas=chips / 128.0),
        policy=BLOCKING,
        interval_s=600.0,
        run_s=run_days * DAY_S,
        work_s=None if work_days is None else work_days * DAY_S,
        excesses=(),
        node_repair_s=DAY_S,
        rack_repair_s=3 * DAY_S,
        replicas=replicas,
        seed=0,
        rate_factor=np.ones(replicas),
        stall_factor=np.ones(replicas),
        repair_factor=np.ones(replicas),
    )


def asked_run(asked: GoodputQuestion, goodput: float) -> Run:
    return run_of(asked, apply_policy(asked.policy, asked.hazards, asked.inputs), goodput)


def test_a_run_that_never_ends_is_followed_for_its_days_and_says_so() -> None:
    found = assess_goodput(question(chips=4e6, run_days=2.0, replicas=50))
    assert not found.ends
    assert found.finished_share == 0.0
    assert found.goodput.p90 < 0.01
    assert np.isinf(found.finish_s.p10)
    assert assess_goodput(question(run_days=2.0, replicas=50)).ends


def test_as_many_replicas_are_followed_as_were_asked_for_or_as_can_be() -> None:
    few, many = asked_run(question(), 0.9), asked_run(question(replicas=1_000_000), 0.9)
    assert few.replicas == 2_000
    each = float(question().hazards.total_per_s) * 90 * DAY_S
    assert many.replicas == pytest.approx(MOST_FAILURES / each, rel=0.01)
    long = asked_run(question(run_days=90.0 * MOST_FAILURES / each / FEWEST_REPLICAS * 0.99), 0.9)
    assert long.replicas == FEWEST_REPLICAS
    with pytest.raises(InputError, match="too many to follow"):
        asked_run(question(run_days=90.0 * MOST_FAILURES / each / FEWEST_REPLICAS * 1.01), 0.9)


def test_work_of_its_own_is_done_whatever_the_days() -> None:
    found = asked_run(question(work_days=200.0), 0.9)
    assert (found.work_s, found.limit_s, found.ends) == (200 * DAY_S, 800 * DAY_S, True)
    assert asked_run(question(), 0.9).work_s == pytest.approx(81 * DAY_S)


def test_an_interrupt_ends_the_simulation_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run = rules(applied(hopper_job(rate=60.0)), 300.0, work_days=5.0, limit_days=15.0)
    begun: list[int] = []
    whole = simulate._chunk

    def counted(*given: Any) -> object:
        begun.append(1)
        return whole(*given)

    monkeypatch.setattr("tenfold.reliability.simulate._chunk", counted)
    assert len(simulate_run(run, replicas=5_000, seed=0).wall_s) == 5_000
    uninterrupted = len(begun)
    for error in (KeyboardInterrupt, ValueError):

        def stop(share: float, error: type[BaseException] = error) -> None:
            raise error(share)

        begun.clear()
        with pytest.raises(error):
            simulate_run(run, replicas=100_000, seed=0, progress=stop)
        # a hundred thousand replicas would have begun twenty times as many chunks
        assert 20 * uninterrupted > 4 * len(begun), error
