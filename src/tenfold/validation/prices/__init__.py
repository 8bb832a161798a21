"""Constants of price paths, fitted to the history of prices.

question, answer      what can be asked, what is said; the answer becomes a calibration of the catalog (``overlay``)
histories, backtest   monthly histories of chips; how well rivals foretell months left out
prices                the answer put together
"""

from tenfold.validation.prices.answer import CalibratePricesAnswer
from tenfold.validation.prices.question import CalibratePricesQuestion

__all__ = ["CalibratePricesAnswer", "CalibratePricesQuestion"]
