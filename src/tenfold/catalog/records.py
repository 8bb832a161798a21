"""Records of the catalog: sources, chips, systems, fabrics and calibrations, each with its figures.

Properties give a figure's value in the unit they are named after, and raise ``MissingFigureError`` where
nobody has recorded it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from tenfold.catalog.countries import Country
from tenfold.catalog.figure_files import FigureIn
from tenfold.catalog.figured import Figured, Own, missing_figure
from tenfold.quantities import Day, Figure, Key, Text, Whole

Name = Annotated[str, Text(longest=200)]
Precision = Literal["fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "fp6", "fp4", "int8", "int4"]
ChipKind = Literal["gpu", "training-asic", "inference-asic", "wafer-scale", "fpga", "cpu"]
if TYPE_CHECKING:
    PeakName = str
else:
    PeakName = Precision
Topology = Literal["switched", "torus", "mesh", "ring", "fat-tree", "rail", "dragonfly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where figures are from: title, address and date of a document."""

    key: Own = ""
    title: Name
    date: Annotated[datetime.date, Day()]
    url: str = ""
    """Empty for an assumption, whose note gives the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip(Figured):
    """An accelerator as sold: one package, all its compute dies together."""

    key: Own = ""
    name: Name
    vendor: Name
    family: Name
    """Chips of one family share calibrated efficiencies."""
    kind: ChipKind
    year: Annotated[int, Whole(1990, 2100)] = 0
    """Year of release; 0 when unknown."""
    made_in: Annotated[str, Country()] = "US"
    """Country whose export rules its maker is under, ISO 3166-1 alpha-2."""
    system: str = ""
    """Key of the default system; empty when unknown."""
    cores: Annotated[int, Whole(1, 64)] = 1
    """Parts of the chip that software may count as ranks of their own."""
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""
    peaks: Annotated[Mapping[PeakName, Annotated[Figure, FigureIn("FLOP/s")]], Key("peak")] = field(
        default_factory=dict
    )
    """Dense peak by precision, FLOP/s (integer operations count as FLOP)."""
    memory_capacity: Annotated[Figure | None, FigureIn("B"), Key("memory.capacity")] = None
    memory_bandwidth: Annotated[Figure | None, FigureIn("B/s"), Key("memory.bandwidth")] = None
    scaleup_bandwidth: Annotated[Figure | None, FigureIn("B/s"), Key("scaleup.bandwidth_per_chip_one_way")] = None
    """Per chip, one way."""
    tdp: Annotated[Figure | None, FigureIn("W"), Key("power.tdp")] = None
    die_area: Annotated[Figure | None, FigureIn("m2"), Key("die.area")] = None
    """Total compute silicon of the package."""
    process: Annotated[Figure | None, FigureIn("m"), Key("die.process")] = None

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

    key: Own = ""
    name: Name
    chip: Name
    chips_per_node: Annotated[int, Whole()]
    """Chips under one host."""
    scaleup_fabric: Annotated[str, Text(empty=True), Key("scaleup.fabric")] = ""
    """Key of the fabric; empty when the chips have no scale-up network."""
    scaleout_fabric: Annotated[str, Text(empty=True), Key("scaleout.fabric")] = ""
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""
    scaleup_domain: Annotated[Figure | None, FigureIn("1"), Key("scaleup.domain_chips")] = None
    scaleup_bandwidth: Annotated[Figure | None, FigureIn("B/s"), Key("scaleup.bandwidth_per_chip_one_way")] = None
    scaleout_bandwidth: Annotated[Figure | None, FigureIn("B/s"), Key("scaleout.bandwidth_per_chip_one_way")] = None
    power_per_chip: Annotated[Figure | None, FigureIn("W"), Key("power.per_chip")] = None
    """Node power with hosts, fans and network cards, divided by its chips."""
    sold_in: Annotated[Figure | None, FigureIn("1"), Key("sold_in_chips")] = None
    """Chips that a buyer gets together, such as those of a rack; those of a node where nothing is recorded."""

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
    def sold_in_chips(self) -> int:
        """Chips that are sold together to whoever buys them."""
        return self.chips_per_node if self.sold_in is None else round(self.sold_in.value)

    @property
    def power_w_per_chip(self) -> float:
        """Node power shared among its chips, W."""
        return self.figure("power.per_chip").value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fabric(Figured):
    """A network: topology, latency, reachable share of its bandwidth."""

    key: Own = ""
    name: Name
    topology: Topology
    torus_dimensions: int = 0
    """Dimensions of a torus; 0 for any other topology."""
    optical_switches: bool = False
    """True where optical circuit switches join the blocks, so that a failed block is switched out."""
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""
    latency: Annotated[Figure | None, FigureIn("s")] = None
    reachable_share: Annotated[Figure | None, FigureIn("1"), Key("efficiency")] = None

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

    key: Own = ""
    family: str = ""
    """Chip family the constants hold for; empty for all."""
    topic: str = ""
    """What was fitted, such as "training"."""
    rows: tuple[str, ...] = ()
    """Identifiers of the measurements the fit has seen."""
    notes: tuple[str, ...] = ()
    file: Own = ""
    constants: Mapping[str, Annotated[Figure, FigureIn()]] = field(default_factory=dict)

    def constant(self, key: str) -> float:
        """Value of a constant. Raises ``MissingFigureError`` when it was not fitted."""
        found = self.constants.get(key)
        return self.figure(f"constants.{key}").value if found is None else found.value
