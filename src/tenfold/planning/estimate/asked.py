"""From what was asked to a calibrated setup, the layouts of a wish on it, and the fastest of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from tenfold.catalog import Catalog
from tenfold.performance.layout import LayoutWish
from tenfold.performance.training import (
    CalibratedSetup,
    Fastest,
    SearchSpace,
    fastest_layout,
    held,
    setup_training,
    space_of,
)
from tenfold.quantities import Z90, Percentiles
from tenfold.workloads import find_model

USUAL_SEQUENCE = 8192


def setup_asked(
    catalog: Catalog,
    *,
    model: str,
    chip: str,
    global_batch: int,
    sequence_length: int | None,
    precision: str,
    software: str | None,
) -> CalibratedSetup:
    """Gather everything but the layout. Without a sequence length it is the model's own, 8,192 at most.

    Raises ``MissingFigureError`` for a figure nobody recorded.
    """
    record = find_model(catalog, model)
    return setup_training(
        catalog,
        chip=chip,
        model=record,
        precision=precision,
        sequence_length=sequence_length or min(record.max_sequence or USUAL_SEQUENCE, USUAL_SEQUENCE),
        global_batch=global_batch,
        software=software or "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """A wish on a number of chips: which layouts it leaves, and the fastest of them."""

    setup: CalibratedSetup
    chips: int
    wish: LayoutWish

    @property
    def space(self) -> SearchSpace:
        """Layouts that the setup's software offers, with what is given held."""
        return held(space_of(self.setup.software), self.wish)

    def fastest(self) -> Fastest:
        """The fastest that fits."""
        return fastest_layout(self.setup.setup, self.chips, self.space)

    def fastest_of_any_memory(self) -> Fastest:
        """The fastest that divides, whatever memory it takes."""
        part = self.setup.setup
        roomy = replace(part, hardware=replace(part.hardware, hbm_bytes=math.inf))
        return fastest_layout(roomy, self.chips, self.space)

    def with_wish(self, wish: LayoutWish) -> Wished:
        """The same chips with another wish."""
        return replace(self, wish=wish)


def lognormal(p50: float, log_spread: float) -> Percentiles:
    """P10, P50, P90 of a lognormal: P50 · exp(∓1.2816 σ), σ the spread of the logarithm."""
    factor = math.exp(Z90 * log_spread)
    return Percentiles(p10=p50 / factor, p50=p50, p90=p50 * factor)
