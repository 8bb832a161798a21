"""What stops a job: the hazards of a chip family, counted for a system and a number of chips.

λ_i = r_i / (1000 · 86,400) · chips / chips_per_unit_i        [series system, textbook reliability theory]
with r_i failures of 1,000 units in a day. A part whose failure stops many chips counts once, not once a chip.
Job-level hazards (software, data, users) and silent data corruption stand beside those of the hardware:
Kokolis et al., arXiv:2410.21680, measured 7.9 h for jobs of 1,024 chips where hardware alone says 28.8 h.
Holds while parts fail independently; rates are those of a settled cluster (``ageing`` adds what a young one has more).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Component, Hazards
from tenfold.quantities import DAY_S, Floats

NODE_CHIPS = 8.0
"""Chips of a node in rates that are stated per node-day."""
JOB, CORRUPTION = "job", "silent_corruption"
HARDWARE = ("node", "rack", "reconfigure")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHazards:
    """Causes that stop a job, as columns of equal length."""

    causes: tuple[str, ...]
    kinds: tuple[str, ...]
    """What each needs: ``node``, ``rack`` or ``reconfigure`` for hardware, ``job``, or ``silent_corruption``."""
    rate_per_s: Floats
    chips_stopped: Floats
    """Blast radius; 0 for what stops no hardware."""
    unseen_s: Floats
    """Time between the event and its detection during which work is void: silent data corruption."""

    @property
    def total_per_s(self) -> float:
        """Rate at which anything stops the job, 1/s."""
        return float(self.rate_per_s.sum())

    def of_kinds(self, *kinds: str) -> Floats:
        """Rates of the causes of these kinds, 1/s; the others zero."""
        return np.where(np.isin(self.kinds, kinds), self.rate_per_s, 0.0)


def job_hazards(hazards: Hazards, chips: float, domain_chips: float) -> JobHazards:
    """Count the hazards of a family for ``chips`` chips in scale-up domains of ``domain_chips``.

    Parts that stop no chips, and parts that such domains do not have, are left out. Raises ``MissingFigureError``
    for a component without its figures.
    """
    rows = [
        *_component_rows(hazards.components, chips, domain_chips),
        *_job_rows(hazards, chips),
    ]
    names, kinds, rates, stopped, unseen = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return JobHazards(
        causes=names,
        kinds=kinds,
        rate_per_s=np.asarray(rates, dtype=np.float64),
        chips_stopped=np.asarray(stopped, dtype=np.float64),
        unseen_s=np.asarray(unseen, dtype=np.float64),
    )


def scaled_to(hazards: JobHazards, rate_per_s: float) -> JobHazards:
    """The same causes in proportion, so that anything stops the job at ``rate_per_s`` together."""
    return replace(hazards, rate_per_s=hazards.rate_per_s * (rate_per_s / hazards.total_per_s))


def with_job_rate(hazards: JobHazards, rate_per_s: float) -> JobHazards:
    """The same hardware with a job-level hazard of ``rate_per_s`` in place of its own."""
    kept = [place for place, kind in enumerate(hazards.kinds) if kind != JOB]
    return JobHazards(
        causes=(*(hazards.causes[place] for place in kept), JOB),
        kinds=(*(hazards.kinds[place] for place in kept), JOB),
        rate_per_s=np.append(hazards.rate_per_s[kept], rate_per_s),
        chips_stopped=np.append(hazards.chips_stopped[kept], 0.0),
        unseen_s=np.append(hazards.unseen_s[kept], 0.0),
    )


def seen_at_once(hazards: JobHazards) -> JobHazards:
    """The same causes, silent corruption among them, seen as soon as they strike."""
    return replace(hazards, unseen_s=np.zeros_like(hazards.unseen_s))


_Row = tuple[str, str, float, float, float]


def _component_rows(components: tuple[Component, ...], chips: float, domain_chips: float) -> Iterator[_Row]:
    for part in components:
        if part.chips_stopped > 0 and domain_chips >= part.least_domain_chips:
            rate = part.rate_per_1000_unit_days / (1000.0 * DAY_S) * chips / part.chips_per_unit
            yield part.key, part.restart, rate, part.chips_stopped, 0.0


def _job_rows(hazards: Hazards, chips: float) -> Iterator[_Row]:
    if hazards.job is not None:
        yield JOB, JOB, hazards.job.value / (1000.0 * DAY_S) * chips / NODE_CHIPS, 0.0, 0.0
    if hazards.corruption is not None:
        rate = hazards.corruption.value / DAY_S * chips
        yield CORRUPTION, CORRUPTION, rate, 0.0, hazards.figure("silent_corruption.detection").value
