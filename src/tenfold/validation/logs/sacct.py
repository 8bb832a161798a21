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

from tenfold.quantities import DAY_S, InputError, Problem, finite_of, shown, whole_of
from tenfold.validation.logs.failure_log import JOB_FAILURE, NODE_FAILURE, OUT_OF_MEMORY, FailureLog
from tenfold.validation.logs.failure_rows import columns_of, rows_of
from tenfold.validation.logs.lines import log_problem
from tenfold.validation.logs.shared_nodes import CHIPS_PER_NODE, SharedNodes, chips_in, seconds_of

CAUSES = {
    "NODE_FAIL": NODE_FAILURE,
    "BOOT_FAIL": NODE_FAILURE,
    "LAUNCH_FAILED": NODE_FAILURE,
    "RECONFIG_FAIL": NODE_FAILURE,
    "FAILED": JOB_FAILURE,
    "OUT_OF_MEMORY": OUT_OF_MEMORY,
}
"""States that are failures, with their cause."""
NOT_FAILED = frozenset(
    ("COMPLETED", "CANCELLED", "TIMEOUT", "PREEMPTED", "DEADLINE", "REQUEUED", "RUNNING", "SUSPENDED", "RESIZING",
     "REVOKED", "COMPLETING", "SIGNALING", "STAGE_OUT", "STOPPED", "EXPEDITING", "UPDATE_DB")
)  # fmt: skip
"""States that end a run, or do not, without a failure of the machine or the job."""
WAITING = frozenset(
    ("PENDING", "CONFIGURING", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT", "POWER_UP_NODE")
)
"""States of jobs that have not run."""
CODES = {
    "BF": "BOOT_FAIL", "CA": "CANCELLED", "CD": "COMPLETED", "CF": "CONFIGURING", "CG": "COMPLETING", "DL": "DEADLINE",
    "F": "FAILED", "LF": "LAUNCH_FAILED", "NF": "NODE_FAIL", "OOM": "OUT_OF_MEMORY", "PD": "PENDING", "PR": "PREEMPTED",
    "R": "RUNNING", "RF": "REQUEUE_FED", "RH": "REQUEUE_HOLD", "RQ": "REQUEUED", "RS": "RESIZING", "RV": "REVOKED",
    "S": "SUSPENDED", "SE": "SPECIAL_EXIT", "SI": "SIGNALING", "SO": "STAGE_OUT", "ST": "STOPPED", "TO": "TIMEOUT",
}  # fmt: skip
"""Short forms of states."""
STATES = (*CAUSES, *sorted(NOT_FAILED), *sorted(WAITING))
REMEDY = (
    "Print it with: sacct -P --duplicates "
    "--format=JobID,State,Start,End,Elapsed,NNodes,NodeList,AllocTRES,FailedNode,Restarts"
)
LONGEST_JOB_S = 100.0 * 365.25 * DAY_S
MOST_NODES = 10**8
"""A job beyond either is damage."""
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
    allocated: int
    width: int


def read_sacct(path: Path, chips_per_node: float = CHIPS_PER_NODE) -> FailureLog:
    """Exposure and failures of the jobs of a file, which is read line by line.

    Jobs that shared a node watched it together: it counts for as long as any of them ran, and fails once for all.
    Raises ``InputError`` with every problem: columns that are missing, no job that ran.
    """
    log, runs = FailureLog(str(path)), None
    for line, cells in rows_of(path, "|"):
        if runs is None:
            runs = _Runs(log, _columns(log.file, cells), chips_per_node, SharedNodes())
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
        "allocated": place("AllocTRES", "TRESAlloc", "ReqTRES"),
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
    chips_per_node: float
    shared: SharedNodes
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
        where = cells[at.node_list] if at.node_list >= 0 else ""
        self._expose(state, self._watched_days(elapsed_s / DAY_S, nodes, where, cells), nodes, where)
        self._time(job, state, cells)
        if cause := CAUSES.get(state):
            self._fail(cause, cells)
        elif state not in NOT_FAILED:
            self.log.unknown[state] += 1

    def _watched_days(self, days: float, nodes: int, where: str, cells: Sequence[str]) -> float:
        """Days that a job adds to how long its nodes were watched: fewer where others shared them.

        With times and one node, what no other job of the node covered yet; with chips alone, its share of the node.
        """
        at = self.at
        chips = chips_in(cells[at.allocated]) if at.allocated >= 0 else None
        share = 1.0 if chips is None else min(1.0, chips / (max(nodes, 1) * self.chips_per_node))
        start, end = (seconds_of(cells[place]) if place >= 0 else None for place in (at.start, at.end))
        if nodes != 1 or (share == 1.0 and chips is not None):
            return days * share
        if not where or start is None or end is None:
            return days * share
        return self.shared.add(where, start, end) / DAY_S

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
        blamed = cells[at.failed_node].strip() if at.failed_node >= 0 else ""
        where = blamed or (cells[at.node_list] if at.node_list >= 0 else "")
        end = seconds_of(cells[at.end]) if at.end >= 0 else None
        if cause == NODE_FAILURE and where and end is not None and self.shared.failed_before(where, end):
            return
        self.log.events[cause] += 1
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
    """State alone: "CANCELLED by 1000" is CANCELLED; a name cut to its column ends with "+" and is completed."""
    name = text.strip().split(" ", 1)[0].upper()
    if not name.endswith("+"):
        return CODES.get(name, name)
    begun = name.rstrip("+")
    meant = [state for state in STATES if begun and state.startswith(begun)]
    return meant[0] if len(meant) == 1 else begun


def _elapsed_s(cells: Sequence[str], at: _Columns) -> float | None:
    if at.elapsed_s >= 0 and (seconds := whole_of(cells[at.elapsed_s])) is not None and 0 <= seconds < LONGEST_JOB_S:
        return float(seconds)
    return duration_s(cells[at.elapsed]) if at.elapsed >= 0 else None


@functools.lru_cache(maxsize=65_536)
def duration_s(text: str) -> float | None:
    """Seconds of ``[days-]hours:minutes:seconds[.microseconds]`` or ``minutes:seconds``; None for anything else."""
    days, mark, rest = text.strip().rpartition("-")
    parts = rest.split(":")
    if not 2 <= len(parts) <= 3:
        return None
    seconds, counts = finite_of(parts[-1]), [whole_of(part) for part in (days if mark else "0", *parts[:-1])]
    if seconds is None or any(count is None or count < 0 for count in counts) or seconds < 0:
        return None
    whole_days, *hours_and_minutes = (float(count or 0) for count in counts)
    hours, minutes = (0.0, *hours_and_minutes)[-2:]
    total = seconds + minutes * 60.0 + hours * 3600.0 + DAY_S * whole_days
    return total if total < LONGEST_JOB_S else None


@functools.lru_cache(maxsize=65_536)
def _whole(text: str) -> int | None:
    count = whole_of(text)
    return count if count is not None and 0 <= count < MOST_NODES else None


def _seconds_between(earlier: str, later: str) -> float | None:
    """Seconds from one time to another; None when either is no time, or they are the wrong way round."""
    parse: Callable[[str], datetime.datetime] = datetime.datetime.fromisoformat
    try:
        seconds = (parse(later) - parse(earlier)).total_seconds()
    except (ValueError, TypeError):
        return None
    return seconds if seconds >= 0 else None
