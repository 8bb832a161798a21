"""The report of procurement: every chart it has, parts that add up, limits, a page without a plan, names as text."""

from __future__ import annotations

import dataclasses
import html
import math
from collections.abc import Mapping
from pathlib import Path

import pytest
from parsed_pages import charts_of
from typed_commands import tenfold

from tenfold.catalog import Catalog, load_catalog
from tenfold.interfaces.python import procure
from tenfold.planning.procurement import ProcureAnswer
from tenfold.planning.procurement.answer import Shortage
from tenfold.reports.charts.chart import Chart
from tenfold.reports.page import report_html
from tenfold.reports.procure import report, verdict

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "procure.toml"
ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
CHARTS = {"orders", "supply", "service", "cost", "frontier", "scenarios", "regret", "power-us-texas", "power-nordics"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def answer(catalog: Catalog) -> ProcureAnswer:
    return procure(EXAMPLE, catalog=catalog)


def drawn(answer: ProcureAnswer) -> Mapping[str, Chart]:
    return {chart.key: chart for section in report(answer).sections for chart in section.charts}


def rendered(answer: ProcureAnswer, catalog: Catalog) -> str:
    """The page, once it is sure that it loads nothing and has the data of every chart."""
    text = report_html(report(answer), catalog.sources)
    assert set(charts_of(text)) == set(drawn(answer))
    for section in report(answer).sections:
        for table in section.tables:
            assert {len(row) for row in table.rows} <= {len(table.headers)}
    return text


def test_the_page_has_every_chart_every_order_and_every_figure(answer: ProcureAnswer, catalog: Catalog) -> None:
    text = rendered(answer, catalog)
    assert set(drawn(answer)) == CHARTS
    assert text.index("What the answer assumes</h2>") < text.index("What to do now, and what can wait</h2>")
    assert text.rindex("Figures and their sources") > text.index("Workload fit and export rules")
    for said in ("Order now: 512", "Can wait: ", verdict(answer), "US dollars of 2027, nominal"):
        assert html.escape(said) in text
    for price in answer.shadow_prices:
        assert html.escape(price.words) in text
    for named in answer.figures:
        assert html.escape(named.name) in text


def test_the_frontier_names_its_weights_and_the_plan(answer: ProcureAnswer) -> None:
    line, plan = drawn(answer)["frontier"].option["series"]
    labels = ", ".join(item["short"].removeprefix("λ ") for item in line["data"]).split(", ")
    assert sorted(map(float, labels)) == [point.risk_aversion for point in answer.frontier]
    (point,) = plan["data"]
    assert point["short"] == "this plan, λ 0.5"
    assert point["value"] == [answer.cvar_usd / 1e6, answer.expected_cost_usd / 1e6]


def test_parts_of_the_charts_add_up(answer: ProcureAnswer) -> None:
    found = drawn(answer)
    assert answer.terms is not None
    assert found["cost"].rows[-1][0] == "expected cost"
    arrived = sum(item["value"] for series in found["orders"].option["series"] for item in series["data"])
    assert arrived == pytest.approx(sum(order.chips for order in answer.orders))
    least, regret = found["scenarios"].option["series"]
    for best, more, scenario in zip(least["data"], regret["data"], answer.scenarios, strict=True):
        assert best["value"] + more["value"] == pytest.approx(scenario.cost_usd / 1e6)


def test_power_stands_under_its_limit_and_no_limit_draws_no_line(answer: ProcureAnswer) -> None:
    used, limit = drawn(answer)["power-us-texas"].option["series"]
    assert [item["value"] for item in limit["data"]] == [1, 1, 2, 2, 4, 4, 4, 4]
    assert all(part["value"] <= top["value"] for part, top in zip(used["data"], limit["data"], strict=True))
    free = dataclasses.replace(answer, power=tuple(dataclasses.replace(one, limit_mw=math.inf) for one in answer.power))
    chart = drawn(free)["power-nordics"]
    assert len(chart.option["series"]) == 1
    assert chart.note == "The site has no limit."
    assert {row[-1] for row in chart.rows} == {"no limit"}


def test_a_plan_alone_has_neither_frontier_nor_regret(answer: ProcureAnswer, catalog: Catalog) -> None:
    scenarios = tuple(dataclasses.replace(one, best_cost_usd=None, regret_usd=None) for one in answer.scenarios)
    alone = dataclasses.replace(answer, frontier=(), scenarios=scenarios, waiting_costs_usd=None)
    rendered(alone, catalog)
    assert set(drawn(alone)) == CHARTS - {"frontier", "regret"}


def test_without_a_plan_the_page_says_what_is_short(answer: ProcureAnswer, catalog: Catalog) -> None:
    shortage = Shortage(limit="power", short="2 MW short at nordics", nearest="3.5 MW from 2027Q2 on")
    none = dataclasses.replace(
        answer, status="infeasible", terms=None, orders=(), frontier=(), shadow_prices=(), shortages=(shortage,)
    )
    text = rendered(none, catalog)
    assert drawn(none) == {}
    assert 'class="verdict bad"' in text
    assert "2 MW short at nordics" in text
    assert "3.5 MW from 2027Q2 on" in text


def test_names_are_escaped(answer: ProcureAnswer, catalog: Catalog) -> None:
    orders = tuple(dataclasses.replace(order, option=ATTACK, chip=ATTACK) for order in answer.orders)
    named = tuple(dataclasses.replace(one, name=ATTACK) for one in answer.scenarios[:1])
    service = tuple(dataclasses.replace(one, workload=ATTACK) for one in answer.service)
    hostile = dataclasses.replace(answer, orders=orders, scenarios=named, service=service, notes=(ATTACK,))
    text = rendered(hostile, catalog)
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_the_page_is_written_or_its_place_refused(tmp_path: Path) -> None:
    refused = tenfold("procure", EXAMPLE, "--plan-only", "--html", tmp_path / "no" / "page.html")
    assert refused.code == 2
    assert "there is no folder" in refused.stderr
    page = tmp_path / "page.html"
    written = tenfold("procure", EXAMPLE, "--plan-only", "--html", page)
    assert written.code == 0, written.stderr
    assert "Page written to" in written.stderr
    assert "chart-power-nordics" in page.read_text(encoding="utf-8")
