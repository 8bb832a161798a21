"""A CSV of failures: one row an event, with its cause or component, and where known its time, node and downtime.

Columns, in any order and case: ``cause`` or ``component`` (needed); ``time`` (ISO); ``node``; ``downtime`` (with its
unit, such as "2 h") or ``downtime_s``. The exposure is no part of an event: it comes from outside, or from the columns
``nodes`` and ``days``, which say the same in every row.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tenfold.quantities import InputError, Problem, parse_quantity, shown
from tenfold.validation.logs.failure_log import FailureLog
from tenfold.validation.logs.failure_rows import columns_of, header_of, rows_of
from tenfold.validation.logs.lines import log_problem, positive_number

REMEDY = "Begin it with a line such as: time,node,cause,downtime"
EXPOSURE = "Give --nodes and --days, or columns nodes and days that say the same in every row"
SHOWN = 5
"""Damaged rows that are named; more are counted."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Places of the columns; -1 where there is none."""

    cause: int
    time: int
    node: int
    downtime: int
    downtime_s: int
    nodes: int
    days: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLog:
    """Events, and the exposure that the file itself states."""

    log: FailureLog
    nodes: float | None
    days: float | None


def read_events(path: Path) -> EventLog:
    """Failures of a file by cause, which is read line by line.

    Raises ``InputError`` with every problem: a missing column, damaged rows (the first few, and how many).
    """
    log, problems = FailureLog(str(path)), _Problems(str(path))
    columns, stated = None, {"nodes": set[str](), "days": set[str]()}
    for line, cells in rows_of(path, separator_of(path)):
        if columns is None:
            columns = _columns(log.file, cells)
        else:
            padded = [*cells, *[""] * (columns.width - len(cells))]
            _add(log, padded, columns, line, problems)
            for name, place in (("nodes", columns.nodes), ("days", columns.days)):
                if place >= 0 and len(stated[name]) < 2:
                    stated[name].add(padded[place].strip())
    numbers = {name: _stated(name, texts, problems) for name, texts in stated.items()}
    problems.raise_any()
    return EventLog(log=log, nodes=numbers["nodes"], days=numbers["days"])


def separator_of(path: Path) -> str:
    """What divides the cells of the header: a comma unless a semicolon or a tab does so more often."""
    header = header_of(path)
    return max((",", ";", "\t"), key=header.count)


@dataclass(slots=True)
class _Problems:
    """Problems of one file, of which the first are kept."""

    file: str
    kept: list[Problem] | None = None
    count: int = 0

    def add(self, line: int | None, wrong: str, remedy: str) -> None:
        """Add a problem of a line, or of the file."""
        self.count += 1
        self.kept = self.kept or []
        if len(self.kept) < SHOWN:
            self.kept.append(log_problem(self.file, line, wrong, remedy))

    def raise_any(self) -> None:
        """Raise ``InputError`` with the problems, if any."""
        if self.kept:
            more = self.count - len(self.kept)
            rest = [log_problem(self.file, None, f"{more:,} more damaged rows", "Mend or remove them")] if more else []
            raise InputError([*self.kept, *rest])


def _columns(file: str, names: Sequence[str]) -> _Columns:
    place = columns_of(names)
    found = _Columns(
        cause=place("cause", "component"),
        time=place("time"),
        node=place("node"),
        downtime=place("downtime"),
        downtime_s=place("downtime_s"),
        nodes=place("nodes"),
        days=place("days"),
        width=len(names),
    )
    if found.cause < 0:
        wrong = f"no column cause or component in the header {shown(','.join(names))}"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy=REMEDY))
    return found


def _add(log: FailureLog, cells: Sequence[str], at: _Columns, line: int, problems: _Problems) -> None:
    cause = cause_of(cells[at.cause])
    log.rows += 1
    log.events[cause] += 1
    if at.node >= 0 and (node := cells[at.node].strip()):
        log.places[cause, node] += 1
    if at.time >= 0 and (time := cells[at.time].strip()):
        if is_time(time):
            log.seen(time)
        else:
            problems.add(line, f"the time {shown(time)} is no ISO date or time", "Write 2026-03-01T12:30:00")
    for place, read in ((at.downtime, duration_s), (at.downtime_s, _seconds)):
        if place >= 0 and (text := cells[place].strip()):
            if (seconds := read(text)) is None:
                problems.add(
                    line, f"the downtime {shown(text)} is no duration", "Write '2 h', or seconds in downtime_s"
                )
            else:
                log.down(cause, seconds)


@functools.lru_cache(maxsize=4096)
def cause_of(text: str) -> str:
    """Name of a cause as it is counted: small letters, hyphens between words, "unknown" where it is empty."""
    return "-".join(text.casefold().replace("_", " ").replace("-", " ").split()) or "unknown"


def is_time(text: str) -> bool:
    """Whether a text is a date or a time of ISO 8601."""
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@functools.lru_cache(maxsize=65_536)
def duration_s(text: str) -> float | None:
    """Seconds of a duration with its unit; None when it is none."""
    try:
        return parse_quantity(text, "s")
    except InputError:
        return None


def _seconds(text: str) -> float | None:
    return 0.0 if text in ("0", "0.0") else positive_number(text)


def _stated(name: str, texts: set[str], problems: _Problems) -> float | None:
    """The one number that a column states in every row; None where there is no such column."""
    if not texts:
        return None
    number = positive_number(next(iter(texts)))
    if len(texts) > 1 or number is None:
        problems.add(None, f"the column {name} does not say one positive number in every row", EXPOSURE)
    return number
