"""Hardware as columns: what a step of serving needs to know of a chip and its links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.catalog import Catalog, Chip, System
from tenfold.performance.hardware_of import usable_hbm_bytes
from tenfold.quantities import Figure
from tenfold.workloads.serving import SERVED_FORMATS, WIDE, ServedFormat, widths_of

if TYPE_CHECKING:
    from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingHardware:
    """One chip in its system, or a column of them. Peaks are dense; bandwidths are one way and per chip."""

    peak_flop_per_s: Column
    """Dense peak of the products of feed-forward weights."""
    attention_peak_flop_per_s: Column
    """Dense peak of the projections of attention, which models with experts keep wider."""
    wide_peak_flop_per_s: Column
    """Dense peak in 16 bits, for the head."""
    attended_peak_flop_per_s: Column
    """Dense peak of attention itself: that of 16 bits, unless kernels multiply a narrow cache as it is."""
    memory_bytes: Column
    memory_bytes_per_s: Column
    domain_chips: Column
    scaleup_bytes_per_s: Column
    scaleup_latency_s: Column
    scaleup_mesh: Column
    scaleup_torus_dimensions: Column
    scaleout_bytes_per_s: Column
    scaleout_latency_s: Column


def wide_peak_key(chip: Chip) -> str:
    """Peak that stands for 16 bits: bf16, or fp16 where a chip states no other."""
    return WIDE if WIDE in chip.peaks or "fp16" not in chip.peaks else "fp16"


def multiplies(chip: Chip, form: ServedFormat) -> bool:
    """Whether a chip multiplies a format as it is; weights of any other are widened to 16 bits first."""
    return form.native in chip.peaks and form.peak in chip.peaks


def served_peak_key(chip: Chip, form: ServedFormat) -> str:
    """Peak that products run at: the format's own where the chip multiplies it, else that of 16 bits."""
    return form.peak if multiplies(chip, form) else wide_peak_key(chip)


def attended_peak_key(chip: Chip, narrow: bool) -> str:
    """Peak that attention runs at: of 8 bits where ``narrow`` and the chip multiplies them, else of 16."""
    return served_peak_key(chip, SERVED_FORMATS["fp8"]) if narrow else wide_peak_key(chip)


def serving_hardware(
    catalog: Catalog, chip: Chip, system: System | None, form: ServedFormat, *, experts: bool, narrow_attention: bool
) -> ServingHardware:
    """Hardware of a chip for serving in a format. Without a system the chip stands alone.

    Bandwidths are what large messages reach: nominal × the fabric's share; a replica inside one domain needs no more
    than that of its domain. Raises ``MissingFigureError`` for a figure nobody recorded.
    """
    peak = chip.peak_flop_per_s(served_peak_key(chip, form))
    wide = chip.peak_flop_per_s(wide_peak_key(chip))
    attention_bytes = widths_of(form, experts=experts).attention
    scaleup = catalog.fabric(system.scaleup_fabric) if system and system.scaleup_fabric else None
    scaleout = catalog.fabric(system.scaleout_fabric) if system and system.scaleout_fabric else scaleup
    inside = system.scaleup_bytes_per_s_per_chip_one_way * scaleup.efficiency if system and scaleup else 0.0
    beyond = system.scaleout_bandwidth if system else None
    outside = beyond.value * scaleout.efficiency if beyond and scaleout else 0.0
    return ServingHardware(
        peak_flop_per_s=peak,
        attention_peak_flop_per_s=wide if attention_bytes > 1.0 else peak,
        wide_peak_flop_per_s=wide,
        attended_peak_flop_per_s=chip.peak_flop_per_s(attended_peak_key(chip, narrow_attention)),
        memory_bytes=usable_hbm_bytes(chip.hbm_bytes),
        memory_bytes_per_s=chip.hbm_bytes_per_s,
        domain_chips=float(system.scaleup_domain_chips) if system and scaleup else 1.0,
        scaleup_bytes_per_s=inside or outside or 1.0,
        scaleup_latency_s=scaleup.latency_s if scaleup else 0.0,
        scaleup_mesh=float(scaleup is not None and scaleup.topology == "mesh"),
        scaleup_torus_dimensions=float(scaleup.torus_dimensions) if scaleup else 0.0,
        scaleout_bytes_per_s=outside or inside or 1.0,
        scaleout_latency_s=scaleout.latency_s if scaleout else 0.0,
    )


def serving_figures(
    catalog: Catalog, chip: Chip, system: System | None, form: ServedFormat, *, narrow_attention: bool
) -> tuple[tuple[str, Figure], ...]:
    """The figures that ``serving_hardware`` reads, with their dotted names in the catalog."""
    peaks = dict.fromkeys((served_peak_key(chip, form), wide_peak_key(chip), attended_peak_key(chip, narrow_attention)))
    named = [(f"chips/{chip.key}/peak.{key}", chip.peak(key)) for key in peaks]
    named += [(f"chips/{chip.key}/{key}", chip.figure(key)) for key in ("memory.capacity", "memory.bandwidth")]
    if system is None:
        return tuple(named)
    links = ("scaleup.domain_chips", "scaleup.bandwidth_per_chip_one_way", "scaleout.bandwidth_per_chip_one_way")
    named += [(f"systems/{system.key}/{key}", system.figures[key]) for key in links if key in system.figures]
    for key in dict.fromkeys(key for key in (system.scaleup_fabric, system.scaleout_fabric) if key):
        named += [(f"fabrics/{key}/{name}", figure) for name, figure in catalog.fabric(key).figures.items()]
    return tuple(named)
