"""The report of prices over time: kinds and origins told apart, catalog beside store, everything escaped."""

from __future__ import annotations

import datetime

from parsed_pages import charts_of

from tenfold.catalog.prices import CATALOG, STORE, PriceMonth, PriceSeries
from tenfold.planning.prices import PricesShowAnswer, PricesShowQuestion
from tenfold.planning.prices.prices import told
from tenfold.quantities import Made
from tenfold.reports.page import report_html
from tenfold.reports.prices_show import report

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
MADE = Made(tenfold="0", catalog="0", overrides=(), seed=0)


def month(
    origin: str, term: str, kind: str, at: str, price: float, prices: int = 1, source: str = "page"
) -> PriceMonth:
    return PriceMonth(
        origin=origin,
        term=term,
        kind=kind,
        month=datetime.date.fromisoformat(f"{at}-01"),
        prices=prices,
        providers=1,
        low_usd_per_chip_hour=price * 0.8,
        median_usd_per_chip_hour=price,
        high_usd_per_chip_hour=price * 1.5,
        sources=(source,),
    )


MONTHS = (
    month(CATALOG, "on-demand", "listing", "2025-11", 3.0, 4),
    month(CATALOG, "on-demand", "listing", "2026-02", 2.5, 2),
    month(CATALOG, "reserved-1y", "contract", "2026-01", 2.35),
    month(STORE, "on-demand", "listing", "2026-02", 2.2),
    month(STORE, "on-demand", "transaction", "2026-03", 2.1, source=ATTACK),
)


def answer_of(*months: PriceMonth, chip: str = "h100-sxm") -> PricesShowAnswer:
    series = PriceSeries(chip=chip, currency="USD, nominal", months=months, store="prices.duckdb")
    return told(PricesShowQuestion(chip=chip), series, MADE)


def page_of(*months: PriceMonth, chip: str = "h100-sxm") -> str:
    return report_html(report(answer_of(*months, chip=chip)), {})


def test_every_term_has_a_chart_in_which_kinds_and_origins_are_told_apart() -> None:
    charts = charts_of(page_of(*MONTHS))
    assert set(charts) == {"term-on-demand", "term-reserved-1y"}
    drawn = charts["term-on-demand"]
    assert drawn["xAxis"]["data"] == ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]
    lines = {series["name"]: series for series in drawn["series"] if series["type"] == "line"}
    assert set(lines) == {"listing, catalog", "listing, store", "transaction, store"}
    assert [item["value"] for item in lines["listing, catalog"]["data"]] == [[0, 3.0], [3, 2.5]]
    assert [series["name"] for series in drawn["series"][:1]] == ["listing, catalog, lowest–highest"]


def test_months_in_both_stand_side_by_side_and_every_price_has_a_source() -> None:
    text = page_of(*MONTHS)
    assert "1 month with prices of the same term and kind in both" in text
    assert "$2.50/h of 2" in text
    assert "price_months/h100-sxm/store/on-demand/listing/2026-02" in text
    assert '<span class="kind measured">measured</span>' in text, "a transaction was measured"
    assert "<script>alert" not in text


def test_what_is_missing_is_said() -> None:
    assert "No price of this chip was imported" in page_of(*MONTHS[:3])
    apart = page_of(MONTHS[0], MONTHS[4])
    assert "no month, term and kind in common" in apart
    empty = page_of(chip=ATTACK)
    assert "no price is known" in empty
    assert charts_of(empty) == {}
    assert "<script>alert" not in empty


def test_bars_are_as_long_as_the_price_and_the_latest_is_the_last_on_demand() -> None:
    answer = answer_of(*MONTHS)
    assert answer.latest == MONTHS[4]
    assert (answer.shipped_prices, answer.imported_prices) == (7, 2)
    on_demand = next(section for section in report(answer).sections if section.title == "On-demand")
    titles = [table.title for table in on_demand.tables]
    assert titles == ["listing, from the catalog", "listing, from the store", "transaction, from the store"]
    bars = [len(row[2]) for row in on_demand.tables[0].rows]
    assert bars[0] == 40
    assert bars[1] == round(40 * 2.5 / 3.0 + 0.49)
