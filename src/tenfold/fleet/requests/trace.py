"""A path becomes requests in order of arrival; every damaged row is named by file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.fleet.requests.formats import FORMATS, Asked, recognised
from tenfold.fleet.requests.lines import read_lines
from tenfold.fleet.traces.table import read_table
from tenfold.quantities import Flags, Floats, InputError, Integers, Problem

NAMED = 20
"""Damaged rows that are named one by one."""
LONGEST = 2**24
"""Tokens of a prompt or an answer beyond which a cell is damage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Blocks of prompts that may be shared; equal numbers are equal prefixes up to the block's end."""

    start: Integers
    """Place of the first block of each request, and the end of the last; (requests + 1,)."""
    number: Integers
    """From 0; (blocks,)."""
    tokens: int
    """Of a block."""

    def of(self, request: int) -> Integers:
        """Blocks of a request, in the order of its prompt."""
        return self.number[self.start[request] : self.start[request + 1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTrace:
    """Requests in order of arrival; (requests,)."""

    file: str
    format: str
    arrival_s: Floats
    """From the first."""
    prompt_tokens: Floats
    output_tokens: Floats
    blocks: Blocks | None
    """None where the file does not say what prompts share."""
    unanswered: int
    """Rows without a token of an answer: requests that failed."""

    def __len__(self) -> int:
        """Count the requests."""
        return len(self.arrival_s)

    @property
    def span_s(self) -> float:
        """Time from the first arrival to the last."""
        return float(self.arrival_s[-1])


def read_requests(path: Path) -> RequestTrace:
    """Read a trace of requests. Raises ``InputError`` for no known format, damaged rows, or fewer than two requests."""
    table = read_lines(path) if path.suffix in (".jsonl", ".json") else read_table(path)
    name = recognised(table)
    asked = FORMATS[name].read(table)
    faults = _faults(asked)
    damaged = [*table.ragged, *_named(table.file, table.line, faults)]
    if damaged:
        raise InputError(_shortened(damaged, table.file))
    kept = np.flatnonzero(asked.output_tokens >= 1.0)
    if len(kept) < 2 or np.ptp(asked.arrival_s[kept]) <= 0.0:
        wrong = "holds fewer than two answered requests at different times"
        raise InputError(Problem(file=table.file, key="", wrong=wrong, remedy="Give a longer trace"))
    order = kept[np.argsort(asked.arrival_s[kept], kind="stable")]
    return RequestTrace(
        file=table.file,
        format=name,
        arrival_s=asked.arrival_s[order] - asked.arrival_s[order[0]],
        prompt_tokens=asked.prompt_tokens[order],
        output_tokens=asked.output_tokens[order],
        blocks=None if asked.blocks is None else _blocks(asked, order),
        unanswered=len(asked.arrival_s) - len(order),
    )


def _blocks(asked: Asked, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Blocks:
    assert asked.blocks is not None
    lists = [asked.blocks[row] for row in order.tolist()]
    flat = np.array([block for each in lists for block in each], dtype=np.int64)
    _, number = np.unique(flat, return_inverse=True)
    start = np.concatenate([[0], np.cumsum([len(each) for each in lists])])
    return Blocks(start=start.astype(np.int64), number=number.astype(np.int64), tokens=asked.block_tokens)


def _faults(asked: Asked) -> list[tuple[Flags, str]]:
    found = [(np.isnan(asked.arrival_s), "no time of arrival")]
    for column, what in ((asked.prompt_tokens, "prompt"), (asked.output_tokens, "answer")):
        found.append((np.isnan(column), f"no number of tokens of its {what}"))
        found.append((column % 1.0 > 0.0, f"a part of a token in its {what}"))
        found.append(((column < 0.0) | (column > LONGEST), f"a {what} of fewer than 0 or more than {LONGEST:,} tokens"))
    found.append(((asked.prompt_tokens < 1.0) & (asked.output_tokens >= 1.0), "an answer to no prompt"))
    return found


def _named(file: str, line: Integers, faults: list[tuple[Flags, str]]) -> list[Problem]:
    found = [
        (int(line[row]), Problem(file=file, key=f"line {line[row]}", wrong=f"has {what}", remedy=""))
        for holds, what in faults
        for row in np.flatnonzero(holds).tolist()
    ]
    return [problem for _, problem in sorted(found, key=lambda each: each[0])]


def _shortened(damaged: list[Problem], file: str) -> list[Problem]:
    remedy = "Mend the rows, or take them out"
    listed = [Problem(file=each.file, key=each.key, wrong=each.wrong, remedy=remedy) for each in damaged[:NAMED]]
    rest = len(damaged) - NAMED
    more = [Problem(file=file, key="", wrong=f"{rest:,} more rows are damaged", remedy=remedy)] if rest > 0 else []
    return [*listed, *more]
