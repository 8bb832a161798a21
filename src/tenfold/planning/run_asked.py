"""A training run that another question needs the price of: what is asked, what is said, and who says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tenfold.catalog import Catalog
from tenfold.quantities import NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAsked:
    """A run, every weight trained, and what there is for it."""

    model: str
    tokens: float
    sequence_length: int
    global_batch: int | str
    """Of an optimizer step: sequences, or words such as '4M tokens'."""
    deadline_s: float
    chips: tuple[str, ...] | None
    """Any that may train where it is None."""
    max_chips: int
    supply: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run at its cheapest."""

    words: str
    cost_usd: Percentiles
    days: Percentiles
    figures: tuple[NamedFigure, ...]


CheapestRun = Callable[[RunAsked, Catalog, int], Run | str]
"""From a run, the catalog and a seed to the run at its cheapest, or why nothing fits. ``plan`` is what says it."""
