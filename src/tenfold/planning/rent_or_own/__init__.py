"""Renting, reserving, spot, colocation and owning compared over a horizon of price paths.

question, answer          what can be asked, and what is said; work, hours: chip-hours by quarter
rent_or_own               the answer put together
inputs, cash              draws and price paths; the cash of each supply by quarter
"""

from tenfold.planning.rent_or_own.answer import Crossing, PoolAnswer, RentOrOwnAnswer, SupplyAnswer
from tenfold.planning.rent_or_own.question import RentOrOwnQuestion

__all__ = ["Crossing", "PoolAnswer", "RentOrOwnAnswer", "RentOrOwnQuestion", "SupplyAnswer"]
