"""Files of chips, systems and fabrics as pydantic reads them. Import this module late: pydantic is slow to load."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tenfold.catalog.file_parts import FigureFile, Name, Strict, ThingFile, figure_field

Precision = Literal["fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "fp6", "fp4", "int8", "int4"]
ChipKind = Literal["gpu", "training-asic", "inference-asic", "wafer-scale", "fpga", "cpu"]
Topology = Literal["switched", "torus", "mesh", "ring", "fat-tree", "rail", "dragonfly"]


class ChipMemoryFile(Strict):
    """``[memory]`` of a chip."""

    capacity: FigureFile | None = figure_field("B")
    bandwidth: FigureFile | None = figure_field("B/s")


class ChipScaleupFile(Strict):
    """``[scaleup]`` of a chip."""

    bandwidth_per_chip_one_way: FigureFile | None = figure_field("B/s")


class ChipPowerFile(Strict):
    """``[power]`` of a chip."""

    tdp: FigureFile | None = figure_field("W")


class ChipDieFile(Strict):
    """``[die]`` of a chip."""

    area: FigureFile | None = figure_field("m2")
    process: FigureFile | None = figure_field("m")


class ChipFile(ThingFile):
    """``chips/*.toml``."""

    vendor: Name
    family: Name
    kind: ChipKind
    year: int = Field(default=0, ge=1990, le=2100)
    system: str = ""
    cores: int = Field(default=1, ge=1, le=64)
    peak: dict[Precision, FigureFile] = Field(default={}, json_schema_extra={"unit": "FLOP/s"})
    memory: ChipMemoryFile = ChipMemoryFile()
    scaleup: ChipScaleupFile = ChipScaleupFile()
    power: ChipPowerFile = ChipPowerFile()
    die: ChipDieFile = ChipDieFile()


class SystemScaleupFile(Strict):
    """``[scaleup]`` of a system."""

    fabric: str = ""
    domain_chips: FigureFile | None = figure_field("1")
    bandwidth_per_chip_one_way: FigureFile | None = figure_field("B/s")


class SystemScaleoutFile(Strict):
    """``[scaleout]`` of a system."""

    fabric: str = ""
    bandwidth_per_chip_one_way: FigureFile | None = figure_field("B/s")


class SystemPowerFile(Strict):
    """``[power]`` of a system."""

    per_chip: FigureFile | None = figure_field("W")


class SystemFile(ThingFile):
    """``systems/*.toml``."""

    chip: Name
    chips_per_node: int = Field(ge=1)
    scaleup: SystemScaleupFile = SystemScaleupFile()
    scaleout: SystemScaleoutFile = SystemScaleoutFile()
    power: SystemPowerFile = SystemPowerFile()


class FabricFile(ThingFile):
    """``fabrics/*.toml``."""

    topology: Topology
    torus_dimensions: int = Field(default=0, ge=0)
    optical_switches: bool = False
    latency: FigureFile | None = figure_field("s")
    efficiency: FigureFile | None = figure_field("1")
