"""Measured serving runs: reading a table of published or own measurements, one metric a row.

Only ``id``, ``model``, ``chip``, ``engine``, ``isl``, ``osl``, ``metric``, ``value`` and ``scenario`` are needed to
score a row, and what the scenario rests on: a concurrency or a rate. Empty means unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

from tenfold.quantities import InputError, Problem, csv_table

NEEDED_COLUMNS = ("id", "model", "chip", "engine", "isl", "osl", "metric", "value", "scenario")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingRun:
    """One measured number as published; empty or None where the source is silent."""

    id: str
    model: str
    chip: str
    engine: str
    metric: str
    """What was measured, with its unit and its statistic: ``ttft_ms_p99``, ``output_tok_s_total``."""
    value: float | None
    scenario: str
    """How it was measured: fixed concurrency, offline, burst, online."""
    isl: float | None = None
    osl: float | None = None
    source_title: str = ""
    source_url: str = ""
    source_date: str = ""
    engine_version: str = ""
    precision_weights: str = ""
    precision_kv: str = ""
    n_chips: float | None = None
    tp: str = ""
    """Of each replica; ``P4/D8`` for the two sides of a disaggregated service."""
    pp: str = ""
    ep: str = ""
    dp: str = ""
    concurrency_or_batch: float | None = None
    request_rate_per_s: float | None = None
    """Infinite for a burst."""
    spec_decoding: str = ""
    prefill_workers: float | None = None
    decode_workers: float | None = None
    decode_tp: float | None = None
    decode_dp: float | None = None
    decode_ep: float | None = None
    stream_interval: float | None = None
    token_budget: float | None = None
    protocol: str = ""
    notes: str = ""
    exclude: str = ""
    """Why the row is not to be scored."""


COLUMNS = tuple(each.name for each in fields(ServingRun))
_TEXT = {each.name for each in fields(ServingRun) if each.type == "str"}


def read_runs(path: Path) -> list[ServingRun]:
    """Rows of a CSV of measured runs, in file order.

    Raises ``InputError`` with every problem found: a file that is missing or not UTF-8 text, columns that are
    missing, cells that are not numbers or not positive.
    """
    header, rows = csv_table(path, "Give the path of a CSV of measured serving runs")
    missing = [name for name in NEEDED_COLUMNS if name not in header]
    if missing:
        remedy = f"Columns needed: {', '.join(NEEDED_COLUMNS)}"
        raise InputError(Problem(file=str(path), key=", ".join(missing), wrong="missing columns", remedy=remedy))
    problems: list[Problem] = []
    runs = [_run_of(row, f"{path} line {line}", problems) for line, row in rows]
    if problems:
        raise InputError(problems)
    return runs


def _run_of(row: dict[str, str], place: str, problems: list[Problem]) -> ServingRun:
    values: dict[str, str | float | None] = dict.fromkeys(NEEDED_COLUMNS)
    for name in COLUMNS:
        cell = row.get(name, "").strip()
        if name in _TEXT:
            values[name] = cell
        elif cell:
            values[name] = _number(cell, place, name, problems)
    return ServingRun(**values)  # type: ignore[arg-type]


def _number(cell: str, place: str, column: str, problems: list[Problem]) -> float | None:
    if cell.lower() in ("inf", "infinity"):
        return float("inf")
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if 0.0 <= value < 1e18:
        return value
    wrong, remedy = f"'{cell[:40]}' is not a positive number", "Type a number such as 8"
    problems.append(Problem(file=place, key=column, wrong=wrong, remedy=remedy))
    return None


@dataclass(frozen=True, slots=True)
class Sides:
    """A degree of the prefill and of the decode side; both are the same for one replica."""

    prefill: float | None
    decode: float | None


def sides_of(cell: str) -> Sides:
    """Degrees that a cell states: ``8`` for both, ``P4/D8`` for each; None where it states none. 0 counts as 1."""
    found = re.fullmatch(r"P(\d+(?:\.\d+)?)/D(\d+(?:\.\d+)?)", cell.strip(), flags=re.IGNORECASE)
    if found:
        return Sides(max(float(found[1]), 1.0), max(float(found[2]), 1.0))
    try:
        degree = max(float(cell), 1.0)
    except ValueError:
        return Sides(None, None)
    return Sides(degree, degree)
