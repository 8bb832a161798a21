"""Prices by market, term and place, and who offers how many chips."""

from __future__ import annotations

import copy
import csv
import itertools
import math
import statistics
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from tenfold.catalog import MARKETS, Catalog, RentalPrice, held_chips, known_supply, load_catalog, rental_figure
from tenfold.catalog.prices.law import P90, Evidence, fitted_exponent, pooled_price
from tenfold.catalog.prices.named import price_figure, price_name
from tenfold.catalog.prices.pooled import fresh_rows
from tenfold.catalog.prices.terms import RENTAL_TERMS, TERM_YEARS
from tenfold.quantities import Figure, Shortfall

CATALOG = load_catalog()
PRICED = tuple(chip for chip in CATALOG.chips if CATALOG.rental_prices(chip))
SIGNED_FOR = (
    *("h100-sxm", "h200-sxm", "b200", "b300", "gb200", "gb300", "mi300x", "mi325x", "mi355x"),
    *("tpu-v5e", "tpu-v5p", "tpu-v6e", "trainium2", "h20", "ascend-910b", "ascend-910c"),
)
ELSEWHERE = {
    "AU": "Australia", "IS": "Iceland", "NO": "Norway", "PL": "Poland", "PT": "Portugal",
    "europe-west1": "Belgium", "europe-west4": "the Netherlands", "us-central2": "Oklahoma",
    "us-east1": "South Carolina", "us-west4": "Nevada", "us-west-1": "California", "us-gov-west-1": "US Government",
    "ap-northeast-2": "Korea", "ap-southeast-2": "Australia", "ap-southeast-3": "Indonesia",
}  # fmt: skip
"""Regions of rows where the catalog has no site."""


def price(chip: str, term: str, market: str | None = None, catalog: Catalog = CATALOG) -> Figure | None:
    found = rental_figure(catalog, chip, term, None, market)
    return None if isinstance(found, Shortfall) else found


def of(chip: str, term: str) -> Figure:
    found = price(chip, term)
    assert found is not None
    return found


def with_rows(keep: Callable[[RentalPrice], bool]) -> Catalog:
    """The catalog with these rows of rent alone."""
    assert CATALOG.calibrations  # read once, before copies are made that would each read them
    found = copy.copy(CATALOG)
    found.__dict__["_rental_by_chip"] = {chip: tuple(filter(keep, CATALOG.rental_prices(chip))) for chip in PRICED}
    return found


def width(figure: Figure) -> float:
    low, high = figure.range
    return math.log(high / low)


@cache
def price_of_all(chip: str, term: str, market: str) -> Figure | None:
    every = set(map(id, fresh_rows(CATALOG.rental_prices(chip), market)))
    return price(chip, term, market, with_rows(lambda row: id(row) in every))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PRICED), st.sampled_from(RENTAL_TERMS), st.sampled_from(MARKETS), st.data())
def test_removing_rows_never_narrows_a_price(chip: str, term: str, market: str, data: st.DataObject) -> None:
    rows = fresh_rows(CATALOG.rental_prices(chip), market)
    if not rows:
        return
    fewer = set(map(id, data.draw(st.lists(st.sampled_from(rows), min_size=1, unique_by=id))))
    before = price_of_all(chip, term, market)
    after = price(chip, term, market, with_rows(lambda row: id(row) in fewer))
    assert before is not None
    assert after is not None
    assert width(after) >= width(before) - 1e-12


@settings(max_examples=100)
@given(st.lists(st.tuples(st.floats(-2, 3), st.integers(1, 30), st.floats(0, 1)), min_size=1, max_size=6))
def test_a_group_more_never_widens_and_one_provider_is_as_wide_as_the_spread(
    groups: list[tuple[float, int, float]],
) -> None:
    evidence = [Evidence(log_price=level, providers=n, carried_spread=spread) for level, n, spread in groups]
    low, high = pooled_price(evidence, 0.3)[1:]
    assert math.log(high / low) >= 2 * 1.2815 * 0.3
    if len(evidence) > 1:
        few_low, few_high = pooled_price(evidence[:-1], 0.3)[1:]
        assert few_high / few_low >= high / low * (1 - 1e-12)


