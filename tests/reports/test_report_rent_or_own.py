from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from parsed_pages import charts_of

import tenfold
from tenfold.quantities import Shortfall
from tenfold.reports.page import report_html
from tenfold.reports.rent_or_own import report

EXAMPLE = Path(__file__).parents[2] / "examples" / "rent-or-own.toml"
ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def catalog() -> tenfold.Catalog:
    return tenfold.load_catalog()


@pytest.fixture(scope="module")
def answer(catalog: tenfold.Catalog) -> tenfold.RentOrOwnAnswer:
    return tenfold.rent_or_own(EXAMPLE, catalog=catalog)


def page_of(answer: tenfold.RentOrOwnAnswer, catalog: tenfold.Catalog) -> str:
    return report_html(report(answer), catalog.sources)


def test_the_page_has_every_chart_and_every_supply(answer: tenfold.RentOrOwnAnswer, catalog: tenfold.Catalog) -> None:
    text = page_of(answer, catalog)
    charts = charts_of(text)
    crossings = {"crossover-utilisation", "crossover-horizon", "payback"}
    assert set(charts) == {"cost", "hourly", "terms", "cash", "prices", "pool"} | crossings
    assert charts["cost"]["yAxis"]["data"] == [each.supply for each in answer.supplies]
    assert charts["prices"]["series"][0]["renderItem"] == "band"
    assert "The price on demand is of 20" in text
    assert "nominal USD" in text
    assert text.index('id="assumptions"') < text.index('id="section-1"') < text.index('id="sources"')


def test_a_supply_without_a_price_and_an_alert_are_said(
    answer: tenfold.RentOrOwnAnswer, catalog: tenfold.Catalog
) -> None:
    short = Shortfall(kind="price", short=ATTACK, nearest="a price in the file")
    (first, *_) = answer.supplies
    assert first.revenue is not None
    alarmed = dataclasses.replace(first, revenue=dataclasses.replace(first.revenue, alert=True))
    assert answer.question.revenue is not None
    revenue = dataclasses.replace(answer.question.revenue, alert_share=0.2)
    question = dataclasses.replace(answer.question, revenue=revenue)
    changed = dataclasses.replace(
        answer, question=question, supplies=(alarmed,), unavailable=(("own", short),), pool=None
    )
    text = page_of(changed, catalog)
    assert "of revenue, above 20 %" in text
    assert "Not compared" in text
    assert "<script>alert" not in text
    assert "pool" not in charts_of(text)


def test_without_any_supply_the_prices_are_still_drawn(
    answer: tenfold.RentOrOwnAnswer, catalog: tenfold.Catalog
) -> None:
    text = page_of(dataclasses.replace(answer, supplies=(), cheapest=""), catalog)
    assert 'class="verdict bad"' in text
    assert set(charts_of(text)) == {"prices", "pool"}
