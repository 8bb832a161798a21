"""Reinforcement learning over sites as a question: stages are those of the estimates, the loop that of the sites."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

from tenfold.catalog import Catalog
from tenfold.interfaces.python import estimate_serving, rollouts
from tenfold.planning.estimate import EstimateTrainingQuestion
from tenfold.planning.estimate.cluster import Cluster
from tenfold.planning.estimate.estimate import answer as estimate
from tenfold.planning.rollouts import RolloutsQuestion
from tenfold.planning.rollouts.rollouts import answer
from tenfold.quantities import InputError

ASKED = RolloutsQuestion(
    model="llama-3.1-8b",
    chip="h100-sxm",
    chips=8,
    rollout_chips=8,
    sites=2,
    rollouts=64,
    isl=512,
    osl=512,
    steps=100,
    bandwidth_bytes_per_s=125e6,
    distance_m=1e6,
)


def test_the_stages_are_the_estimates_and_the_step_is_their_loop(catalog: Catalog) -> None:
    found = answer(ASKED, catalog)
    cluster = Cluster(model="llama-3.1-8b", chip="h100-sxm", chips=8, global_batch=64, sequence_length=1024)
    alone = estimate(EstimateTrainingQuestion(cluster=cluster), catalog)
    assert found.train_s == alone.step_time_s
    assert found.broadcast_s == pytest.approx(2 * 8.03e9 * 2.0 / 125e6, rel=0.01), "two sites over one uplink"
    row = found.ages[0]
    loop = found.train_s.p50 + found.generate_s.p50 + found.broadcast_s + found.return_s
    assert row.step_s == pytest.approx(loop)
    assert sum(found.terms.values()) == pytest.approx(found.step_s.p50)
    assert found.step_s.p10 < found.step_s.p50 < found.step_s.p90
    assert found.finish_days.p50 == pytest.approx(100 * found.step_s.p50 / 86_400.0)


def test_older_rollouts_and_wider_links_never_slow_a_step_and_enough_of_both_leave_the_trainer_alone(
    catalog: Catalog,
) -> None:
    strict = answer(ASKED, catalog)
    assert [row.step_s for row in strict.ages] == sorted((row.step_s for row in strict.ages), reverse=True)
    assert [row.step_s for row in strict.bandwidths] == sorted((row.step_s for row in strict.bandwidths), reverse=True)
    assert (strict.paced_by, strict.steps_old_needed) == ("the loop", None), "weights take longer than training"
    free = answer(dataclasses.replace(ASKED, bandwidth_bytes_per_s=1e12, chips=1, chip="a100-sxm-80gb"), catalog)
    needed = free.steps_old_needed
    assert needed is not None
    enough = free.ages[needed]
    assert (enough.steps_old, enough.compute_use) == (needed, 1.0)
    assert enough.step_s == pytest.approx(free.train_s.p50)
    assert all(row.compute_use < 1.0 for row in free.ages[:needed])


def test_what_holds_no_model_is_said_and_a_site_without_a_replica_refused(catalog: Catalog) -> None:
    large = dataclasses.replace(ASKED, model="llama-3.1-405b")
    found = answer(dataclasses.replace(large, rollout_chips=64, tp=4), catalog)
    assert not found.fits
    assert "generating: weights take" in found.short
    assert "training: " in found.short
    assert math.isinf(found.step_s.p50)
    with pytest.raises(InputError, match="hold no replica"):
        answer(dataclasses.replace(large, rollout_chips=4), catalog)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tp": 3}, r"tp: 3 chips do not share the 32 heads of qwen3-8b evenly\. Use 2 or 4"),
        ({"tp": 16}, r"rollout_chips: 8 chips at a site hold no replica of 16\. State 16 or more, or a lower --tp"),
    ],
)
def test_replicas_that_no_engine_starts_are_refused(more: dict[str, int], said: str) -> None:
    asked: dict[str, Any] = {"model": "qwen3-8b", "chip": "h100-sxm", "chips": 8, "rollout_chips": 8, "rollouts": 64}
    with pytest.raises(InputError, match=said):
        rollouts({**asked, "isl": 100, "osl": 100, "bandwidth": "1 Gbit/s", **more})


def test_a_service_takes_a_split_that_its_heads_share() -> None:
    with pytest.raises(InputError, match="tp: 3 chips do not share"):
        estimate_serving(model="qwen3-8b", chip="h100-sxm", tp=3, isl=100, osl=100, concurrency=1)
