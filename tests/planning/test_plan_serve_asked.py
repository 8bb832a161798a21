"""Serving plans as they are asked: files, several models, worked examples, what binds, what has no figure."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from serving_plans import CATALOG, EXAMPLES, H100, SERVICE, planned
from typed_commands import tenfold

import tenfold as public
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.serve import PlanServeQuestion, ServeGoal
from tenfold.planning.plan.serve.question import contradictions
from tenfold.planning.plan.serve.serve import answer
from tenfold.quantities import DAY_S, YEAR_S
from tenfold.reliability import Policy
from tenfold.reports.plan_serve import report, verdict


def test_nothing_that_fits_exits_with_three_and_names_the_nearest(tmp_path: Path) -> None:
    goal = tmp_path / "serve.toml"
    text = (EXAMPLES / "serve.toml").read_text().replace('"50 ms"', '"1 ms"').replace('"$2M"', '"$200M"')
    goal.write_text(text)
    said = tenfold("plan", goal)
    assert said.code == 3
    assert "latency floor: the least TPOT" in " ".join(said.stdout.split())
    assert "Would do: slo_tpot = " in " ".join(said.stdout.split())


def test_deepseeks_own_statement_lies_within_the_range() -> None:
    best = public.plan_serve(EXAMPLES / "serve-deepseek.toml").best
    assert best is not None
    stated = 168e9 / DAY_S / (226.75 * 8)
    assert best.tokens_per_s_per_chip.p10 < stated < best.tokens_per_s_per_chip.p90
    assert best.disaggregated


def test_much_traffic_costs_less_by_request_and_goes_to_another_chip() -> None:
    found = public.plan_serve(EXAMPLES / "serve-small.toml")
    little, much = found.best, found.more[0].best
    assert little is not None
    assert much is not None
    assert (little.chip, little.chips) == ("a100-sxm-80gb", 1)
    assert much.chip != little.chip
    assert much.cost_usd.p50 / 200 < little.cost_usd.p50 / 5  # 200 requests/s against 5
    assert much.usd_per_mtoken_output.p50 < little.usd_per_mtoken_output.p50


def test_every_chip_that_is_named_has_its_fleet_listed() -> None:
    found = public.plan_serve(EXAMPLES / "serve-four-chips.toml")
    assert found.best is not None
    assert {found.best.chip, *(each.chip for each in found.alternatives)} == {"h100-sxm", "mi300x", "tpu-v6e", "gaudi3"}


def test_one_rack_is_paid_for_whole() -> None:
    best = public.plan_serve(EXAMPLES / "serve-405b-nvl72.toml").best
    assert best is not None
    assert best.chips == 72
    assert best.power_mw == pytest.approx(0.13, rel=0.2)


def test_weights_that_do_not_fit_are_said() -> None:
    found = planned(replace(SERVICE, precision="bf16"), replace(H100, chips=("l40s",)))
    alone = planned(replace(SERVICE, precision="bf16"), Means(chips=("l40",)))
    assert any(reason.kind == "weights" for each in alone.infeasible for reason in each.reasons)
    assert found.best is None or found.best.layout.chips > 1


def test_chips_made_for_answers_alone_are_planned_where_figures_exist_and_named_where_none_do() -> None:
    small = replace(SERVICE, model="llama-3.1-8b", precision="bf16", slo_ttft_s=2.0, slo_tpot_s=0.1)
    chips = ("ascend-910b", "groq-lpu-v1", "wse-3", "sohu", "hanguang-800")
    found = planned(small, Means(chips=chips))
    assert found.best is not None
    assert found.best.chip == "ascend-910b"
    assert {each.chip for each in found.missing_data} >= set(chips) - {"ascend-910b"}


def test_several_models_have_a_fleet_each_and_share_the_budget() -> None:
    small = replace(SERVICE, model="llama-3.1-8b")
    both = PlanServeQuestion(goal=ServeGoal(service=SERVICE), means=replace(H100, budget_usd=5e6), more=(small,))
    found = answer(both, CATALOG)
    assert found.total is not None
    assert found.best is not None
    assert found.more[0].best is not None
    assert found.total.cost_usd == pytest.approx(found.best.cost_usd.p50 + found.more[0].best.cost_usd.p50)
    assert found.total.cash_usd <= 5e6
    assert not answer(replace(both, means=replace(H100, budget_usd=1000.0)), CATALOG).fits
    few = answer(replace(both, means=replace(H100, max_chips=64)), CATALOG)
    assert few.total is not None
    assert few.total.chips <= 64


def test_a_limit_on_chips_holds_for_idle_ones_of_a_rack_too() -> None:
    racks = Means(chips=("gb200",), supply=("own",), sites=("us-texas",), max_chips=71)
    short = planned(means=racks)
    assert short.best is None
    (change,) = {change for each in short.infeasible for change in each.changes}
    assert change == "max_chips = 72"
    found = planned(means=replace(racks, max_chips=72))
    assert found.best is not None
    assert found.total is not None
    assert found.best.chips < found.best.chips_held == found.total.chips_held == 72
    assert f"{found.best.chips} of 72 × gb200, own" in verdict(found)


def test_a_goal_of_kind_serve_is_handed_over(tmp_path: Path) -> None:
    goal = tmp_path / "serve.toml"
    goal.write_text(
        'question = "plan"\n[goal]\nkind = "serve"\nmodel = "llama-3.1-8b"\nrate = "5/s"\nisl = 512\nosl = 128\n'
        'slo_tpot = "50 ms"\n[means]\nchips = ["h100-sxm"]\nsites = ["us-texas"]\nsupply = ["on-demand"]\n'
    )
    said = tenfold("plan", goal, "--json")
    assert said.code == 0, said.stderr
    assert said.data["question_name"] == "plan serve"
    again = tmp_path / "answer.json"
    again.write_text(said.stdout)
    assert tenfold("plan", "--question", again, "--json").stdout == said.stdout
    assert json.loads(said.stdout)["best"]["chip"] == public.plan(str(goal)).best.chip  # type: ignore[union-attr]


def test_what_a_training_run_does_about_failures_is_refused_of_a_service_by_name(tmp_path: Path) -> None:
    goal, text = tmp_path / "serve.toml", (EXAMPLES / "serve.toml").read_text()
    for key, value in (("checkpointing", "multi-tier"), ("recovery", "hot-standby"), ("detection", "telemetry")):
        goal.write_text(text.replace("[means]\n", f'[means]\n{key} = "{value}"\n'))
        said = tenfold("plan", goal)
        assert said.code == 2
        assert f"means.{key}" in said.stderr
        assert f"'{value}' is of a training run" in " ".join(said.stderr.split())
    policy = Policy(recovery="elastic", detection="telemetry")
    asked = PlanServeQuestion(goal=ServeGoal(service=SERVICE), means=replace(H100, policy=policy))
    assert [each.key for each in contradictions(asked, CATALOG)] == ["means.recovery", "means.detection"]
    usual = replace(asked, means=replace(H100, policy=Policy()))
    assert not list(contradictions(usual, CATALOG))


def test_a_share_of_terms_that_is_paid_ahead_costs_its_capital() -> None:
    reserved = replace(H100, supply=("reserved-1y",))
    later, ahead = (planned(means=replace(reserved, prepaid_share=share)) for share in (0.0, 0.5))
    assert later.best is not None
    assert ahead.best is not None
    assert later.best.paid_ahead_usd is None
    assert ahead.best.paid_ahead_usd is not None
    assert ahead.best.price_usd_per_chip_hour is not None
    term_hours = ahead.best.availability.minimum_term_days * 24.0
    term_usd = ahead.best.chips * term_hours * ahead.best.price_usd_per_chip_hour.p50
    assert ahead.best.paid_ahead_usd.p50 == pytest.approx(0.5 * term_usd)
    capital = CATALOG.assumption("economics.cost_of_capital").value
    expected = 0.5 * term_usd * capital * (term_hours * 3600.0 / YEAR_S) / 2.0
    assert ahead.best.cost_terms_usd["paying_ahead"] == pytest.approx(expected, rel=0.25)
    assert ahead.best.cost_usd.p50 > later.best.cost_usd.p50
    assert "paying_ahead" not in later.best.cost_terms_usd
    told = dict(next(each.pairs for each in report(ahead).sections if each.title == "The cheapest fleet"))
    assert told["Paid ahead"].endswith("before the chips are there")
    name = "assumptions/economics.cost_of_capital"
    assert [name in {figure.name for figure in each.figures} for each in (later, ahead)] == [False, True]
    on_demand = planned(means=replace(H100, supply=("on-demand",), prepaid_share=0.5)).best
    assert on_demand is not None
    assert on_demand.paid_ahead_usd is None


def test_every_problem_of_a_serving_goal_is_said_at_once(tmp_path: Path) -> None:
    goal = tmp_path / "serve.toml"
    goal.write_text('[goal]\nkind = "serve"\nmodel = "llama-3.1-8b"\nisl = 0\nosl = 128\n[means]\nchips = []\n')
    said = tenfold("plan", goal)
    assert said.code == 2
    for key in ("goal.isl", "goal.rate", "goal.slo_ttft", "means.chips"):
        assert key in said.stderr
