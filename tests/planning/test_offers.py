"""Prices that make an offer."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Sequence
from math import exp
from pathlib import Path

import pytest

from tenfold.catalog import AT_ONCE, Catalog, deep_figure, load_catalog, purchase_figure, rental_figure
from tenfold.planning.supply.bound import bound_by, bound_chips, unasked
from tenfold.planning.supply.offer import ANY_SITE, ANY_SUPPLY, Buyer, Had, Offer, Refused
from tenfold.planning.supply.offers import find_offers, had_at, newest
from tenfold.planning.supply.tiers import Tier, big_chips, premium_of, tier_for, tiers_for
from tenfold.quantities import Figure, Shortfall

Found = tuple[tuple[Offer, ...], tuple[Refused, ...]]
HEADER = "chip,provider,region,term,usd_per_chip_hour,as_of,kind,source,note\n"


def rented(tmp_path: Path, *rows: str) -> Figure:
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "rental.csv").write_text(HEADER + "\n".join(rows) + "\n")
    found = rental_figure(load_catalog([tmp_path]), "h100-sxm", "on-demand")
    assert isinstance(found, Figure)
    return found


def test_median_of_the_latest_list_of_each_provider(tmp_path: Path) -> None:
    figure = rented(
        tmp_path,
        "h100-sxm,a,x,on-demand,9,2026-06,listing,s,",
        "h100-sxm,a,y,on-demand,2,2026-06,listing,s,",  # cheaper region of the same provider
        "h100-sxm,b,,on-demand,3,2026-06,listing,s,",
        "h100-sxm,c,,on-demand,4,2026-05,listing,s,",
        "h100-sxm,d,,on-demand,50,2024-05,listing,s,",  # stale
    )
    half = 1.2816 * 0.302 * (1 + 1 / 3) ** 0.5
    assert figure.value == pytest.approx(3.0)
    assert figure.range == pytest.approx((3.0 * exp(-half), 3.0 * exp(half)), rel=1e-4)


def test_a_signed_contract_holds_as_it_is(tmp_path: Path) -> None:
    figure = rented(
        tmp_path,
        "h100-sxm,a,,on-demand,2,2026-06,contract,s,",
        "h100-sxm,b,,on-demand,8,2026-06,listing,s,",
    )
    assert figure.range == (2.0, 2.0)


def test_every_row_counts(tmp_path: Path) -> None:
    figure = rented(
        tmp_path,
        "h100-sxm,a,,on-demand,6,2026-06,listing,s,",
        "h100-sxm,market,,on-demand,1.5,2026-06,estimate,s,",
    )
    assert figure.value == pytest.approx(3.75)


def test_no_price_says_where_to_add_one(catalog: Catalog) -> None:
    assert rental_figure(catalog, "trainium3", "reserved-3y") == Shortfall(
        kind="price", short="no reserved-3y price for trainium3", nearest="add it to prices/rental.csv of an overlay"
    )
    assert purchase_figure(catalog, "tpu-v5p") == Shortfall(
        kind="supply", short="tpu-v5p is not sold", nearest="rent it"
    )
    missing = purchase_figure(catalog, "trainium2")
    assert isinstance(missing, Shortfall)
    assert missing.short == "no purchase price for trainium2"


BUYER = Buyer(day=datetime.date(2026, 11, 1))


def offers_at(catalog: Catalog, chips: Sequence[str], supplies: Sequence[str], *sites: str) -> Found:
    return find_offers(catalog, chips, supplies, [catalog.site(site) for site in sites], BUYER)


def test_every_chip_supply_and_site_is_an_offer_or_refused(catalog: Catalog) -> None:
    chips, supplies, sites = (
        ("h100-sxm", "tpu-v6e", "h20"),
        ("on-demand", "spot", "own"),
        ("nordics", "us-ohio", "china"),
    )
    offers, refused = offers_at(catalog, chips, supplies, *sites)
    had = {(offer.chip, offer.supply, site) for offer in offers for site in offer.sites}
    not_had = {
        (each.chip, supply, site)
        for each in refused
        for supply in (supplies if each.supply == ANY_SUPPLY else (each.supply,))
        for site in (sites if each.site == ANY_SITE else (each.site,))
    }
    assert had | not_had == set(itertools.product(chips, supplies, sites))
    assert not had & not_had
    assert all(tier.price.figure.low is not None for offer in offers for tier in offer.tiers)
    for offer in offers:
        for tier in offer.tiers:
            assert catalog.figure_of(tier.price.name).value == tier.price.figure.value
            assert catalog.figure_of(tier.lead.name).value == tier.lead.figure.value
        depths = [tier.most for tier in offer.tiers]
        assert depths == sorted(set(depths))


def test_a_rule_keeps_a_chip_from_a_place_and_from_an_owner(catalog: Catalog) -> None:
    offers, refused = offers_at(catalog, ("h100-sxm", "h20"), ("reserved-1y",), "china", "us-texas")
    assert {(offer.chip, offer.sites) for offer in offers} == {("h100-sxm", ("us-texas",)), ("h20", ("china",))}
    (by_law,) = (each for each in refused if each.shortfall.kind == "law")
    assert (by_law.chip, by_law.site) == ("h100-sxm", "china")
    assert "ECCN 3A090.a" in by_law.shortfall.short
    chinese = dataclasses.replace(BUYER, country="CN")
    offers, refused = find_offers(catalog, ("h100-sxm",), ("own",), [catalog.site("us-texas")], chinese)
    assert not offers
    assert refused[0].shortfall.kind == "law"


@pytest.mark.parametrize(
    ("site", "owner", "other"),
    [
        ("china", None, "a site in another country"),
        ("china", "US", "a site in another country"),
        ("ireland", "CN", "an owner in another country"),
        ("brazil", "CN", "an owner in another country"),
        ("china", "CN", "a site and an owner in another country"),
        ("china", "RU", "a site and an owner in another country"),
    ],
)
def test_what_a_rule_binds_is_what_has_to_change(catalog: Catalog, site: str, owner: str | None, other: str) -> None:
    buyer = dataclasses.replace(BUYER, country=owner)
    _, (refused,) = find_offers(catalog, ("h100-sxm",), ("on-demand",), [catalog.site(site)], buyer)
    assert refused.shortfall.nearest == f"a chip that needs none, or {other}"


def test_domestic_chips_are_had_in_china_and_nowhere_else(catalog: Catalog) -> None:
    offers, refused = offers_at(
        catalog, ("ascend-910b", "ascend-910c"), ("reserved-1y", "own"), "china", "canada-quebec"
    )
    assert {offer.sites for offer in offers} == {("china",)}
    assert {offer.chip for offer in offers} == {"ascend-910b", "ascend-910c"}
    assert any("only known to be had in CN" in each.shortfall.short for each in refused)


def depth(catalog: Catalog, chip: str, supply: str, chips: int, site: str = "us-texas") -> Tier | None:
    (offer,) = offers_at(catalog, (chip,), (supply,), site)[0]
    return tier_for(offer.tiers, chips)


def test_more_than_is_listed_is_a_short_contract_and_dearer(catalog: Catalog) -> None:
    few, some, many = (depth(catalog, "b200", "on-demand", chips) for chips in (8, 2000, 8192))
    assert few is not None
    assert some is not None
    assert many is not None
    assert [few.name, some.name, many.name] == ["self-serve", "contract", "short-contract"]
    assert some.term_days == 7.0
    assert many.term_days == 90.0
    big = big_chips(catalog)
    powers = [premium_of(many, chips, big) for chips in (2000, 4000, 8192, 10_000, 40_000)]
    assert powers[0] == 0.0
    assert powers == sorted(powers)
    assert powers[-2:] == [1.0, 1.0]
    assert depth(catalog, "b200", "spot", 64) is None
    assert depth(catalog, "b200", "spot", 8192) is None
    assert depth(catalog, "b200", "on-demand", 1_000_000) is None


def test_spot_is_had_of_those_who_list_it_and_binds_nobody(catalog: Catalog) -> None:
    chips = ("h100-sxm", "b200", "b300", "gb200", "mi300x")
    found, refused = offers_at(catalog, chips, ("spot",), "us-oregon")
    assert {offer.chip for offer in found} == {"h100-sxm", "b200", "mi300x"}
    assert {each.chip for each in refused} == {"b300", "gb200"}, "nobody lists them on spot there"
    usual, most = (catalog.assumption(f"planning.{name}_chips").value for name in ("spot", "self_serve"))
    assert usual < most
    for offer in found:
        assert offer.tiers[-1].most <= usual
        assert {tier.term_days for tier in offer.tiers} == {0.0}
        assert {tier.lead.name for tier in offer.tiers} == {f"assumptions/{AT_ONCE}"}


def test_what_only_hyperscalers_hold_costs_what_they_ask(catalog: Catalog) -> None:
    few, many = (depth(catalog, "mi300x", "on-demand", chips) for chips in (8, 16_384))
    assert few is not None
    assert many is not None
    assert many.provider == "azure"
    assert many.price.figure.value > 2 * few.price.figure.value
    assert "+hyperscaler" in many.price.name


def test_a_big_reserved_cluster_has_to_be_built(catalog: Catalog) -> None:
    some, many = (depth(catalog, "gb200", "reserved-1y", chips) for chips in (8192, 16_384))
    assert some is not None
    assert many is not None
    assert some.lead.figure.value < many.lead.figure.value
    assert many.term_days == 365.0


def test_what_nobody_is_known_to_offer_is_unknown(catalog: Catalog) -> None:
    tier = depth(catalog, "h20", "reserved-1y", 4096, "china")
    assert tier is not None
    assert (tier.name, tier.known_max_chips) == ("unknown", None)


def test_what_an_owner_holds_costs_what_sellers_with_depth_ask(catalog: Catalog) -> None:
    """Where a box is listed at half of what the owner of ten thousand asks, ten thousand do not cost that."""
    box, many = (depth(catalog, "gb200", "on-demand", chips, "nordics") for chips in (8, 8192))
    assert box is not None
    assert many is not None
    listed = {row.provider: row.usd_per_chip_hour for row in catalog.rental_prices("gb200", "on-demand")}
    assert box.price.figure.value == pytest.approx(listed["spheron"])
    low, high = many.price.figure.range
    assert many.price.figure.value > 0.75 * listed["coreweave"]
    assert low < listed["coreweave"] < high, "the seller who has them is inside"
    assert many.sellers == 1
    assert many.provider == "coreweave"


def test_sellers_with_depth_ask_no_less_and_are_no_surer(catalog: Catalog) -> None:
    for chip in ("h100-sxm", "h200-sxm", "b200"):
        for term in ("on-demand", "reserved-1y", "reserved-3y"):
            list_price = rental_figure(catalog, chip, term, "us-texas")
            deep = deep_figure(catalog, chip, term, "us-texas", "neocloud", 10_000).price
            assert isinstance(list_price, Figure)
            assert isinstance(deep, Figure)
            assert deep.value > list_price.value
            widths = [figure.range[1] / figure.range[0] for figure in (deep, list_price)]
            assert widths[0] >= widths[1]
            assert catalog.figure_of(f"prices/{chip}/{term}+neocloud>10000@us-texas") == deep


def test_a_chip_bound_by_law_says_so(catalog: Catalog) -> None:
    day = datetime.date(2026, 11, 1)
    ascend, free, china = (bound_by(catalog, chip, day) for chip in ("ascend-910c", "b200", "h20"))
    assert free is None
    assert ascend is not None
    assert china is not None
    assert "presumed" in ascend.words
    assert (ascend.country, china.country) == ("CN", "CN")
    assert bound_by(catalog, "ascend-910c", datetime.date(2025, 5, 12)) != ascend, "before the guidance it was none"
    bound = bound_chips(catalog, ("ascend-910c", "b200"), day)
    assert bound == {"ascend-910c": ascend}
    assert not unasked(bound, "CN", [])
    assert not unasked(bound, None, [catalog.site("china")])
    assert unasked(bound, "US", [catalog.site("us-texas")]) == {"ascend-910c"}


def test_a_market_that_lists_nothing_asks_what_the_other_one_does_carried_across(catalog: Catalog) -> None:
    listed = rental_figure(catalog, "mi325x", "on-demand", "us-texas")
    across = rental_figure(catalog, "mi325x", "on-demand", "us-texas", "hyperscaler")
    assert isinstance(listed, Figure)
    assert isinstance(across, Figure)
    ratio = catalog.calibration("supply").constant("any.hyperscaler_ratio")
    assert across.value == pytest.approx(ratio * listed.value)
    assert across.kind == "estimate"
    assert across.range[1] / across.range[0] > listed.range[1] / listed.range[0], "it is less sure"
    held = depth(catalog, "mi325x", "on-demand", 1024)
    assert held is not None
    assert held.provider == "azure"
    assert catalog.figure_of(held.price.name) == held.price.figure
    assert held.price.figure.value == pytest.approx(across.value)


def test_a_dearer_tier_does_not_hide_a_deeper_and_cheaper_one(catalog: Catalog) -> None:
    (offer,) = offers_at(catalog, ("h200-sxm",), ("on-demand",), "us-texas")[0]
    by_day, by_contract = tiers_for(offer.tiers, 256)
    assert by_day.term_days < by_contract.term_days
    assert by_day.price.figure.value > by_contract.price.figure.value
    assert tier_for(offer.tiers, 256) == by_day


GENERATIONS = (("a100-sxm-80gb", "h100-sxm", "h200-sxm", "b200", "gb200"), ("mi300x", "mi325x", "mi355x"),
               ("tpu-v5e", "tpu-v5p"), ("tpu-v5e", "tpu-v6e"), ("tpu-v4", "tpu-v5p"))  # fmt: skip
WITHIN = 1.2
"""Factor over a successor's price that is no difference: none of these prices is known to less than that."""
DEARER = {
    (256, "a100-sxm-80gb"): "only Amazon, Google, Azure and Oracle are known to hold so many; H100 are self-serve",
    (1024, "a100-sxm-80gb"): "the same; Lambda offers 2,000 H100 by the week",
}


