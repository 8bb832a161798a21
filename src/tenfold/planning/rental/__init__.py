"""A GPU cloud's books, judged: break-even price, returns, covenants.

question, fleet           what can be asked; dates, contradictions: quarters, and what contradicts itself
case                      the question with every amount as an input
rental, answer            the answer put together; what is said
inputs, draws, breaks     inputs of the books; draws of the uncertain amounts; where covenants break
market                    what the market pays, by quarter
"""

from tenfold.planning.rental.answer import CovenantAnswer, RentalAnswer, RentalDriver
from tenfold.planning.rental.question import RentalQuestion

__all__ = ["CovenantAnswer", "RentalAnswer", "RentalDriver", "RentalQuestion"]
