"""Whatever stands in any place of the file of a money question, reading it gives a question or says what is wrong."""

from __future__ import annotations

import copy
import datetime
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tenfold.catalog import Catalog
from tenfold.quantities import InputError, Problem
from tenfold.studies.ask import Source, read_question
from tenfold.studies.examples import example_of

JUNK: tuple[Any, ...] = (
    True,
    -1,
    10**400,
    1e308,
    float("inf"),
    float("nan"),
    "",
    "\x1b[31m",
    "٣",
    "1e999 years",
    [],
    {},
    {"value": 1},
    datetime.date(9999, 12, 31),
    datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    datetime.time(1, 2),
)
REST = """
[[contracts]]
name = "customer"
fleet = "h100"
chips = 1
price = { value = "$2/h", low = "$1/h", high = "$3/h" }
start = "2025Q1"
term = "3 years"
[[loans]]
name = "bank"
kind = "level-payment"
share = 0.5
rate = "9 %"
term = "4 years"
[[covenants]]
kind = "cash"
limit = "$1"
[[arrivals]]
date = "2027Q1"
performance_per_dollar = 2.0
"""
FILES = {name: example_of(name).read_text(encoding="utf-8") for name in ("rental", "rent-or-own")}
FILES["rental"] += REST


def places(value: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a tree but its top."""
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in pairs:
        yield (*above, key)
        yield from places(each, (*above, key))


def changed(tree: dict[str, Any], place: tuple[str | int, ...], junk: object) -> dict[str, Any]:
    out = copy.deepcopy(tree)
    holder: Any = out
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = junk
    return out


@pytest.mark.parametrize("name", FILES)
def test_junk_anywhere_is_read_or_refused_in_words(name: str, catalog: Catalog) -> None:
    tree = tomllib.loads(FILES[name])
    refused: list[Problem] = []
    for place in places(tree):
        for junk in JUNK:
            try:
                read_question(name, Source(tree=changed(tree, place, junk), file="asked.toml"), catalog)
            except InputError as trouble:
                refused += trouble.problems
    assert len(refused) > len(list(places(tree)))
    assert all(problem.file == "asked.toml" and problem.wrong for problem in refused)