def test_a_price_of_one_provider_is_as_wide_as_the_providers_of_other_chips() -> None:
    spread = CATALOG.calibration("supply").constant("neocloud.provider_spread")
    assert width(of("mi325x", "on-demand")) >= 2 * 1.2815 * spread
    assert width(of("mi325x", "on-demand")) > width(of("h100-sxm", "on-demand"))


def test_two_markets_are_kept_apart() -> None:
    neocloud, hyperscaler = (price("h100-sxm", "on-demand", market) for market in MARKETS)
    assert neocloud is not None
    assert hyperscaler is not None
    assert 2.0 < hyperscaler.value / neocloud.value < 4.0
    assert of("h100-sxm", "on-demand") == neocloud
    assert "aws" not in neocloud.note
    assert of("tpu-v5p", "on-demand").note.startswith("hyperscaler price")


# ---- The guard: what must hold of the catalog's prices; exceptions are named with their source.

CHIPS_IN_ORDER = ("a100-sxm-80gb", "h100-sxm", "h200-sxm", "b200", "gb200")
OUT_OF_ORDER = {
    ("hyperscaler", "h100-sxm", "h200-sxm"): "Azure and Google list H100 at $10.98 to $12.29, EC2 H200 at $7.91",
    (
        "hyperscaler",
        "b200",
        "gb200",
    ): "Oracle asks $16 on demand, Capacity Blocks of GB200 cost $10.58 by the month",
}
ROWS_OUT_OF_ORDER = {
    (
        "mi300x",
        "hot-aisle",
        "reserved-1m",
    ): "https://hotaisle.xyz/pricing/: a bare node, not a virtual machine",
}


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("chip", PRICED)
def test_spot_and_longer_terms_are_no_dearer(chip: str, market: str) -> None:
    terms = [term for term in RENTAL_TERMS if term not in ("spot", "reserved")]
    values = [found.value for term in terms if (found := price(chip, term, market))]
    assert values == sorted(values, reverse=True)
    spot = price(chip, "spot", market)
    assert spot is None or spot.value <= values[0]


@pytest.mark.parametrize("market", MARKETS)
def test_newer_chips_are_dearer(market: str) -> None:
    wrong = [
        (market, older, newer)
        for older, newer in itertools.pairwise(CHIPS_IN_ORDER)
        if (a := price(older, "on-demand", market)) and (b := price(newer, "on-demand", market)) and a.value >= b.value
    ]
    assert wrong == [key for key in OUT_OF_ORDER if key[0] == market]


def test_newer_chips_cost_more_to_buy() -> None:
    """Average selling prices; Epoch gives B200 and GB200 one price, so they may be equal."""
    bought = [CATALOG.figure_of(f"prices/{chip}/own").value for chip in CHIPS_IN_ORDER]
    assert all(older < newer for older, newer in itertools.pairwise(bought[:-1]))
    assert bought[-2] == bought[-1]


def beside() -> Iterator[tuple[RentalPrice, RentalPrice]]:
    """Latest rows of one seller of a chip in one region at two terms, the looser first."""
    for chip in PRICED:
        latest: dict[tuple[str, str, str], RentalPrice] = {}
        for row in reversed(CATALOG.rental_prices(chip)):
            latest[row.provider, row.region, row.term] = row
        for (provider, region, _), row in latest.items():
            other = latest.get((provider, region, "on-demand"))
            if other and row.term != "on-demand" and abs((row.as_of - other.as_of).days) <= 60:
                yield other, row


def test_a_seller_asks_less_for_spot_and_for_a_term() -> None:
    wrong = [
        (row.chip, row.provider, row.term) for other, row in beside() if row.usd_per_chip_hour > other.usd_per_chip_hour
    ]
    assert wrong == sorted(ROWS_OUT_OF_ORDER)


