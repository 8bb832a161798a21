"""The answer about failure rates of one's own machines."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Made, NamedFigure
from tenfold.validation.failures.question import GoodputFitQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedRate:
    """Failures of one cause per 1,000 node-days of eight chips."""

    cause: str
    events: int
    mean: float
    p10: float
    p50: float
    p90: float
    events_ahead_p10: float
    """Failures to expect over the same exposure again."""
    events_ahead_p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LemonNode:
    """A node that fails improbably often."""

    node: str
    failures: int
    expected: float
    """At the rate all nodes have in common."""
    probability: float
    """That a cluster of alike nodes has one as bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downtime:
    """How long failures of a cause kept something down: until the job ran again, or as the log says."""

    cause: str
    events: int
    mean_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """Jobs that ended in a state."""

    state: str
    jobs: int
    node_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureFit:
    """What logs say of failures."""

    files: tuple[str, ...]
    rows: int
    """Jobs or events read."""
    first: str
    last: str
    node_days: float
    """Of the machine's own nodes."""
    chips_per_node: float
    counted: tuple[str, ...]
    """Causes that ``rate`` counts."""
    rate: FittedRate
    rates: tuple[FittedRate, ...]
    """Each cause, most frequent first."""
    lemons: tuple[LemonNode, ...]
    rate_without_lemons: FittedRate | None
    """None where there are no lemon nodes."""
    downtimes: tuple[Downtime, ...]
    states: tuple[StateCount, ...]
    notes: tuple[str, ...]

    @property
    def as_of(self) -> datetime.date | None:
        """Last day of the log; None where it holds no times."""
        try:
            return datetime.date.fromisoformat(self.last[:10])
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputFitAnswer:
    """Failure rates fitted to logs."""

    question: GoodputFitQuestion
    made: Made
    fit: FailureFit
    family: str
    """Chip family that the rate belongs to; empty without a chip."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """None: a rate is of its logs alone."""


def files(answer: GoodputFitAnswer) -> Mapping[str, str]:
    """Files of an overlay with the rate. Raises ``InputError`` for an answer without a chip."""
    from tenfold.validation.failures.overlay import overlay_files

    return overlay_files(answer)


def joined(name: str, text: str, there: str) -> str:
    """Text of one of the files where one is there: rates of other families are kept.

    Raises ``InputError`` where something else would be lost.
    """
    from tenfold.validation.failures.overlay import joined_rates

    return joined_rates(name, text, there)
