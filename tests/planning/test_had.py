"""One meaning of an offer: what chips are had for in a plan, they are had for in every other question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from plans import designed

from tenfold.catalog import Catalog
from tenfold.interfaces.python import multisite, rent_or_own
from tenfold.planning.multisite import MultisiteAnswer
from tenfold.planning.plan import Goal, Means
from tenfold.planning.quote import QuoteQuestion
from tenfold.planning.quote.quote import answer as quote
from tenfold.planning.rent_or_own import RentOrOwnAnswer, RentOrOwnQuestion
from tenfold.planning.rent_or_own.had import find_terms
from tenfold.planning.rent_or_own.inputs import find_market
from tenfold.planning.rent_or_own.question import Demand
from tenfold.planning.rent_or_own.rent_or_own import answer as make_rent_or_own
from tenfold.planning.rent_or_own.work import work_of

RUN = """
question = "multisite"
[run]
model = "llama-3.1-8b"
tokens = "1T"
sequence_length = 8192
global_batch = "2048 sequences"
start = "2027-01-01"
supply = "{supply}"
{more}
[sites.a]
site = "{site}"
chip = "{chip}"
chips = {chips}
{price}
[sites.b]
site = "us-ohio"
chip = "{chip}"
chips = {chips}
{price}
[[links]]
between = ["a", "b"]
distance = "900 km"
bandwidth = "1 Tbit/s"
"""


def over_sites(tmp_path: Path, catalog: Catalog, **changed: object) -> MultisiteAnswer:
    usual = {"supply": "on-demand", "site": "us-virginia", "chip": "h100-sxm", "chips": 64, "more": "", "price": ""}
    path = tmp_path / "run.toml"
    path.write_text(RUN.format(**(usual | changed)))
    found = multisite(path, catalog=catalog)
    assert isinstance(found, MultisiteAnswer)
    return found


@pytest.mark.parametrize(("chips", "supply"), [(16, "on-demand"), (512, "on-demand"), (1024, "reserved-1y")])
def test_sites_have_their_chips_on_the_terms_of_a_plan(
    catalog: Catalog, tmp_path: Path, chips: int, supply: str
) -> None:
    goal = Goal(model="llama-3.1-8b", tokens=1e12, sequence_length=8192, global_batch=2048)
    means = Means(chips=("h100-sxm",), chips_exactly=2 * chips, supply=(supply,), sites=("us-ohio",))
    best = designed(goal, means, catalog).best
    assert best is not None
    spread = over_sites(tmp_path, catalog, chips=chips, supply=supply)
    assert spread.availability["b"] == best.availability, "of all the chips, however they are split over sites"
    assert spread.best is not None
    waited = spread.best.finish_terms_days.get("waiting", 0.0)
    assert waited == pytest.approx(best.availability.lead_time_days), "days count from the order, as in a plan"


def test_more_chips_than_anybody_is_known_to_offer_are_refused(catalog: Catalog, tmp_path: Path) -> None:
    found = over_sites(tmp_path, catalog, chip="mi300x", chips=131_072)
    assert found.best is None
    assert not found.fits
    assert [each.site for each in found.refused] == ["a", "b"]
    assert {each.reason.kind for each in found.refused} == {"supply"}


def test_export_rules_hold_for_sites_and_owners_and_for_stated_prices(catalog: Catalog, tmp_path: Path) -> None:
    priced = 'price = "$2/h"'
    at_site = over_sites(tmp_path, catalog, site="china", price=priced)
    assert [(each.site, each.reason.kind) for each in at_site.refused] == [("a", "law")]
    assert at_site.best is not None
    assert [site.name for site in at_site.best.sites] == ["b"]
    assert "waiting" not in at_site.best.finish_terms_days, "chips at a price that is stated are there"
    of_owner = over_sites(tmp_path, catalog, price=priced, more='owner_country = "CN"')
    assert [each.reason.kind for each in of_owner.refused] == ["law", "law"]
    assert of_owner.best is None


def test_a_term_is_paid_for_in_full(catalog: Catalog, tmp_path: Path) -> None:
    reserved = over_sites(tmp_path, catalog, chips=512, supply="reserved-1y")
    assert reserved.best is not None
    assert reserved.best.finish_days.p90 < 365
    least = 365 * 24 * 0.5 * sum(site.chips for site in reserved.best.sites)
    assert reserved.best.cost_usd.p10 > least, "a year at half a dollar an hour at the very least"


COMPARED = """
question = "rent-or-own"
[demand]
chip = "{chip}"
chips = {chips}
utilisation = 0.5
horizon = "2 years"
parameters = "8B"
job_chips = 64
"""


def compared(tmp_path: Path, catalog: Catalog, chips: int, chip: str = "h100-sxm", more: str = "") -> RentOrOwnAnswer:
    path = tmp_path / "compared.toml"
    path.write_text(COMPARED.format(chip=chip, chips=chips) + more)
    return rent_or_own(path, catalog=catalog)


def test_supplies_are_compared_on_the_terms_of_a_plan(catalog: Catalog, tmp_path: Path) -> None:
    few, many = (compared(tmp_path, catalog, chips) for chips in (32, 16_384))
    goal = Goal(model="llama-3.1-8b", tokens=1e12, sequence_length=8192, global_batch=2048)
    means = Means(chips=("h100-sxm",), chips_exactly=16_384, supply=("on-demand",), sites=("us-texas",))
    best = designed(replace(goal, global_batch=16_384), means, catalog).best
    assert best is not None
    assert many.availability["on-demand"] == best.availability
    assert any("while they are idle" in note for note in many.notes)
    assert not any("while they are idle" in note for note in few.notes)
    assert "spot" in dict(many.unavailable), "nobody is known to sell that many on the spot"
    assert "spot" not in dict(few.unavailable)
    dearer = [
        next(each for each in answer.supplies if each.supply == "on-demand").usd_per_useful_chip_hour.p50
        for answer in (few, many)
    ]
    assert dearer[1] > 1.5 * dearer[0], "many chips soon cost more, and are paid for while they are idle"


def test_a_price_of_ones_own_is_had_whatever_is_known(catalog: Catalog, tmp_path: Path) -> None:
    prices = '\n[prices]\nas_of = "2026-11"\nspot = "$1/h"\n'
    answer = compared(tmp_path, catalog, 16_384, more=prices)
    assert "spot" not in dict(answer.unavailable)
    assert "spot" not in answer.availability


def test_owning_what_the_law_forbids_is_not_compared(catalog: Catalog, tmp_path: Path) -> None:
    answer = compared(tmp_path, catalog, 64, more="\n").question
    there = make_rent_or_own(replace(answer, site="china"), catalog)
    reasons = {name: why.kind for name, why in there.unavailable}
    assert {reasons[name] for name in ("own", "colocation", "on-demand")} == {"law"}


@pytest.mark.parametrize(("chip", "chips"), [("h100-sxm", 256), ("mi300x", 64)])
def test_a_term_starts_at_the_price_that_a_plan_and_a_quote_take(catalog: Catalog, chip: str, chips: int) -> None:
    """Those who ask both terms made one price of a year here, $3.05/h, and all who ask one another, $2.43/h."""
    demand = Demand(chip=chip, chips=chips, utilisation=0.5, horizon_s=2 * 365.25 * 86_400, parameters=8e9)
    asked = RentOrOwnQuestion(demand=demand, site="us-texas")
    market = find_market(asked, catalog)
    terms = find_terms(asked, catalog, market, work_of(demand))
    rented = {"on-demand", "reserved-1y", "reserved-3y"}
    assert rented <= set(terms.had)
    for term in rented:
        assert terms.other_prices.get(term, market.prices[term]) == terms.had[term].tier.price
    offer = QuoteQuestion(chip=chip, chips=chips, price_usd_per_chip_hour=2.0, term="reserved-1y", site=asked.site)
    known = quote(offer, catalog).known_usd_per_chip_hour.p50
    assert known == pytest.approx(market.prices["reserved-1y"].figure.value)
