"""Collectives that were timed by size, as figures of the fabrics they crossed."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.catalog import Catalog, System
from tenfold.validation.chip.measured import COLLECTIVES, Measured, Measurement
from tenfold.validation.logs.fabric_overlay import FabricFigures, fabric_figures
from tenfold.validation.logs.latency_bandwidth import FEWEST_SIZES, bus_factor, fit_latency_bandwidth
from tenfold.validation.logs.nccl_tests import NcclMeasurement

TOOL = "collectives of PyTorch"
ONE_HOST = 1
"""Hosts that are measured."""


def measured_fabrics(measured: Measured, system: System, catalog: Catalog, file: str) -> tuple[FabricFigures, ...]:
    """Figures of the fabric inside the host. Raises ``InputError`` where collectives do not fit the system."""
    tests = [_test(measured.of(kind), file) for kind in COLLECTIVES]
    fits = [fit_latency_bandwidth(test) for test in tests if len(test) >= FEWEST_SIZES]
    return fabric_figures(fits, system, catalog, TOOL)


def _test(sizes: Sequence[Measurement], file: str) -> list[NcclMeasurement]:
    """One collective's sizes as a test of nccl-tests would give them."""
    found = []
    for number, each in enumerate(sizes, start=1):
        ranks = round(each.sizes["ranks"])
        speed = each.sizes["bytes"] / each.median_s * bus_factor(each.kind, ranks)
        found.append(
            NcclMeasurement(
                collective=each.kind,
                size_bytes=each.sizes["bytes"],
                ranks=ranks,
                nodes=ONE_HOST,
                time_s=each.median_s,
                busbw_bytes_per_s=speed,
                in_place=False,
                file=file,
                line=number,
            )
        )
    return found
