"""A power cap in steps from a table of from_s and mw."""

from __future__ import annotations

from pathlib import Path

from tenfold.fleet.traces.columns import named, numbers, times_s
from tenfold.fleet.traces.table import read_table
from tenfold.quantities import InputError, Problem, shown

FROM, CAP = ("from_s", "from"), ("mw",)
W_PER_MW = 1e6


def read_power(path: Path) -> tuple[tuple[float, float], ...]:
    """From when on how much may be drawn, (s, W), in order of time. Raises ``InputError`` for what means nothing."""
    table = read_table(path)
    begins, caps = named(table, *FROM), named(table, *CAP)
    if begins is None or caps is None or not len(table):
        wrong = f"has the columns {shown(', '.join(table.columns))} and {len(table)} rows"
        raise InputError(Problem(file=str(path), key="", wrong=wrong, remedy="Give rows of from_s and mw"))
    rows = list(zip(table.line.tolist(), times_s(table.columns[begins]), numbers(table.columns[caps]), strict=True))
    problems = [
        Problem(file=str(path), key=f"line {line}", wrong="has no time and power of 0 or more", remedy="Mend the row")
        for line, from_s, cap in rows
        if not (cap >= 0.0 and from_s == from_s)
    ]
    if problems or table.ragged:
        raise InputError([*table.ragged, *problems])
    return tuple(sorted((float(from_s), float(cap) * W_PER_MW) for _, from_s, cap in rows))
