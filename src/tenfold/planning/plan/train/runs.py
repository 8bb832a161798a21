"""Chips and counts that can train a model, each with its fastest layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tenfold.performance.layout import Layout
from tenfold.performance.training import (
    CalibratedSetup,
    TrainingEstimate,
    TrainingSetup,
)
from tenfold.quantities import Flags, Floats, Indices, NamedFigure, Percentiles, Shortfall, Uncertain


@dataclass(frozen=True, slots=True, kw_only=True)
class Paces:
    """Step times of runs, as columns of equal length."""

    step_s: Mapping[str, Floats]
    """P10, P50 and P90 by name."""
    weights: tuple[tuple[NamedFigure, ...], ...]
    """Of the inputs that are not stated, for each setup."""

    def of(self, run: int) -> Percentiles:
        """Step time of one run."""
        return Percentiles(**{name: float(values[run]) for name, values in self.step_s.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """Chips that cannot train the model, however and wherever they are had."""

    chip: str
    chips: int
    reason: Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Chips × counts that can train the model, as columns of equal length."""

    setups: tuple[CalibratedSetup, ...]
    """One for each chip."""
    chip: Indices
    """Index into ``setups``."""
    chips: Floats
    step_s: Floats
    """In the likeliest case, which layouts are chosen for."""
    batch: Floats
    """Sequences per optimizer step."""
    steps: Floats
    """Optimizer steps of the whole run."""
    layout: Layout
    allowed: Flags
    """False for counts beyond the limit, which are looked at only to say what would fit."""
    paces: Paces
    """Step times with everything that is not stated drawn."""
    unfit: tuple[Unfit, ...]
    layouts_considered: int
    estimates: dict[tuple[str, float, float], TrainingEstimate] = field(default_factory=dict, compare=False)
    """Of runs that were described, by chip, chips and batch: worked out once."""
    drawn: list[Uncertain] = field(default_factory=list, compare=False)
    """Step times as an input that is drawn, worked out once."""

    def __len__(self) -> int:
        return len(self.chips)

    def weights_of(self, chip: str | None) -> tuple[NamedFigure, ...]:
        """Weights of what is not stated of a chip, or where none is named of the first."""
        chips = zip(self.setups, self.paces.weights, strict=True)
        return next((weights for setup, weights in chips if chip is None or setup.chip.key == chip), ())


def at_batch(setup: TrainingSetup, batch: float) -> TrainingSetup:
    """The same setup at another global batch."""
    return replace(setup, job=replace(setup.job, global_batch=float(batch)))
