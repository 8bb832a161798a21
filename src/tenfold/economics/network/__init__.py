"""Who finances whom: edges between players, what is due, and what happens when somebody cannot pay.

due          what a contract makes due in a year
network      the year as arrays: who owes whom, and what each player has from outside
shocks       shocks ─▶ means and liabilities by scenario
clearing     payments when everybody pays what they can: Eisenberg–Noe, Rogers–Veraart
stress       clearing under shocks, with backstops that pay when buyers fail
reverse      the smallest shock that breaks something
debtrank     stress that travels before anybody defaults
circularity  how much of a supplier's sales comes back from its own money, by cycle
measures     leverage, revenue against what is due, the stake a warrant buys
"""

from tenfold.economics.network.circularity import Circularity, Cycle, circularity
from tenfold.economics.network.clearing import Clearing, eisenberg_noe, rogers_veraart
from tenfold.economics.network.debtrank import DebtRank, debtrank, impact_matrix
from tenfold.economics.network.due import EdgeDue, LeftOut, due_in, edges_due
from tenfold.economics.network.measures import leverage, revenue_coverage, warrant_stake
from tenfold.economics.network.network import Network, funding_needed_usd, square_of
from tenfold.economics.network.reverse import smallest_breaking
from tenfold.economics.network.shocks import (
    DebtTerms,
    Shocks,
    no_shocks,
    shocked_liabilities_usd,
    shocked_means_usd,
    shocked_supply_usd,
)
from tenfold.economics.network.stress import Stressed, stress

__all__ = [
    "Circularity",
    "Clearing",
    "Cycle",
    "DebtRank",
    "DebtTerms",
    "EdgeDue",
    "LeftOut",
    "Network",
    "Shocks",
    "Stressed",
    "circularity",
    "debtrank",
    "due_in",
    "edges_due",
    "eisenberg_noe",
    "funding_needed_usd",
    "impact_matrix",
    "leverage",
    "no_shocks",
    "revenue_coverage",
    "rogers_veraart",
    "shocked_liabilities_usd",
    "shocked_means_usd",
    "shocked_supply_usd",
    "smallest_breaking",
    "square_of",
    "stress",
    "warrant_stake",
]
