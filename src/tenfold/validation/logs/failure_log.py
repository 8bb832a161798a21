"""What a log of failures tells, whichever program wrote it: exposure, failures by cause and by node, downtime."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

NODE_FAILURE = "node-failure"
JOB_FAILURE = "job-failure"
OUT_OF_MEMORY = "out-of-memory"


@dataclass(slots=True)
class FailureLog:
    """Sums over the rows of one log; filled by its reader, then only read."""

    file: str
    node_days: float = 0.0
    """Exposure; 0 where the log does not tell it."""
    events: Counter[str] = field(default_factory=Counter)
    """Failures by cause."""
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Failures by cause and node list; the list is all that is known of where a failure was."""
    at_risk: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Of each node list: days of every node on it, and node-days of the jobs that ran on it."""
    downtime_s: dict[str, tuple[float, int]] = field(default_factory=dict)
    """Of each cause: seconds down in all, and how many failures tell."""
    states: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Of each state: jobs and node-days; empty for a log of events."""
    unknown: Counter[str] = field(default_factory=Counter)
    """States that Slurm does not document, by name."""
    skipped: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Rows left out, by reason: how many, and the line of the first."""
    unblamed: set[str] = field(default_factory=set)
    """Causes with a failure that names all nodes of a job, not the one that failed."""
    first: str = ""
    """Earliest time, as written."""
    last: str = ""
    rows: int = 0
    """Jobs or events read."""
    restarts_unseen: int = 0
    """Restarts that a column counts, of jobs whose earlier runs are not in the log."""

    def skip(self, reason: str, line: int) -> None:
        """Leave a row out."""
        count, first = self.skipped.get(reason, (0, line))
        self.skipped[reason] = (count + 1, first)

    def down(self, cause: str, seconds: float) -> None:
        """Add how long a failure kept something down."""
        total, count = self.downtime_s.get(cause, (0.0, 0))
        self.downtime_s[cause] = (total + seconds, count + 1)

    def seen(self, time: str) -> None:
        """Widen the period to a time, which must begin with an ISO date."""
        if time[:1].isdigit():
            if not self.first or time < self.first:
                self.first = time
            if time > self.last:
                self.last = time

    def notes(self) -> list[str]:
        """What a reader of the rates should know of the log."""
        said = [
            f"{self.file}: {count:,} row{'s' * (count > 1)} left out, from line {line:,}: {reason}"
            for reason, (count, line) in self.skipped.items()
        ]
        said += [
            f"{self.file}: unknown state {state!r} of {count:,} job{'s' * (count > 1)} counted as no failure"
            for state, count in sorted(self.unknown.items())
        ]
        if self.restarts_unseen:
            said.append(
                f"{self.file}: {self.restarts_unseen:,} restarts are of runs that the log does not hold; "
                "add --duplicates to sacct, or the rates are too low"
            )
        if self.unblamed:
            said.append(
                f"{self.file}: failures name all nodes of a job, not the one that failed: few lemon nodes are found; "
                "print NodeList and FailedNode, or a log of events with a column node"
            )
        return said
