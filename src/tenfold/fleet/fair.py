"""Lines in which tenants take turns: the first of whoever has used least.

fair  by chip-seconds used, of which half are forgotten after each half-life
drf   by chips held now: dominant resource fairness where chips are the one resource

Both are divided by the weight of the tenant.

Sources: decayed usage as in Slurm's multifactor priority; Ghodsi et al., "Dominant resource fairness" (NSDI 2011).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tenfold.quantities import DAY_S

HALF_LIFE_S = 7 * DAY_S
"""Time after which half of what was used is forgotten, where nothing is said."""


@dataclass(frozen=True, slots=True)
class Turns:
    """How tenants take turns."""

    half_s: float
    """Time after which half of what was used is forgotten; 0 for what is held now."""
    weight: Sequence[float]
    """By place of the tenant."""


class TakingTurns:
    """A line of which the first of the tenant that has used least is first."""

    __slots__ = ("_chips", "_half_s", "_held", "_lines", "_now_s", "_seen_s", "_tenant", "_used", "_weight")

    def __init__(self, chips: Sequence[int], tenant: Sequence[int], turns: Turns) -> None:
        self._chips, self._tenant, self._half_s, self._weight = chips, tenant, turns.half_s, turns.weight
        tenants = max(tenant, default=0) + 1
        self._lines: dict[int, list[int]] = {}
        self._held = [0] * tenants
        self._used = [0.0] * tenants
        self._seen_s = [0.0] * tenants
        self._now_s = 0.0

    def __bool__(self) -> bool:
        """Whether somebody waits."""
        return bool(self._lines)

    def add(self, rank: int) -> None:
        """Let a job join its tenant's line."""
        heapq.heappush(self._lines.setdefault(self._tenant[rank], []), rank)

    def first(self) -> int:
        """First of the tenant that has used least for its weight; ties by order."""
        return min((self._use(tenant) / self._weight[tenant], ranks[0]) for tenant, ranks in self._lines.items())[1]

    def drop(self, rank: int) -> None:
        """Let the first of a tenant leave."""
        tenant = self._tenant[rank]
        heapq.heappop(self._lines[tenant])
        if not self._lines[tenant]:
            del self._lines[tenant]

    def hold(self, rank: int, sign: int, now_s: float) -> None:
        """A job starts (1) or ends (−1)."""
        self._now_s = now_s
        tenant = self._tenant[rank]
        self._use(tenant)
        self._held[tenant] += sign * self._chips[rank]

    def at(self, now_s: float) -> None:
        """Let time pass."""
        self._now_s = now_s

    def _use(self, tenant: int) -> float:
        """Decayed chip-seconds: u ← u 2^(−t/h) + held × h (1 − 2^(−t/h)) ÷ ln 2; chips held where nothing is kept."""
        if not self._half_s:
            return float(self._held[tenant])
        passed_s = self._now_s - self._seen_s[tenant]
        if passed_s > 0:
            kept = 2.0 ** (-passed_s / self._half_s)
            gained = self._held[tenant] * self._half_s * (1.0 - kept) / math.log(2.0)
            self._used[tenant] = self._used[tenant] * kept + gained
            self._seen_s[tenant] = self._now_s
        return self._used[tenant]


TURNS: Mapping[str, bool] = MappingProxyType({"fair": True, "drf": False})
"""Orders of tenants by name: whether what was used counts, until it is forgotten; only what is held now elsewhere."""
