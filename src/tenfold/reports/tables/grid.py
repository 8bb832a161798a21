"""Builders of terminal tables. Text is never read as markup: a model called ``[bold]`` prints as it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from tenfold.reports import wording

BAR_CELLS = 20
_EIGHTHS = " ▏▎▍▌▋▊▉"


class Grid(NamedTuple):
    """What ``grid_table`` prints, for pages too."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Cells may have several lines."""
    numeric: str = ""


def key_value_table(title: str, pairs: Iterable[tuple[str, str]]) -> Group:
    """Two columns: what, and its value."""
    table = _table(show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in pairs:
        table.add_row(Text(key), Text(value))
    return titled(title, table)


def grid_table(title: str, headers: Sequence[str], rows: Iterable[Sequence[str | Text]], numeric: str = "") -> Group:
    """Rows under headers. ``numeric`` has one letter per column, ``r`` for numbers: right, unbroken."""
    table = _table()
    for index, header in enumerate(headers):
        right = numeric[index : index + 1] == "r"
        table.add_column(Text(header), justify="right" if right else "left", overflow="fold", no_wrap=right)
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    return titled(title, table)


def bar_table(title: str, terms: Mapping[str, float], printed: Mapping[str, str], shares: Mapping[str, str]) -> Group:
    """Terms with their printed value, share and a bar; bars are relative to the largest term."""
    table = _table(show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True, style="dim")
    table.add_column(no_wrap=True, style="cyan")
    largest = max((abs(value) for value in terms.values()), default=0.0)
    for key, value in terms.items():
        table.add_row(Text(key), Text(printed[key]), Text(shares[key]), Text(bar(abs(value), largest)))
    return titled(title, table)


def bar(value: float, largest: float, cells: int = BAR_CELLS) -> str:
    """Draw a bar in eighths of a cell; a value above zero always shows."""
    if value <= 0 or largest <= 0:
        return ""
    eighths = max(1, round(8 * cells * value / largest))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def terms_table(title: str, terms: Mapping[str, float], unit: str) -> Group:
    """Terms that add up, each with its share of the sum and a bar; terms of zero are left out."""
    total = sum(terms.values())
    shown = {wording.label(key): value for key, value in terms.items() if value != 0}
    show: Callable[[float], str] = wording.share if unit == "share" else lambda value: wording.number(value, unit)
    printed = {key: show(value) for key, value in shown.items()}
    hidden = dict.fromkeys(shown, "")
    shares = (
        {key: wording.share(value / total) for key, value in shown.items()} if total and unit != "share" else hidden
    )
    return bar_table(title, shown, printed, shares)


def lines(title: str, texts: Iterable[str]) -> Group:
    """List texts under a title, one a line."""
    table = _table(show_header=False)
    table.add_column(style="dim", width=1)
    table.add_column(overflow="fold")
    for text in texts:
        table.add_row(Text("·"), Text(text))
    return titled(title, table)


def titled(title: str, table: Table) -> Group:
    """Put a table under its title, which is not cut to the table's width."""
    return Group(Text(title, style="bold"), table)


def _table(*, show_header: bool = True) -> Table:
    return Table(
        show_header=show_header,
        header_style="dim",
        box=box.SIMPLE_HEAD if show_header else None,
        padding=(0, 1),
        pad_edge=False,
        show_edge=False,
    )
