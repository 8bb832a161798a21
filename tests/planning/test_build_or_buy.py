"""Build or buy: numbers of other questions, signs, crossovers against a search, cases, refusals."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typed_commands import tenfold

import tenfold as public
from tenfold.catalog import load_catalog
from tenfold.planning.build_or_buy import AsicCase, BuildOrBuyAnswer, Way
from tenfold.planning.build_or_buy.build_or_buy import answer
from tenfold.planning.build_or_buy.question import (
    Asic,
    BuildOrBuyQuestion,
    Mix,
    MonthlyTraffic,
    Served,
    Staged,
    Tuned,
)
from tenfold.planning.plan.plan import cheapest_run
from tenfold.quantities import Ranged

CATALOG = load_catalog()
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "build-or-buy.toml"
CHIPS = ("h100-sxm", "mi300x")
ASKED = BuildOrBuyQuestion(
    traffic=MonthlyTraffic(input_tokens=20e9, output_tokens=4e9, isl=2500),
    serve=Served(model="llama-3.1-70b"),
    chips=CHIPS,
    months=12,
    slo_tpot_s=0.05,
)


@cache
def asked(**changes: Any) -> BuildOrBuyAnswer:
    return answer(replace(ASKED, **changes), CATALOG, cheapest_run=cheapest_run)


@cache
def at(tokens: float) -> BuildOrBuyAnswer:
    return asked(traffic=replace(ASKED.traffic, input_tokens=5 * tokens / 6, output_tokens=tokens / 6))


def way(found: BuildOrBuyAnswer, name: str) -> Way:
    return found.ways[name]


def test_a_call_costs_what_the_list_says() -> None:
    called = {each.service: each for each in asked(quality="small").called}
    assert called["claude-haiku-4.5"].usd_first_month == pytest.approx(20e9 * 1e-6 + 4e9 * 5e-6)
    costs = [each.usd_first_month for each in asked(quality="small").called]
    assert costs == sorted(costs)


def test_what_serves_is_what_search_serving_finds() -> None:
    found = way(asked(), "serve")
    searched = public.search_serving(
        model="llama-3.1-70b", isl=2500, osl=500, chips=CHIPS, slo_tpot_s=0.05, catalog=CATALOG
    )
    chip = found.what.rpartition(" ")[2]
    row = next(each for each in searched.best if each.chip == chip)
    seconds = 365.25 * 86_400 / 12
    peak = CATALOG.assumption("services.peak_over_mean").value
    needed = 4e9 * peak / seconds / row.tokens_per_s_per_chip.p50
    assert found.chips_first == pytest.approx(math.ceil(needed / row.chips) * row.chips)


def test_a_tuning_run_costs_what_its_plan_says() -> None:
    tuned = Tuned(model="llama-3.1-8b", tokens=2e8, method="full")
    found = asked(serve=None, tune=tuned)
    plan = public.plan(
        goal={
            "model": "llama-3.1-8b",
            "tokens": 2e8,
            "sequence_length": 4096,
            "global_batch": 64,
            "kind": "train",
            "deadline": "14 days",
            "objective": "cheapest",
        },
        means={"chips": list(CHIPS), "max_chips": 64, "supply": ["on-demand"], "sites": ["us-texas"]},
        catalog=CATALOG,
    )
    assert plan.best is not None
    runs = CATALOG.assumption("services.tune_runs").value
    assert way(found, "tune").terms_usd["runs"] == pytest.approx(runs * plan.best.cost_usd.p50, rel=1e-6)


def test_low_rank_tuning_takes_less_than_every_weight() -> None:
    full, lora = (
        way(asked(serve=None, tune=Tuned(model="llama-3.1-8b", tokens=1e10, method=method)), "tune").terms_usd["runs"]
        for method in ("full", "lora")
    )
    assert lora == pytest.approx(full * CATALOG.assumption("services.lora_flops_share").value)


def test_terms_add_up_and_the_best_is_first() -> None:
    found = asked()
    for each in found.ways.values():
        assert sum(each.terms_usd.values()) == pytest.approx(each.total_usd.p50)
        assert each.total_usd.p10 <= each.total_usd.p50 <= each.total_usd.p90
        assert len(each.usd_by_month) == 12
    assert found.best == next(iter(found.ways))
    assert sum(each.chance_cheapest for each in found.ways.values()) == pytest.approx(1.0, abs=0.01)


def test_more_traffic_never_makes_calling_the_better_choice_of_the_two() -> None:
    gains = [
        way(found, "api").total_usd.p50 - way(found, "serve").total_usd.p50 for found in map(at, (1e8, 1e10, 1e12))
    ]
    assert gains == sorted(gains)
    assert gains[0] < 0 < gains[-1]
    assert asked().volumes[0][1] == "api"


def test_at_its_crossover_a_way_costs_about_what_calling_does() -> None:
    """With everything stated as known, no growth and no set-up, both totals agree at the volume that is told."""
    sure = Ranged(value=1.0)
    known = {
        "serve": Served(model="llama-3.1-70b", people=sure, weeks=Ranged(value=0.001)),
        "engineer_usd_per_week": Ranged(value=4000.0),
    }
    still = replace(ASKED.traffic, growth_per_month=Ranged(value=0.0), peak_over_mean=Ranged(value=2.0))
    first = asked(**known, traffic=still)
    crossing = way(first, "serve").crossover
    assert crossing is not None
    assert crossing.tokens_per_month is not None
    low, high = crossing.tokens_per_month.p10, crossing.tokens_per_month.p90
    assert low < high
    signs = []
    for tokens in (low / 3, high * 3):
        traffic = replace(still, input_tokens=5 * tokens / 6, output_tokens=tokens / 6)
        ways = asked(**known, traffic=traffic)
        signs.append(np.sign(way(ways, "api").total_usd.p50 - way(ways, "serve").total_usd.p50))
    assert signs == [-1.0, 1.0]


def test_a_range_that_is_not_stated_is_wider_than_one_that_is() -> None:
    narrow = asked(traffic=replace(ASKED.traffic, growth_per_month=Ranged(value=0.05)))
    wide = asked()
    for name in ("api", "serve"):
        ranges = [way(each, name).total_usd for each in (narrow, wide)]
        assert ranges[0].p90 / ranges[0].p10 < ranges[1].p90 / ranges[1].p10


def test_cost_above_three_tenths_of_revenue_is_an_alert() -> None:
    assert not asked(revenue_usd_per_month=1e9).alerts
    alerts = asked(revenue_usd_per_month=1e4).alerts
    assert len(alerts) == 2
    assert all("above 30 %" in said for said in alerts.values())


def test_kinds_without_figures_are_never_scored() -> None:
    kinds = {each.kind: each for each in asked(chips=None).kinds}
    assert kinds["fpga"].scored == kinds["cpu"].scored == 0
    assert kinds["fpga"].why == kinds["cpu"].why == "no figures"
    assert kinds["gpu"].scored > 0
    assert kinds["inference-asic"].no_figures > 0


def test_a_cheaper_design_is_repaid_by_fewer_chips() -> None:
    def chips(design: float) -> float:
        asic = Asic(unit_usd=8e3, speed=1.5, running_usd_per_hour=0.3, years=4.0, design_usd=Ranged(value=design))
        case = asked(asic=asic).asic
        assert case is not None
        return case.chips.p50

    assert chips(1e8) == pytest.approx(2.0 * chips(5e7))


def test_a_chip_of_ones_own_competes_with_rents_that_fall() -> None:
    def case(years: float) -> AsicCase:
        found = asked(asic=Asic(unit_usd=1.0, speed=1.0, running_usd_per_hour=0.0, years=years)).asic
        assert found is not None
        return found

    rents = [case(years).replaced_usd_per_hour.p50 for years in (0.1, 4.0, 8.0)]
    assert rents == sorted(rents, reverse=True)
    assert rents[1] < 0.7 * rents[0]


def test_a_mix_is_scored_with_its_figures_and_said_to_lack_them_without() -> None:
    lacking = asked(mix=Mix(share=0.2)).mix
    scored = asked(mix=Mix(share=0.2, speed=2.0, price_usd_per_hour=0.01)).mix
    assert lacking is not None
    assert scored is not None
    assert lacking.cost_over_alone is None
    assert "no figures" in lacking.no_figures
    assert scored.cost_over_alone is not None
    assert 0.8 < scored.cost_over_alone.p50 < 1.0


def test_the_right_to_stop_is_worth_something_where_traffic_may_shrink() -> None:
    shrinking = replace(ASKED.traffic, growth_per_month=Ranged(value=0.0, low=-0.3, high=0.3))
    case = asked(traffic=shrinking, staged=Staged(decide_month=4)).staged
    sure = asked(traffic=replace(shrinking, growth_per_month=Ranged(value=0.3)), staged=Staged(decide_month=4)).staged
    assert case is not None
    assert sure is not None
    assert case.option_usd > sure.option_usd >= -1e-6
    assert 0.0 < case.chance < 1.0


def test_what_cannot_be_had_is_refused_with_its_reason() -> None:
    found = asked(chips=("sohu",))
    assert set(found.refused) == {"serve"}
    assert list(found.ways) == ["api"]


def test_traffic_that_outgrows_what_is_offered_is_said() -> None:
    grown = asked(traffic=replace(ASKED.traffic, growth_per_month=Ranged(value=0.6)))
    assert any("are known to be offered on these terms" in note for note in grown.notes)
    assert not any("are known to be offered" in note for note in at(1e9).notes)


def test_a_way_that_answers_at_once_costs_no_calls() -> None:
    at_once = asked(serve=Served(model="llama-3.1-70b", weeks=Ranged(value=0.0)))
    assert "calls" not in way(at_once, "serve").terms_usd


WRONG = {
    "asic": ('[asic]\nunit_price = "$1K"\nspeed = 1\nrunning = "$1/h"\nyears = 4\n', "asic: has nothing of one's own"),
    "late": ('[serve]\nmodel = "llama-3.1-8b"\n[staged]\ndecide_month = 30\n', "staged.decide_month: 30 is not before"),
    "service": ('[serve]\nmodel = "llama-3.1-8b"\nprecision = "fp9"\n', "serve.precision: unknown precision 'fp9'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_said(name: str, tmp_path: Path) -> None:
    text, said = WRONG[name]
    file = tmp_path / "asked.toml"
    file.write_text(f'[traffic]\ninput_tokens = "1B"\noutput_tokens = "1B"\nisl = 1000\n{text}', encoding="utf-8")
    refused = tenfold("build-or-buy", file)
    assert (refused.code, refused.stdout) == (2, "")
    assert said in refused.stderr
