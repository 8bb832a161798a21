"""What renting a chip cost by month: asked (``question``), answered (``prices``, ``answer``)."""

from tenfold.planning.prices.answer import PricesShowAnswer
from tenfold.planning.prices.question import PricesShowQuestion

__all__ = ["PricesShowAnswer", "PricesShowQuestion"]
