"""Paths into plain data: every value has one, and it leads back to the value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.quantities import Data, InputError, leaves_of, value_at

NAMES = st.text("abcxyz_", min_size=1, max_size=5)
TREES = st.dictionaries(
    NAMES,
    st.recursive(
        st.integers() | st.none(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=4,
)
FIGURES = {"planning.setup_days": 9}
ANSWER = {"best": {"cost_usd": 3.0, "figures": FIGURES}, "sites": [{"name": "one"}]}


@given(TREES)
def test_every_leaf_is_found_at_its_path(tree: dict[str, Data]) -> None:
    for path, leaf in leaves_of(tree):
        assert value_at(tree, path)[0] is leaf


def test_names_with_dots_and_places_in_brackets_are_understood() -> None:
    assert value_at(ANSWER, "best.figures.planning.setup_days") == (9, FIGURES, "planning.setup_days")
    assert value_at(ANSWER, "sites[0].name")[0] == value_at(ANSWER, "sites.0.name")[0] == "one"


def test_a_path_that_leaves_the_data_says_what_there_is() -> None:
    with pytest.raises(InputError, match=r"no 'cost_us' in best: did you mean 'best\.cost_usd'\?"):
        value_at(ANSWER, "best.cost_us")
    with pytest.raises(InputError, match=r"no 'zzz' in the answer\. It holds best, sites"):
        value_at(ANSWER, "zzz")
