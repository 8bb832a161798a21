"""Files of the catalog as pydantic reads them: which keys a file may have and in which unit each figure is.

Only the structure is judged here; ``tenfold.catalog.figures`` reads the figures and ``tenfold.catalog.building``
makes the records. Import this module late: pydantic is slow to load.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, RootModel, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from tenfold.catalog.models import TransformerShape
from tenfold.quantities import FigureKind

Precision = Literal["fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "fp6", "fp4", "int8", "int4"]
ChipKind = Literal["gpu", "training-asic", "inference-asic", "wafer-scale", "fpga", "cpu"]
Topology = Literal["switched", "torus", "mesh", "ring", "fat-tree", "rail", "dragonfly"]


def _quantity(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise PydanticCustomError("quantity", "is not a quantity", {"remedy": "Write text such as '3.35 TB/s'"})
    return value


def _date(value: object) -> object:
    if not isinstance(value, (str, datetime.date)):
        raise PydanticCustomError("date", "is not a date", {"remedy": "Write '2026-03-01', '2026-03' or '2026'"})
    return value


Quantity = Annotated[
    Any,
    PlainValidator(_quantity),
    WithJsonSchema({"type": ["string", "number"], "description": "A quantity such as '3.35 TB/s'"}),
]
Day = Annotated[
    Any,
    PlainValidator(_date),
    WithJsonSchema({"type": "string", "description": "2026-03-01, 2026-03, 2026Q3 or 2026"}),
]
Name = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ConflictFile(Strict):
    """Another published value of a figure."""

    value: Quantity
    source: Name


class FigureFile(Strict):
    """A figure: ``{ value = "3.35 TB/s", kind = "spec", source = "…", as_of = "2023-03" }``."""

    value: Quantity
    kind: FigureKind
    source: str = ""
    as_of: Day
    low: Quantity | None = None
    high: Quantity | None = None
    note: str = ""
    checked: str = ""
    conflicts: list[ConflictFile] = []


def _figure(unit: str) -> Any:  # noqa: ANN401  (a pydantic field, like ``pydantic.Field`` itself)
    """Make a field that holds a figure in ``unit``, or nothing."""
    return Field(default=None, json_schema_extra={"unit": unit})


class SourceFile(Strict):
    """One table of a file of sources."""

    title: Name
    date: Day
    url: str = ""


class SourcesFile(RootModel[dict[str, SourceFile]]):
    """``sources/*.toml``: a table for each source."""


class ChipMemoryFile(Strict):
    """``[memory]`` of a chip."""

    capacity: FigureFile | None = _figure("B")
    bandwidth: FigureFile | None = _figure("B/s")


class ChipScaleupFile(Strict):
    """``[scaleup]`` of a chip."""

    bandwidth_per_chip_one_way: FigureFile | None = _figure("B/s")


class ChipPowerFile(Strict):
    """``[power]`` of a chip."""

    tdp: FigureFile | None = _figure("W")


class ChipDieFile(Strict):
    """``[die]`` of a chip."""

    area: FigureFile | None = _figure("m2")
    process: FigureFile | None = _figure("m")


class ThingFile(Strict):
    """What every named thing may have."""

    name: Name
    aliases: list[Name] = []
    notes: list[str] = []


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
    domain_chips: FigureFile | None = _figure("1")
    bandwidth_per_chip_one_way: FigureFile | None = _figure("B/s")


class SystemScaleoutFile(Strict):
    """``[scaleout]`` of a system."""

    fabric: str = ""
    bandwidth_per_chip_one_way: FigureFile | None = _figure("B/s")


class SystemPowerFile(Strict):
    """``[power]`` of a system."""

    per_chip: FigureFile | None = _figure("W")


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
    latency: FigureFile | None = _figure("s")
    efficiency: FigureFile | None = _figure("1")


class SitePowerFile(Strict):
    """``[power]`` of a site."""

    price: FigureFile | None = _figure("USD/kWh")
    pue: FigureFile | None = _figure("1")
    carbon: FigureFile | None = _figure("kg/kWh")
    available: FigureFile | None = _figure("W")
    contracted: FigureFile | None = _figure("W")
    stages: dict[Name, FigureFile] = Field(default={}, json_schema_extra={"unit": "W"})
    queue: FigureFile | None = _figure("s")


class SiteLocationFile(Strict):
    """``[location]`` of a site, in degrees: north and east are positive."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    source: Name
    note: str = ""


class SiteCoolingFile(Strict):
    """``[cooling]`` of a site: PUE and WUE by the name of the cooling."""

    pue: dict[Name, FigureFile] = Field(default={}, json_schema_extra={"unit": "1"})
    wue: dict[Name, FigureFile] = Field(default={}, json_schema_extra={"unit": "L/kWh"})


class SiteBuildFile(Strict):
    """``[build]`` of a site."""

    time: FigureFile | None = _figure("s")


Hours = Annotated[list[Annotated[float, Field(ge=0, allow_inf_nan=False)]], Field(min_length=24, max_length=24)]


class HourShapeFile(Strict):
    """Twenty-four values relative to each other, the first for the hour after midnight."""

    relative: Hours
    source: Name
    note: str = ""


class SiteHoursFile(Strict):
    """``[hours]`` of a site."""

    price: HourShapeFile | None = None
    carbon: HourShapeFile | None = None


class SiteWaterFile(Strict):
    """``[water]`` of a site."""

    wue: FigureFile | None = _figure("L/kWh")


class SiteFile(ThingFile):
    """``sites/*.toml``."""

    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    power: SitePowerFile = SitePowerFile()
    water: SiteWaterFile = SiteWaterFile()
    location: SiteLocationFile | None = None
    cooling: SiteCoolingFile = SiteCoolingFile()
    build: SiteBuildFile = SiteBuildFile()
    hours: SiteHoursFile = SiteHoursFile()


class LinkFile(ThingFile):
    """``links/*.toml``."""

    latency: FigureFile | None = _figure("s/m")
    bandwidth: FigureFile | None = _figure("B/s")
    cost: FigureFile | None = _figure("USD/h")
    availability: FigureFile | None = _figure("1")
    route_factor: FigureFile | None = _figure("1")
    reach: FigureFile | None = _figure("m")


class HazardComponentFile(Strict):
    """``[components.*]`` of hazards."""

    name: Name
    restart: Literal["node", "rack", "reconfigure"]
    least_domain_chips: int = Field(default=0, ge=0)
    rate_per_1000_unit_days: FigureFile | None = _figure("1")
    chips_per_unit: FigureFile | None = _figure("1")
    chips_stopped: FigureFile | None = _figure("1")


class JobHazardFile(Strict):
    """``[job]`` of hazards."""

    rate_per_1000_node_days: FigureFile | None = _figure("1")


class InfantMortalityFile(Strict):
    """``[infant_mortality]`` of hazards."""

    factor: FigureFile | None = _figure("1")
    decay: FigureFile | None = _figure("s")


class LemonNodesFile(InfantMortalityFile):
    """``[lemon_nodes]`` of hazards."""

    share: FigureFile | None = _figure("1")


class SilentCorruptionFile(Strict):
    """``[silent_corruption]`` of hazards."""

    events_per_chip_day: FigureFile | None = _figure("1")
    detection: FigureFile | None = _figure("s")


class HazardsFile(ThingFile):
    """``hazards/*.toml``."""

    components: dict[Name, HazardComponentFile]
    job: JobHazardFile = JobHazardFile()
    infant_mortality: InfantMortalityFile = InfantMortalityFile()
    lemon_nodes: LemonNodesFile = LemonNodesFile()
    silent_corruption: SilentCorruptionFile = SilentCorruptionFile()


PlayerKind = Literal["chip-supplier", "hyperscaler", "cloud", "ai-lab", "lender", "investor", "vehicle", "other"]


class PlayerFile(ThingFile):
    """``players/*.toml``: US dollars, nominal, of the year or the day that ``as_of`` names."""

    kind: PlayerKind
    revenue: FigureFile | None = _figure("USD")
    operating_cash_flow: FigureFile | None = _figure("USD")
    cash: FigureFile | None = _figure("USD")
    equity: FigureFile | None = _figure("USD")
    debt: FigureFile | None = _figure("USD")
    shares_outstanding: FigureFile | None = _figure("1")


if TYPE_CHECKING:

    class ShapeFile(Strict):
        """``[shape]`` of a model: the fields of ``TransformerShape``."""
else:
    _SIZE = Annotated[float, Field(ge=0, allow_inf_nan=False)]
    ShapeFile = create_model(
        "ShapeFile",
        __base__=Strict,
        __doc__="``[shape]`` of a model: the fields of ``TransformerShape``.",
        **{
            field.name: (_SIZE, ... if field.default is dataclasses.MISSING else field.default)
            for field in dataclasses.fields(TransformerShape)
        },
    )


class PublishedFile(Strict):
    """``[published]`` of a model."""

    parameters: FigureFile | None = _figure("parameters")
    active_parameters: FigureFile | None = _figure("parameters")


class ModelFile(ThingFile):
    """``models/*.toml``."""

    family: Name
    source: Name
    max_sequence: int = Field(default=0, ge=0)
    shape: ShapeFile
    published: PublishedFile = PublishedFile()


class GradientsFile(Strict):
    """Gradient memory of a stack, for all precisions or for one of them."""

    gradient_bytes: float = Field(gt=0, le=8)
    gradient_copy_bytes: float = Field(default=0.0, ge=0, le=8)
    buffer_bytes: float = Field(default=0.0, ge=0, le=100e9)


class SoftwareFile(ThingFile, GradientsFile):
    """``software/*.toml``."""

    since: Day
    labels: list[Name]
    default_for: list[Name] = []
    fused_attention: bool
    sequence_parallel: bool
    interleaved: bool
    tensor_overlap: bool
    data_overlap: bool
    zero_stage: int = Field(ge=0, le=3)
    logit_bytes: float = Field(default=10.0, gt=0, le=20)
    pipeline_scatter: bool = True
    kernels_of: str = ""
    gradient_all_reduce: bool = False
    by_precision: dict[str, GradientsFile] = {}


class ThresholdsFile(Strict):
    """``[thresholds]`` of an export rule."""

    tpp: FigureFile | None = _figure("1")
    tpp_when_dense: FigureFile | None = _figure("1")
    performance_density: FigureFile | None = _figure("1")
    largest_process: FigureFile | None = _figure("m")


class ExportRuleFile(ThingFile):
    """``export_rules/*.toml``."""

    thresholds: ThresholdsFile = ThresholdsFile()


class AssumptionsFile(RootModel[dict[str, FigureFile]]):
    """``assumptions/*.toml`` with its nested tables flattened to dotted keys."""


class CalibrationFile(Strict):
    """``calibrations/*.toml`` with the nested tables of ``constants`` flattened to dotted keys."""

    family: str = ""
    topic: str = ""
    rows: list[str] = []
    notes: list[str] = []
    constants: dict[str, FigureFile] = {}


FILES: Mapping[str, type[BaseModel]] = {
    "sources": SourcesFile,
    "chips": ChipFile,
    "systems": SystemFile,
    "fabrics": FabricFile,
    "models": ModelFile,
    "sites": SiteFile,
    "links": LinkFile,
    "players": PlayerFile,
    "assumptions": AssumptionsFile,
    "calibrations": CalibrationFile,
    "software": SoftwareFile,
    "hazards": HazardsFile,
    "export_rules": ExportRuleFile,
}
"""The file model of each folder."""
