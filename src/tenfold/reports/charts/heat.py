"""Squares over steps and rows, coloured by what holds there, such as which constraint binds whom in a quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tenfold.reports.charts.chart import AXIS_PX, GRID, PALETTE, Chart, Option, category_axis, option

ROW_PX = 22
NOTHING = "none"
"""What is drawn faint."""


def heat(key: str, title: str, cells: Mapping[str, Sequence[str]], steps: Sequence[str], *, note: str = "") -> Chart:
    """One row for each name with a square for each step; each word has its colour, ``none`` is faint."""
    words = list(dict.fromkeys(word for row in cells.values() for word in row))
    told = [word for word in words if word != NOTHING]
    colours = {word: PALETTE[place % len(PALETTE)] for place, word in enumerate(told)}
    if NOTHING in words:
        colours[NOTHING] = "var(--line)"
    counts = {word: sum(row.count(word) for row in map(list, cells.values())) for word in words}
    summary = f"{title}: {'; '.join(f'{word} in {count} squares' for word, count in counts.items())}."
    axis = {"type": "category", "data": list(steps), "axisTick": {"show": False}}
    series = [_squares(word, colour, cells, steps) for word, colour in colours.items()]
    chart = option(summary, xAxis=axis, yAxis=category_axis(list(cells)), series=series)
    chart["grid"] = dict(GRID)
    return Chart(
        key=key,
        title=title,
        summary=summary,
        option=chart,
        height_px=AXIS_PX + ROW_PX * len(cells),
        headers=("who", *steps),
        rows=tuple((name, *row) for name, row in cells.items()),
        colours=tuple(colours.items()),
        note=note,
    )


def _squares(word: str, colour: str, cells: Mapping[str, Sequence[str]], steps: Sequence[str]) -> Option:
    data = [
        {"value": [column, row], "name": name, "text": f"{steps[column]}: {word}"}
        for row, (name, held) in enumerate(cells.items())
        for column, each in enumerate(held)
        if each == word
    ]
    look = {"symbol": "rect", "symbolSize": [14, 14], "itemStyle": {"color": colour}, "label": {"show": False}}
    return {"name": word, "type": "scatter", **look, "data": data}
