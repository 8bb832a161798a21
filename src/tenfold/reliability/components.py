"""What stops a job: the hazards of a chip family, counted for a system and a number of chips.

λ_i = r_i / (1000 · 86,400) · chips / chips_per_unit_i        [series system, textbook reliability theory]
with r_i failures of 1,000 units in a day. A part whose failure stops many chips counts once, not once a chip.
Job-level hazards (software, data, users) and silent data corruption stand beside those of the hardware:
Kokolis et al., arXiv:2410.21680, measured 7.9 h for jobs of 1,024 chips where hardware alone says 28.8 h.
Holds while parts fail independently; rates are those of a settled cluster (``ageing`` adds what a young one has more).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Component, Hazards
from tenfold.quantities import DAY_S, Column, Floats

NODE_CHIPS = 8.0
"""Chips of a node in rates that are stated per node-day."""
NODE, RACK, RECONFIGURE = "node", "rack", "reconfigure"
JOB, CORRUPTION = "job", "silent_corruption"
HARDWARE = (NODE, RACK, RECONFIGURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHazards:
    """Causes that stop a job, as columns: the first axis is the cause, the others broadcast over jobs."""

    causes: tuple[str, ...]
    kinds: tuple[str, ...]
    """What each needs: ``node``, ``rack`` or ``reconfigure`` for hardware, ``job``, or ``silent_corruption``."""
    rate_per_s: Floats
    chips_stopped: Floats
    """Blast radius; 0 for what stops no hardware."""
    unseen_s: Floats
    """Time between the event and its detection during which work is void (silent data corruption), or the outage."""

    @property
    def total_per_s(self) -> Floats:
        """Rate at which anything stops the job, 1/s."""
        return np.asarray(self.rate_per_s.sum(axis=0))

    def of_kinds(self, *kinds: str) -> Floats:
        """Rates of the causes of these kinds, 1/s; the others zero."""
        chosen = np.isin(self.kinds, kinds).reshape(-1, *(1 for _ in self.rate_per_s.shape[1:]))
        return np.where(chosen, self.rate_per_s, 0.0)


def job_hazards(hazards: Hazards, chips: Column, domain_chips: Column, node_chips: Column) -> JobHazards:
    """Count the hazards of a family for ``chips`` in scale-up domains of ``domain_chips`` and nodes of ``node_chips``.

    All broadcast. What a spare node replaces stops a node at most: records state the node of the machine that was
    measured. Parts that stop no chips, and parts that no such domain has, are left out. Raises ``MissingFigureError``
    for a component without its figures.
    """
    rows = _component_rows(hazards.components, chips, domain_chips, node_chips)
    return _table([*rows, *_job_rows(hazards, chips)])


def any_failure(rate_per_s: Column, chips_stopped: Column) -> JobHazards:
    """One cause for all that stops a job: every failure stops a node and is seen at once. Broadcasts."""
    return _table([(NODE, NODE, rate_per_s, chips_stopped, 0.0)])


def with_cause(
    hazards: JobHazards,
    cause: str,
    kind: str,
    rate_per_s: Column,
    chips_stopped: Column,
    outage_s: Column = 0.0,
) -> JobHazards:
    """The same hazards and one more: a provider that takes nodes back, a power cut of a hall. Broadcasts.

    ``outage_s`` is what passes before the restart can begin.
    """
    return _table([*_rows(hazards), (cause, kind, rate_per_s, chips_stopped, outage_s)])


def scaled_to(hazards: JobHazards, rate_per_s: Column) -> JobHazards:
    """The same causes in proportion, so that anything stops the job at ``rate_per_s`` together."""
    return replace(hazards, rate_per_s=hazards.rate_per_s * (rate_per_s / hazards.total_per_s))


def with_job_rate(hazards: JobHazards, rate_per_s: Column) -> JobHazards:
    """The same hardware with a job-level hazard of ``rate_per_s`` in place of its own."""
    kept = [row for row in _rows(hazards) if row[1] != JOB]
    return _table([*kept, (JOB, JOB, rate_per_s, 0.0, 0.0)])


def seen_at_once(hazards: JobHazards) -> JobHazards:
    """The same causes, silent corruption among them, seen as soon as they strike."""
    return replace(hazards, unseen_s=np.zeros_like(hazards.unseen_s))


_Row = tuple[str, str, Column, Column, Column]
"""Cause, kind, rate, chips stopped, time unseen."""


def _table(rows: Sequence[_Row]) -> JobHazards:
    names, kinds, rates, stopped, unseen = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return JobHazards(
        causes=names,
        kinds=kinds,
        rate_per_s=_stacked(rates),
        chips_stopped=_stacked(stopped),
        unseen_s=_stacked(unseen),
    )


def _stacked(columns: Sequence[Column]) -> Floats:
    """The columns under one another, shape (columns, …)."""
    if not columns:
        return np.zeros(0)
    return np.stack(np.broadcast_arrays(*(np.asarray(column, dtype=np.float64) for column in columns)))


def _rows(hazards: JobHazards) -> Iterator[_Row]:
    return zip(hazards.causes, hazards.kinds, hazards.rate_per_s, hazards.chips_stopped, hazards.unseen_s, strict=True)


def _component_rows(
    components: tuple[Component, ...], chips: Column, domain_chips: Column, node_chips: Column
) -> Iterator[_Row]:
    for part in components:
        has = np.asarray(domain_chips) >= part.least_domain_chips
        if part.chips_stopped > 0 and np.any(has):
            rate = part.rate_per_1000_unit_days / (1000.0 * DAY_S) * np.asarray(chips) / part.chips_per_unit
            stopped = np.minimum(part.chips_stopped, node_chips) if part.restart == NODE else part.chips_stopped
            yield part.key, part.restart, np.where(has, rate, 0.0), stopped, 0.0


def _job_rows(hazards: Hazards, chips: Column) -> Iterator[_Row]:
    if hazards.job is not None:
        yield JOB, JOB, hazards.job.value / (1000.0 * DAY_S) * np.asarray(chips) / NODE_CHIPS, 0.0, 0.0
    if hazards.corruption is not None:
        rate = hazards.corruption.value / DAY_S * np.asarray(chips)
        yield CORRUPTION, CORRUPTION, rate, 0.0, hazards.figure("silent_corruption.detection").value
