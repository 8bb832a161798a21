"""From what was asked to a calibrated setup, the layouts of a wish on it, and the fastest of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tenfold.catalog import Catalog, ModelRecord
from tenfold.performance import software_said
from tenfold.performance.layout import LayoutWish
from tenfold.performance.training import (
    CalibratedSetup,
    Fastest,
    SearchSpace,
    fastest_layout,
    held,
    space_of,
)
from tenfold.planning.estimate.cluster import Cluster
from tenfold.planning.setups import OF_RANKS, Setups, Wanted, setups_of, sharded_by
from tenfold.workloads import find_model, usual_sequence_length


def setups_asked(
    catalog: Catalog, cluster: Cluster, given: Mapping[str, Any], model: ModelRecord | None = None
) -> Setups:
    """Gather everything but the layout, in every case. Without a sequence length it is the model's own, 8,192 at most.

    ``given`` is what is known of the layout; ``model`` is the record of a model that no name in the catalog stands for.
    Raises ``MissingFigureError`` for a figure nobody recorded.
    """
    record = model or find_model(catalog, cluster.model)
    length = cluster.sequence_length or usual_sequence_length(record)
    wanted = Wanted(
        chip=cluster.chip,
        model=record,
        sequence_length=length,
        global_batch=cluster.global_batch,
        precision=cluster.precision or "",
        software=software_said(catalog, catalog.chip(cluster.chip), cluster.software, None),
        system=cluster.system or "",
        network=cluster.network,
        tuning=cluster.tuning,
        adapter_rank=cluster.lora_rank or 0,
        sharded=sharded_by(math.prod(given.get(name, 1) for name in OF_RANKS)),
    )
    return setups_of(catalog, wanted, cluster.chips)


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
