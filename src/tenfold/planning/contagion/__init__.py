"""Who cannot pay whom in a year under shocks.

question, values     what can be asked, and the kinds of values in it; answer: what is said
book                 the players and deals asked about: the catalog's with those of the question over them
network, reverse     arrays of the year; the smallest shock that breaks a second firm
contagion            the answer put together
"""

from tenfold.planning.contagion.answer import ContagionAnswer
from tenfold.planning.contagion.question import ContagionQuestion

__all__ = ["ContagionAnswer", "ContagionQuestion"]