# ---- Terms


def test_the_law_of_terms_is_the_fit_of_its_pairs() -> None:
    with Path(__file__).with_name("term_pairs.csv").open(encoding="utf-8", newline="") as lines:
        pairs = list(csv.DictReader(lines))
    fitted = CATALOG.calibration("supply")
    for market in MARKETS:
        found = fitted_exponent([(float(p["years"]), float(p["ratio"])) for p in pairs if p["class"] == market])
        stored = fitted.constants[f"{market}.term_exponent"]
        assert found[0] == pytest.approx(stored.value, abs=0.001)
        assert stored.range == pytest.approx((found[0] - 1.2816 * found[1], found[0] + 1.2816 * found[1]), abs=0.002)
        assert found[2] == pytest.approx(fitted.constant(f"{market}.term_spread"), abs=0.001)


@pytest.mark.parametrize("market", MARKETS)
def test_the_spread_between_providers_is_that_of_the_rows(market: str) -> None:
    squares, freedom = 0.0, 0
    for chip in PRICED:
        rows = [row for row in fresh_rows(CATALOG.rental_prices(chip), market) if row.term == "on-demand"]
        if len(rows) > 1:
            logs = [math.log(row.usd_per_chip_hour) for row in rows]
            squares, freedom = squares + statistics.variance(logs) * (len(logs) - 1), freedom + len(logs) - 1
    assert math.sqrt(squares / freedom) == pytest.approx(
        CATALOG.calibration("supply").constant(f"{market}.provider_spread"), rel=0.02
    )


def test_what_hyperscalers_ask_over_others_is_that_of_the_rows() -> None:
    logs = []
    for chip in PRICED:
        rows = CATALOG.rental_prices(chip)
        asks = [
            [row.usd_per_chip_hour for row in fresh_rows(rows, market) if row.term == "on-demand"] for market in MARKETS
        ]
        if all(asks):
            open_market, hyperscalers = (statistics.median(each) for each in asks)
            logs.append(math.log(hyperscalers / open_market))
    fitted, count = CATALOG.calibration("supply"), len(logs)
    assert fitted.constant("any.hyperscaler_ratio") == pytest.approx(math.exp(statistics.mean(logs)), rel=0.005)
    one_more = statistics.stdev(logs) * math.sqrt(1 + 1 / count) * t.ppf(0.9, count - 1) / P90
    assert fitted.constant("any.hyperscaler_ratio_spread") == pytest.approx(one_more, rel=0.005)


@pytest.mark.parametrize("term", ["reserved-1y", "reserved-3y", "reserved-6m"])
@pytest.mark.parametrize("chip", SIGNED_FOR)
def test_chips_people_sign_for_have_a_contract_price(chip: str, term: str) -> None:
    figure = of(chip, term)
    on_demand = of(chip, "on-demand")
    assert 0.3 < figure.value / on_demand.value < 1.0
    direct = any(row.term == term for row in CATALOG.rental_prices(chip))
    assert figure.kind == ("quote" if direct else "estimate")


def test_deals_nobody_fitted_lie_in_the_range() -> None:
    """Five-year deals are predicted from all other terms: B300 of Sharon AI 3.48."""
    without = with_rows(lambda row: TERM_YEARS[row.term] < 4)
    found = price("b300", "reserved-5y", None, without)
    assert found is not None
    assert found.range[0] < 3.484 < found.range[1]


def test_what_is_unknown_stays_unknown() -> None:
    assert isinstance(rental_figure(CATALOG, "tpu-v7", "reserved-1y"), Shortfall)
    assert isinstance(rental_figure(CATALOG, "gaudi3", "on-demand"), Shortfall)


# ---- Places


