"""Which chips are planned with where none is named, and how many of them are tried."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenfold.catalog import Catalog

FACTORS = (1, 3, 5, 7)
"""Odd parts of the counts tried."""
TRAINING_KINDS = ("gpu", "training-asic", "wafer-scale")


def trainable_chips(catalog: Catalog) -> tuple[str, ...]:
    """Every chip that can be planned with when the user names none: made for training, with a system and a peak."""
    return tuple(
        chip.key
        for chip in catalog.chips.values()
        if chip.kind in TRAINING_KINDS and chip.system and "bf16" in chip.peaks
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many chips may be tried."""

    most: int
    least: int = 1
    exactly: int | None = None
    within_s: float = math.inf
    """Time of a run: counts that miss it even at the peak of their chip, without any loss, are not tried."""

    def change_to(self, count: int) -> str:
        """The limit that is moved, for so many chips to be tried; the count alone where none has to be."""
        if count <= self.most:
            return f"{count:,} chips or more"
        return f"{'max_chips' if self.exactly is None else 'chips_exactly'} = {count}"

    def tried(self, per_node: int, least: float = 0.0) -> tuple[int, ...]:
        """Counts from ``least`` in whole nodes, or in equal parts of one, the largest first."""
        if self.exactly is not None:
            return (self.exactly,) if fills_nodes(self.exactly, per_node) else ()
        return tuple(count for count in counts_to_try(self.most, per_node, least) if count >= self.least)


def fills_nodes(chips: int, per_node: int) -> bool:
    """Whether so many chips are whole nodes, or one of the equal parts that a node is handed out in."""
    return chips % per_node == 0 or per_node % chips == 0


def counts_to_try(most: int, per_node: int, least: float = 0.0) -> tuple[int, ...]:
    """Counts of the grid from ``least`` to ``most``, the largest first: a wider limit only adds some."""
    steps = {factor << power for factor in FACTORS for power in range(most.bit_length())}
    return tuple(sorted((n for n in steps if fills_nodes(n, per_node) and least <= n <= most), reverse=True))
