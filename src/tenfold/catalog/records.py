"""Records of the catalog: sources, chips, systems, fabrics and calibrations, each with its figures.

Properties give a figure's value in the unit they are named after, and raise ``MissingFigureError`` where
nobody has recorded it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tenfold.catalog.figured import Figured, missing_figure
from tenfold.quantities import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where figures are from: title, address and date of a document."""

    key: str
    title: str
    date: datetime.date
    url: str = ""
    """Empty for an assumption, whose note gives the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip(Figured):
    """An accelerator as sold: one package, all its compute dies together."""

    figure_fields: ClassVar[Mapping[str, str]] = {
        "memory.capacity": "memory_capacity",
        "memory.bandwidth": "memory_bandwidth",
        "scaleup.bandwidth_per_chip_one_way": "scaleup_bandwidth",
        "power.tdp": "tdp",
        "die.area": "die_area",
        "die.process": "process",
    }

    key: str
    name: str
    vendor: str
    family: str
    """Chips of one family share calibrated efficiencies."""
    kind: str
    year: int = 0
    """Year of release; 0 when unknown."""
    system: str = ""
    """Key of the default system; empty when unknown."""
    cores: int = 1
    """Parts of the chip that software may count as ranks of their own."""
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    peaks: Mapping[str, Figure] = field(default_factory=dict)
    """Dense peak by precision, FLOP/s (integer operations count as FLOP)."""
    memory_capacity: Figure | None = None
    memory_bandwidth: Figure | None = None
    scaleup_bandwidth: Figure | None = None
    """Per chip, one way."""
    tdp: Figure | None = None
    die_area: Figure | None = None
    """Total compute silicon of the package."""
    process: Figure | None = None

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Every figure recorded, by its dotted key; peaks first."""
        found = ((key, getattr(self, name)) for key, name in self.figure_fields.items())
        peaks = {f"peak.{precision}": figure for precision, figure in self.peaks.items()}
        return peaks | {key: figure for key, figure in found if figure is not None}

    def peak(self, precision: str) -> Figure:
        """Dense peak at a precision such as "bf16". Raises ``MissingFigureError`` when it is not recorded."""
        figure = self.peaks.get(precision)
        if figure is None:
            known = tuple(self.peaks)
            otherwise = f", or use --precision {known[0]}" if known else ""
            raise missing_figure(self, f"'{precision}' peak", f"peak.{precision}", known, otherwise)
        return figure

    def peak_flop_per_s(self, precision: str) -> float:
        """Dense peak, FLOP/s."""
        return self.peak(precision).value

    @property
    def hbm_bytes(self) -> float:
        """Memory on the package, bytes."""
        return self.figure("memory.capacity").value

    @property
    def hbm_bytes_per_s(self) -> float:
        """Bandwidth of that memory, bytes/s."""
        return self.figure("memory.bandwidth").value

    @property
    def scaleup_bytes_per_s_per_chip_one_way(self) -> float:
        """Bandwidth into the scale-up domain, bytes/s per chip and direction."""
        return self.figure("scaleup.bandwidth_per_chip_one_way").value

    @property
    def tdp_w(self) -> float:
        """Rated power of the package, W."""
        return self.figure("power.tdp").value

    @property
    def die_area_m2(self) -> float:
        """Compute silicon, m²."""
        return self.figure("die.area").value

    @property
    def process_m(self) -> float:
        """Name of the process node as a length, m."""
        return self.figure("die.process").value


@dataclass(frozen=True, slots=True, kw_only=True)
class System(Figured):
    """How chips are built together: nodes, scale-up domain, networks, power."""

    figure_fields: ClassVar[Mapping[str, str]] = {
        "scaleup.domain_chips": "scaleup_domain",
        "scaleup.bandwidth_per_chip_one_way": "scaleup_bandwidth",
        "scaleout.bandwidth_per_chip_one_way": "scaleout_bandwidth",
        "power.per_chip": "power_per_chip",
    }

    key: str
    name: str
    chip: str
    chips_per_node: int
    """Chips under one host."""
    scaleup_fabric: str = ""
    """Key of the fabric; empty when the chips have no scale-up network."""
    scaleout_fabric: str = ""
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    scaleup_domain: Figure | None = None
    scaleup_bandwidth: Figure | None = None
    scaleout_bandwidth: Figure | None = None
    power_per_chip: Figure | None = None
    """Node power with hosts, fans and network cards, divided by its chips."""

    @property
    def scaleup_domain_chips(self) -> int:
        """Chips of one scale-up domain."""
        return round(self.figure("scaleup.domain_chips").value)

    @property
    def scaleup_bytes_per_s_per_chip_one_way(self) -> float:
        """Bandwidth into the scale-up domain, bytes/s per chip and direction."""
        return self.figure("scaleup.bandwidth_per_chip_one_way").value

    @property
    def scaleout_bytes_per_s_per_chip_one_way(self) -> float:
        """Bandwidth into the scale-out network, bytes/s per chip and direction."""
        return self.figure("scaleout.bandwidth_per_chip_one_way").value

    @property
    def power_w_per_chip(self) -> float:
        """Node power shared among its chips, W."""
        return self.figure("power.per_chip").value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fabric(Figured):
    """A network: topology, latency, reachable share of its bandwidth."""

    figure_fields: ClassVar[Mapping[str, str]] = {"latency": "latency", "efficiency": "reachable_share"}

    key: str
    name: str
    topology: str
    torus_dimensions: int = 0
    """Dimensions of a torus; 0 for any other topology."""
    optical_switches: bool = False
    """True where optical circuit switches join the blocks, so that a failed block is switched out."""
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    latency: Figure | None = None
    reachable_share: Figure | None = None

    @property
    def latency_s(self) -> float:
        """Time of one small message, software included, s."""
        return self.figure("latency").value

    @property
    def efficiency(self) -> float:
        """Reachable share of the bandwidth for large messages."""
        return self.figure("efficiency").value


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration(Figured):
    """Constants fitted to measurements, with the rows they came from."""

    figure_fields: ClassVar[Mapping[str, str]] = {}

    key: str
    family: str = ""
    """Chip family the constants hold for; empty for all."""
    topic: str = ""
    """What was fitted, such as "training"."""
    rows: tuple[str, ...] = ()
    """Identifiers of the measurements the fit has seen."""
    notes: tuple[str, ...] = ()
    file: str = ""
    constants: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Every constant, by its dotted key in the file."""
        return {f"constants.{key}": figure for key, figure in self.constants.items()}

    def constant(self, key: str) -> float:
        """Value of a constant. Raises ``MissingFigureError`` when it was not fitted."""
        return self.figure(f"constants.{key}").value
