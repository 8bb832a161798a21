"""What a GPU cloud's books depend on.

A field of type ``Column`` is a number or a column of shape (draw, 1); series by quarter have shape (quarter,) or
(draw, quarter). Amounts are USD of the year and in the terms (nominal or real) that the caller keeps to throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.economics.cloud.taxes import TaxRules
from tenfold.economics.debt import Debt
from tenfold.economics.depreciation import Schedule
from tenfold.quantities import Column, Floats

NO_TAX = TaxRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Chips of one vintage, delivered over some quarters, used for a life, then sold."""

    name: str
    chips: Column
    delivered: Floats
    """Share of the chips that enter service at the start of each quarter, shape (quarter,); sums to 1."""
    paid_ahead_quarters: int
    """Quarters that the price is paid before delivery; until then it is a deposit."""
    capex_usd_per_chip: Mapping[str, Column]
    """By line: chips, hosts, network, …; they live and are resold together."""
    shell_usd_per_chip: Column
    """Building, power and cooling, paid with the chips; sold at its book value when they are."""
    shell_life_years: Column
    service_life_years: Column
    book_life_years: Column
    schedule: Schedule
    book_residual_share: Column
    resale_share: Column
    """Of the price of all lines but the shell, on retirement."""
    value_share: Floats | None = None
    """The same at the end of each quarter of age, which lenders lend against; straight to ``resale_share`` if None."""
    decommissioning_usd_per_chip: Column
    opex_usd_per_chip_year: Mapping[str, Column]
    """By line, for a chip in service all year, busy or idle."""
    market_price_usd_per_chip_hour: Floats
    """Of chips under no contract, shape (draw or 1, quarter)."""
    market_utilisation: Column
    """Share of the hours of chips under no contract that are sold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Chips of a fleet promised to one customer at a price."""

    name: str
    fleet: str
    chips: Column
    price_usd_per_chip_hour: Column
    active: Floats
    """Share of each quarter that the contract runs, shape (quarter,)."""
    take_or_pay_share: Column
    """Share of the hours that is billed whether used or not."""
    utilisation: Column
    """Share of the other hours that is used, and billed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """Debt that pays a share of what some fleets cost."""

    name: str
    kind: Debt
    fleets: tuple[str, ...]
    share: Column
    """Of every payment for those fleets, shell included."""
    rate_per_year: Column
    """A number, a column of draws, or one for each quarter: a floating rate."""
    term_quarters: int
    interest_only_quarters: int = 0
    """Quarters of each sum in which no principal is due."""
    reserve_quarters: int = 0
    """Quarters of debt service that are held in a reserve account, funded by the owners when the loan is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudInputs:
    """A GPU cloud: what it bought, sold, owes and pays."""

    quarters: int
    """Long enough for every fleet to be delivered and retired."""
    fleets: tuple[Fleet, ...]
    contracts: tuple[Contract, ...] = ()
    loans: tuple[Loan, ...] = ()
    overhead_usd_per_year: Column = 0.0
    """Costs of the firm, not of the chips: sales, offices, research; paid while a fleet is in service."""
    opex_change_per_year: Column = 0.0
    """Growth of every cost per chip and of overhead, from the first quarter on."""
    tax: TaxRules = NO_TAX
    tax_schedule: Schedule | None = None
    """Of all lines but the shell; None where tax follows the books."""
    cash_at_start_usd: Column = 0.0
    """Paid in by the owners in the first quarter, beside what they pay for fleets."""
