"""Measured training runs: reading a table of published or own measurements.

Columns are those of ``truth/training_runs.csv``; only ``id``, ``chip``, ``n_chips``, ``seq`` and one of
``tokens_per_s_per_chip`` or ``step_time_s`` with ``global_batch`` are needed to score a row. Empty means unknown.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field, fields, make_dataclass
from pathlib import Path
from typing import Any

from tenfold.performance.layout import AXES
from tenfold.quantities import (
    InputError,
    Problem,
    cells_by_column,
    csv_rows,
    file_name,
    finite_of,
    parse_quantity,
    read_text,
    shown,
    text_of_cell,
)

NEEDED_COLUMNS = ("id", "chip", "n_chips", "seq")


_Degrees: Any = make_dataclass(
    "_Degrees",
    [(name, "float | None", field(default=None)) for name, each in AXES.items() if each.axis.said]
    + [("micro_batch", "float | None", field(default=None))],
    frozen=True,
    slots=True,
    kw_only=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredRun(_Degrees):  # type: ignore[misc]
    """One measured run as published; None where the source is silent. Parameters are in billions.

    Columns of the layout: every degree by the name of its axis, ``micro_batch``, and the policies below.
    """

    id: str
    chip: str
    model: str = ""
    arch: str = ""
    mode: str = "pretrain"
    framework: str = ""
    software: str = ""
    """Key of the stack, where it is known better than the framework's name says."""
    system: str = ""
    """Key or name of the system; the chip's usual one when empty."""
    network: str = ""
    """Bandwidth to other nodes, one way and per chip, such as ``400 Gbit/s``."""
    precision: str = ""
    recompute: str = ""
    seq_parallel: str = ""
    """``true`` or ``false``."""
    production: str = ""
    """``true`` for a run that trained a model to be used, ``false`` or nothing for a benchmark."""
    source_group: str = ""
    source_date: str = ""
    source_title: str = ""
    source_url: str = ""
    quality: str = "A"
    notes: str = ""
    params_b: float | None = None
    active_params_b: float | None = None
    layers: float | None = None
    hidden: float | None = None
    ffn: float | None = None
    heads: float | None = None
    kv_heads: float | None = None
    vocab: float | None = None
    seq: float | None = None
    experts: float | None = None
    top_k: float | None = None
    n_chips: float | None = None
    chips_per_node: float | None = None
    zero_stage: float | None = None
    global_batch: float | None = None
    tokens_per_s_per_chip: float | None = None
    step_time_s: float | None = None

    @property
    def of_production(self) -> bool:
        """Whether the row says that it is of a production run."""
        return self.production.lower() == "true"

    @property
    def source(self) -> str:
        """What a fold leaves out whole: the group of the source, or its title."""
        return self.source_group or self.source_title

    @property
    def measured_tokens_per_s_per_chip(self) -> float | None:
        """Published tokens/s per chip, or from the step time; None when the row has neither."""
        if self.tokens_per_s_per_chip:
            return self.tokens_per_s_per_chip
        if self.step_time_s and self.global_batch and self.seq and self.n_chips:
            return self.global_batch * self.seq / self.step_time_s / self.n_chips
        return None


COLUMNS = tuple(sorted((each.name for each in fields(MeasuredRun)), key=list(_Degrees.__slots__).__contains__))
"""Columns of a table: degrees come last."""
_TEXT = {each.name for each in fields(MeasuredRun) if each.type == "str"}
_KNOWN = frozenset(COLUMNS)


def read_runs(path: Path) -> list[MeasuredRun]:
    """Rows of a CSV of measured runs, in file order.

    Raises ``InputError`` with every problem found: a file that is missing or not UTF-8 text, columns that are
    missing, cells that are not numbers or not positive.
    """
    text = read_text(path, "Give the path of a CSV of measured runs")
    rows = csv_rows(io.StringIO(text, newline=""), file_name(path))
    _, header = next(rows, (1, []))
    missing = [name for name in NEEDED_COLUMNS if name not in header]
    if missing:
        needed = ", ".join(NEEDED_COLUMNS)
        raise InputError(
            Problem(file=str(path), key=", ".join(missing), wrong="missing columns", remedy=f"Columns needed: {needed}")
        )
    problems: list[Problem] = []
    placed = ((f"{file_name(path)} line {line}", cells) for line, cells in rows if any(cells))
    runs = [_run_of(header, cells, place, problems) for place, cells in placed]
    if problems:
        raise InputError(problems)
    return runs


def _run_of(header: list[str], cells: list[str], place: str, problems: list[Problem]) -> MeasuredRun:
    if len(cells) > len(header):
        wrong = f"{len(cells)} cells where the header has {len(header)}"
        problems.append(Problem(file=place, key="", wrong=wrong, remedy="Quote cells with commas"))
    row = cells_by_column(header, cells)
    values: dict[str, str | float | None] = {}
    for name in _KNOWN & row.keys():
        cell = row[name].strip()
        if name in _TEXT:
            values[name] = text_of_cell(cell)
        elif cell:
            values[name] = _number(cell, place, name, problems)
    if values.get("network"):
        _checked(lambda: parse_quantity(str(values["network"]), "B/s", file=place, key="network"), problems)
    return MeasuredRun(**values)  # type: ignore[arg-type]


def _checked(read: Callable[[], float], problems: list[Problem]) -> None:
    try:
        read()
    except InputError as error:
        problems += error.problems


def _number(cell: str, place: str, column: str, problems: list[Problem]) -> float | None:
    value = finite_of(cell)
    if value is not None and 0.0 <= value < 1e18:
        return value
    problems.append(
        Problem(
            file=place, key=column, wrong=f"{shown(cell)} is not a positive number", remedy="Type a number such as 8"
        )
    )
    return None
