"""Who finances whom: edges between players, what is due, and what happens when somebody cannot pay.

clearing   payments when everybody pays what they can: Eisenberg–Noe, Rogers–Veraart
debtrank   stress that travels before anybody defaults
"""

from tenfold.economics.network.clearing import Clearing, eisenberg_noe, rogers_veraart
from tenfold.economics.network.debtrank import DebtRank, debtrank, impact_matrix

__all__ = ["Clearing", "DebtRank", "debtrank", "eisenberg_noe", "impact_matrix", "rogers_veraart"]
