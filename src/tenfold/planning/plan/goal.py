"""A goal and the means to reach it, after parsing: SI units, no text to interpret."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal, get_args

Objective = Literal["cheapest", "fastest", "least-energy"]
Supply = Literal["on-demand", "reserved-1y", "reserved-3y", "spot", "own"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
SUPPLIES: tuple[str, ...] = get_args(Supply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Train this model on that many tokens by then."""

    model: str
    """Catalog key, or the path of a HuggingFace ``config.json``."""
    tokens: float
    sequence_length: int
    global_batch: int
    """Sequences per optimizer step."""
    precision: str
    deadline_s: float | None
    objective: Objective
    confidence: float
    """Share of outcomes in which deadline and budget must hold for a design to be feasible."""
    start: datetime.date | None = None
    """Day the chips are ordered; None where the goal names none: power in stages then counts in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the user has; None means no limit."""

    budget_usd: float | None
    chips: tuple[str, ...]
    """Catalog keys; empty for every chip that can train."""
    max_chips: int
    supply: tuple[Supply, ...]
    sites: tuple[str, ...]
    power_w: float | None
    """Facility power at each site, cooling included."""