def test_a_price_with_a_region_holds_there() -> None:
    assert isinstance(rental_figure(CATALOG, "tpu-v6e", "on-demand", "nordics"), Shortfall)
    ohio = rental_figure(CATALOG, "tpu-v6e", "on-demand", "us-ohio")
    assert isinstance(ohio, Figure)
    assert "us-east5" not in rental_figure(CATALOG, "tpu-v6e", "on-demand", "japan").note  # type: ignore[union-attr]
    assert price_figure(CATALOG, "tpu-v6e", "on-demand", "us-ohio") == ohio
    assert CATALOG.figure_of(price_name("tpu-v6e", "on-demand", "us-ohio")) == ohio
    assert CATALOG.figure_of("prices/tpu-v6e/on-demand") == of("tpu-v6e", "on-demand")


def test_every_region_is_known() -> None:
    named = {name for chip in CATALOG.chips for row in CATALOG.rental_prices(chip) for name in row.regions}
    named |= {name for chip in CATALOG.chips for row in CATALOG.availability_of(chip) for name in row.regions}
    known = {name for site in CATALOG.sites.values() for name in (site.key, site.country, *site.regions)}
    assert named - known == set(ELSEWHERE)


# ---- Who offers how many


def test_self_serve_ends_where_the_sellers_say() -> None:
    found = known_supply(CATALOG, "h100-sxm", "on-demand")
    assert (found.tier, found.known_max_chips, found.provider) == ("self-serve", 512, "aws")
    assert found.lead_time_days == (0, 28, 56)
    assert found.minimum_term_days == 1
    assert "docs.aws.amazon.com" in found.source


def test_more_than_self_serve_is_a_contract_and_then_an_announced_cluster() -> None:
    few, some, many = (known_supply(CATALOG, "b200", "reserved-1y", chips=n) for n in (64, 2000, 100_000))
    assert [few.tier, some.tier, many.tier] == ["self-serve", "contract", "announced"]
    assert known_supply(CATALOG, "b200", "spot", chips=2000).tier == "self-serve"


def test_sixteen_thousand_mi300x_are_offered_by_nobody() -> None:
    found = known_supply(CATALOG, "mi300x", "reserved-1y", chips=16_384)
    assert found.known_max_chips is not None
    assert found.known_max_chips < 16_384
    assert known_supply(CATALOG, "mi300x", "on-demand", chips=16_384, place="nordics").provider != "hot-aisle"
    held = held_chips(CATALOG, "mi300x")
    assert held is not None
    assert held.known_max_chips == 124_819


def test_unknown_supply_says_so() -> None:
    assert known_supply(CATALOG, "gaudi3", "on-demand").tier == "unknown"
    assert known_supply(CATALOG, "gaudi3", "on-demand").known_max_chips is None


OFFERS = (
    "chip,provider,class,region,max_chips_self_serve,max_chips_contract,minimum_term_days,lead_time_days_low,"
    "lead_time_days_typical,lead_time_days_high,as_of,kind,quality,source,note\n"
)


def test_an_overlay_says_what_it_is_offered(tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    row = "mi300x,mine,neocloud,us-texas,,4096,365,10,20,30,2026-11,offer,A,our quote,\n"
    (tmp_path / "prices" / "availability.csv").write_text(OFFERS + row)
    catalog = load_catalog([tmp_path])
    assert known_supply(catalog, "mi300x", "reserved-1y", place="us-texas").known_max_chips == 4096
    assert known_supply(catalog, "mi300x", "reserved-1y", place="japan").known_max_chips != 4096
    assert [str(each) for each in catalog.overrides] == [
        f"{tmp_path.as_posix()}/prices/availability.csv adds availability 'mi300x, mine'"
    ]


def test_lead_times_out_of_order_are_refused(tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    row = "mi300x,mine,neocloud,,,4096,365,30,20,10,2026-11,offer,A,our quote,\n"
    (tmp_path / "prices" / "availability.csv").write_text(OFFERS + row)
    with pytest.raises(Exception, match="lead times are not in order"):
        load_catalog([tmp_path])
