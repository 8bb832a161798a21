"""The file of ``tenfold multisite`` as pydantic reads it. Import late: pydantic loads slowly.

Only the structure is judged here; ``tenfold.planning.multisite.file`` reads the quantities and looks up the names.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tenfold.catalog.file_parts import Day, Name, Quantity, Strict
from tenfold.workloads.precision import PRECISIONS

PrecisionName = Annotated[str, Field(min_length=1, json_schema_extra={"enum": sorted(PRECISIONS)})]
Degrees = Annotated[float | int, Field(ge=-180, le=180)]


class RunTable(Strict):
    """``[run]``: what is trained and by which rule designs are ranked."""

    model: Name = Field(description="Model of the catalog")
    tokens: Quantity = Field(description="Training tokens, such as '15.6T'")
    sequence_length: Quantity = Field(description="Tokens per sequence")
    global_batch: Quantity = Field(description="'16M tokens', '2048 sequences', or a number of sequences")
    precision: PrecisionName = "bf16"
    start: Day = Field(description="Day the chips are there")
    objective: Literal["fastest", "cheapest"] = "fastest"
    supply: Literal["on-demand", "reserved-1y", "reserved-3y", "spot"] = Field(
        default="on-demand", description="Whose price is paid where a site names none"
    )
    algorithms: list[Name] = Field(default=[], description="Algorithms to consider; all when absent")
    sync_steps: list[Annotated[int, Field(ge=1, le=100_000)]] = Field(
        default=[], description="Steps between synchronisations to consider"
    )


class StageTable(Strict):
    """What a site can draw in all from a day on."""

    date: Day
    power: Quantity


class SiteTable(Strict):
    """``[sites.NAME]``: a campus with its chips."""

    site: Name = Field(description="Site of the catalog, for price of power, PUE, carbon and location")
    chip: Name
    chips: Quantity
    power: Quantity | None = Field(default=None, description="Facility power on the first day, such as '40 MW'")
    stages: list[StageTable] = Field(default=[], description="Power by date; each is the total from then on")
    queue: Quantity | None = Field(default=None, description="Wait for the grid from the start, such as '2 years'")
    build: Quantity | None = Field(default=None, description="Time to build from the start, such as '18 months'")
    cooling: Name | None = Field(default=None, description="Cooling of the catalog's site whose PUE counts")
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    price: Quantity | None = Field(
        default=None, description="Price of a chip, such as '$2/h'; the market's when absent"
    )


class LinkTable(Strict):
    """``[[links]]``: fibre between two sites."""

    between: list[Name] = Field(min_length=2, max_length=2)
    kind: Name = Field(default="long-haul-fibre", description="Class of link of the catalog")
    distance: Quantity | None = Field(
        default=None, description="Length of the fibre, such as '40 km'; from the locations when absent"
    )
    bandwidth: Quantity | None = Field(default=None, description="One way; a fibre pair of the class when absent")
    cost: Quantity | None = Field(default=None, description="Of the link, such as '$100/h'")


class MultisiteDocument(Strict):
    """A file of ``tenfold multisite``: a run, the sites there are, the links between them."""

    run: RunTable
    sites: dict[Name, SiteTable] = Field(min_length=1)
    links: list[LinkTable] = Field(default=[])
    seed: int = Field(default=0, ge=0, description="Seed of the random draws")


def multisite_json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a file of ``tenfold multisite``."""
    schema = MultisiteDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
