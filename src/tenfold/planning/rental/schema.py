"""The file of a GPU cloud as pydantic reads it: which keys it has and what each may hold. Import late.

Only the structure is judged here; ``tenfold.planning.rental.file`` reads the values and looks for contradictions.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from tenfold.catalog.file_parts import Day, Name, Quantity, Strict
from tenfold.quantities import FigureKind


class RangeTable(Strict):
    """A value that is not known exactly."""

    value: Quantity = Field(description="P50, or the most likely value of a triangle")
    low: Quantity | None = None
    high: Quantity | None = None
    distribution: Literal["percentiles", "uniform", "triangular"] = Field(
        default="percentiles", description="low and high are P10 and P90 of 'percentiles', the ends of the others"
    )
    kind: FigureKind = "assumption"
    source: str = ""
    note: str = ""


def _ranged(value: object) -> object:
    if isinstance(value, dict):
        known = RangeTable.model_fields
        wrong = [f"has an unknown key '{key}'" for key in value if key not in known]
        wrong += ["has no value"] if "value" not in value else []
        if wrong:
            raise PydanticCustomError("ranged", "{wrong}", {"wrong": wrong[0], "remedy": f"Known: {', '.join(known)}"})
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        remedy = "Write text such as '$1.99/h', or { value = '$1.99/h', low = '$1.60/h', high = '$2.40/h' }"
        raise PydanticCustomError("ranged", "is not a quantity", {"remedy": remedy})
    return value


Ranged = Annotated[
    Any,
    PlainValidator(_ranged),
    WithJsonSchema(
        {
            "type": ["string", "number", "object"],
            "description": "A quantity, or { value, low, high } with distribution, kind, source and note beside them",
        }
    ),
]


def _optional(text: str) -> Any:  # noqa: ANN401  (a pydantic field, like ``pydantic.Field`` itself)
    return Field(default=None, description=text)


class MoneyTable(Strict):
    """``[money]``: what every amount of the file is in."""

    currency: Literal["USD"]
    year: int = Field(ge=1990, le=2100, description="Year whose prices the amounts are in")
    terms: Literal["nominal", "real"] = Field(description="Whether later amounts hold inflation or leave it out")


class CloudTable(Strict):
    """``[cloud]``: the firm."""

    name: Name
    overhead_per_year: Ranged | None = _optional("Costs of the firm, not of the chips, such as '$20M'")
    opex_change_per_year: Ranged | None = _optional("Growth of every cost, such as '3 %'")
    tax_rate: Ranged | None = _optional("On income, such as '21 %'")
    tax_depreciation: Literal["books", "macrs-5"] = "books"
    cash_at_start: Ranged | None = _optional("Paid in by the owners beside their share of fleets")
    cost_of_equity: Ranged | None = _optional("Rate at which the owners' flows are discounted; no NPV without it")


class CapexTable(Strict):
    """``[fleets.capex_per_chip]``: amounts a chip."""

    all_in: Ranged | None = _optional("Everything together; leave the other lines out")
    chips: Ranged | None = None
    hosts: Ranged | None = None
    network: Ranged | None = None
    storage: Ranged | None = None
    installation: Ranged | None = None


class OpexTable(Strict):
    """``[fleets.opex_per_chip_year]``: amounts a chip and year."""

    staff: Ranged | None = None
    maintenance: Ranged | None = None
    software: Ranged | None = None
    insurance: Ranged | None = None
    network: Ranged | None = None
    other: Ranged | None = None


class OpexShareTable(Strict):
    """``[fleets.opex_share_of_capex_per_year]``: shares of all capex but the shell."""

    staff: Ranged | None = None
    maintenance: Ranged | None = None
    software: Ranged | None = None
    insurance: Ranged | None = None


class SpaceTable(Strict):
    """``[fleets.space]``: where the chips stand and what they draw."""

    rated_power: Ranged | None = _optional("A chip with its share of host and network, such as '1.275 kW'")
    colocation_per_kw_month: Ranged | None = _optional("Rent per rated kW, such as '$184.06'")
    shell: Ranged | None = _optional("Building, power and cooling per rated watt, such as '$11.55M/MW'")
    shell_life: Ranged | None = None
    site: str = Field(default="", description="Site of the catalog whose tariff, PUE and WUE hold where none is given")
    power_price: Ranged | None = _optional("Such as '$89/MWh'")
    pue: Ranged | None = None
    drawn_share: Ranged | None = _optional("Average draw over rated power")
    wue: Ranged | None = _optional("Such as '0.27 L/kWh'")
    water_price_per_m3: Ranged | None = None


class MarketTable(Strict):
    """``[fleets.market]``: chips under no contract."""

    price: Ranged = Field(description="When the fleet enters service, such as '$1.99/h'")
    utilisation: Ranged = Field(description="Share of their hours that is sold")
    change_per_year: Ranged | None = _optional("Such as '-10 %'")
    repriced: Literal["yearly", "quarterly"] = "yearly"


class ResaleTable(Strict):
    """``[fleets.resale]``: what the machines fetch on retirement."""

    share: Ranged | None = _optional("Of their price; leave the other key out")
    wear_per_year: Ranged | None = _optional("Decline with age alone; [[arrivals]] divide it further")


class FleetTable(Strict):
    """``[[fleets]]``: chips of one vintage."""

    name: Name
    chip: str = Field(default="", description="Chip of the catalog by key or alias; for the reader")
    chips: Ranged
    first_quarter: Day
    delivery_quarters: int = Field(default=1, ge=1, le=40, description="Equal deliveries, one a quarter")
    paid_ahead_quarters: int = Field(default=0, ge=0, le=12, description="Quarters paid before delivery")
    life: Ranged = Field(description="Until the chips are retired, such as '5 years'")
    book_life: Ranged | None = _optional("Life in the books; that of service when absent")
    depreciation: Literal["straight-line", "declining-balance", "sum-of-years", "macrs-5"] = "straight-line"
    book_residual_share: Ranged | None = None
    decommissioning_per_chip: Ranged | None = None
    capex_per_chip: CapexTable
    opex_per_chip_year: OpexTable = OpexTable()
    opex_share_of_capex_per_year: OpexShareTable = OpexShareTable()
    space: SpaceTable = SpaceTable()
    market: MarketTable
    resale: ResaleTable = ResaleTable()


class ContractTable(Strict):
    """``[[contracts]]``: chips promised to a customer."""

    name: Name
    fleet: Name
    chips: Ranged
    price: Ranged
    start: Day
    end: Day | None = _optional("Last day, month or quarter; or give a term")
    term: Quantity | None = _optional("Such as '3 years'; or give an end")
    take_or_pay: Ranged | None = _optional("Share billed whether used or not; all of it when absent")
    utilisation: Ranged | None = _optional("Share of the rest that is used")


class LoanTable(Strict):
    """``[[loans]]``: debt that pays a share of fleets."""

    name: Name
    kind: Literal["equal-principal", "level-payment", "bullet", "cash-sweep"]
    fleets: list[str] = Field(default=[], description="All when absent")
    share: Ranged
    rate: Ranged
    term: Quantity


class CovenantTable(Strict):
    """``[[covenants]]``: a ratio that lenders test each quarter."""

    kind: Literal["dscr", "debt-to-ebitda", "debt-to-assets", "cash"]
    limit: Quantity


class ArrivalTable(Strict):
    """``[[arrivals]]``: a better chip, which lowers what older ones fetch."""

    date: Day
    performance_per_dollar: Ranged = Field(description="Over that of the chips before it")


class RentalDocument(Strict):
    """A GPU cloud: what it bought, sold, owes and pays."""

    money: MoneyTable
    cloud: CloudTable
    fleets: list[FleetTable] = Field(min_length=1)
    contracts: list[ContractTable] = Field(default=[])
    loans: list[LoanTable] = Field(default=[])
    covenants: list[CovenantTable] = Field(default=[])
    arrivals: list[ArrivalTable] = Field(default=[])
    seed: int = Field(default=0, ge=0, description="Seed of the random draws")


def rental_json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of the file of a GPU cloud."""
    schema = RentalDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
