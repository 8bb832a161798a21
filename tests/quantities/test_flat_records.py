"""A record in a record whose fields stand among the others: keys beside them, or in a table of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import pytest

from tenfold.quantities import InputError, to_data
from tenfold.quantities.amounts import Amount, Whole
from tenfold.quantities.asking import Flat, Place
from tenfold.quantities.documents import read_record
from tenfold.quantities.fields import fields_of
from tenfold.quantities.schemas import document_schema
from tenfold.quantities.toml_text import write_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is given."""

    width: Annotated[int | None, Whole()] = None
    """How wide."""
    wait_s: Annotated[float | None, Amount("s")] = None
    """How long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with a wish."""

    name: str
    """What it is about."""
    wish: Annotated[Wish, Flat()] = field(default_factory=Wish)
    """What is given."""


HERE = Place(file="asked.toml")


def test_fields_stand_among_the_others() -> None:
    assert [(each.key, each.within) for each in fields_of(Asked)] == [("name", ""), ("width", "wish"), ("wait", "wish")]
    asked = Asked(name="x", wish=Wish(width=3))
    assert [each.value_in(asked) for each in fields_of(Asked)] == ["x", 3, None]
    assert {"name", "width", "wait", "wish"} == set(document_schema(Asked)["properties"])


@pytest.mark.parametrize(
    "tree",
    [
        {"name": "x", "width": 3, "wait": "2 min"},
        {"name": "x", "wish": {"width": "3", "wait_s": 120}},
        {"name": "x", "width": 3, "wish": {"wait": "2 min", "width": None}},
        {"name": "x", "wish": Wish(width=3, wait_s=120.0)},
    ],
)
def test_keys_and_a_table_mean_the_same(tree: dict[str, object]) -> None:
    assert read_record(Asked, tree, HERE) == Asked(name="x", wish=Wish(width=3, wait_s=120.0))


def test_what_is_given_beside_stands_over_the_file() -> None:
    found = read_record(Asked, {"name": "x", "wish": {"width": 3, "wait": 1}}, HERE, {"width": "5"})
    assert found.wish == Wish(width=5, wait_s=1.0)


def test_without_any_it_is_the_empty_record_and_an_echo_reads_back() -> None:
    empty = read_record(Asked, {"name": "x", "wish": None}, HERE)
    assert empty == Asked(name="x")
    for asked in (empty, Asked(name="y", wish=Wish(width=4, wait_s=0.5))):
        echo = to_data(asked)
        assert isinstance(echo, dict)
        assert read_record(Asked, echo, HERE) == asked
    assert "width = 4" in write_toml(Asked(name="y", wish=Wish(width=4)))


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({"name": "x", "width": 3, "wish": {"width": 4}}, "asked.toml: width: is said twice"),
        ({"name": "x", "wish": 3}, "asked.toml: wish: '3' is not a table"),
        ({"name": "x", "wish": {"widht": 3}}, "widht: unknown key. Did you mean 'width'?"),
        ({"name": "x", "width": 0}, "width: '0' is too small"),
    ],
)
def test_what_is_wrong_is_said_by_its_key(tree: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_record(Asked, tree, HERE)
    assert said in str(refused.value)
