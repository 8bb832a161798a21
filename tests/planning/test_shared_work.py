"""What sites, supplies and chips share is worked out once, and nobody can tell: alone each gives the same design."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from plans import designed, layouts_for

from tenfold.catalog import Catalog, rental_figure
from tenfold.planning.plan import Design, Goal, Means, PlanAnswer
from tenfold.planning.plan.means import Supply
from tenfold.planning.supply.describe import _around_median
from tenfold.quantities import Figure, Shortfall

SITES = ("us-texas", "nordics", "japan")
SUPPLIES: tuple[Supply, ...] = ("on-demand", "reserved-1y", "spot", "own")


def by_kind(plan: PlanAnswer) -> dict[tuple[str, str, str], Design]:
    """Designs by chip, supply and site."""
    chosen = (*(() if plan.best is None else (plan.best,)), *plan.alternatives)
    return {(each.chip, each.supply, each.site): each for each in chosen}


def test_a_design_is_the_same_alone_and_among_others(catalog: Catalog, goal: Goal, means: Means) -> None:
    asked = replace(goal, deadline_s=None)
    free = replace(means, budget_usd=None, sites=SITES, supply=SUPPLIES)
    layouts = layouts_for(asked, catalog)
    together = by_kind(designed(asked, free, catalog, layouts))
    assert {kind[1:] for kind in together} == {(supply, site) for supply in SUPPLIES for site in SITES}
    for supply in SUPPLIES:
        for site in SITES:
            alone = by_kind(designed(asked, replace(free, supply=(supply,), sites=(site,)), catalog, layouts))
            assert alone == {kind: design for kind, design in together.items() if kind[1:] == (supply, site)}
    for chip in means.chips or ():
        alone = by_kind(designed(asked, replace(free, chips=(chip,)), catalog))
        assert alone == {kind: design for kind, design in together.items() if kind[0] == chip}


def test_spot_chips_of_several_counts_and_sellers_are_the_same_alone(catalog: Catalog) -> None:
    """What a provider takes back is of a run, and a run is had from several sellers."""
    few = Goal(model="llama-3.1-8b", tokens=1e11, sequence_length=8192, global_batch=512)
    means = Means(chips=("h100-sxm", "h200-sxm"), max_chips=64, supply=("spot",))
    layouts = layouts_for(few, catalog)
    together = by_kind(designed(few, means, catalog, layouts))
    assert {kind[0] for kind in together} == set(means.chips or ())
    for chip, supply, site in together:
        alone = by_kind(designed(few, replace(means, chips=(chip,), sites=(site,)), catalog, layouts))
        assert alone[chip, supply, site] == together[chip, supply, site]


def prices_at(catalog: Catalog, supply: str, site: str) -> Figure | Shortfall:
    return rental_figure(catalog, "h100-sxm", supply, site)


def test_sites_differ_in_energy_and_in_the_charge_of_what_is_owned(catalog: Catalog, goal: Goal, means: Means) -> None:
    free = replace(means, budget_usd=None, sites=SITES, supply=SUPPLIES, chips=("h100-sxm",))
    designs = by_kind(designed(replace(goal, deadline_s=None), free, catalog)).values()
    for supply in SUPPLIES:
        at_sites = [design for design in designs if design.supply == supply]
        assert len({design.carbon_t for design in at_sites}) == len(SITES)
        assert len({design.finish_days.p50 for design in at_sites}) == 1
        if supply == "own":
            assert len({design.cash_usd for design in at_sites}) == 1
            assert len({design.cost_usd for design in at_sites}) == len(SITES)
        else:  # a price with a region holds there
            assert len({design.cash_usd for design in at_sites}) == len({prices_at(catalog, supply, s) for s in SITES})


@given(values=st.lists(st.sampled_from((0.0, 1.0, 1.5, 2.0, 3.0, np.inf)) | st.floats(0.0, 4.0), min_size=1))
@example(values=[1.0] * 40)
def test_the_tenth_around_the_median_against_a_full_sort(values: list[float]) -> None:
    column = np.array(values)
    order = np.argsort(column, kind="stable")
    expected = order[int(0.45 * len(values)) : int(0.55 * len(values)) + 1]
    assert _around_median(column).tolist() == expected.tolist()
