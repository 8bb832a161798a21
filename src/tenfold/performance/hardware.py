"""Hardware as columns: what a step-time formula needs to know of a chip, its system and its fabrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """One system, or a column of systems. Peaks are dense; bandwidths are one way and per chip."""

    matmul_peak_flop_per_s: Column
    """Dense peak in the precision of the weight products."""
    wide_peak_flop_per_s: Column
    """Dense peak in 16 bits, for attention, the router and the LM head."""
    hbm_bytes: Column
    hbm_bytes_per_s: Column
    node_chips: Column
    domain_chips: Column
    """Chips in a scale-up domain."""
    scaleup_bytes_per_s: Column
    scaleup_latency_s: Column
    scaleup_mesh: Column = 0.0
    """1 when every pair of chips has its own link, so that a small group cannot use all of them."""
    scaleup_torus_dimensions: Column = 0.0
    """Axes of a torus; 0 for other fabrics."""
    scaleout_bytes_per_s: Column
    scaleout_latency_s: Column
    scaleout_share: Column = 1.0
    """Share of the nominal bandwidth that ``scaleout_bytes_per_s`` is."""
