"""The rent-or-own file as pydantic reads it. Import late: pydantic loads slowly."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from tenfold.catalog.file_parts import Day, Name, Quantity, Strict

SupplyName = Literal["on-demand", "reserved-1y", "reserved-3y", "spot", "colocation", "own"]
SUPPLY_NAMES: tuple[SupplyName, ...] = get_args(SupplyName)


class DemandTable(Strict):
    """``[demand]``: how many chips and how busy, or the chip-hours of each quarter."""

    chip: Name = Field(description="Chip of the catalog")
    chips: Quantity | None = Field(default=None, description="Chips needed at the busiest; with utilisation")
    utilisation: Quantity | None = Field(default=None, description="Share of their hours with work, such as 0.6")
    chip_hours: Annotated[list[Quantity], Field(min_length=1)] | None = Field(
        default=None, description="Chip-hours of work of each quarter, the last repeated; instead of utilisation"
    )
    horizon: Quantity = Field(description="How long, such as '4 years'")
    parameters: Quantity = Field(description="Parameters of the model whose checkpoints are saved, such as '70B'")
    job_chips: Quantity | None = Field(default=None, description="Chips of one job; all when absent")


class MarketTable(Strict):
    """``[prices]``: what the user knows better than the catalog; USD per chip-hour, nominal."""

    as_of: Day | None = Field(default=None, description="When the prices below hold, such as '2026-11'")
    on_demand: Quantity | None = Field(default=None, description="Price on demand today, such as '$2.50/h'")
    spot: Quantity | None = Field(default=None, description="Price of spot today")
    reserved_1y: Quantity | None = Field(default=None, description="Price of a reservation of one year today")
    reserved_3y: Quantity | None = Field(default=None, description="Price of a reservation of three years today")
    long_run: Quantity | None = Field(default=None, description="On-demand price that today's returns to; else today's")
    purchase: Quantity | None = Field(default=None, description="Price of a chip, such as '$25K'")


class RevenueTable(Strict):
    """``[revenue]``: what the compute has to be paid from."""

    per_year: Quantity = Field(description="Revenue of a year, such as '$20M'")
    alert_share: Quantity = Field(default=0.3, description="Share of revenue above which compute is an alert")


class FirmTable(Strict):
    """One of ``[[pool.firms]]``."""

    name: Name
    chips: Quantity = Field(description="Chips busy on average")
    spread: Quantity = Field(description="Standard deviation of its demand over the average, such as 0.5")


class PoolTable(Strict):
    """``[pool]``: firms that could share chips."""

    firms: Annotated[list[FirmTable], Field(min_length=2)]
    correlation: float = Field(default=0.0, gt=-1, le=1, description="Of the demands of any two firms")
    service_level: Quantity = Field(default=0.95, description="Share of the time in which demand must be met")


class RentOrOwnDocument(Strict):
    """A rent-or-own file: what work there is, and from what it is paid."""

    demand: DemandTable
    site: Name = Field(default="us-texas", description="Site of owned chips")
    supplies: list[SupplyName] = Field(default=list(SUPPLY_NAMES), min_length=1, description="Ways to compare")
    prices: MarketTable = MarketTable()
    revenue: RevenueTable | None = None
    pool: PoolTable | None = None
    seed: int = Field(default=0, ge=0, description="Seed of the random draws")


def rent_or_own_json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a rent-or-own file."""
    schema = RentOrOwnDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
