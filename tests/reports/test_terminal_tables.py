"""Tables in the terminal: whatever the width, each cell of a number stands whole, beside the first column."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tenfold.reports import Table, grid_table
from tenfold.reports.terminal_table import parts_within


def printed(table: Table, width: int) -> str:
    out = io.StringIO()
    Console(file=out, width=width).print(grid_table("", table))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_number_is_cut_at_any_width(width: int) -> None:
    cells = tuple(f"+${number}.5B (1{number}.1–20.{number}M)" for number in range(10, 18))
    text = printed(
        Table(headers=("case", *"abcdefgh"), rows=(("a long name of a case", *cells),), numeric=" rrrrrrrr"), width
    )
    assert all(cell in text for cell in cells)
    assert max(map(len, text.splitlines())) <= width


def test_a_table_that_goes_on_below_names_its_rows_again() -> None:
    text = printed(Table(headers=("player", *"abc"), rows=(("alphabet", *["1" * 20] * 3),), numeric=" rrr"), 60)
    assert text.count("alphabet") == 2


def test_a_table_that_fits_is_one_table() -> None:
    text = printed(Table(headers=("player", "a"), rows=(("alphabet", "1"),), numeric=" r"), 80)
    assert text.count("player") == 1


@given(st.lists(st.integers(0, 40), min_size=2, max_size=12), st.integers(1, 120))
def test_parts_hold_every_column_once_in_order(least: list[int], width: int) -> None:
    parts = parts_within(tuple(least), 3, width)
    assert [column for part in parts for column in part[1:]] == list(range(1, len(least)))
    assert all(part[0] == 0 for part in parts)
    assert all(sum(least[each] for each in part) + 3 * (len(part) - 1) <= width for part in parts if len(part) > 2)
    for before, after in pairwise(parts):
        together = [*before, after[1]]
        assert sum(least[each] for each in together) + 3 * (len(together) - 1) > width
