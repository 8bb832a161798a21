"""Jobs that share a node: for how long it was watched by any of them, and that it fails once for all of them."""

from __future__ import annotations

import bisect
import datetime
import functools
import re
from collections import defaultdict
from dataclasses import dataclass, field

from tenfold.quantities import whole_of

CHIPS_PER_NODE = 8.0
SAME_FAILURE_S = 600.0
"""Jobs of a node that end in its failure within this time ended in the same one."""
_CHIPS = re.compile(r"(?:^|,)gres/gpu=([0-9]{1,9})(?:,|$)")


@functools.lru_cache(maxsize=65_536)
def seconds_of(text: str) -> float | None:
    """Seconds of an ISO time since 1970, its zone left out; None for what is none, such as Unknown."""
    try:
        moment = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (moment.replace(tzinfo=None) - datetime.datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001


@functools.lru_cache(maxsize=65_536)
def chips_in(allocated: str) -> float | None:
    """Chips of an allocation such as ``cpu=16,gres/gpu=1,node=1``; None where it does not say."""
    found = _CHIPS.search(allocated.strip())
    count = None if found is None else whole_of(found[1])
    return None if not count else float(count)


@dataclass(slots=True)
class SharedNodes:
    """Time covered on each node, and when it failed."""

    covered: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    """Disjoint spans in order, by node."""
    failures: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, node: str, start: float, end: float) -> float:
        """Cover a span; gives the seconds of it that were not covered before."""
        if end <= start:
            return 0.0
        spans = self.covered[node]
        first = bisect.bisect_left(spans, start, key=lambda span: span[1])
        last = bisect.bisect_right(spans, end, key=lambda span: span[0])
        touched = spans[first:last]
        known = sum(min(end, high) - max(start, low) for low, high in touched)
        low = min([start, *(span[0] for span in touched)])
        high = max([end, *(span[1] for span in touched)])
        spans[first:last] = [(low, high)]
        return end - start - known

    def failed_before(self, node: str, moment: float) -> bool:
        """Whether the node's failure at this moment is known already; keeps it when not."""
        times = self.failures[node]
        place = bisect.bisect_left(times, moment)
        near = times[max(place - 1, 0) : place + 1]
        if any(abs(time - moment) <= SAME_FAILURE_S for time in near):
            return True
        times.insert(place, moment)
        return False