@pytest.mark.parametrize("supply", ["on-demand", "reserved-1y"])
@pytest.mark.parametrize("chips", [64, 256, 1024, 4096])
def test_an_older_chip_is_no_dearer_than_its_successor_in_any_number(catalog: Catalog, supply: str, chips: int) -> None:
    """At one place, of those who have so many; exceptions are named with their reason."""
    asks = {chip: cheapest(catalog, chip, supply, chips) for line in GENERATIONS for chip in line}
    pairs = [pair for line in GENERATIONS for pair in itertools.pairwise(line)]
    wrong = {old for old, new in pairs if (asks[old] or 0.0) > WITHIN * (asks[new] or exp(9.0))}
    assert wrong == {old for most, old in DEARER if most == chips and supply == "on-demand"}


def cheapest(catalog: Catalog, chip: str, supply: str, chips: int) -> float | None:
    """What so many cost at the cheapest tier, big and soon counted."""
    factor, big = catalog.calibration("supply").constant("any.big_and_soon"), big_chips(catalog)
    place = "us-ohio" if chip.startswith("tpu") else "us-texas"
    asks = [
        tier.price.figure.value * factor ** premium_of(tier, chips, big)
        for offer in offers_at(catalog, (chip,), (supply,), place)[0]
        for tier in tiers_for(offer.tiers, chips)
    ]
    return min(asks, default=None)


