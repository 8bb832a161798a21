"""The linear programme of a procurement programme as records: groups, classes, rent, columns, rows.

Capacity of one group is interchangeable, so recourse is written for groups instead of options; orders of one class are
delivered, priced and valued alike in every scenario, so costs and capacities are written for classes. Both are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.planning.procurement.programme import Programme
from tenfold.planning.procurement.rows import Rows
from tenfold.quantities import Floats, Indices

ABSENT = -1
"""Index of a column that a programme does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Chips whose worth to the workloads differs by a factor only."""

    direction: Floats
    """(g, w) H100e to a workload of one unit of the group's capacity, 1 for the workload it suits best."""
    option: Indices
    """(o,) group of each option."""
    offer: Indices
    """(j,) group of each offer."""
    option_units: Floats
    """(o,) capacity of a chip."""
    offer_units: Floats
    """(j,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Options alike in group, lead, term, and in every scenario."""

    of_option: Indices
    """(o,)."""
    group: Indices
    """(k,)."""
    paid: Floats
    """(s, k, t) present value of a price of 1 paid for an order in t."""
    left: Floats
    """(s, k, t) present value of what it is worth after the last quarter."""
    running: Floats
    """(s, k, t) present value of running costs of 1 a quarter."""
    delivered_orders: Indices
    """(s, k, t) order quarters delivered by t."""
    ended_orders: Indices
    """(s, k, t) order quarters whose term has ended by t."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rents:
    """Offers kept, one entry for each (scenario, offer, quarter)."""

    scenario: Indices
    offer: Indices
    quarter: Indices
    musd_per_unit: Floats
    """Rent of one unit of the group's capacity for a quarter, at the prices of that quarter."""
    most_units: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each family of columns stands; ``ABSENT`` where there is no such column."""

    orders: Indices
    """(o, t) lots."""
    capacity: Indices
    """(k, t) units ordered up to t."""
    upfront: Indices
    """(k, t) base price of what is ordered in t."""
    running: Indices
    """(k, t) base running costs a quarter of what is ordered in t."""
    serve: Indices
    """(g, w, s, t) units of a group given to a workload."""
    unserved: Indices
    """(w, s, t) H100e; of training in its last quarter, for the whole run."""
    rents: Indices
    """(e,) units."""
    cost: Indices
    """(s,) present value."""
    threshold: int
    """η, the value at risk."""
    excess: Indices
    """(s,) cost beyond the threshold."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A linear programme with what its columns mean."""

    programme: Programme
    groups: Groups
    classes: Classes
    rents: Rents
    layout: Layout
    rows: tuple[Rows, ...]
    objective: Floats
    low: Floats
    high: Floats

    @property
    def offsets(self) -> Mapping[str, int]:
        """First row of each family."""
        starts = np.cumsum([0, *(len(rows.low) for rows in self.rows)])
        return {rows.name: int(start) for rows, start in zip(self.rows, starts, strict=False)}

    @property
    def row_count(self) -> int:
        """Rows of all families."""
        return sum(len(rows.low) for rows in self.rows)
