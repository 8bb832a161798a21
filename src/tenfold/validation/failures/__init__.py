"""Failure rates of one's own machines, fitted to their logs.

question, answer    what can be asked, what is said; the answer becomes an overlay of the catalog (``overlay``)
rates, lemons       rates by cause with their posteriors; nodes that fail improbably often
failures            the answer put together
"""

from tenfold.validation.failures.answer import FailureFit, FittedRate, GoodputFitAnswer
from tenfold.validation.failures.question import GoodputFitQuestion

__all__ = ["FailureFit", "FittedRate", "GoodputFitAnswer", "GoodputFitQuestion"]
