"""Pages of contagion, and charts of money: every chart the answer has, everything escaped, nothing loaded."""

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
from tenfold.interfaces.old_python.contagion import contagion
from tenfold.planning.contagion.answer import ContagionAnswer
from tenfold.reports.charts import Flow, columns, sankey, spans
from tenfold.reports.charts.chart import Chart
from tenfold.reports.page import Page, page_html
from tenfold.reports.pages.contagion import FLOWS_DRAWN, contagion_page

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def network(catalog: Catalog) -> ContagionAnswer:
    return contagion(EXAMPLES / "contagion.toml", catalog=catalog)


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


def test_the_page_of_contagion_has_every_chart_every_deal_and_every_figure(
    network: ContagionAnswer, catalog: Catalog
) -> None:
    page = contagion_page(network)
    text = rendered(page, catalog)
    assert set(drawn(page)) == {"flows", "losses", "borne", "debtrank", "reverse", "circles"}
    assert text.index("What the answer assumes") < text.index("Who pays whom")
    assert text.rindex("Figures and their sources") > text.index("Deals left out")
    for said in ("Contingent: paid only when buyers fail", "Estimates the answer rests on", network.currency):
        assert said in text
    for named in (*network.figures, *network.assumptions):
        assert html.escape(named.name) in text
    for one in network.left_out:
        assert html.escape(one.key) in text
        assert html.escape(one.reason) in text


def test_flows_are_what_is_due_by_kind_and_backstops_stand_apart(network: ContagionAnswer) -> None:
    series = drawn(contagion_page(network))["flows"].option["series"][0]
    due = sum(edge.supply_usd + edge.interest_usd + edge.maturing_usd for edge in network.edges)
    assert sum(link["value"] for link in series["links"]) == pytest.approx(due)
    chart = drawn(contagion_page(network))["flows"]
    assert {"take or pay", "principal", "lease"} <= {name for name, _ in chart.colours}
    assert "backstop" not in {name for name, _ in chart.colours}


def test_a_large_network_shows_its_largest_flows_and_lists_the_rest(network: ContagionAnswer) -> None:
    many = tuple(
        dataclasses.replace(network.edges[0], key=f"{index}", payer=f"buyer {index}", supply_usd=1e9 + index)
        for index in range(FLOWS_DRAWN + 6)
    )
    page = contagion_page(dataclasses.replace(network, edges=many))
    chart = drawn(page)["flows"]
    assert len(chart.option["series"][0]["links"]) == FLOWS_DRAWN
    assert "6 more in the table below" in chart.note
    (table,) = next(section for section in page.sections if section.title == "Who pays whom").tables
    assert len(table.rows) == len(many)


def test_losses_stress_and_order_are_those_of_the_answer(network: ContagionAnswer) -> None:
    found = drawn(contagion_page(network))
    assert network.drawn is not None
    assert len(found["losses"].rows) == len(network.drawn.credit_loss_usd)
    borne = [sum(series["data"][index]["value"] for series in found["borne"].option["series"])
             for index in range(len(network.scenarios))]  # fmt: skip
    assert borne == pytest.approx([scenario.cleared[-1].unpaid_usd / 1e9 for scenario in network.scenarios])
    broken = [point for point in network.breaking_points if point.first is not None]
    assert len(found["reverse"].rows) == len(broken)
    order = next(section for section in contagion_page(network).sections if section.title == "Order of failure")
    failed = [row[3] for row in order.tables[0].rows if row[:2] == ("Nobody refinances", "rogers-veraart")]
    assert failed == ["OpenAI", "Oracle"]


def test_a_calm_network_has_a_page(network: ContagionAnswer, catalog: Catalog) -> None:
    calm = dataclasses.replace(network, scenarios=(), drawn=None, breaking_points=(), circularity=(), edges=())
    page = contagion_page(calm)
    assert 'class="verdict good"' in rendered(page, catalog)
    assert drawn(page) == {}


def test_names_in_the_network_are_escaped(network: ContagionAnswer, catalog: Catalog) -> None:
    players = tuple(dataclasses.replace(player, name=ATTACK) for player in network.players)
    edges = tuple(dataclasses.replace(edge, note=ATTACK) for edge in network.edges)
    hostile = dataclasses.replace(network, players=players, edges=edges, title=ATTACK, notes=(ATTACK,))
    text = rendered(contagion_page(hostile), catalog)
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_flows_with_kinds_take_their_colours() -> None:
    flows = [Flow(source="a", target="b", value=1.0, kind="debt"), Flow(source="b", target="c", value=1.0, kind="rent")]
    chart = sankey("k", "t", flows, "USD")
    assert [name for name, _ in chart.colours] == ["debt", "rent"]
    links = chart.option["series"][0]["links"]
    assert [link["lineStyle"]["color"] for link in links] == [colour for _, colour in chart.colours]
    assert chart.rows[0][-1] == "debt"


def test_the_command_writes_the_page_or_refuses_the_place(tmp_path: Path) -> None:
    def run(place: Path) -> Any:
        return CliRunner().invoke(app, ["contagion", str(EXAMPLES / "contagion.toml"), "--html", str(place)])

    refused = run(tmp_path / "no" / "page.html")
    assert refused.exit_code == 2
    assert "there is no folder" in refused.stderr
    written = run(tmp_path / "page.html")
    assert written.exit_code == 0, written.stderr
    assert "Page written to" in written.stderr
    assert "chart-flows" in (tmp_path / "page.html").read_text(encoding="utf-8")
