"""A seller's offer among the prices that are known."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold
from tenfold.catalog import load_catalog
from tenfold.planning.quote import QuoteAnswer, QuoteQuestion
from tenfold.planning.quote.quote import answer
from tenfold.quantities import InputError, MissingFigureError

CATALOG = load_catalog()


def placed(price: float, **said: object) -> QuoteAnswer:
    asked = {"chip": "h100-sxm", "site": "us-texas", "chips": 512, "term": "reserved-1y"} | said
    return answer(QuoteQuestion(price_usd_per_chip_hour=price, **asked), CATALOG)  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None)
@given(price=st.floats(0.1, 50.0), more=st.floats(1.0, 3.0))
def test_a_dearer_offer_is_beaten_by_more_sellers(price: float, more: float) -> None:
    low, high = placed(price), placed(price * more)
    assert 0.0 <= low.cheaper_share <= high.cheaper_share <= 1.0


def test_the_middle_is_the_middle() -> None:
    middle = placed(1.0).known_usd_per_chip_hour.p50
    assert placed(middle).cheaper_share == pytest.approx(0.5, abs=0.01)
    assert placed(middle).over_middle == pytest.approx(0.0, abs=1e-9)


def test_paying_ahead_costs_what_money_costs() -> None:
    rate = CATALOG.assumption("economics.cost_of_capital").value
    found = placed(2.0, prepaid_share=0.5)
    assert found.prepaid_usd_per_chip_hour == pytest.approx(2.0 * 0.5 * rate * 0.5)
    assert found.price_usd_per_chip_hour == pytest.approx(2.0 + found.prepaid_usd_per_chip_hour)


def test_many_chips_soon_are_known_to_be_dearer() -> None:
    few, many = (placed(3.0, chips=chips, term="on-demand") for chips in (512, 16_384))
    assert many.tier == "short-contract"
    assert many.known_usd_per_chip_hour.p50 > 1.5 * few.known_usd_per_chip_hour.p50


def test_the_lines_put_it_into_a_plan() -> None:
    (quote,) = tomllib.loads(placed(2.0, seller="acme").put_in_a_plan)["means"]["quotes"]
    goal = {"kind": "train", "model": "llama-2-7b", "tokens": "1T", "sequence_length": 4096, "global_batch": 1024}
    means = {"chips": ["h100-sxm"], "supply": ["on-demand"], "sites": ["us-texas"], "max_chips": 64, "quotes": [quote]}
    plan = tenfold.plan(goal=goal, means=means, catalog=CATALOG)
    assert "quote" in {each.supply for each in (plan.best, *plan.alternatives) if each is not None}


@pytest.mark.parametrize(
    ("said", "name"),
    [("7 months", "reserved-7m"), ("6 months", "reserved-6m"), ("2 years", "reserved-2y"), ("31 days", "reserved-1m")],
)
def test_a_term_is_said_as_a_time_or_by_its_name(said: str, name: str) -> None:
    found = tenfold.quote(chip="h100-sxm", price="$2.4/h", site="us-texas", chips=64, term=said, catalog=CATALOG)
    assert found == placed(2.4, chips=64, term=name)


@pytest.mark.parametrize("said", ["45 days", "1 hour", "soon", "20 years", 3])
def test_what_is_no_number_of_months_is_refused_with_what_may_be_said(said: object) -> None:
    with pytest.raises(InputError, match="7 months"):
        tenfold.quote(chip="h100-sxm", price="$2.4/h", site="us-texas", term=said, catalog=CATALOG)


def test_what_nobody_prices_is_an_error() -> None:
    with pytest.raises(MissingFigureError, match="no reserved-1y price for gaudi3"):
        placed(2.0, chip="gaudi3")
