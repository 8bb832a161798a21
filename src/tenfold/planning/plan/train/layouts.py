"""The fastest layouts of one job on any chip and count, each searched and timed once.

No token, deadline or price moves them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tenfold.catalog import TransformerShape
from tenfold.performance.layout import LayoutWish
from tenfold.performance.training import (
    CalibratedSetup,
    Divided,
    Fastest,
    SearchSpace,
    TrainingEstimate,
    divided,
    fastest_layouts,
    held,
    space_of,
)
from tenfold.planning.plan.train.paced import Paced
from tenfold.planning.plan.train.runs import at_batch
from tenfold.workloads import TrainingJob

MOVED = 0.04
"""Share of itself that the batch may move by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layouts:
    """Searches of one model, job and given part of the layout; setups are told apart by chip, system and software."""

    shape: TransformerShape
    job: TrainingJob
    given: LayoutWish
    dealt: dict[tuple[int, int, SearchSpace], Divided] = field(default_factory=dict)
    """The same for every chip whose software offers the same space."""
    fastest: dict[tuple[str, str, str, int, int], Fastest] = field(default_factory=dict)
    """By setup, batch and count."""
    paced: Paced = field(default_factory=Paced)
    """In every case of what is not stated."""
    estimates: dict[tuple[str, float, float], TrainingEstimate] = field(default_factory=dict)
    """Of runs that were described, as ``Runs`` has them."""

    def on(self, setup: CalibratedSetup, counts: Sequence[int]) -> Mapping[int, Mapping[int, Fastest]]:
        """Give the fastest layout on each count at each of its batches."""
        found: dict[int, dict[int, Fastest]] = {count: {} for count in counts}
        by_batch: dict[int, list[int]] = {}
        for count in counts:
            for moved in batches_for(count, round(float(self.job.global_batch))):
                by_batch.setdefault(moved, []).append(count)
        for moved, alike in by_batch.items():
            for count, result in zip(alike, self._at(setup, moved, alike), strict=True):
                found[count][moved] = result
        return found

    def _at(self, setup: CalibratedSetup, batch: int, counts: Sequence[int]) -> list[Fastest]:
        """The fastest layouts at a batch; what was not searched yet is searched together."""
        which = (setup.chip.key, setup.system.key, setup.software.key, batch)
        new = [count for count in counts if (*which, count) not in self.fastest]
        if new:
            tables = [self._deal(count, batch, space_of(setup.software)) for count in new]
            results = fastest_layouts(at_batch(setup.setup, batch), tables)
            self.fastest.update(((*which, count), each) for count, each in zip(new, results, strict=True))
        return [self.fastest[(*which, count)] for count in counts]

    def _deal(self, count: int, batch: int, space: SearchSpace) -> Divided:
        key = (count, batch, space)
        if key not in self.dealt:
            job = replace(self.job, global_batch=float(batch))
            self.dealt[key] = divided(count, self.shape, job, held(space, self.given))
        return self.dealt[key]


def batches_for(count: int, batch: int) -> tuple[int, ...]:
    """The batch, and where the odd part of a count does not divide it the nearest that it and most twos divide."""
    odd = count // (count & -count)
    if batch % odd == 0:
        return (batch,)
    for power in range(batch.bit_length(), -1, -1):
        unit = odd << power
        near = round(batch / unit) * unit
        if near and abs(near - batch) <= MOVED * batch:
            return (batch, near)
    return (batch,)
