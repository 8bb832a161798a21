"""What can be read of a table that is wrong in places: the rest is unread, and everything keeps its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.quantities import InputError
from tenfold.quantities.amounts import Amount, Whole
from tenfold.quantities.asking import UNREAD, Place
from tenfold.quantities.documents import read_in_part, read_record
from tenfold.quantities.in_part import known, rows_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Rack:
    chips: Annotated[int, Whole(most=99)]
    power_w: Annotated[float, Amount("W")] = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shed:
    kind: Literal["shed"] = "shed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    kind: Literal["pod"] = "pod"
    chips: Annotated[int, Whole(most=99)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    racks: tuple[Rack, ...]
    either: Shed | Pod | None = None
    rows: Mapping[str, Rack] = field(default_factory=dict)
    note: str = ""
    sizes: tuple[Annotated[int, Whole(most=99)], ...] = ()


def test_what_cannot_be_read_is_unread_and_the_rest_keeps_its_place() -> None:
    tree = {
        "racks": [{"chips": 4}, {"chips": 0, "power": "1 kW"}, 3],
        "either": {"kind": "pod", "chips": "many"},
        "rows": {"a": {}, "b": {"chips": 2, "nonsense": 1}},
        "sizes": [1, "x", 3],
    }
    part = read_in_part(Hall, tree, Place())
    assert [rack is not UNREAD and rack.chips for rack in part.racks] == [4, UNREAD, False]
    assert part.racks[1].power_w == 1000.0
    assert isinstance(part.either, Pod)
    assert part.either.chips is UNREAD
    assert part.rows["a"].chips is UNREAD
    assert part.rows["b"] == Rack(chips=2)
    assert part.sizes == (1, UNREAD, 3)


def test_a_table_of_no_kind_and_a_list_that_is_none_are_unread() -> None:
    part = read_in_part(Hall, {"racks": 3, "either": {"kind": "barn"}, "rows": [], "sizes": 2}, Place())
    assert not any(known(value) for value in (part.racks, part.either, part.rows, part.sizes))
    assert read_in_part(Hall, {"racks": []}, Place()).either is None


def test_names_hold_nothing_that_a_terminal_would_act_on() -> None:
    for tree in ({"racks": [], "rows": {"a\x1b[31m": {"chips": 1}}}, {"racks": [], "note": "\x1b]0;title\x07"}):
        with pytest.raises(InputError) as caught:
            read_record(Hall, tree, Place())
        assert "\x1b" not in str(caught.value)


@given(chips=st.lists(st.integers(1, 99)), power=st.floats(0, 1e6))
def test_of_what_reads_whole_it_is_the_same(chips: list[int], power: float) -> None:
    tree = {"racks": [{"chips": count, "power_w": power} for count in chips]}
    assert read_in_part(Hall, tree, Place()) == read_record(Hall, tree, Place())


def test_known_looks_into_records_lists_and_tables() -> None:
    part = read_in_part(Hall, {"racks": [{"chips": 4}, {"chips": "x"}, 3], "rows": {"a": {"chips": 1}}}, Place())
    assert known(part.rows, part.racks[0])
    assert not known(part.racks)
    assert not known(part.racks[1])
    assert not known(part)
    assert [key for key, _ in rows_in("racks", part.racks)] == ["racks.0", "racks.1"]
    assert list(rows_in("racks", UNREAD)) == []
