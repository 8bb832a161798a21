"""Rivals by name for a replay: those of the house, and a user's own functions beside them.

    mine = Rivals(orders={**ORDERS, "widest": lambda jobs: -jobs.chips.astype(float)})
    replay(jobs, Rules(chips=96, order="widest"), rivals=mine)

A name of one's own should be none of the house's, whose faster engines go by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tenfold.fleet.admissions import ADMISSIONS, Admission
from tenfold.fleet.capacity.nodes import Nodes, Place
from tenfold.fleet.choices import DOMAIN_CHOICES, DomainChoice
from tenfold.fleet.orders import ORDERS, Order
from tenfold.fleet.placements import PLACEMENTS
from tenfold.fleet.preemptions import PREEMPTIONS, Preemption


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """Tables of functions with one signature each."""

    orders: Mapping[str, Order] = field(default_factory=lambda: ORDERS)
    admissions: Mapping[str, Admission] = field(default_factory=lambda: ADMISSIONS)
    placements: Mapping[str, Callable[[Nodes, int], Place | None]] = field(default_factory=lambda: PLACEMENTS)
    domain_choices: Mapping[str, DomainChoice] = field(default_factory=lambda: DOMAIN_CHOICES)
    preemptions: Mapping[str, Preemption] = field(default_factory=lambda: PREEMPTIONS)


HOUSE = Rivals()
"""Those of the house."""
