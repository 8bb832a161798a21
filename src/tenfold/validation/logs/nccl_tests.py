"""Output of nccl-tests and rccl-tests, text or JSON (``-J``), as measurements of collectives.

Text has one line a size: ``size count type redop root``, then ``time algbw busbw #wrong`` out of place and again in
place, with four more columns each where every iteration is reported (``src/util.cu`` of NVIDIA/nccl-tests). Times are
microseconds, bandwidths 10⁹ B/s. busbw = algbw × 2(n − 1)/n for an all-reduce of n ranks, (n − 1)/n for all-gather,
reduce-scatter and all-to-all, 1 for the others (``doc/PERFORMANCE.md``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenfold.quantities import InputError, Problem, json_tree, shown
from tenfold.validation.logs.lines import Line, log_error, log_lines, log_problem, positive_number

COLLECTIVES = (
    "all_reduce",
    "all_gather",
    "reduce_scatter",
    "alltoall",
    "broadcast",
    "reduce",
    "sendrecv",
    "gather",
    "scatter",
    "hypercube",
)
_PROGRAM = re.compile(rf"\b({'|'.join(COLLECTIVES)})_perf(?:_\w+)?\b")
_ROW = re.compile(r"(?<![\w.,])([0-9]{1,400})\s+([0-9]{1,400})\s+[a-z]\w*\s")
"""A row whatever a launcher put before it."""
_ERRORS = re.compile(r"busbw\s+error\b")
"""Header of older versions, whose last column is how far results are off, not how many are wrong."""
_DEVICE = re.compile(r"#\s+Rank\s+\d+\s+(?:Group\s+(\d+)\s+)?Pid\s+\d+\s+on\s+(\S+)\s+device\s+\d+")
_BEGINS = re.compile(rf"#\s*(?:nThread|Using devices|Collective test starting|n?rccl-tests version)|{_PROGRAM.pattern}")
"""What a test prints, or the command that starts it, before its rows."""
HALF = {8: 4, 16: 8}
"""Columns of both halves, and of one: plain, and with every iteration reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NcclMeasurement:
    """One size of one collective."""

    collective: str
    size_bytes: float
    """The whole result of an all-gather, the whole input of a reduce-scatter, the buffer of the others."""
    ranks: int
    nodes: int
    """Hosts the ranks are on."""
    time_s: float
    busbw_bytes_per_s: float
    in_place: bool
    file: str
    line: int
    """Line of a text, place in ``results`` of a JSON file, from 1."""


@dataclass(slots=True)
class _Table:
    """What has been read of a file before and between its rows."""

    collective: str = ""
    places: list[tuple[str, str]] = field(default_factory=list)
    """Group and host of every device listed."""
    ranks_listed: int = 1
    """Ranks that one listed device stands for."""
    counts_errors: bool = True
    """Whether the last column of each half counts wrong results."""
    rows: list[tuple[int, list[float], bool]] = field(default_factory=list)
    """Line; size, time, busbw; in place."""


def read_nccl(path: Path, *, collective: str = "", ranks: int = 0, nodes: int = 0) -> tuple[NcclMeasurement, ...]:
    """Measurements of a file, out of place and in place.

    ``collective``, ``ranks`` and ``nodes`` stand in for what the file does not say; what it says counts. Raises
    ``InputError`` with every problem: rows with wrong results, damaged rows, an unknown collective or number of ranks.
    """
    problems: list[Problem] = []
    lines = list(log_lines(path))
    opening = next((line.text.lstrip() for line in lines if line.text.strip()), "")
    if opening.startswith("{"):
        tables = [_json_table(lines, str(path), problems)]
    else:
        tables = [_text_table(test, path, problems) for test in _tests_in(lines)]
    found = list[NcclMeasurement]()
    for table in [table for table in tables if table.rows] or tables[:1]:
        table.collective = table.collective or collective or _named(path.stem)
        group = [host for name, host in table.places if name == table.places[0][0]]
        members, hosts = len(group) * table.ranks_listed or ranks, len(set(group)) or nodes
        problems += _unsaid(table, members, hosts, str(path)) if not problems else []
        found += (_measurement(table, row, members, hosts, str(path)) for row in table.rows)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return tuple(found)


