"""A seller's offer among the prices that are known: asked (``question``), placed (``quote``), told (``answer``)."""

from tenfold.planning.quote.answer import QuoteAnswer
from tenfold.planning.quote.question import QuoteQuestion

__all__ = ["QuoteAnswer", "QuoteQuestion"]
