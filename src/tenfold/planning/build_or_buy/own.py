"""Ways on chips of one's own as records: the model, what serves it, and the run before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.planning.run_asked import Run
from tenfold.planning.supply.tiers import Tier
from tenfold.quantities import MONTHS_PER_YEAR, YEAR_S, NamedFigure, Percentiles

MONTH_S = YEAR_S / MONTHS_PER_YEAR
API, TUNE, SERVE, PRETRAIN = "api", "tune", "serve", "pretrain"
OWN_WAYS = (SERVE, TUNE, PRETRAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A model on the chip that serves it for least."""

    model: str
    chip: str
    chips: int
    """Of a replica."""
    tokens_per_s_per_chip: Percentiles
    tier: Tier
    premium: float
    """Power of ``big_and_soon`` in the price."""
    figures: tuple[NamedFigure, ...]
    """Recorded, under the rate."""
    scored: tuple[str, ...]
    """Chips that were compared."""
    refused: Mapping[str, str]
    """Chips that were not, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWay:
    """A way on chips of one's own."""

    way: str
    serving: Serving
    run: Run | None
    """Before it serves; none for a model whose weights are there."""
    lora: bool

    @property
    def what(self) -> str:
        """The model and what it runs on."""
        return f"{self.serving.model} on {self.serving.chip}"
