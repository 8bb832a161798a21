"""Economics: what chips cost to rent and to own.

rental      rent by the hour, with a term that must be paid in full
capital     straight line, capital recovery, average interest
price_paths the price of renting as a mean-reverting process with scarcity; price_fit its constants from histories
supplies    cash by quarter of renting, reserving, colocation, owning; crossover where one overtakes another
pooling     chips that firms with uncorrelated peaks need together
owning      owning a chip by line: an hour, a life, a year and a run are sums over the same lines
unit_costs, topologies   an hour's cost per FLOP, run, Mtoken, MW; what a network costs by topology and size
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
from tenfold.economics.owning import (
    LINES,
    Owned,
    hour_usd,
    life_usd,
    resale_usd,
    run_usd,
    upfront_usd,
    usd_per_chip_hour,
)
from tenfold.economics.rental import TERM_DAYS, RentalCost, rent_cost_usd, rental_cost

__all__ = [
    "LINES",
    "TERM_DAYS",
    "Owned",
    "RentalCost",
    "average_interest_usd_per_year",
    "capital_recovery_factor",
    "capital_recovery_usd_per_year",
    "hour_usd",
    "life_usd",
    "rent_cost_usd",
    "rental_cost",
    "resale_usd",
    "run_usd",
    "straight_line_usd_per_year",
    "upfront_usd",
    "usd_per_chip_hour",
]
