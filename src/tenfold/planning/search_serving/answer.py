"""The answer about the layouts of a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.planning.search_serving.question import SearchServingQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundService:
    """A configuration that fits."""

    chip: str
    engine: str
    tp: int
    dp: int
    ep: int
    chips: int
    """Of a replica."""
    clients: int
    """That a replica serves at once."""
    ttft_s: Percentiles
    tpot_s: Percentiles
    e2e_s: Percentiles
    tokens_per_s_per_chip: Percentiles
    tokens_per_s_per_user: float
    kv_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchServingAnswer:
    """What a search over chips, layouts and batches found."""

    question: SearchServingQuestion
    made: Made
    model: str
    configurations: int
    """Settings times numbers of clients."""
    timed: int
    rejected: Mapping[str, int]
    """Configurations by why they cannot be."""
    refused: Mapping[str, str]
    """Chips that lack a figure, and which."""
    best: tuple[FoundService, ...]
    """The most tokens a second per chip within the limits, one for each chip, the most first."""
    pareto: tuple[FoundService, ...]
    """No other gives both more per chip and more per user; the fastest for a user first."""
    limit: str
    """What binds when nothing is within the limits; empty otherwise."""
    short: str
    nearest: str
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]

    @property
    def fits(self) -> bool:
        """Whether any configuration is within the limits."""
        return bool(self.best)
