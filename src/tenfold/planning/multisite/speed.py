"""How fast each campus trains a share of the batch, and shares with which campuses end a step together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance.layout import Layout
from tenfold.performance.training import CalibratedSetup, fastest_layout, setup_training, space_of
from tenfold.planning.multisite.run import Campus, MultisiteRun

PARTS = 16
"""The batch is dealt in sixteenths or finer, as far as it divides by powers of two: layouts have to divide shares."""
MOST_MOVES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A campus on a share of the batch: its fastest layout."""

    step_s: float
    """Infinite where no layout fits."""
    replicas: float
    """Data-parallel degree."""
    layout: Layout | None


@dataclass(slots=True)
class Paces:
    """Searches layouts when asked; equal campuses are searched once."""

    setups: tuple[CalibratedSetup, ...]
    """One for each campus."""
    campuses: tuple[Campus, ...]
    known: dict[tuple[str, int, int], Pace] = field(default_factory=dict)
    layouts_considered: int = 0

    def of(self, place: int, sequences: int) -> Pace:
        """Pace of the campus at ``place`` on a share of so many sequences a step."""
        campus = self.campuses[place]
        key = (campus.chip, campus.chips, sequences)
        if key not in self.known:
            self.known[key] = self._search(place, sequences)
        return self.known[key]

    def _search(self, place: int, sequences: int) -> Pace:
        setup, chips = self.setups[place], self.campuses[place].chips
        job = replace(setup.setup.job, global_batch=float(sequences))
        found = fastest_layout(replace(setup.setup, job=job), chips, space_of(setup.software))
        self.layouts_considered += found.layouts_considered
        if found.layout is None:
            return Pace(step_s=np.inf, replicas=1.0, layout=None)
        return Pace(step_s=found.step_s, replicas=float(found.layout.data_parallel), layout=found.layout)


def paces_of(catalog: Catalog, run: MultisiteRun) -> Paces:
    """Set every campus up. Raises ``MissingFigureError`` naming the figure a chip lacks."""
    model = catalog.model(run.model)
    setups = tuple(
        setup_training(
            catalog,
            chip=campus.chip,
            model=model,
            precision=run.precision,
            sequence_length=run.sequence_length,
            global_batch=run.global_batch,
            start=run.start,
        )
        for campus in run.campuses
    )
    return Paces(setups=setups, campuses=run.campuses)


def shares_of(paces: Paces, members: Sequence[int], global_batch: int) -> dict[int, int]:
    """Sequences of each member so that the slowest is as fast as can be: by speed, then moved unit by unit."""
    unit = _unit(global_batch, len(members))
    units = global_batch // unit
    speed = {place: 1.0 / _step_s(paces, place, max(units // len(members), 1) * unit) for place in members}
    dealt = _dealt(speed, units)
    for _ in range(MOST_MOVES):
        moved = _moved(paces, dealt, unit)
        if moved is None:
            break
        dealt = moved
    return {place: count * unit for place, count in dealt.items()}


def _unit(global_batch: int, members: int) -> int:
    """Largest power of two that divides the batch into enough parts."""
    unit = 1
    while global_batch % (2 * unit) == 0 and global_batch // (2 * unit) >= max(PARTS, members):
        unit *= 2
    return unit


def _dealt(speed: dict[int, float], units: int) -> dict[int, int]:
    """Deal units in proportion to speed, at least one each; the largest remainders get what is left."""
    total = sum(speed.values())
    if total <= 0.0:
        speed, total = dict.fromkeys(speed, 1.0), float(len(speed))
    wanted = {place: units * each / total for place, each in speed.items()}
    dealt = {place: max(int(each), 1) for place, each in wanted.items()}
    by_rest = sorted(wanted, key=lambda place: dealt[place] - wanted[place])
    while sum(dealt.values()) < units:
        dealt[by_rest[(units - sum(dealt.values()) - 1) % len(by_rest)]] += 1
    while sum(dealt.values()) > units:
        dealt[max(dealt, key=lambda place: dealt[place])] -= 1
    return dealt


def _moved(paces: Paces, dealt: dict[int, int], unit: int) -> dict[int, int] | None:
    """Move one unit from the slowest to another if that makes the step shorter; None when it does not."""
    times = {place: _step_s(paces, place, count * unit) for place, count in dealt.items()}
    slowest = max(times, key=lambda place: times[place])
    if dealt[slowest] == 1 or len(dealt) == 1:
        return None
    best, best_time = None, times[slowest]
    for other in sorted(times, key=lambda place: times[place]):
        if other != slowest:
            tried = dealt | {slowest: dealt[slowest] - 1, other: dealt[other] + 1}
            worst = max(_step_s(paces, place, tried[place] * unit) for place in (slowest, other))
            rest = max((time for place, time in times.items() if place not in (slowest, other)), default=0.0)
            if max(worst, rest) < best_time:
                best, best_time = tried, max(worst, rest)
    return best


def _step_s(paces: Paces, place: int, sequences: int) -> float:
    return paces.of(place, sequences).step_s
