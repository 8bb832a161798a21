"""What an axis of parallelism is: its names, the values a search tries, and how a term of it becomes a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tenfold.performance.layout.recompute import RecomputePolicy
from tenfold.quantities import MOST, Asks, OneOf, Switch, Whole
from tenfold.workloads import SCHEDULES, recompute_name, recompute_value

Term = int | str | bool
"""A value of an axis as people say it: a degree, the name of a policy, on or off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the values of an axis are asked for, and kept in columns."""

    asks: Asks
    number: Callable[[Term], float]
    """Number of a term in a column of ``Layout``."""
    term: Callable[[float], Term]
    """Term of a number; the other way round, to the last bit."""


def whole(least: int = 1, most: int = MOST) -> Terms:
    """Whole numbers."""
    return Terms(asks=Whole(least=least, most=most), number=float, term=round)


SWITCH = Terms(asks=Switch(), number=float, term=lambda number: bool(round(number)))
SCHEDULE = Terms(
    asks=OneOf(SCHEDULES, "schedule"),
    number=lambda term: float(SCHEDULES.index(str(term))),
    term=lambda number: SCHEDULES[round(number)],
)
RECOMPUTED = Terms(asks=RecomputePolicy(), number=lambda term: recompute_value(str(term)) or 0.0, term=recompute_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Stands beside a field of ``ParallelLayout`` and says all else there is to know of that axis."""

    column: str
    """Its field of ``Layout``."""
    label: str
    """As the field's literature abbreviates it; empty for what has no abbreviation."""
    divides: str
    """What is dealt to the ranks, or what the policy decides."""
    terms: Terms = field(default_factory=whole)
    values: tuple[float, ...] = ()
    """What a search tries, as numbers of the column; empty for what follows from the others."""
    left_out: str = "chosen when left out"
    rejected: tuple[str, ...] = ()
    """Reasons of ``training.space.REJECTIONS`` that a value of it may have a part in."""
    relaxed: int = 0
    """Its turn when given values are tried otherwise, the smallest change first; 0: never."""
    of_experts: bool = False
    """Whether it means something only for a model with experts."""
    said: Literal["", "always", "above one"] = ""
    """When a degree is said beside the others, such as TP8 PP4; policies are said in words of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAxis:
    """An axis with what the field it stands beside says."""

    name: str
    help: str
    default: Term
    axis: Axis

    @property
    def asked(self) -> bool:
        """Whether somebody may give it; the others follow from those that are given."""
        return bool(self.axis.values)

    @property
    def searched(self) -> bool:
        """Whether a search tries more than one value of it."""
        return len(self.axis.values) > 1

    def flag(self, value: Term) -> str:
        """Write a value as the option of the command line."""
        option = self.name.replace("_", "-")
        return f"--{option} {value}" if not isinstance(value, bool) else f"--{'' if value else 'no-'}{option}"


Axes = Mapping[str, NamedAxis]
"""By name."""
