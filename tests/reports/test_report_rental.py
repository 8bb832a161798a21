from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest
from parsed_pages import charts_of

import tenfold
from tenfold import RentalAnswer
from tenfold.reports.page import report_html
from tenfold.reports.rental import report

H100 = Path(__file__).parents[2] / "examples" / "rental-h100.toml"
ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
FINANCED = """
[[loans]]
name = "bank"
kind = "level-payment"
share = 0.5
rate = "9 %"
term = "4 years"

[[covenants]]
kind = "dscr"
limit = 1.2
"""
CHARTS = {"hour", "profit", "cash", "earned", "prices", "drivers-irr", "drivers-price"}


@pytest.fixture(scope="module")
def catalog() -> tenfold.Catalog:
    return tenfold.load_catalog()


@pytest.fixture(scope="module")
def plain(catalog: tenfold.Catalog) -> RentalAnswer:
    """One chip, nothing uncertain, no loan."""
    return tenfold.rental(H100, catalog=catalog)


@pytest.fixture(scope="module")
def financed(tmp_path_factory: pytest.TempPathFactory, catalog: tenfold.Catalog) -> RentalAnswer:
    """The same with a range of prices and lives, a loan and a covenant."""
    text = H100.read_text(encoding="utf-8")
    text = text.replace('"$1.99/h"', '{ value = "$1.99/h", low = "$1.6/h", high = "$2.3/h" }')
    text = text.replace('life = "5 years"', 'life = { value = "5 years", low = "4 years", high = "6 years" }')
    file = tmp_path_factory.mktemp("cloud") / "cloud.toml"
    file.write_text(text + FINANCED, encoding="utf-8")
    return tenfold.rental(file, catalog=catalog)


def page_of(answer: RentalAnswer, catalog: tenfold.Catalog) -> str:
    return report_html(report(answer), catalog.sources)


def test_terms_of_profit_add_up_to_net_income(plain: RentalAnswer, financed: RentalAnswer) -> None:
    for answer in (plain, financed):
        assert sum(answer.profit_terms_usd.values()) == pytest.approx(answer.totals_usd["net_income"])


def test_market_prices_start_with_each_fleet_and_spread_where_the_file_says_so(
    plain: RentalAnswer, financed: RentalAnswer
) -> None:
    first = plain.market_prices[0].usd_per_chip_hour[0]
    assert (first.p10, first.p50, first.p90) == (1.99, 1.99, 1.99)
    (market,) = financed.market_prices
    assert market.usd_per_chip_hour[0].p10 == pytest.approx(1.6, rel=0.01)
    assert market.quarters == financed.drawn_quarters[: len(market.quarters)]
    assert len(financed.drawn_quarters) == len(financed.cash_curve_usd) > len(financed.quarters)


def test_the_page_has_every_chart_and_every_statement(financed: RentalAnswer, catalog: tenfold.Catalog) -> None:
    text = page_of(financed, catalog)
    charts = charts_of(text)
    assert set(charts) == CHARTS | {"breaks-price", "breaks-utilisation"}
    assert any(series.get("renderItem") == "band" for series in charts["cash"]["series"]), "P10–P90 of cash"
    assert any(series.get("renderItem") == "band" for series in charts["prices"]["series"])
    assert charts["drivers-irr"]["yAxis"]["data"][0] in {driver.name for driver in financed.drivers[:2]}
    for title in ("Income statement", "Cash flow", "Balance sheet", "dscr ≥ 1.2", "nominal USD of 2024"):
        assert title in text
    assert text.index('id="assumptions"') < text.index('id="section-1"') < text.index('id="sources"')
    assert all(f">{quarter}<" in text for quarter in financed.quarters)


def test_without_ranges_and_covenants_there_are_no_bands_and_no_break_points(
    plain: RentalAnswer, catalog: tenfold.Catalog
) -> None:
    charts = charts_of(page_of(plain, catalog))
    assert set(charts) == CHARTS
    assert all(series.get("renderItem") != "band" for option in charts.values() for series in option["series"])


def test_returns_without_limit_and_covenants_that_always_break_are_drawn_as_far_as_they_go(
    financed: RentalAnswer, catalog: tenfold.Catalog
) -> None:
    (covenant,) = financed.covenants
    broken = dataclasses.replace(
        covenant, headroom=-1.0, break_price_usd_per_chip_hour=math.inf, break_utilisation=math.inf
    )
    answer = dataclasses.replace(financed, irr=math.inf, covenants=(broken,))
    text = page_of(answer, catalog)
    assert set(charts_of(text)) == CHARTS
    assert 'class="verdict bad"' in text
    assert "at any" in text


def test_names_are_escaped(plain: RentalAnswer, catalog: tenfold.Catalog) -> None:
    figures = tuple(dataclasses.replace(named, name=ATTACK) for named in plain.figures[:1])
    markets = tuple(dataclasses.replace(market, fleet=ATTACK) for market in plain.market_prices)
    answer = dataclasses.replace(plain, name=ATTACK, notes=(ATTACK,), figures=figures, market_prices=markets)
    text = page_of(answer, catalog)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    charts_of(text)