def _tests_in(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines of each test of a file: a program or a list of devices after rows of results begins another one."""
    test, has_rows = list[Line](), False
    for line in lines:
        if has_rows and _BEGINS.search(line.text):
            yield test
            test, has_rows = [], False
        test.append(line)
        has_rows = has_rows or (_ROW.search(line.text) is not None and "#" not in line.text)
    yield test


def _measurement(
    table: _Table, row: tuple[int, list[float], bool], ranks: int, nodes: int, file: str
) -> NcclMeasurement:
    line, (size, time_us, busbw_gb), in_place = row
    return NcclMeasurement(
        collective=table.collective,
        size_bytes=size,
        ranks=ranks,
        nodes=nodes,
        time_s=time_us * 1e-6,
        busbw_bytes_per_s=busbw_gb * 1e9,
        in_place=in_place,
        file=file,
        line=line,
    )


def _unsaid(table: _Table, ranks: int, nodes: int, file: str) -> list[Problem]:
    out = []
    if not table.rows:
        out.append(log_problem(file, None, "no row of results", "Give the output of nccl-tests"))
    if table.collective not in COLLECTIVES:
        remedy = f"Give --collective, one of {', '.join(COLLECTIVES)}"
        out.append(log_problem(file, None, "the file does not say which collective it timed", remedy))
    if ranks < 1:
        out.append(log_problem(file, None, "the file does not say how many ranks took part", "Give --chips"))
    elif ranks == 1:
        out.append(log_problem(file, None, "one rank alone sends nothing", "Give a test of two ranks or more"))
    if nodes < 1:
        out.append(log_problem(file, None, "the file does not say on how many hosts", "Give --nodes"))
    elif ranks > 1 and ranks % nodes:
        wrong = f"{ranks} ranks are spread unevenly over {nodes} hosts"
        out.append(log_problem(file, None, wrong, "Give a test with as many ranks on every host"))
    return out


def _named(text: str) -> str:
    """Collective of a program or file named after it; compound names come first in the list of them."""
    found = _PROGRAM.search(text)
    plain = re.sub(r"[^a-z]", "", text.casefold())
    return found[1] if found else next((name for name in COLLECTIVES if name.replace("_", "") in plain), "")


def _text_table(lines: Iterable[Line], path: Path, problems: list[Problem]) -> _Table:
    table = _Table()
    for line in lines:
        text = line.text.strip()
        device = _DEVICE.search(text)
        if device is not None:
            table.places.append((device[1] or "0", device[2]))
        elif not table.collective and (program := _PROGRAM.search(text)) is not None:
            table.collective = program[1]
        elif _ERRORS.search(text):
            table.counts_errors = False
        elif (row := _ROW.search(text)) is not None and "#" not in text[: row.start()]:
            kept = Line(line.number, text[row.start() :])
            table.rows += _text_rows(kept, table, str(path), problems)
    return table


def _text_rows(
    line: Line, table: _Table, file: str, problems: list[Problem]
) -> Iterator[tuple[int, list[float], bool]]:
    """Out-of-place and in-place measurement of a row; sizes of 0, which small all-gathers have, give none."""
    words = [word for word in line.text.split() if not re.fullmatch(r"\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d", word)]
    size, numbers = positive_number(words[0]), words[3:]
    if numbers and re.fullmatch(r"[a-z]\w*", numbers[0]):
        numbers = numbers[1:]
    if len(numbers) - 1 in HALF:
        numbers = numbers[1:]
    half = HALF.get(len(numbers))
    if half is None or (size is None and words[0] != "0"):
        problems.append(
            log_problem(file, line.number, "a row cut short or of unknown columns", "Remove the damaged row")
        )
        return
    for start, in_place in ((0, False), (half, True)):
        time_us, _, busbw, wrong = numbers[start : start + 4]
        if size is not None:
            counted = wrong if table.counts_errors else None
            yield from _checked(size, time_us, busbw, counted, in_place, file, line.number, problems)


def _checked(
    size: float,
    time_us: object,
    busbw: object,
    wrong: object,
    in_place: bool,
    file: str,
    line: int,
    problems: list[Problem],
) -> Iterator[tuple[int, list[float], bool]]:
    """The numbers of a half row, unless its results were wrong or its time is none."""
    errors = None if wrong in (None, "N/A") else positive_number(str(wrong))
    time, bandwidth = positive_number(str(time_us)), positive_number(str(busbw))
    if errors is not None:
        problems.append(
            log_problem(file, line, f"{errors:g} results were wrong", "Repeat the test until it is correct")
        )
    elif time is None:
        problems.append(log_problem(file, line, f"the time is {shown(str(time_us))}", "Remove the damaged row"))
    else:
        yield line, [size, time, bandwidth or 0.0], in_place


def _json_table(lines: Iterable[Line], file: str, problems: list[Problem]) -> _Table:
    tree = json_tree("".join(line.text for line in lines), file, "Give the file that nccl-tests wrote with -J")
    results = tree.get("results") if isinstance(tree, dict) else None
    if not isinstance(results, list):
        raise log_error(file, None, "no list 'results'", "Give the file that nccl-tests wrote with -J")
    table = _Table(collective=_named(" ".join(str(word) for word in _list(tree.get("args")))))
    _place(table, tree.get("config"))
    for place, result in enumerate(results, start=1):
        table.rows += _json_rows(result, place, file, problems)
    return table


def _place(table: _Table, config: object) -> None:
    """Ranks and hosts. The file lists one device of each process, which drives ``nthreads × ngpus`` of them."""
    if not isinstance(config, dict):
        return
    devices = [device for device in _list(config.get("devices")) if isinstance(device, dict)]
    each = [config.get(key, 1) for key in ("nthreads", "ngpus")]
    if all(isinstance(count, int) and 0 < count < 10_000 for count in each):
        table.ranks_listed = each[0] * each[1]
    table.places = [(str(device.get("group", 0)), str(device.get("hostname"))) for device in devices]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _json_rows(
    result: object, place: int, file: str, problems: list[Problem]
) -> Iterator[tuple[int, list[float], bool]]:
    size = positive_number(str(result.get("size"))) if isinstance(result, Mapping) else None
    if not isinstance(result, Mapping) or (size is None and result.get("size") != 0):
        problems.append(_json_problem(file, place, "has no size"))
        return
    for key, in_place in (("out_of_place", False), ("in_place", True)):
        half = result.get(key)
        if half is None or size is None:
            continue
        if not isinstance(half, Mapping) or "time" not in half:
            cpu = isinstance(half, Mapping) and "cpu_time" in half
            wrong = "has times of the processor, not of the network" if cpu else f"has no time under {key}"
            problems.append(_json_problem(file, place, wrong))
            continue
        yield from _checked(size, half["time"], half.get("bus_bw"), half.get("nwrong"), in_place, file, place, problems)


def _json_problem(file: str, place: int, wrong: str) -> Problem:
    return Problem(file=file, key=f"results.{place}", wrong=wrong, remedy="Give the file nccl-tests wrote with -J")
