"""Output of ``sacct --parsable2`` (``-P``): jobs with their states as exposure and failures.

One line of column names, one line a job, cells divided by ``|``. Lines of steps (``123.batch``) are left out, because
the job's own line covers them. Elapsed is ``[days-]hours:minutes:seconds[.microseconds]``; a job that still runs has no
end and counts with what has elapsed. States: https://slurm.schedmd.com/job_state_codes.html. A job that was requeued
has one line for each run only with ``--duplicates``.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tenfold.quantities import DAY_S, InputError, Problem, shown
from tenfold.validation.logs.failure_log import JOB_FAILURE, NODE_FAILURE, OUT_OF_MEMORY, FailureLog
from tenfold.validation.logs.failure_rows import columns_of, rows_of
from tenfold.validation.logs.lines import log_problem

CAUSES = {
    "NODE_FAIL": NODE_FAILURE,
    "BOOT_FAIL": NODE_FAILURE,
    "FAILED": JOB_FAILURE,
    "OUT_OF_MEMORY": OUT_OF_MEMORY,
}
"""States that are failures, with their cause."""
NOT_FAILED = frozenset(
    ("COMPLETED", "CANCELLED", "TIMEOUT", "PREEMPTED", "DEADLINE", "REQUEUED", "RUNNING", "SUSPENDED", "RESIZING",
     "REVOKED", "COMPLETING")
)  # fmt: skip
"""States that end a run, or do not, without a failure of the machine or the job."""
WAITING = frozenset(("PENDING", "CONFIGURING", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"))
"""States of jobs that have not run."""
REMEDY = (
    "Print it with: sacct -P --duplicates --format=JobID,State,Start,End,Elapsed,NNodes,NodeList,FailedNode,Restarts"
)
_RESUMES = frozenset(("NODE_FAIL", "BOOT_FAIL"))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Places of the columns; -1 where there is none."""

    job: int
    state: int
    elapsed: int
    elapsed_s: int
    nodes: int
    start: int
    end: int
    node_list: int
    failed_node: int
    restarts: int
    width: int


def read_sacct(path: Path) -> FailureLog:
    """Exposure and failures of the jobs of a file, which is read line by line.

    Raises ``InputError`` with every problem: columns that are missing, no job that ran.
    """
    log, runs = FailureLog(str(path)), None
    for line, cells in rows_of(path, "|"):
        if runs is None:
            runs = _Runs(log, _columns(log.file, cells))
        elif len(cells) != runs.at.width:
            log.skip(f"not the {runs.at.width} cells of the header (a job name with | in it?)", line)
        else:
            runs.add(cells, line)
    if runs is None or not log.rows:
        raise InputError(log_problem(log.file, None, "no job in it has run", REMEDY))
    runs.close()
    return log


def _columns(file: str, names: Sequence[str]) -> _Columns:
    place = columns_of(names)
    found = {
        "job": place("JobID", "JobIDRaw"),
        "state": place("State"),
        "elapsed": place("Elapsed"),
        "elapsed_s": place("ElapsedRaw"),
        "nodes": place("NNodes", "AllocNodes"),
        "start": place("Start"),
        "end": place("End"),
        "node_list": place("NodeList"),
        "failed_node": place("FailedNode"),
        "restarts": place("Restarts"),
    }
    timed = max(found["elapsed"], found["elapsed_s"]) >= 0
    needed = {"JobID": found["job"], "State": found["state"], "Elapsed": 0 if timed else -1, "NNodes": found["nodes"]}
    missing = [name for name, at in needed.items() if at < 0]
    if missing:
        wrong = f"no column {', '.join(missing)} in the header {shown('|'.join(names))}"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy=REMEDY))
    return _Columns(width=len(names), **found)


