"""Files of hazards as pydantic reads them. Import this module late: pydantic is slow to load."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tenfold.catalog.file_parts import FigureFile, Name, Strict, ThingFile, figure_field


class HazardComponentFile(Strict):
    """``[components.*]`` of hazards."""

    name: Name
    restart: Literal["node", "rack", "reconfigure"]
    least_domain_chips: int = Field(default=0, ge=0)
    rate_per_1000_unit_days: FigureFile | None = figure_field("1")
    chips_per_unit: FigureFile | None = figure_field("1")
    chips_stopped: FigureFile | None = figure_field("1")


class JobHazardFile(Strict):
    """``[job]`` of hazards."""

    rate_per_1000_node_days: FigureFile | None = figure_field("1")


class InfantMortalityFile(Strict):
    """``[infant_mortality]`` of hazards."""

    factor: FigureFile | None = figure_field("1")
    decay: FigureFile | None = figure_field("s")


class LemonNodesFile(InfantMortalityFile):
    """``[lemon_nodes]`` of hazards."""

    share: FigureFile | None = figure_field("1")


class SilentCorruptionFile(Strict):
    """``[silent_corruption]`` of hazards."""

    events_per_chip_day: FigureFile | None = figure_field("1")
    detection: FigureFile | None = figure_field("s")


class HazardsFile(ThingFile):
    """``hazards/*.toml``."""

    components: dict[Name, HazardComponentFile]
    job: JobHazardFile = JobHazardFile()
    infant_mortality: InfantMortalityFile = InfantMortalityFile()
    lemon_nodes: LemonNodesFile = LemonNodesFile()
    silent_corruption: SilentCorruptionFile = SilentCorruptionFile()
