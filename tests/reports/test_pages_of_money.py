"""Pages of procurement: every chart the answer has, everything escaped, nothing loaded."""

from __future__ import annotations

import dataclasses
import html
import json
import math
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tenfold.catalog import Catalog, load_catalog
from tenfold.interfaces.cli.app import app
from tenfold.interfaces.old_python.procure import procure
from tenfold.planning.procurement.answer import ProcurementAnswer, Shortage
from tenfold.reports.charts import Flow, columns, sankey, spans
from tenfold.reports.charts.chart import Chart
from tenfold.reports.page import Page, page_html
from tenfold.reports.pages.procurement import procurement_page

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
CHARTS = {"orders", "supply", "service", "cost", "frontier", "scenarios", "regret", "power-us-texas", "power-nordics"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def answer(catalog: Catalog) -> ProcurementAnswer:
    return procure(EXAMPLES / "procure.toml", catalog=catalog)


class Loads(HTMLParser):
    """Every tag that loads something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"link", "img", "iframe", "object", "embed", "base", "form"} or "src" in dict(attrs):
            self.found.append(tag)


def drawn(page: Page) -> Mapping[str, Chart]:
    return {chart.key: chart for section in page.sections for chart in section.charts}


def rendered(page: Page, catalog: Catalog) -> str:
    """The page, once it is sure that it loads nothing and has the data of every chart."""
    text = page_html(page, catalog.sources)
    loads = Loads()
    loads.feed(text)
    assert loads.found == []
    found = re.search(r'id="chart-data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    assert set(json.loads(found[1])) == set(drawn(page))
    for section in page.sections:
        for table in section.tables:
            assert {len(row) for row in table.rows} <= {len(table.headers)}
    return text


def test_the_page_has_every_chart_every_order_and_every_figure(answer: ProcurementAnswer, catalog: Catalog) -> None:
    page = procurement_page(answer)
    text = rendered(page, catalog)
    assert set(drawn(page)) == CHARTS
    assert text.index("What the answer assumes") < text.index("What to do now, and what can wait")
    assert text.rindex("Figures and their sources") > text.index("Workload fit and export rules")
    for said in ("Order now: 512", "Can wait: ", page.verdict, "US dollars of 2027, nominal"):
        assert html.escape(said) in text
    for price in answer.shadow_prices:
        assert html.escape(price.words) in text
    for named in answer.figures:
        assert html.escape(named.name) in text


def test_the_frontier_names_its_weights_and_the_plan(answer: ProcurementAnswer) -> None:
    line, plan = drawn(procurement_page(answer))["frontier"].option["series"]
    labels = ", ".join(item["short"].removeprefix("λ ") for item in line["data"]).split(", ")
    assert sorted(map(float, labels)) == [point.risk_aversion for point in answer.frontier]
    (point,) = plan["data"]
    assert point["short"] == "this plan, λ 0.5"
    assert point["value"] == [answer.cvar_usd / 1e6, answer.expected_cost_usd / 1e6]


def test_parts_of_the_charts_add_up(answer: ProcurementAnswer) -> None:
    found = drawn(procurement_page(answer))
    assert answer.terms is not None
    assert found["cost"].rows[-1][0] == "expected cost"
    arrived = sum(item["value"] for series in found["orders"].option["series"] for item in series["data"])
    assert arrived == pytest.approx(sum(order.chips for order in answer.orders))
    least, regret = found["scenarios"].option["series"]
    for best, more, scenario in zip(least["data"], regret["data"], answer.scenarios, strict=True):
        assert best["value"] + more["value"] == pytest.approx(scenario.cost_usd / 1e6)


def test_power_stands_under_its_limit_and_no_limit_draws_no_line(answer: ProcurementAnswer) -> None:
    used, limit = drawn(procurement_page(answer))["power-us-texas"].option["series"]
    assert [item["value"] for item in limit["data"]] == [1, 1, 2, 2, 4, 4, 4, 4]
    assert all(part["value"] <= top["value"] for part, top in zip(used["data"], limit["data"], strict=True))
    free = dataclasses.replace(answer, power=tuple(dataclasses.replace(one, limit_mw=math.inf) for one in answer.power))
    chart = drawn(procurement_page(free))["power-nordics"]
    assert len(chart.option["series"]) == 1
    assert chart.note == "The site has no limit."
    assert {row[-1] for row in chart.rows} == {"no limit"}


def test_a_plan_alone_has_neither_frontier_nor_regret(answer: ProcurementAnswer, catalog: Catalog) -> None:
    scenarios = tuple(dataclasses.replace(one, best_cost_usd=None, regret_usd=None) for one in answer.scenarios)
    alone = dataclasses.replace(answer, frontier=(), scenarios=scenarios, waiting_costs_usd=None)
    page = procurement_page(alone)
    rendered(page, catalog)
    assert set(drawn(page)) == CHARTS - {"frontier", "regret"}


def test_without_a_plan_the_page_says_what_is_short(answer: ProcurementAnswer, catalog: Catalog) -> None:
    shortage = Shortage(limit="power", short="2 MW short at nordics", nearest="3.5 MW from 2027Q2 on")
    none = dataclasses.replace(
        answer, status="infeasible", terms=None, orders=(), frontier=(), shadow_prices=(), shortages=(shortage,)
    )
    page = procurement_page(none)
    text = rendered(page, catalog)
    assert drawn(page) == {}
    assert 'class="verdict bad"' in text
    assert "2 MW short at nordics" in text
    assert "3.5 MW from 2027Q2 on" in text


def test_names_are_escaped(answer: ProcurementAnswer, catalog: Catalog) -> None:
    orders = tuple(dataclasses.replace(order, option=ATTACK, chip=ATTACK) for order in answer.orders)
    named = tuple(dataclasses.replace(one, name=ATTACK) for one in answer.scenarios[:1])
    service = tuple(dataclasses.replace(one, workload=ATTACK) for one in answer.service)
    hostile = dataclasses.replace(answer, orders=orders, scenarios=named, service=service, notes=(ATTACK,))
    text = rendered(procurement_page(hostile), catalog)
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_columns_keep_small_parts_together_and_every_part_in_the_table() -> None:
    parts = {"Q1": {"a": 100.0, "b": 1.0, "c": 0.5}, "Q2": {"a": 90.0}}
    chart = columns("k", "t", parts, "1", limit=(120.0, math.inf))
    assert [series["name"] for series in chart.option["series"]] == ["a", "everything else", "limit"]
    assert chart.option["series"][1]["data"][0]["value"] == 1.5
    assert chart.option["series"][1]["data"][1]["text"] == "", "nothing to say of nothing"
    assert chart.headers == ("when", "a", "b", "c", "limit")
    assert chart.rows[1] == ("Q2", "90", "0", "0", "no limit")


def test_spans_join_the_marks_of_a_row() -> None:
    chart = spans("k", "t", {"x": {"P10": 1e9, "P50": 3e9}, "y": {"P50": 2e9}}, "USD")
    joined, low, middle = chart.option["series"]
    assert joined["markLine"]["data"] == [[{"coord": [1.0, 0]}, {"coord": [3.0, 0]}]]
    assert [item["short"] for item in low["data"]] == [""]
    assert [item["short"] for item in middle["data"]] == ["$1B · $3B", "$2B"]
    assert chart.rows == (("x", "$1B", "$3B"), ("y", "–", "$2B"))


def test_flows_with_kinds_take_their_colours() -> None:
    flows = [Flow(source="a", target="b", value=1.0, kind="debt"), Flow(source="b", target="c", value=1.0, kind="rent")]
    chart = sankey("k", "t", flows, "USD")
    assert [name for name, _ in chart.colours] == ["debt", "rent"]
    links = chart.option["series"][0]["links"]
    assert [link["lineStyle"]["color"] for link in links] == [colour for _, colour in chart.colours]
    assert chart.rows[0][-1] == "debt"


def test_the_command_writes_the_page_or_refuses_the_place(tmp_path: Path) -> None:
    def run(place: Path) -> Any:
        return CliRunner().invoke(app, ["procure", str(EXAMPLES / "procure.toml"), "--plan-only", "--html", str(place)])

    refused = run(tmp_path / "no" / "page.html")
    assert refused.exit_code == 2
    assert "there is no folder" in refused.stderr
    written = run(tmp_path / "page.html")
    assert written.exit_code == 0, written.stderr
    assert "Page written to" in written.stderr
    assert "chart-power-nordics" in (tmp_path / "page.html").read_text(encoding="utf-8")
