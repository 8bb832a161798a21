"""From catalog records to hardware columns."""

from __future__ import annotations

from tenfold.catalog import Catalog, Chip, Fabric, System
from tenfold.performance.hardware import Hardware
from tenfold.quantities import Figure
from tenfold.workloads import PRECISIONS, Precision

WIDE_PEAKS = ("bf16", "fp16")
"""Peaks that stand for 16 bits, in order of preference."""


def peak_key(chip: Chip, precision: Precision) -> str:
    """Key of the dense peak a precision runs at. fp16 and bf16 stand for each other where a chip states only one."""
    if precision.peak not in WIDE_PEAKS:
        return precision.peak
    return next((key for key in (precision.peak, *WIDE_PEAKS) if key in chip.peaks), precision.peak)


def peak_figure(chip: Chip, precision: Precision) -> Figure:
    """The dense peak a precision runs at. Raises ``MissingFigureError`` naming the figure and the file to add it to."""
    return chip.peak(peak_key(chip, precision))


DECIMAL_GIGABYTE = 1e9
USABLE_PER_LABEL = 1.06
"""Memory is built in binary sizes, less what the driver keeps: 42.41 GB on an A100 of 40 GB [CUDA device query],
95 GiB on an H100 of 96 GB [Liang et al. 2024, TorchTitan], up to 1.07 times the label on later parts."""


def usable_hbm_bytes(labelled_bytes: float) -> float:
    """Memory software can use: a label in whole decimal gigabytes stands for a binary size; other values are exact."""
    return labelled_bytes * (USABLE_PER_LABEL if labelled_bytes % DECIMAL_GIGABYTE == 0 else 1.0)


def hardware_of(catalog: Catalog, chip: Chip, system: System, precision: str) -> Hardware:
    """Hardware of a chip in a system for training at a precision.

    Bandwidths are what large messages reach: nominal × the fabric's reachable share. A chip without a scale-up fabric
    is a domain of one. Raises ``MissingFigureError`` for a figure nobody recorded.
    """
    scaleup = catalog.fabric(system.scaleup_fabric) if system.scaleup_fabric else None
    scaleout = catalog.fabric(system.scaleout_fabric) if system.scaleout_fabric else scaleup
    out_bytes_per_s = _scaleout_bytes_per_s(system)
    return Hardware(
        matmul_peak_flop_per_s=peak_figure(chip, PRECISIONS[precision]).value,
        wide_peak_flop_per_s=peak_figure(chip, PRECISIONS["bf16"]).value,
        hbm_bytes=usable_hbm_bytes(chip.hbm_bytes),
        hbm_bytes_per_s=chip.hbm_bytes_per_s,
        node_chips=float(system.chips_per_node),
        domain_chips=float(system.scaleup_domain_chips) if scaleup else 1.0,
        scaleup_bytes_per_s=_reached(system.scaleup_bytes_per_s_per_chip_one_way, scaleup)
        if scaleup
        else out_bytes_per_s,
        scaleup_latency_s=scaleup.latency_s if scaleup else 0.0,
        scaleup_mesh=float(scaleup is not None and scaleup.topology == "mesh"),
        scaleup_torus_dimensions=float(scaleup.torus_dimensions) if scaleup else 0.0,
        scaleout_bytes_per_s=_reached(out_bytes_per_s, scaleout) if scaleout else out_bytes_per_s,
        scaleout_latency_s=scaleout.latency_s if scaleout else 0.0,
    )


def _reached(bytes_per_s: float, fabric: Fabric) -> float:
    return bytes_per_s * fabric.efficiency


def _scaleout_bytes_per_s(system: System) -> float:
    return system.scaleout_bytes_per_s_per_chip_one_way


def watts_per_flop_per_s(chip: Chip) -> float:
    """Rated power over the 16-bit peak; 0 when either is unknown."""
    if chip.tdp is None or not any(key in chip.peaks for key in WIDE_PEAKS):
        return 0.0
    return chip.tdp_w / peak_figure(chip, PRECISIONS["bf16"]).value


def figures_of(catalog: Catalog, chip: Chip, system: System, precision: str) -> tuple[tuple[str, Figure], ...]:
    """The figures that ``hardware_of`` reads, with their dotted names in the catalog."""
    named: list[tuple[str, Figure]] = [
        (f"chips/{chip.key}/peak.{peak_key(chip, PRECISIONS[precision])}", peak_figure(chip, PRECISIONS[precision])),
        (f"chips/{chip.key}/memory.capacity", chip.figure("memory.capacity")),
        (f"chips/{chip.key}/memory.bandwidth", chip.figure("memory.bandwidth")),
    ]
    named += [(f"systems/{system.key}/{key}", figure) for key, figure in system.figures.items()]
    for key in (system.scaleup_fabric, system.scaleout_fabric):
        if key:
            named += [(f"fabrics/{key}/{name}", figure) for name, figure in catalog.fabric(key).figures.items()]
    return tuple(named)
