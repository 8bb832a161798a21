"""Chips and counts that can train a model, each with its fastest layout."""

from __future__ import annotations

from dataclasses import dataclass, field

from tenfold.performance.layout import Layout
from tenfold.performance.training import (
    CalibratedSetup,
    TrainingEstimate,
)
from tenfold.planning.plan.verdicts import Infeasible
from tenfold.quantities import Flags, Floats, Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Chips × counts that can train the model, as columns of equal length."""

    setups: tuple[CalibratedSetup, ...]
    """One for each chip."""
    chip: Indices
    """Index into ``setups``."""
    chips: Floats
    step_s: Floats
    batch: Floats
    """Sequences per optimizer step."""
    steps: Floats
    """Optimizer steps of the whole run."""
    layout: Layout
    allowed: Flags
    """False for counts beyond the limit, which are looked at only to say what would fit."""
    rejected: tuple[Infeasible, ...]
    layouts_considered: int
    estimates: dict[int, TrainingEstimate] = field(default_factory=dict, compare=False)
    """Of runs that were described, worked out once."""

    def __len__(self) -> int:
        return len(self.chips)