@pytest.mark.parametrize("term", ["reserved-1m", "reserved-3m", "reserved-6m"])
@pytest.mark.parametrize("chip", ["gb200", "b200", "h100-sxm"])
def test_many_chips_for_less_than_a_year_have_one_price_whatever_the_term_is_called(
    catalog: Catalog, chip: str, term: str
) -> None:
    site, buyer = catalog.site("us-texas"), Buyer(day=newest(catalog))
    by_day, bound = (had_at(catalog, chip, 4096.0, each, site, buyer, days=90.0) for each in ("on-demand", term))
    year = had_at(catalog, chip, 4096.0, "reserved-1y", site, buyer, days=90.0)
    assert isinstance(by_day, Had)
    assert isinstance(bound, Had)
    assert isinstance(year, Had)
    assert (by_day.tier.name, bound.tier.name) == ("short-contract", "short-contract")
    assert bound.tier.price == by_day.tier.price
    assert bound.tier.term_days >= by_day.tier.term_days
    assert year.tier.price.figure.value < bound.tier.price.figure.value


@pytest.mark.parametrize(
    ("days", "tier"), [(10.0, "contract"), (60.0, "contract"), (85.0, "short-contract"), (900.0, "short-contract")]
)
def test_one_count_is_had_on_the_terms_that_are_the_cheapest_for_its_days(
    catalog: Catalog, days: float, tier: str
) -> None:
    """As plans have it: the later tier is cheaper an hour and binds for 90 days."""
    site, buyer = catalog.site("us-texas"), Buyer(day=newest(catalog))
    had = had_at(catalog, "h200-sxm", 512.0, "on-demand", site, buyer, days=days)
    assert isinstance(had, Had)
    assert had.tier.name == tier
    year = had_at(catalog, "gb200", 64.0, "reserved-1y", site, buyer, days=days)
    assert isinstance(year, Had)
    assert year.tier.market == "neocloud", "a year of the open market's chips costs less than one of a hyperscaler's"
