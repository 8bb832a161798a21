"""Which columns mean what in traces of requests. A format is a row of ``FORMATS``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.fleet.traces.columns import numbers, times_s
from tenfold.fleet.traces.table import Cells, Table
from tenfold.quantities import Floats, InputError, Problem, shown

MOONCAKE_BLOCK_TOKENS = 512
"""Tokens of a block of a Mooncake trace [kvcache-ai/Mooncake, README: "hash_ids … block size 512"]."""
MS = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a format gives, one entry a row; NaN where a cell means nothing."""

    arrival_s: Floats
    prompt_tokens: Floats
    output_tokens: Floats
    blocks: Sequence[Sequence[int]] | None = None
    block_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of trace."""

    title: str
    needs: tuple[str, ...]
    """Columns in lower case, all of which have to be there."""
    read: Callable[[Table], Asked]


def recognised(table: Table) -> str:
    """Name of the first format that a table fits. Raises ``InputError`` naming what each of them needs."""
    for name, known in FORMATS.items():
        if all(column in table.columns for column in known.needs):
            return name
    listed = "; ".join(f"{each.title}: {', '.join(each.needs)}" for each in FORMATS.values())
    wrong = f"is no known trace of requests: its columns are {shown(', '.join(table.columns))}"
    raise InputError(Problem(file=table.file, key="", wrong=wrong, remedy=f"Known are {listed}"))


def _reader(arrival: str, prompt: str, output: str) -> Callable[[Table], Asked]:
    def read(table: Table) -> Asked:
        return Asked(
            arrival_s=times_s(table.columns[arrival]),
            prompt_tokens=numbers(table.columns[prompt]),
            output_tokens=numbers(table.columns[output]),
        )

    return read


def _mooncake(table: Table) -> Asked:
    asked = _reader("timestamp", "input_length", "output_length")(table)
    cells = table.columns.get("hash_ids")
    return Asked(
        arrival_s=asked.arrival_s * MS,
        prompt_tokens=asked.prompt_tokens,
        output_tokens=asked.output_tokens,
        blocks=None if cells is None else _block_lists(table, cells),
        block_tokens=MOONCAKE_BLOCK_TOKENS,
    )


def _block_lists(table: Table, cells: Cells) -> list[list[int]]:
    """Blocks of every row. Raises ``InputError`` naming the rows whose blocks are no list of whole numbers."""
    found = [_whole_numbers(cell) for cell in cells]
    wrong = [
        Problem(file=table.file, key=f"line {line}", wrong="has hash_ids that are no list of whole numbers", remedy="")
        for line, each in zip(table.line.tolist(), found, strict=True)
        if each is None
    ]
    if wrong:
        raise InputError(wrong[:20])
    return [each for each in found if each is not None]


def _whole_numbers(cell: Any) -> list[int] | None:  # noqa: ANN401  (a cell)
    if isinstance(cell, np.ndarray):
        return [int(each) for each in cell.tolist()] if cell.dtype.kind in "iu" else None
    if not isinstance(cell, list) or any(type(each) is not int or abs(each) >= 2**63 for each in cell):
        return None
    return cell


FORMATS = {
    "mooncake": Format("Mooncake", ("timestamp", "input_length", "output_length"), _mooncake),
    "azure": Format(
        "Azure LLM",
        ("timestamp", "contexttokens", "generatedtokens"),
        _reader("timestamp", "contexttokens", "generatedtokens"),
    ),
    "burstgpt": Format(
        "BurstGPT",
        ("timestamp", "request tokens", "response tokens"),
        _reader("timestamp", "request tokens", "response tokens"),
    ),
    "plain": Format(
        "plain",
        ("arrival_s", "prompt_tokens", "output_tokens"),
        _reader("arrival_s", "prompt_tokens", "output_tokens"),
    ),
}
"""By name; an answer of 0 tokens is a request that failed [BurstGPT, README: "Response tokens" is 0 on failure]."""
