"""Layouts of measured replicas: as rows state them, and those to choose from where they state none."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.catalog import TransformerShape
from tenfold.quantities import Floats
from tenfold.workloads.serving import ReplicaLayout

WIDEST = 8.0
"""Chips of a replica that nobody states, at most."""
ROOM_LEFT = 0.3
"""Share of the memory that a layout nobody states leaves for the cache."""


def narrow_layouts(chips: float, *, experts: bool) -> list[ReplicaLayout]:
    """Replicas of up to so many chips by their width; experts are spread over them."""
    widths = [2.0**power for power in range(4) if 2.0**power <= min(max(chips, 1.0), WIDEST)]
    return [
        ReplicaLayout(tensor=1.0, ranks=width, expert=width) if experts else ReplicaLayout(tensor=width)
        for width in widths
    ]


def narrowest_with_room(
    layouts: Sequence[ReplicaLayout], room_bytes: Floats, memory_bytes: float
) -> ReplicaLayout | None:
    """The narrowest that leaves its share for a cache, else the widest that fits; None where none does."""
    roomy = [each for each, left in zip(layouts, room_bytes, strict=True) if left > ROOM_LEFT * memory_bytes]
    fitting = [each for each, left in zip(layouts, room_bytes, strict=True) if left > 0.0]
    return roomy[0] if roomy else fitting[-1] if fitting else None


def replica_layout(
    tensor: float, pipeline: float, ranks: float, expert: float, shape: TransformerShape
) -> ReplicaLayout:
    """Data-parallel ranks that share experts are one replica; without experts to share they are replicas."""
    shares = ranks > 1.0 and expert > 1.0 and float(shape.moe_layers) > 0
    width = tensor * (ranks if shares else 1.0)
    return ReplicaLayout(tensor=tensor, pipeline=pipeline, ranks=ranks if shares else 1.0, expert=min(expert, width))