@dataclass(slots=True)
class _Runs:
    """Adds one job after another to a log."""

    log: FailureLog
    at: _Columns
    exposure: dict[str, list[float]] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    """End of the last run of a job that a node stopped."""
    restarts: dict[str, int] = field(default_factory=dict)

    def add(self, cells: Sequence[str], line: int) -> None:
        """Add a job's line."""
        at, job = self.at, cells[self.at.job]
        state = _state(cells[at.state])
        if "." in job or state in WAITING:
            return
        elapsed_s, nodes = _elapsed_s(cells, at), _whole(cells[at.nodes])
        if elapsed_s is None or nodes is None:
            what = "an Elapsed that is no duration" if elapsed_s is None else "an NNodes that is no number"
            self.log.skip(f"{what}: {shown(cells[at.elapsed if elapsed_s is None else at.nodes])}", line)
            return
        self.log.rows += 1
        self._expose(state, elapsed_s / DAY_S, nodes, cells[at.node_list] if at.node_list >= 0 else "")
        self._time(job, state, cells)
        if cause := CAUSES.get(state):
            self._fail(cause, cells)
        elif state not in NOT_FAILED:
            self.log.unknown[state] += 1

    def _expose(self, state: str, days: float, nodes: int, node_list: str) -> None:
        log, node_days = self.log, days * nodes
        log.node_days += node_days
        jobs, before = log.states.get(state, (0, 0.0))
        log.states[state] = (jobs + 1, before + node_days)
        if node_list:
            sums = self.exposure.setdefault(node_list, [0.0, 0.0])
            sums[0] += days
            sums[1] += node_days

    def _fail(self, cause: str, cells: Sequence[str]) -> None:
        at = self.at
        self.log.events[cause] += 1
        blamed = cells[at.failed_node].strip() if at.failed_node >= 0 else ""
        where = blamed or (cells[at.node_list] if at.node_list >= 0 else "")
        if not blamed:
            self.log.unblamed.add(cause)
        if where:
            self.log.places[cause, where] += 1

    def _time(self, job: str, state: str, cells: Sequence[str]) -> None:
        """Follow the period, the time from a failure to the next run of the job, and restarts that are not shown."""
        at = self.at
        start = cells[at.start] if at.start >= 0 else ""
        end = cells[at.end] if at.end >= 0 else ""
        self.log.seen(start)
        self.log.seen(end)
        if job in self.stopped and (gap := _seconds_between(self.stopped.pop(job), start)) is not None:
            self.log.down(NODE_FAILURE, gap)
        if state in _RESUMES and end:
            self.stopped[job] = end
        if at.restarts >= 0 and (count := _whole(cells[at.restarts])):
            self.restarts[job] = max(count, self.restarts.get(job, 0))

    def close(self) -> None:
        """Hand over what is summed up by node list, and count restarts beyond the failed runs that are in the log."""
        self.log.at_risk = {name: (sums[0], sums[1]) for name, sums in self.exposure.items()}
        stopped = sum(self.log.states.get(state, (0, 0.0))[0] for state in ("NODE_FAIL", "REQUEUED", "PREEMPTED"))
        self.log.restarts_unseen = max(0, sum(self.restarts.values()) - stopped)


@functools.lru_cache(maxsize=4096)
def _state(text: str) -> str:
    """State alone: "CANCELLED by 1000" is CANCELLED; a name cut to its column ends with "+"."""
    return text.strip().split(" ", 1)[0].rstrip("+").upper()


def _elapsed_s(cells: Sequence[str], at: _Columns) -> float | None:
    if at.elapsed_s >= 0 and cells[at.elapsed_s].isdigit():
        return float(cells[at.elapsed_s])
    return duration_s(cells[at.elapsed]) if at.elapsed >= 0 else None


@functools.lru_cache(maxsize=65_536)
def duration_s(text: str) -> float | None:
    """Seconds of ``[days-]hours:minutes:seconds[.microseconds]`` or ``minutes:seconds``; None for anything else."""
    days, mark, rest = text.strip().rpartition("-")
    parts = rest.split(":")
    if not 2 <= len(parts) <= 3 or (mark and not days.isdecimal()):
        return None
    whole, _, fraction = parts[-1].partition(".")
    if not all(part.isdecimal() for part in (*parts[:-1], whole)) or (fraction and not fraction.isdecimal()):
        return None
    hours = int(parts[0]) if len(parts) == 3 else 0
    seconds = hours * 3600 + int(parts[-2]) * 60 + float(f"{whole}.{fraction or 0}")
    return seconds + DAY_S * int(days or 0)


@functools.lru_cache(maxsize=65_536)
def _whole(text: str) -> int | None:
    stripped = text.strip()
    return int(stripped) if stripped.isdecimal() and len(stripped) < 9 else None


def _seconds_between(earlier: str, later: str) -> float | None:
    """Seconds from one time to another; None when either is no time, or they are the wrong way round."""
    parse: Callable[[str], datetime.datetime] = datetime.datetime.fromisoformat
    try:
        seconds = (parse(later) - parse(earlier)).total_seconds()
    except (ValueError, TypeError):
        return None
    return seconds if seconds >= 0 else None
