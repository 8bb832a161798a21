"""Lines of waiting jobs. A job is known by its rank: its place in the order of all jobs of the trace."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Sequence


class InOrder:
    """A line of which only the first is looked at."""

    __slots__ = ("_heap",)

    def __init__(self, chips: Sequence[int]) -> None:
        del chips  # sizes do not matter here
        self._heap: list[int] = []

    def __bool__(self) -> bool:
        """Whether somebody waits."""
        return bool(self._heap)

    def add(self, rank: int) -> None:
        """Let a job join."""
        heapq.heappush(self._heap, rank)

    def first(self) -> int:
        """Give the first; somebody has to wait."""
        return self._heap[0]

    def drop(self, rank: int) -> None:
        """Let the first leave."""
        del rank
        heapq.heappop(self._heap)


class BySize:
    """A line that is looked through: jobs in order, apart by their number of chips."""

    __slots__ = ("_chips", "sizes")

    def __init__(self, chips: Sequence[int]) -> None:
        self._chips = chips
        self.sizes: dict[int, list[int]] = {}
        """Ranks in order, by chips; no empty list."""

    def __bool__(self) -> bool:
        """Whether somebody waits."""
        return bool(self.sizes)

    def add(self, rank: int) -> None:
        """Let a job join."""
        chips = self._chips[rank]
        found = self.sizes.get(chips)
        if found is None:
            self.sizes[chips] = [rank]
        elif rank > found[-1]:
            found.append(rank)
        else:
            insort(found, rank)

    def waiting(self) -> list[int]:
        """Give everybody."""
        return [rank for ranks in self.sizes.values() for rank in ranks]

    def first(self) -> int:
        """Give the first; somebody has to wait."""
        return min([ranks[0] for ranks in self.sizes.values()])

    def drop(self, rank: int) -> None:
        """Let a job leave."""
        chips = self._chips[rank]
        ranks = self.sizes[chips]
        if len(ranks) == 1:
            del self.sizes[chips]
        else:
            del ranks[bisect_left(ranks, rank)]
