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
    Dealt,
    Divided,
    Fastest,
    SearchSpace,
    TrainingEstimate,
    as_dealt,
    dealt,
    divided,
    fastest_of,
    held,
    space_of,
)
from tenfold.planning.plan.train.paced import Paced
from tenfold.workloads import TrainingJob

MOVED = 0.04
"""Share of itself that the batch may move by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layouts:
    """Searches of one model, job and given part of the layout; setups are told apart by chip, system and software."""

    shape: TransformerShape
    job: TrainingJob
    given: LayoutWish
    setups: dict[str, CalibratedSetup] = field(default_factory=dict)
    """Figures of the likeliest case, by chip."""
    divided: dict[tuple[int, int, SearchSpace], Divided] = field(default_factory=dict)
    """By count and batch, the same for every chip whose software offers the same degrees, whatever its policies do."""
    dealt: dict[tuple[SearchSpace, tuple[tuple[int, int], ...]], Dealt] = field(default_factory=dict)
    """By batches and counts, the same for every chip that is tried in these numbers."""
    fastest: dict[tuple[str, str, str, int, int], Fastest] = field(default_factory=dict)
    """By setup, batch and count."""
    paced: Paced = field(default_factory=Paced)
    """In every case of what is not stated."""
    estimates: dict[tuple[str, float, float], TrainingEstimate] = field(default_factory=dict)
    """Of runs that were described, as ``Runs`` has them."""

    def on(self, setup: CalibratedSetup, counts: Sequence[int]) -> Mapping[int, Mapping[int, Fastest]]:
        """Give the fastest layout on each count at each of its batches; what is new is searched together."""
        asked = round(float(self.job.global_batch))
        batches = {count: batches_for(count, asked) for count in counts}
        which = (setup.chip.key, setup.system.key, setup.software.key)
        keys = [(*which, batch, count) for count, moved in batches.items() for batch in moved]
        new = [key for key in keys if key not in self.fastest]
        if new:
            work = self._deal(tuple((batch, count) for *_, batch, count in new), space_of(setup.software))
            self.fastest.update(zip(new, fastest_of(setup.setup, work), strict=True))
        return {
            count: {batch: self.fastest[(*which, batch, count)] for batch in moved} for count, moved in batches.items()
        }

    def _deal(self, runs: tuple[tuple[int, int], ...], space: SearchSpace) -> Dealt:
        """Deal the model to batches on counts of chips, together."""
        if (space, runs) not in self.dealt:
            wanted = held(space, self.given)
            self.dealt[space, runs] = dealt([self._divide(batch, count, wanted) for batch, count in runs])
        return self.dealt[space, runs]

    def _divide(self, batch: int, count: int, space: SearchSpace) -> Divided:
        key = (count, batch, as_dealt(space))
        if key not in self.divided:
            job = replace(self.job, global_batch=float(batch))
            self.divided[key] = divided(count, self.shape, job, space)
        return replace(self.divided[key], space=space)


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
