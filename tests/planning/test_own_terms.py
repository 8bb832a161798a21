"""Terms that no seller lists: any number of months, by the law of terms."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog import Catalog, is_term, load_catalog, rental_figure, term_years, usual_term
from tenfold.planning.plan import Design, Goal, Means, PlanQuestion, Quoted
from tenfold.planning.plan.means import SupplyName
from tenfold.planning.plan.plan import answer
from tenfold.quantities import Figure, InputError, Place

CATALOG = load_catalog()


def price(chip: str, months: int) -> float:
    found = rental_figure(CATALOG, chip, usual_term(f"reserved-{months}m"), "us-texas")
    assert isinstance(found, Figure)
    low, high = found.range
    assert low < found.value < high
    return found.value


@given(st.integers(1, 72))
def test_a_term_binds_for_its_months(months: int) -> None:
    term = usual_term(f"reserved-{months}m")
    assert is_term(term)
    assert term_years(term) == pytest.approx(months / 12.0)
    assert SupplyName().read(f"reserved-{months}m", Place()) == term
    assert (term in ("reserved-1m", "reserved-3m", "reserved-6m")) == (months in (1, 3, 6))


@pytest.mark.parametrize("chip", ["h100-sxm", "b200", "mi300x"])
def test_longer_terms_cost_no_more_an_hour_by_the_law(chip: str) -> None:
    prices = [price(chip, months) for months in (2, 5, 7, 9, 11, 14, 18)]
    assert all(longer <= shorter * 1.0001 for shorter, longer in itertools.pairwise(prices))
    assert price(chip, 2) > price(chip, 18)


@pytest.mark.parametrize("wrong", ["reserved-0m", "reserved-9x", "reserved-m", "reserved-100m", "9m", 9])
def test_what_is_no_term_is_refused(wrong: object) -> None:
    with pytest.raises(InputError):
        SupplyName().read(wrong, Place())


def test_a_plan_pays_for_the_months_it_names(catalog: Catalog, goal: Goal, means: Means) -> None:
    means = dataclasses.replace(means, supply=("reserved-9m",), budget_usd=None, chips=("h100-sxm",))
    found = answer(PlanQuestion(goal=goal, means=means), catalog)
    designs: list[Design] = [*([found.best] if found.best else []), *found.alternatives]
    assert designs
    for design in designs:
        assert design.availability.minimum_term_days == pytest.approx(273.75)
        assert design.cost_terms_usd["unused_term"] > 0.0


def test_what_is_paid_ahead_costs_its_capital(catalog: Catalog, goal: Goal, means: Means) -> None:
    quoted = Quoted(chip="h100-sxm", chips=64, price_usd_per_chip_hour=3.0, term_s=180 * 86_400.0)
    found = {}
    for share in (0.0, 0.5):
        quotes = (dataclasses.replace(quoted, prepaid_share=share),)
        wanted = dataclasses.replace(means, chips=("h100-sxm",), supply=("quote",), quotes=quotes, budget_usd=None)
        wanted = dataclasses.replace(wanted, chips_exactly=64, max_chips=None)
        told = answer(PlanQuestion(goal=dataclasses.replace(goal, deadline_s=None), means=wanted), catalog)
        assert told.best is not None
        found[share] = told.best
    term_usd = 64 * 180 * 24 * 3.0
    assert found[0.0].paid_ahead_usd is None
    assert found[0.5].paid_ahead_usd is not None
    assert found[0.5].paid_ahead_usd.p50 == pytest.approx(term_usd / 2)
    capital = catalog.assumption("economics.cost_of_capital").value
    expected = term_usd * 0.5 * capital * (180 / 365.25) / 2
    assert found[0.5].cost_terms_usd["paying_ahead"] == pytest.approx(expected, rel=0.25)
    assert found[0.5].cost_usd.p50 - found[0.0].cost_usd.p50 == pytest.approx(expected, rel=0.25)
    names = {figure.name for figure in told.figures}
    assert "assumptions/economics.cost_of_capital" in names


def test_a_share_paid_ahead_is_of_terms_alone(catalog: Catalog, goal: Goal, means: Means) -> None:
    wanted = dataclasses.replace(means, chips=("h100-sxm",), prepaid_share=0.5, budget_usd=None)
    wanted = dataclasses.replace(wanted, supply=("on-demand", "reserved-6m"))
    told = answer(PlanQuestion(goal=goal, means=wanted), catalog)
    designs: list[Design] = [*([told.best] if told.best else []), *told.alternatives]
    assert {(each.supply, each.paid_ahead_usd is not None) for each in designs} == {
        ("on-demand", False),
        ("reserved-6m", True),
    }
