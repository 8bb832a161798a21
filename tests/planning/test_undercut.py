"""A better chip that is priced below a worse one of its maker is said, with whose price it is."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest

from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.plan import Goal, Means, PlanQuestion
from tenfold.planning.plan.plan import plan_run
from tenfold.planning.supply.offer import Buyer, Had
from tenfold.planning.supply.offers import had_at, newest
from tenfold.planning.supply.succeeded import better, undercut
from tenfold.planning.supply.tiers import big_and_soon

LINE = ("a100-sxm-80gb", "h100-sxm", "h200-sxm", "b200", "gb200")
PLACES = ("us-texas", "nordics")


def test_later_chips_of_a_line_are_better_and_none_is_better_than_itself(catalog: Catalog) -> None:
    for old, new in itertools.combinations(LINE, 2):
        assert better(catalog.chip(new), catalog.chip(old))
        assert not better(catalog.chip(old), catalog.chip(new))
    assert not better(catalog.chip("b200"), catalog.chip("b200"))
    assert not better(catalog.chip("mi355x"), catalog.chip("b200")), "another maker"
    assert not better(catalog.chip("h100-pcie"), catalog.chip("a100-sxm-80gb")), "its links are slower"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("supply", ["on-demand", "reserved-1y"])
def test_no_place_shows_gb200_below_b200_without_saying_so(catalog: Catalog, place: str, supply: str) -> None:
    site, buyer = catalog.site(place), Buyer(day=newest(catalog))
    for chips in (8.0, 64.0, 1024.0, 8192.0):
        had = [had_at(catalog, chip, chips, supply, site, buyer, days=30.0) for chip in ("b200", "gb200")]
        soon = big_and_soon(catalog).figure.value
        old, new = (each.tier.price.figure.value * soon**each.premium for each in had if isinstance(each, Had))
        said = undercut(catalog, "gb200", int(chips), supply, site, buyer, days=30.0)
        if new < 0.99 * old:
            assert said is not None
            assert "below b200" in said.words
            assert any(seller in said.words for seller in ("spheron", "coreweave")), "who asks so little is named"


def test_a_price_of_many_sellers_stands_where_old_chips_are_scarce(catalog: Catalog) -> None:
    """1,024 A100 are had of four hyperscalers alone, and more than two dozen sellers list an H100."""
    site, buyer = catalog.site("us-texas"), Buyer(day=newest(catalog))
    old, new = (had_at(catalog, chip, 1024.0, "on-demand", site, buyer, days=30.0) for chip in LINE[:2])
    assert isinstance(old, Had)
    assert isinstance(new, Had)
    assert new.tier.price.figure.value < old.tier.price.figure.value
    assert undercut(catalog, "h100-sxm", 1024, "on-demand", site, buyer, days=30.0) is None


def test_a_price_that_is_signed_is_not_questioned(tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    header = "chip,provider,class,region,term,min_chips,max_chips,usd_per_chip_hour,as_of,kind,quality,source,note"
    row = "gb200,mine,neocloud,,on-demand,,,3.00,2026-11-01,contract,A,signed,"
    (tmp_path / "prices" / "rental.csv").write_text(f"{header}\n{row}\n")
    signed = load_catalog([tmp_path])
    site, buyer = signed.site("nordics"), Buyer(day=newest(signed))
    assert undercut(signed, "gb200", 8, "on-demand", site, buyer, days=30.0) is None


def test_a_plan_says_so_of_the_designs_that_it_shows(catalog: Catalog, goal: Goal, means: Means) -> None:
    small = dataclasses.replace(means, chips=("gb200",), sites=("nordics",), supply=("on-demand",), max_chips=4)
    small_goal = dataclasses.replace(goal, model="llama-3.1-8b", tokens=2e10)
    answer = plan_run(PlanQuestion(goal=small_goal, means=small), catalog, seed=0)
    assert answer.best is not None
    assert any("below b200" in note and "spheron" in note for note in answer.notes)
