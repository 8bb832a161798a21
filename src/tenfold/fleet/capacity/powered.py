"""Chips that cannot all be busy at once: a capacity under a limit of busy chips, which comes in steps.

The limit is what a power cap leaves: a chip that nobody holds draws its idle power, one that is held its busy power, so
n of N chips may be held while n busy + (N − n) idle ≤ cap. Capacity that is energised in stages is a cap in steps.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

POWER = -1
"""In place of a job, for a step of the power."""


def chips_powered(cap_w: float, chips: int, busy_w: float, idle_w: float) -> int:
    """Chips that may be held at once: floor((cap − N idle) ÷ (busy − idle)), at least 0, at most all of them."""
    spare_w = cap_w - chips * idle_w
    return max(0, min(chips, int(spare_w / (busy_w - idle_w) + 1e-9))) if spare_w > 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """How many chips may be held, in steps; none before the first."""

    step_s: tuple[float, ...]
    chips: tuple[int, ...]


class Powered:
    """Another capacity, of which no more than a limit is held."""

    __slots__ = ("busy", "inner", "limit", "limits", "step_s")

    def __init__(self, inner: Any, step_s: Sequence[float], limits: Sequence[int]) -> None:  # noqa: ANN401
        self.inner, self.step_s, self.limits = inner, step_s, limits
        self.busy, self.limit = 0, 0

    def at(self, now_s: float) -> None:
        """Let the limit be that of an instant; none may be held before the first step."""
        step = bisect_right(self.step_s, now_s)
        self.limit = self.limits[step - 1] if step else 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Everything else is that of the capacity."""
        return getattr(self.inner, name)

    def find(self, ask: Any) -> Any:  # noqa: ANN401
        """Give a place for a gang, or None while there is none, or no power for it."""
        place = self.inner.find(ask)
        return place if place is not None and self._powers(place) else None

    def fits(self, ask: Any) -> bool:  # noqa: ANN401
        """Whether a gang could start."""
        return self.find(ask) is not None

    def could_ever(self, ask: Any) -> bool:  # noqa: ANN401
        """Whether a gang fits when all is free, and there is the power of the last step, which stays."""
        empty = self.emptied()
        empty.limit = self.limits[-1]
        return bool(empty.fits(ask))

    def _powers(self, place: Any) -> bool:  # noqa: ANN401
        return self.busy + int(self.inner.size_of(place)) <= self.limit

    def take(self, place: Any) -> None:  # noqa: ANN401
        """Hold a place."""
        self.inner.take(place)
        self.busy += self.inner.size_of(place)

    def give(self, place: Any) -> None:  # noqa: ANN401
        """Let go of it."""
        self.inner.give(place)
        self.busy -= self.inner.size_of(place)

    def holds(self, place: Any) -> bool:  # noqa: ANN401
        """Whether a place is free, and there is power for it."""
        return bool(self.inner.holds(place)) and self._powers(place)

    def copy(self) -> Powered:
        """The same, to plan with."""
        return self._with(self.inner.copy(), self.busy)

    def emptied(self) -> Powered:
        """The same with nothing on it."""
        return self._with(self.inner.emptied(), 0)

    def become(self, other: Powered) -> None:
        """Take over what another holds."""
        self.inner.become(other.inner)
        self.busy = other.busy

    def _with(self, inner: Any, busy: int) -> Powered:  # noqa: ANN401
        twin = Powered(inner, self.step_s, self.limits)
        twin.busy, twin.limit = busy, self.limit
        return twin


def bare(capacity: Any) -> Any:  # noqa: ANN401
    """The capacity itself, without its power."""
    return capacity.inner if isinstance(capacity, Powered) else capacity
