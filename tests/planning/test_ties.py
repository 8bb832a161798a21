"""Choices that the draws do not decide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tenfold.planning.ties import ODDS, tied

CHANCES = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.0, 1.0), min_size=1)


@given(chances=CHANCES)
def test_a_tie_is_of_at_least_two_and_of_none_that_lags(chances: dict[str, float]) -> None:
    found, most = tied(chances), max(chances.values())
    assert len(found) != 1
    assert all(chances[name] * ODDS > most for name in found)
    assert [chances[name] for name in found] == sorted((chances[name] for name in found), reverse=True)
    if not found and most > 0.0:
        assert sum(each * ODDS > most for each in chances.values()) == 1


def test_one_that_is_clearly_ahead_is_no_tie() -> None:
    assert tied({"own": 0.65, "rent": 0.35}) == ()
    assert tied({"own": 0.33, "colocation": 0.35, "rent": 0.1}) == ("colocation", "own")
