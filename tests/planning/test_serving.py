"""Estimates and searches of serving: what fits, what binds when nothing does, what moves with what is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typed_commands import tenfold

import tenfold as public
from tenfold.catalog import load_catalog
from tenfold.planning.estimate_serving import EstimateServingAnswer
from tenfold.quantities import InputError, MissingFigureError

CATALOG = load_catalog()
ASKED: dict[str, Any] = {
    "model": "llama-3.1-70b",
    "chip": "h100-sxm",
    "tp": 4,
    "engine": "vllm",
    "isl": 1024,
    "osl": 256,
    "precision": "fp8",
}


def estimate(**said: Any) -> EstimateServingAnswer:
    return public.estimate_serving(catalog=CATALOG, **{**ASKED, **said})


def test_the_json_has_what_a_plan_of_serving_stands_on() -> None:
    options = ("--model", "llama-3.1-70b", "--chip", "h100-sxm", "--tp", "4", "--engine", "vllm", "--isl", "1024",
               "--osl", "256", "--concurrency", "64", "--precision", "fp8")  # fmt: skip
    data = tenfold("estimate", "serving", *options, "--json").data
    for name in ("ttft_s", "tpot_s", "e2e_s"):
        for percentile in ("p50", "p90", "p99"):
            found = data[name][percentile]
            assert 0 < found["p10"] < found["p50"] < found["p90"]
        assert data[name]["p50"]["p50"] <= data[name]["p90"]["p50"] <= data[name]["p99"]["p50"]
    assert data["tokens_per_s_per_chip"]["p50"] > 0
    assert data["kv_tokens"] > 0
    assert sum(data["terms"].values()) == pytest.approx(data["tpot_s"]["mean"]["p50"], rel=1e-9)


def test_a_rate_is_taken_in_place_of_clients() -> None:
    found = estimate(rate="2/s")
    assert found.requests_per_s.p50 == pytest.approx(2.0, rel=0.1)
    assert found.fits


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ({"tp": 1, "precision": "bf16", "concurrency": 1}, "weights"),
        ({"tp": 2, "precision": "fp8", "isl": 2_000_000, "concurrency": 1}, "cache"),
        ({"rate": "400/s", "isl": 8192, "osl": 16}, "prefill"),
    ],
)
def test_what_does_not_fit_says_what_binds_and_what_would_do(said: dict[str, Any], limit: str) -> None:
    found = estimate(**said)
    assert not found.fits
    assert found.shortage is not None
    assert found.shortage.limit == limit
    assert found.shortage.nearest


def test_the_nearest_change_fits() -> None:
    short = estimate(tp=1, precision="bf16", concurrency=1).shortage
    assert short is not None
    assert estimate(tp=int(short.nearest.removeprefix("--tp ")), precision="bf16", concurrency=1).fits


def test_an_overload_is_an_answer_with_its_own_exit_code() -> None:
    said = tenfold("estimate", "serving", "--model", "llama-3.1-8b", "--chip", "l40s", "--isl", "8192", "--osl", "64",
                   "--rate", "500/s", "--json")  # fmt: skip
    assert said.code == 3
    assert json.loads(said.stdout)["shortage"]["limit"] == "prefill"


def test_what_is_left_out_widens_the_range_and_is_said() -> None:
    loose, given = estimate(concurrency=256), estimate(concurrency=256, kv_precision="bf16")
    assert loose.unstated["kv_precision"] > 0
    assert "kv_precision" not in given.unstated
    assert loose.tpot_s.p50.p90 / loose.tpot_s.p50.p10 > given.tpot_s.p50.p90 / given.tpot_s.p50.p10


def test_a_chip_without_the_figure_is_refused_by_name() -> None:
    with pytest.raises(MissingFigureError, match="wse-3"):
        estimate(chip="wse-3", tp=1, concurrency=1)


def test_loads_that_contradict_are_said() -> None:
    with pytest.raises(InputError, match="concurrency, rate"):
        estimate()
    with pytest.raises(InputError, match="no experts"):
        estimate(concurrency=1, ep=2)


SAVINGS = ({"prefix_share": 0.9}, {"kv_precision": "fp8"}, {"prefill_replicas": 4}, {"speculation": "draft"})


@pytest.mark.parametrize("said", SAVINGS)
def test_what_saves_work_never_slows_a_token(said: dict[str, Any]) -> None:
    plain = {"concurrency": 16, "kv_precision": "bf16"}
    usual, better = estimate(**plain), estimate(**{**plain, **said})
    assert better.tpot_s.mean.p50 <= usual.tpot_s.mean.p50 * 1.001


def test_a_search_says_what_no_design_meets() -> None:
    found = public.search_serving(model="llama-3.1-70b", isl=1024, osl=256, slo_tpot="0.5 ms", catalog=CATALOG)
    assert not found.fits
    assert found.limit == "latency floor"
    limit = found.nearest.removeprefix("--slo-tpot ").strip("'")
    assert public.search_serving(model="llama-3.1-70b", isl=1024, osl=256, slo_tpot=limit, catalog=CATALOG).fits


def test_a_search_is_within_its_limits_and_names_what_it_refused() -> None:
    found = public.search_serving(
        model="gpt-oss-120b", isl=1024, osl=512, precision="mxfp4", slo_tpot="20 ms", slo_ttft="1 s", catalog=CATALOG
    )
    assert found.fits
    assert all(each.tpot_s.p50 <= 0.02 and each.ttft_s.p50 <= 1.0 for each in found.best)
    assert len({each.chip for each in found.best}) == len(found.best)
    rates = [each.tokens_per_s_per_chip.p50 for each in found.best]
    assert rates == sorted(rates, reverse=True)
    assert "wse-3" in found.refused
    speeds = [each.tokens_per_s_per_user for each in found.pareto]
    yields = [each.tokens_per_s_per_chip.p50 for each in found.pareto]
    assert speeds == sorted(speeds, reverse=True)
    assert yields == sorted(yields)
