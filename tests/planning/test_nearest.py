"""What comes nearest to a goal that nothing meets."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tenfold.planning.plan import Infeasible, nearest_of
from tenfold.quantities import Shortfall


def _short(chip: str, chips: int, kind: str, times_over: float) -> Infeasible:
    reason = Shortfall(kind=kind, short=kind, nearest="more", times_over=times_over)
    return Infeasible(chip=chip, chips=chips, supply="on-demand", site="nordics", reasons=(reason,))


@given(over=st.floats(1.01, 100.0), memory=st.floats(1.01, 100.0), most=st.integers(2, 64))
def test_more_chips_are_no_change_where_more_were_planned_and_are_too_dear(
    over: float, memory: float, most: int
) -> None:
    few, dear = _short("a", 1, "memory", memory), _short("a", most, "budget", over)
    assert nearest_of([few, dear]) is dear
    other = _short("b", 1, "memory", memory)
    assert nearest_of([few, other, dear]) is (other if memory <= over else dear)


def test_more_chips_are_a_change_where_no_more_were_planned() -> None:
    few, dear = _short("a", 8, "memory", 1.5), _short("a", 4, "budget", 2.0)
    assert nearest_of([few, dear]) is few
    refused = _short("a", 16, "supply", 2.0)
    assert nearest_of([few, refused]) is few


def test_a_bound_chip_is_nearest_only_where_nothing_free_can_be_had_or_its_place_was_named() -> None:
    free, bound = _short("a", 8, "budget", 2.0), replace(_short("b", 8, "budget", 1.1), bound="a law binds it")
    assert nearest_of([bound, free]) is bound, "its place was named"
    bound = replace(bound, unasked=True)
    assert nearest_of([bound, free]) is free
    assert nearest_of([bound, replace(_short("a", 8, "supply", 1.0))]) is bound
    assert bound.said == ("a law binds it", "budget")
