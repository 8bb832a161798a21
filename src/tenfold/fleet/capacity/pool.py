"""A pool: chips that are as good as one another, so that a place is a count."""

from __future__ import annotations

from tenfold.fleet.capacity.nodes import Look


class Pool:
    """Chips of one kind without a shape."""

    __slots__ = ("chips", "free")

    def __init__(self, chips: int, free: int | None = None) -> None:
        self.chips = chips
        self.free = chips if free is None else free

    def find(self, chips: int) -> int | None:
        """Give a place for a gang, or None while there is none."""
        return chips if chips <= self.free else None

    def fits(self, chips: int) -> bool:
        """Whether a gang could start."""
        return chips <= self.free

    def take(self, place: int) -> None:
        """Hold a place."""
        self.free -= place

    def give(self, place: int) -> None:
        """Let go of it."""
        self.free += place

    def holds(self, place: int) -> bool:
        """Whether a place is free."""
        return place <= self.free

    def size_of(self, place: int) -> int:
        """Chips of a place."""
        return place

    def could_ever(self, chips: int) -> bool:
        """Whether a gang fits when all is free."""
        return chips <= self.chips

    def largest(self) -> tuple[int, int]:
        """Largest gang that could start, and the largest in part of a node."""
        return self.free, self.free

    def looks(self, scope: int) -> tuple[Look, ...]:
        """Which of ``largest`` tell whether a gang fits; there is one scope."""
        del scope
        return ((0, 0, 0),)

    def copy(self) -> Pool:
        """The same, to plan with."""
        return Pool(self.chips, self.free)

    def emptied(self) -> Pool:
        """The same with nothing on it."""
        return Pool(self.chips)

    def become(self, other: Pool) -> None:
        """Take over what another holds."""
        self.free = other.free
