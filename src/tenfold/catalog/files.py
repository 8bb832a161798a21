"""Files of the catalog as pydantic reads them: which keys a file may have and in which unit each figure is.

Only the structure is judged here; ``tenfold.catalog.figures`` reads the figures and ``tenfold.catalog.building``
makes the records. Import this module late: pydantic is slow to load.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field, RootModel, create_model

from tenfold.catalog.file_parts import Day, FigureFile, Name, Strict, ThingFile, figure_field
from tenfold.catalog.hardware_files import ChipFile, FabricFile, SystemFile
from tenfold.catalog.hazard_files import HazardsFile
from tenfold.catalog.models import TransformerShape
from tenfold.catalog.place_files import LinkFile, SiteFile


class SourceFile(Strict):
    """One table of a file of sources."""

    title: Name
    date: Day
    url: str = ""


class SourcesFile(RootModel[dict[str, SourceFile]]):
    """``sources/*.toml``: a table for each source."""


PlayerKind = Literal["chip-supplier", "hyperscaler", "cloud", "ai-lab", "lender", "investor", "vehicle", "other"]


class PlayerFile(ThingFile):
    """``players/*.toml``: US dollars, nominal, of the year or the day that ``as_of`` names."""

    kind: PlayerKind
    revenue: FigureFile | None = figure_field("USD")
    operating_cash_flow: FigureFile | None = figure_field("USD")
    cash: FigureFile | None = figure_field("USD")
    equity: FigureFile | None = figure_field("USD")
    debt: FigureFile | None = figure_field("USD")
    shares_outstanding: FigureFile | None = figure_field("1")


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

    parameters: FigureFile | None = figure_field("parameters")
    active_parameters: FigureFile | None = figure_field("parameters")


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
    default_for: list[Name] = Field(default=[])
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
    by_precision: dict[str, GradientsFile] = Field(default={})


class ThresholdsFile(Strict):
    """``[thresholds]`` of an export rule."""

    tpp: FigureFile | None = figure_field("1")
    tpp_when_dense: FigureFile | None = figure_field("1")
    performance_density: FigureFile | None = figure_field("1")
    largest_process: FigureFile | None = figure_field("m")


class ExportRuleFile(ThingFile):
    """``export_rules/*.toml``."""

    thresholds: ThresholdsFile = ThresholdsFile()


class AssumptionsFile(RootModel[dict[str, FigureFile]]):
    """``assumptions/*.toml`` with its nested tables flattened to dotted keys."""


class CalibrationFile(Strict):
    """``calibrations/*.toml`` with the nested tables of ``constants`` flattened to dotted keys."""

    family: str = ""
    topic: str = ""
    rows: list[str] = Field(default=[])
    notes: list[str] = Field(default=[])
    constants: dict[str, FigureFile] = Field(default={})


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
