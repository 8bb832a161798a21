"""Amounts with ranges: as text, as tables, read back from their own data, and everything wrong with one at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.quantities import InputError, Problem, to_data
from tenfold.quantities.amounts import Amount, Whole
from tenfold.quantities.asking import Key, Place
from tenfold.quantities.documents import read_record
from tenfold.quantities.ranged import STATED, Ranged, RangedAmount, ranged_in
from tenfold.quantities.schemas import document_schema
from tenfold.quantities.toml_text import write_toml
from tenfold.quantities.words import Day

PRICE = RangedAmount(Amount("USD/h", most=100.0))
HERE = Place(file="asked.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    price_usd_per_chip_hour: Annotated[Ranged, PRICE, Key("price")]
    life_s: Annotated[Ranged | None, RangedAmount(Amount("s"))] = None
    chips: Annotated[int | None, Whole()] = None
    racks: Annotated[int | None, Whole()] = None

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        if "chips" in said and "racks" in said:
            yield Problem(file="", key="racks", wrong="stands beside chips", remedy="Keep one of them")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    offers: tuple[Offer, ...]


def problems_of(tree: Mapping[str, Any]) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read_record(Offers, tree, HERE)
    assert all(problem.file == "asked.toml" for problem in caught.value.problems)
    return {problem.key: problem.wrong for problem in caught.value.problems}


def test_a_value_is_text_a_number_or_a_table_in_any_unit() -> None:
    raw = {"value": "$48/day", "low": 1.5, "high": "$3/h", "kind": "quote", "source": "an offer"}
    table, text, number = (PRICE.read(each, HERE) for each in (raw, "$2/h", 2))
    assert table == Ranged(value=2.0, low=1.5, high=3.0, kind="quote", source="an offer")
    assert text == number == Ranged(value=2.0)
    assert text.figure("USD/h", datetime.date(2026, 1, 1)).source == STATED


@given(ends=st.lists(st.floats(0.0, 100.0), min_size=3, max_size=3).map(sorted), life=st.floats(0.0, 1e9))
def test_what_was_read_reads_back_the_same(ends: list[float], life: float) -> None:
    low, value, high = ends
    asked = Offers(
        offers=(Offer(price_usd_per_chip_hour=Ranged(value=value, low=low, high=high), life_s=Ranged(value=life)),)
    )
    assert read_record(Offers, to_data(asked), HERE) == asked  # type: ignore[arg-type]
    import tomllib

    assert read_record(Offers, tomllib.loads(write_toml(asked)), HERE) == asked


def test_everything_wrong_is_said_at_once_and_where() -> None:
    found = problems_of(
        {
            "offers": [
                {"price": {"value": "$2/h", "lo": 1}, "life": {"value": "5 years", "low": "4 years"}},
                {"price": {"value": 200, "low": 1, "high": 3}, "chips": 0, "racks": 3},
                {"price": {"value": 4, "low": 1, "high": 3, "kind": "rumour"}, "life": {"low": 1, "high": 2}},
                {"price": [2]},
            ]
        }
    )
    assert found == {
        "offers.0.price.lo": "unknown key",
        "offers.0.life": "has only one end of its range",
        "offers.1.price.value": "'200' is too large",
        "offers.1.chips": "'0' is too small",
        "offers.1.racks": "stands beside chips",
        "offers.2.price.kind": "unknown 'rumour'",
        "offers.2.price": "the value is not between low and high",
        "offers.2.life.value": "is missing",
        "offers.3.price": "'[2]' is not a quantity",
    }


def test_every_amount_of_a_record_is_found_with_its_key_and_path() -> None:
    asked = Offers(offers=(Offer(price_usd_per_chip_hour=Ranged(value=1.0), life_s=Ranged(value=2.0)),))
    assert [(each.key, each.path, each.asks.unit, each.stated.value) for each in ranged_in(asked)] == [
        ("offers.0.price", "offers.0.price_usd_per_chip_hour", "USD/h", 1.0),
        ("offers.0.life", "offers.0.life_s", "s", 2.0),
    ]
    (first, _) = ranged_in(asked.offers[0], "offers.0")
    assert first.key == "offers.0.price"


@pytest.mark.parametrize(
    ("distribution", "deciles"), [("percentiles", (1.0, 3.0)), ("uniform", (1.2, 2.8)), ("triangular", (1.447, 2.553))]
)
def test_distributions_go_through_their_range(distribution: Any, deciles: tuple[float, float]) -> None:
    stated = Ranged(value=2.0, low=1.0, high=3.0, distribution=distribution)
    drawn = stated.spread(stated.figure("1", datetime.date(2026, 1, 1))).ppf([0.1, 0.9])
    assert np.asarray(drawn) == pytest.approx(deciles, abs=1e-3)


def test_the_schema_says_both_forms() -> None:
    number, table = document_schema(Offer)["properties"]["price"]["anyOf"]
    assert number["unit"] == "USD/h"
    assert set(table["properties"]) == {"value", "low", "high", "distribution", "kind", "source", "note"}
    assert table["properties"]["low"]["unit"] == "USD/h"
    assert table["required"] == ["value"]


def test_a_day_has_its_years() -> None:
    day = Day(first_year=1990, last_year=2100)
    assert day.read("2027Q3", HERE) == datetime.date(2027, 7, 1)
    for text, wrong in (("0001", "'0001' is too early"), ("9999-12-31", "'9999-12-31' is too late")):
        with pytest.raises(InputError, match=wrong):
            day.read(text, HERE)
