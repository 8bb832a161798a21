"""How quick a job is where it stands: a factor for the kind of chip and the number of them, one for what it crosses.

A trace says how long a job took on the chips it had. Where it names its model, ``performance`` says how much longer it
takes elsewhere; a job that names none keeps its time everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.capacity.tree import Tree
from tenfold.fleet.jobs import Jobs

CROSSING = "crossing"
"""Use of chips that stand still for what crosses domains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """What a speed depends on."""

    model: str
    global_batch: int
    asked: int
    """Chips that the job has in the trace."""
    chips: int
    """Chips that it has."""
    kind: str = ""
    """Kind of chip; nothing where the fleet does not say it."""
    crossed: str = ""
    """Widest level of which it is in more than one domain."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How quick a job is against its record, chip for chip."""

    alone: float = 1.0
    """Of the kind and number of chips, within one domain."""
    crossing: float = 1.0
    """What is left of that where it crosses domains, at most 1."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """Speeds of jobs that name a model, wherever they may stand."""

    known: Mapping[Stood, Speed] = field(default_factory=dict)


class Pace:
    """Speeds of the jobs of a replay, and chip-seconds that they take or save."""

    def __init__(self, capacity: Any, jobs: Jobs, speeds: Speeds) -> None:  # noqa: ANN401  (any capacity)
        self._there, self._known = bare(capacity), speeds.known
        self._chips = jobs.chips.tolist()
        wants = jobs.wants
        self._models = [] if wants is None else [wants.models[place] for place in wants.model.tolist()]
        self._batches = [] if wants is None else wants.global_batch.tolist()
        self.crossing_chip_s = self.shift_chip_s = 0.0

    def at(self, job: int, place: Any, chips: int) -> Speed:  # noqa: ANN401
        """Speed of a job at a place. A combination that was not worked out is a fault of whoever made the table."""
        if not self._models[job]:
            return Speed()
        kind = crossed = ""
        if isinstance(self._there, Tree):
            nodes, domains = [node for node, _ in place], self._there.domains
            kind, crossed = domains.kind_of(nodes[0]), domains.crossed(nodes)
        asked, batch = self._chips[job], self._batches[job]
        stood = Stood(model=self._models[job], global_batch=batch, asked=asked, chips=chips, kind=kind, crossed=crossed)
        return self._known[stood]

    def takes(self, job: int, place: Any, work_s: float) -> float:  # noqa: ANN401
        """How many times as long a job takes at a place, which is counted."""
        chips = self._chips[job]
        speed = self.at(job, place, chips)
        self.shift_chip_s += work_s * chips * (1.0 / speed.alone - 1.0)
        self.crossing_chip_s += work_s * chips / speed.alone * (1.0 / speed.crossing - 1.0)
        return 1.0 / (speed.alone * speed.crossing)


def pace_of(capacity: Any, jobs: Jobs, speeds: Speeds | None) -> Pace | None:  # noqa: ANN401
    """Speeds of jobs; None where all are as recorded."""
    return Pace(capacity, jobs, speeds) if speeds is not None and speeds.known else None
