"""Serving plans from a trace: what it says is taken, and the best fleet keeps the latency of its very requests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.catalog import load_catalog
from tenfold.fleet import fit_traffic, read_requests
from tenfold.performance.serving import poisson_arrivals
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.serve import PlanServeAnswer, PlanServeQuestion, ServeGoal, Service
from tenfold.planning.plan.serve.question import contradictions
from tenfold.planning.plan.serve.serve import answer
from tenfold.planning.plan.serve.traced import shared, traced_of
from tenfold.quantities import Floats

CATALOG = load_catalog()
MEANS = Means(chips=("h100-sxm",), supply=("on-demand",), sites=("us-texas",))
COUNT = 600


def write(path: Path, arrival: Floats) -> str:
    rng = np.random.default_rng(1)
    prompts, answers = rng.integers(200, 1_800, len(arrival)), rng.integers(20, 200, len(arrival))
    rows = zip(arrival.tolist(), prompts.tolist(), answers.tolist(), strict=True)
    lines = ["arrival_s,prompt_tokens,output_tokens", *(f"{at:.3f},{prompt},{out}" for at, prompt, out in rows)]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def planned(trace: str, means: Means = MEANS, replayed: str = "best") -> PlanServeAnswer:
    service = Service(
        model="llama-3.1-70b", trace=trace, replayed=replayed, peak_to_mean=1.0, slo_ttft_s=1.0, slo_tpot_s=0.05
    )
    return answer(PlanServeQuestion(goal=ServeGoal(service=service), means=means), CATALOG)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> PlanServeAnswer:
    return planned(write(tmp_path_factory.mktemp("t") / "calm.csv", poisson_arrivals(6.0, COUNT, 1)))


@pytest.fixture(scope="module")
def bursty(tmp_path_factory: pytest.TempPathFactory) -> PlanServeAnswer:
    """The same requests at the same mean rate, thirty at a time."""
    arrival = np.repeat(poisson_arrivals(0.2, COUNT // 30, 1), 30)
    calm_span = float(np.ptp(poisson_arrivals(6.0, COUNT, 1)))
    return planned(write(tmp_path_factory.mktemp("t") / "bursty.csv", arrival * calm_span / float(np.ptp(arrival))))


def test_the_trace_says_what_is_planned_for(calm: PlanServeAnswer) -> None:
    assert calm.traced is not None
    assert calm.best is not None
    fitted = fit_traffic(read_requests(Path(calm.traced.file)))
    assert calm.peak_requests_per_s == pytest.approx(fitted.rate_per_s)
    assert (calm.prompt_tokens, calm.output_tokens) == (round(fitted.prompt_tokens), round(fitted.output_tokens))
    assert calm.question.goal.service.isl is None  # the question stays as it was asked
    assert calm.traced.pace == pytest.approx(1.0)


def test_the_best_keeps_the_latency_of_the_trace_as_surely_as_asked(
    calm: PlanServeAnswer, bursty: PlanServeAnswer
) -> None:
    for found in (calm, bursty):
        assert found.traced is not None
        assert found.traced.met_share_sure is not None
        assert found.traced.met_share_sure >= 0.9
        standing = [run for run in found.traced.runs if run.scaler == "none"]
        assert {run.router for run in standing} == {"round-robin", "least-load"}
        for run in found.traced.runs:
            assert run.ttft_s["p50"] <= run.ttft_s["p90"] <= run.ttft_s["p99"]
            assert 0.0 < run.replicas <= found.traced.replicas


def test_bursts_cost_more_than_the_same_requests_apart(calm: PlanServeAnswer, bursty: PlanServeAnswer) -> None:
    assert calm.best is not None
    assert bursty.best is not None
    assert bursty.best.holds_usd > calm.best.holds_usd
    assert bursty.traced is not None
    assert bursty.traced.arrival_spread > 2.0


def test_rules_that_scale_never_keep_more_in_time_than_all_replicas(bursty: PlanServeAnswer) -> None:
    assert bursty.traced is not None
    met = {(run.router, run.scaler): run.met_share for run in bursty.traced.runs}
    for scaler in ("skypilot", "kubernetes"):
        assert met["least-load", scaler] <= met["least-load", "none"] + 0.01


def test_lengths_beside_a_trace_and_none_without_are_named(tmp_path: Path) -> None:
    trace = write(tmp_path / "t.csv", poisson_arrivals(6.0, 10, 1))
    plain = Service(model="llama-3.1-70b", slo_tpot_s=0.05, rate_per_s=1.0)
    both = replace(plain, trace=trace, isl=100, osl_spread=0.5)
    for service, keys in ((plain, {"goal.isl", "goal.osl"}), (both, {"goal.isl", "goal.osl_spread"})):
        question = PlanServeQuestion(goal=ServeGoal(service=service), means=MEANS)
        assert {each.key for each in contradictions(question, CATALOG)} == keys


def test_what_is_stated_stays_and_what_may_be_cached_is_taken_at_its_worse_end(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    row = '{{"timestamp": {at}, "input_length": 1000, "output_length": 10, "hash_ids": [1, {own}]}}'
    path.write_text("\n".join(row.format(at=1000 * at, own=2 + at) for at in range(20)) + "\n")
    service = Service(model="llama-3.1-70b", trace=str(path), slo_tpot_s=0.05, rate_per_s=3.0, peak_to_mean=2.0)
    found = traced_of(service, 0.8)
    assert found.fitted is not None
    assert (found.service.rate_per_s, found.service.peak_to_mean) == (3.0, 2.0)
    assert found.fitted.prefix_share == pytest.approx(19 * 512 / 20_000)
    assert found.service.prefix_share == pytest.approx(0.2 * 19 * 512 / 20_000)
    shares = [shared(service, found.fitted, confidence) or 0.0 for confidence in (0.5, 0.8, 0.95)]
    assert shares == sorted(shares, reverse=True)
    assert shared(replace(service, prefix_share=0.4), found.fitted, 0.8) == 0.4


def test_all_that_are_listed_take_the_replicas_that_bursts_need(bursty: PlanServeAnswer) -> None:
    """A fleet that is second takes as many replicas as where it is alone, and so the best."""
    assert bursty.traced is not None
    assert bursty.best is not None
    found = planned(bursty.traced.file, replace(MEANS, chips=("h100-sxm", "b200")), "all")
    assert found.best is not None
    assert found.best.chip == "b200"
    (other,) = found.alternatives
    assert (other.chip, other.chips, other.replicas) == ("h100-sxm", bursty.best.chips, bursty.best.replicas)
    assert any("Every fleet that is listed" in note for note in found.notes)


def test_nothing_is_replayed_without_a_trace() -> None:
    service = Service(model="llama-3.1-70b", rate_per_s=1.0, isl=64, osl=64, replayed="all", slo_ttft_s=1.0)
    question = PlanServeQuestion(goal=ServeGoal(service=service))
    assert [each.key for each in contradictions(question, CATALOG)] == ["goal.replayed"]
