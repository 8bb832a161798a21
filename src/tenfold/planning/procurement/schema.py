"""The procurement file as pydantic reads it: its keys and what each may hold. Import late: pydantic loads slowly.

Only the structure is judged here; ``file`` reads the quantities and looks up the names.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from tenfold.catalog.file_parts import Day, Name, Quantity, Strict
from tenfold.catalog.hardware_files import ChipKind

Supply = Literal["own", "reserved-1y", "reserved-3y", "on-demand", "spot"]
EffectKind = Literal["demand", "price", "delay", "interruption", "ban", "faster-chip"]


def _by_quarter(value: object) -> object:
    entries = value if isinstance(value, list) else [value]
    if not entries or any(isinstance(entry, bool) or not isinstance(entry, (str, int, float)) for entry in entries):
        raise PydanticCustomError(
            "by_quarter", "is no quantity by quarter", {"remedy": "Write one quantity, or a list of one a quarter"}
        )
    return value


ByQuarter = Annotated[
    Any,
    PlainValidator(_by_quarter),
    WithJsonSchema({"type": ["string", "number", "array"], "description": "One quantity, or a list of one a quarter"}),
]


class ProgrammeTable(Strict):
    """``[programme]``: when, in which money, with how much care."""

    start: Day
    quarters: int = Field(ge=1, le=40)
    money: Literal["nominal", "real"] = Field(description="Whether amounts hold inflation")
    money_year: int = Field(ge=2000, le=2100, description="Year of the dollars: of the first quarter when nominal")
    discount_rate: Quantity = Field(description="A year, such as '10 %'")
    risk_aversion: Quantity = Field(default=0.0, description="λ: what a dollar of CVaR counts against one expected")
    cvar_level: Quantity = Field(default=0.9, description="α: CVaR is the mean of the worst 1 − α")
    max_vendor_share: Quantity | None = Field(default=None, description="Of the capacity ordered ahead")
    revenue: ByQuarter | None = None
    max_revenue_share: Quantity | None = Field(default=None, description="Compute over revenue, in every quarter")
    capital: ByQuarter | None = Field(default=None, description="Payments for chips in a quarter, such as '$40M'")
    useful_life: Quantity | None = None


class ExportTable(Strict):
    """``[export]``: which rule is applied, and to which countries."""

    rule: Name
    controlled_countries: list[Annotated[str, Field(pattern="^[A-Z]{2}$")]]


class WorkloadTable(Strict):
    """``[[workloads]]``: serving by quarter, or a training run by a deadline."""

    name: Name
    kind: Literal["serve", "train"]
    demand: ByQuarter | None = Field(default=None, description="Serving: H100e needed, by quarter")
    slo: str = ""
    work: Quantity | None = Field(default=None, description="Training: chip-hours of an H100")
    model: str = ""
    tokens: Quantity | None = None
    sequence_length: Quantity | None = None
    global_batch: Quantity | None = None
    precision: str = "bf16"
    cluster_chips: Quantity | None = Field(default=None, description="Chips at which speeds are predicted")
    start: Day | None = None
    deadline: Day | None = None
    max_h100e: Quantity | None = Field(default=None, description="Training: most H100e it can use at once")
    unserved: Quantity = Field(description="Penalty for each H100e-hour, such as '$6/h', or 'forbidden'")
    chips: list[Name] = Field(default=[])
    kinds: list[ChipKind] = Field(default=[])
    h100e_per_chip: dict[str, Quantity] = Field(default={}, description="Of single chips, where measured or known")


class SiteTable(Strict):
    """``[[sites]]``: a site of the catalog and what it offers."""

    site: Name
    power: ByQuarter | None = Field(default=None, description="At the meter, cooling included, such as '20 MW'")
    colocation: Quantity | None = Field(default=None, description="USD per kW of IT power and month, as a number")


class OptionTable(Strict):
    """``[[options]]``: a chip at a site from a supplier, on one kind of supply."""

    name: str = ""
    chip: Name
    site: Name
    supplier: Name
    supply: Supply
    price: ByQuarter | None = Field(default=None, description="USD per chip owned, per chip-hour rented; else catalog")
    lead_quarters: int = Field(default=0, ge=0, le=40)
    allocation: ByQuarter | None = Field(default=None, description="Most chips in a quarter")
    lot: int = Field(default=1, ge=1, description="Chips come in lots of this many")
    minimum_order: int = Field(default=0, ge=0, description="Chips; an order is none or at least this")
    deposit: Quantity = Field(default=1.0, description="Share of the price paid with the order")
    usable: Quantity | None = Field(default=None, description="Share of rented hours that do work; needed for spot")


class AllocationTable(Strict):
    """``[[allocations]]``: what a supplier allocates over several options."""

    name: Name
    max_chips: ByQuarter
    chips: list[Name] = Field(default=[])
    vendors: list[Name] = Field(default=[])
    suppliers: list[Name] = Field(default=[])
    sites: list[Name] = Field(default=[])


class EffectTable(Strict):
    """``[[scenarios.effects]]``: one thing that happens; names left out mean all."""

    kind: EffectKind
    since: Day | None = None
    until: Day | None = Field(default=None, description="First quarter after the effect")
    factor: Quantity = 1.0
    quarters: int = Field(default=0, ge=0, le=40)
    value_kept: Quantity = 1.0
    workloads: list[Name] = Field(default=[])
    chips: list[Name] = Field(default=[])
    vendors: list[Name] = Field(default=[])
    suppliers: list[Name] = Field(default=[])
    sites: list[Name] = Field(default=[])
    supplies: list[Supply] = Field(default=[])
    licensed_chips: bool = Field(default=False, description="Only chips that the export rule asks a licence for")


class ScenarioTable(Strict):
    """``[[scenarios]]``: what may happen; what is left of the probability is the base case."""

    name: Name
    probability: Quantity
    effects: list[EffectTable] = Field(default=[])


class ProcurementDocument(Strict):
    """A procurement file."""

    programme: ProgrammeTable
    export: ExportTable | None = None
    workloads: list[WorkloadTable] = Field(min_length=1)
    sites: list[SiteTable] = Field(min_length=1)
    options: list[OptionTable] = Field(min_length=1)
    allocations: list[AllocationTable] = Field(default=[])
    scenarios: list[ScenarioTable] = Field(default=[])
    seed: int = Field(default=0, ge=0)


def procurement_json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a procurement file."""
    schema = ProcurementDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
