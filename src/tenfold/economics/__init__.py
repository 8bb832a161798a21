"""Economics: what chips cost to rent and to own.

rental      rent by the hour, with a term that must be paid in full
capital     straight line, capital recovery, average interest
price_paths the price of renting as a mean-reverting process with scarcity; price_fit its constants from histories
supplies    cash by quarter of renting, reserving, colocation, owning; crossover where one overtakes another
pooling     chips that firms with uncorrelated peaks need together
ownership   capital per chip, cost of a chip hour with its terms, cost of a run, break-even price
lifetime, topologies   cost over a life by line, per FLOP, run, Mtoken, MW; what a network costs by topology
depreciation, resale   value in the books and on sale, by age
returns     NPV, IRR, payback, ROE, DSCR of cash flows
debt        level payment, equal principal, bullet, cash sweep
cloud       a GPU cloud's books by quarter
"""

from tenfold.economics.capital import (
    average_interest_usd_per_year,
    capital_recovery_factor,
    capital_recovery_usd_per_year,
    straight_line_usd_per_year,
)
from tenfold.economics.ownership import (
    CapexPerChip,
    CostPerChipHour,
    OwnedRunCost,
    OwnershipInputs,
    capex_per_chip,
    energy_usd_per_chip_hour,
    owned_run_cost,
    tco_usd_per_chip_hour,
)
from tenfold.economics.rental import TERM_DAYS, RentalCost, rent_cost_usd, rental_cost

__all__ = [
    "TERM_DAYS",
    "CapexPerChip",
    "CostPerChipHour",
    "OwnedRunCost",
    "OwnershipInputs",
    "RentalCost",
    "average_interest_usd_per_year",
    "capex_per_chip",
    "capital_recovery_factor",
    "capital_recovery_usd_per_year",
    "energy_usd_per_chip_hour",
    "owned_run_cost",
    "rent_cost_usd",
    "rental_cost",
    "straight_line_usd_per_year",
    "tco_usd_per_chip_hour",
]
