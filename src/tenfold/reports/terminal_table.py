"""Tables of a terminal: one that is wider than the screen goes on below, its first column again before the rest.

No cell is cut: a number that lost its unit would be another number.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as RichTable
from rich.text import Text

from tenfold.quantities import visible
from tenfold.reports.report import Table

LEAST_TEXT_WIDTH = 16
"""Cells that a column of text keeps before the table goes on below."""

OPEN_GAP, CLOSE_GAP = 3, 1
"""Cells between two columns, of the table with a rule and of the close one."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows under headers, numbers to the right and unbroken; as many columns beside each other as there is room for."""

    table: Table
    close: bool = False
    """One space between columns and none to spare."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the table in as many parts as the width asks for."""
        least = least_widths(self.table)
        for number, columns in enumerate(parts_within(least, CLOSE_GAP if self.close else OPEN_GAP, options.max_width)):
            if number:
                yield Text()
            yield self._part(columns, least)

    def _part(self, columns: tuple[int, ...], least: tuple[int, ...]) -> RichTable:
        made = close_table() if self.close else open_table()
        for column in columns:
            right = self.table.is_number(column)
            made.add_column(
                plain_text(self.table.headers[column]),
                justify="right" if right else "left",
                overflow="fold",
                no_wrap=right,
                min_width=least[column],
            )
        for number, row in enumerate(self.table.rows):
            style = "bold" if number == self.table.marked else ""
            made.add_row(*(plain_text(row[column]) if column < len(row) else "" for column in columns), style=style)
        return made


def least_widths(table: Table) -> tuple[int, ...]:
    """Give the width that each column needs: a number all of it, a text its longest word up to a limit."""
    widths = []
    for column, header in enumerate(table.headers):
        cells = [header, *(row[column] for row in table.rows if column < len(row))]
        lines = [line for cell in cells for line in plain_text(cell).plain.split("\n")]
        if table.is_number(column):
            widths.append(max(map(cell_len, lines)))
        else:
            longest = max((cell_len(word) for line in lines for word in line.split()), default=0)
            widths.append(min(longest, LEAST_TEXT_WIDTH))
    return tuple(widths)


def parts_within(least: tuple[int, ...], gap: int, width: int) -> list[tuple[int, ...]]:
    """Share columns among parts no wider than a width, the first column in all of them; every part has two or more."""
    parts: list[list[int]] = [[0]]
    for column in range(1, len(least)):
        taken = sum(least[each] + gap for each in parts[-1])
        if len(parts[-1]) > 1 and taken + least[column] > width:
            parts.append([0])
        parts[-1].append(column)
    return [tuple(part) for part in parts] if least else []


def close_table() -> RichTable:
    """A table with one space between columns, and none to spare."""
    return RichTable(show_header=True, header_style="dim", box=None, padding=(0, 1, 0, 0), pad_edge=False)


def open_table(*, show_header: bool = True) -> RichTable:
    """A table with a rule under its headers."""
    return RichTable(
        show_header=show_header,
        header_style="dim",
        box=box.SIMPLE_HEAD if show_header else None,
        padding=(0, 1),
        pad_edge=False,
        show_edge=False,
    )


def plain_text(text: str, style: str = "") -> Text:
    """Text that no terminal acts on: control characters, which names in files may hold, are shown and not sent."""
    return Text("\n".join(visible(line) for line in text.split("\n")), style=style)
