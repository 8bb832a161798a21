"""The contagion file as pydantic reads it: which keys it has. Import late: pydantic loads slowly.

Only the structure is judged here; ``tenfold.planning.contagion.file`` reads the quantities and looks up the names.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from tenfold.catalog.deals import Cancelable, DealKind, DealStatus
from tenfold.catalog.file_parts import Day, Name, Quantity, Strict
from tenfold.catalog.files import PlayerKind

MOST_DRAWS = 1_000_000


def _range(value: object) -> object:
    if isinstance(value, dict):
        if {"low", "high"} <= value.keys() <= {"low", "mode", "high"}:
            return value
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return value
    remedy = "Write '40 %', { low = '0 %', high = '60 %' } or { low = …, mode = …, high = … }"
    raise PydanticCustomError("range", "is no share and no range", {"remedy": remedy})


def _schedule(value: object) -> object:
    if isinstance(value, (str, dict)):
        return value
    remedy = "Write 'level', 'bullet' or { 2026 = '$1B', 2027 = '$2B' }"
    raise PydanticCustomError("schedule", "is no schedule", {"remedy": remedy})


Range = Annotated[
    Any,
    PlainValidator(_range),
    WithJsonSchema({"description": "A share, or a range of shares: uniform, or triangular with a mode"}),
]
Schedule = Annotated[
    Any,
    PlainValidator(_schedule),
    WithJsonSchema({"description": "'level', 'bullet', or amounts by year"}),
]


class PlayerTable(Strict):
    """``[[players]]``: a new player, or figures in place of the catalog's."""

    key: Name
    name: str = ""
    kind: PlayerKind = "other"
    revenue: Quantity | None = Field(default=None, description="From outside the network in the year, such as '$20B'")
    costs: Quantity | None = Field(default=None, description="Paid outside the network in the year")
    cash: Quantity | None = Field(default=None, description="At the start of the year")
    funding: Quantity | None = Field(default=None, description="New money raised in the year; as needed when absent")
    equity: Quantity | None = Field(default=None, description="Book value")
    debt: Quantity | None = None
    source: str = ""


class EdgeTable(Strict):
    """``[[edges]]``: a deal; one with the key of a deal of the catalog replaces it."""

    key: Name
    payer: Name = Field(alias="from", description="Who pays")
    payee: Name = Field(alias="to", description="Who is paid")
    kind: DealKind
    amount: Quantity | None = Field(default=None, description="Of the whole contract, such as '$6.3B'")
    signed: Day | None = None
    starts: Day | None = None
    ends: Day | None = None
    term: Quantity | None = Field(default=None, description="Instead of the end, such as '5 years'")
    status: DealStatus = "in-force"
    cancelable: Cancelable = "unknown"
    cancelable_from: Day | None = None
    schedule: Schedule | None = Field(default=None, description="'level' when absent, if start and end are known")
    rate: Quantity | None = Field(default=None, description="Interest a year, such as '11 %'")
    shares: Quantity | None = None
    source: str = ""
    note: str = ""


class ScenarioTable(Strict):
    """``[[scenarios]]``: shocks that come together, as shares."""

    name: Name
    revenue_miss: dict[str, Quantity] = Field(default={}, description="By player")
    supplier_halt: dict[str, Quantity] = Field(
        default={}, description="By player: share of the year, nothing delivered"
    )
    chip_price_fall: Quantity = 0.0
    refinancing_stop: Quantity = Field(default=0.0, description="Share of maturities and of new funding that fails")


class DrawsTable(Strict):
    """``[draws]``: shocks drawn at random, independent of each other."""

    count: int = Field(default=10_000, ge=1, le=MOST_DRAWS)
    revenue_miss: dict[str, Range] = Field(default={}, description="By player")
    supplier_halt: dict[str, Range] = Field(default={}, description="By player")
    chip_price_fall: Range = 0.0
    refinancing_stop: Range = 0.0


class ContagionDocument(Strict):
    """A contagion file."""

    title: str = ""
    network: Literal["default", "given"] = Field(
        default="given", description="'default' takes the deals of the catalog; players and edges given change it"
    )
    year: int = Field(ge=2000, le=2100, description="Calendar year whose payments are cleared")
    cash_cover: Quantity | None = Field(default=None, description="Means and receipts over dues without a shock")
    refinanced_share: Quantity | None = None
    loan_to_value: Quantity | None = None
    loan_to_value_limit: Quantity | None = None
    recovery: Quantity | None = Field(default=None, description="Share of means and claims left after default")
    players: list[PlayerTable] = Field(default=[])
    edges: list[EdgeTable] = Field(default=[])
    scenarios: list[ScenarioTable] = Field(default=[])
    draws: DrawsTable | None = None
    seed: int = Field(default=0, ge=0, description="Seed of the random draws")


def contagion_json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a contagion file."""
    schema = ContagionDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
