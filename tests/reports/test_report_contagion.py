"""The report of contagion: every chart the answer has, terms that add up, everything escaped, nothing loaded."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Mapping

import pytest
from parsed_pages import charts_of

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.contagion import ContagionAnswer
from tenfold.reports.charts.chart import Chart
from tenfold.reports.contagion import report
from tenfold.reports.deals import FLOWS_DRAWN
from tenfold.reports.page import report_html
from tenfold.reports.report import Report
from tenfold.studies.examples import example_of

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def network(catalog: Catalog) -> ContagionAnswer:
    return tenfold.contagion(example_of("contagion"), catalog=catalog)


def drawn(page: Report) -> Mapping[str, Chart]:
    return {chart.key: chart for section in page.sections for chart in section.charts}


def rendered(page: Report, catalog: Catalog) -> str:
    """The page, once it is sure that it loads nothing and has the data of every chart."""
    text = report_html(page, catalog.sources)
    assert set(charts_of(text)) == set(drawn(page))
    for section in page.sections:
        for table in section.tables:
            assert {len(row) for row in table.rows} <= {len(table.headers)}
    return text


def test_the_page_of_contagion_has_every_chart_every_deal_and_every_figure(
    network: ContagionAnswer, catalog: Catalog
) -> None:
    page = report(network)
    text = rendered(page, catalog)
    assert set(drawn(page)) == {"flows", "losses", "borne", "debtrank", "reverse", "circles"}
    assert text.index("What the answer assumes") < text.index("Who pays whom")
    assert text.rindex("Figures and their sources") > text.index("Deals left out")
    for said in ("Contingent: paid only when buyers fail", network.currency):
        assert said in text
    for named in (*network.figures, *network.assumptions):
        assert html.escape(named.name) in text
    for one in network.left_out:
        assert html.escape(one.key) in text
        assert html.escape(one.reason) in text


def test_flows_are_what_is_due_by_kind_and_backstops_stand_apart(network: ContagionAnswer) -> None:
    series = drawn(report(network))["flows"].option["series"][0]
    due = sum(edge.supply_usd + edge.interest_usd + edge.maturing_usd for edge in network.edges)
    assert sum(link["value"] for link in series["links"]) == pytest.approx(due)
    chart = drawn(report(network))["flows"]
    assert {"take or pay", "principal", "lease"} <= {name for name, _ in chart.colours}
    assert "backstop" not in {name for name, _ in chart.colours}


def test_a_large_network_shows_its_largest_flows_and_lists_the_rest(network: ContagionAnswer) -> None:
    many = tuple(
        dataclasses.replace(network.edges[0], key=f"{index}", payer=f"buyer {index}", supply_usd=1e9 + index)
        for index in range(FLOWS_DRAWN + 6)
    )
    page = report(dataclasses.replace(network, edges=many))
    chart = drawn(page)["flows"]
    assert len(chart.option["series"][0]["links"]) == FLOWS_DRAWN
    assert "6 more in the table below" in chart.note
    (table,) = next(section for section in page.sections if section.title == "Who pays whom").tables
    assert len(table.rows) == len(many)


def test_losses_stress_and_order_are_those_of_the_answer(network: ContagionAnswer) -> None:
    found = drawn(report(network))
    assert network.drawn is not None
    assert len(found["losses"].rows) == len(network.drawn.credit_loss_usd)
    borne = [sum(series["data"][index]["value"] for series in found["borne"].option["series"])
             for index in range(len(network.scenarios))]  # fmt: skip
    assert borne == pytest.approx([scenario.cleared[-1].unpaid_usd / 1e9 for scenario in network.scenarios])
    broken = [point for point in network.breaking_points if point.first is not None]
    assert len(found["reverse"].rows) == len(broken)
    order = next(section for section in report(network).sections if section.title == "Order of failure")
    failed = [row[3] for row in order.tables[0].rows if row[:2] == ("Nobody refinances", "rogers-veraart")]
    assert failed == ["OpenAI", "Oracle"]


def test_a_calm_network_has_a_page(network: ContagionAnswer, catalog: Catalog) -> None:
    calm = dataclasses.replace(network, scenarios=(), drawn=None, breaking_points=(), circularity=(), edges=())
    page = report(calm)
    assert 'class="verdict good"' in rendered(page, catalog)
    assert drawn(page) == {}


def test_names_in_the_network_are_escaped(network: ContagionAnswer, catalog: Catalog) -> None:
    players = tuple(dataclasses.replace(player, name=ATTACK) for player in network.players)
    edges = tuple(dataclasses.replace(edge, note=ATTACK) for edge in network.edges)
    hostile = dataclasses.replace(network, players=players, edges=edges, title=ATTACK, notes=(ATTACK,))
    text = rendered(report(hostile), catalog)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
