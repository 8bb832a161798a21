"""The axes of parallelism, declared once: what follows from the declaration, and that nothing lists them by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.performance.dialects import READERS
from tenfold.performance.layout import ASKED, AXES, LayoutWish, ParallelLayout
from tenfold.performance.layout.columns import Layout, in_numbers, in_terms
from tenfold.performance.training.skeletons import COLUMNS, Skeletons
from tenfold.performance.training.space import FULL_SPACE, SearchSpace, held
from tenfold.planning.estimate_config.question import FORMATS
from tenfold.quantities.fields import fields_of
from tenfold.workloads.recipe import recompute_name, recompute_value


@st.composite
def layouts(draw: st.DrawFn) -> ParallelLayout:
    """Any layout, of the values a search tries."""
    values: dict[str, Any] = {
        name: each.axis.terms.term(float(draw(st.sampled_from(each.axis.values or (1, 2, 4)))))
        for name, each in AXES.items()
    }
    return ParallelLayout(**values)


def names(record: type) -> list[str]:
    return [field.name for field in dataclasses.fields(record)]


def test_every_axis_has_a_column_and_every_column_an_axis() -> None:
    assert sorted(each.axis.column for each in AXES.values()) == sorted(names(Layout))
    assert in_numbers(ParallelLayout()) == Layout(), "defaults are the same"


def test_every_axis_that_may_be_given_is_asked_for_and_searched() -> None:
    assert names(LayoutWish) == list(ASKED) == [name for name in AXES if name != "dp"]
    assert names(SearchSpace) == [*(each.axis.column for each in ASKED.values()), "uneven_layers"]


def test_skeletons_hold_columns_of_layouts() -> None:
    assert names(Skeletons) == list(COLUMNS)
    assert set(COLUMNS.values()) <= set(names(Layout))


def test_every_axis_says_what_it_divides_and_has_help() -> None:
    for each in AXES.values():
        assert each.axis.divides
        assert each.help.endswith(".")
    for field in fields_of(LayoutWish):
        assert field.help == f"{AXES[field.name].help[:-1]}; {AXES[field.name].axis.left_out}."


@given(layouts())
def test_terms_and_numbers_are_the_same_layout(layout: ParallelLayout) -> None:
    assert in_terms(in_numbers(layout)) == layout


@given(layouts())
def test_a_wish_for_a_layout_leaves_a_search_nothing_else(layout: ParallelLayout) -> None:
    space = held(FULL_SPACE, layout.wish)
    for name, each in ASKED.items():
        assert getattr(space, each.axis.column) == (each.axis.terms.number(getattr(layout, name)),)
    assert layout.wish.free == ()


@given(st.floats(min_value=0.01, max_value=0.99))
def test_a_share_of_the_layers_keeps_its_value_in_its_name(share: float) -> None:
    value = 1.0 + share
    assert recompute_value(recompute_name(value)) == value


@pytest.mark.parametrize(("value", "name"), [(0.0, "none"), (1.0, "selective"), (1.5, "full:0.50"), (2.0, "full")])
def test_names_of_policies(value: float, name: str) -> None:
    assert recompute_name(value) == name


def test_formats_of_the_question_are_those_that_are_read() -> None:
    assert set(FORMATS) == set(READERS)
