"""Who cannot pay whom in a year under shocks.

question, values     what can be asked, and the kinds of values in it; answer: what is said
book                 the players and deals asked about: the catalog's with those of the question over them
contradictions       what cannot be
prepared, network    the year as arrays, and how it is made
reverse              the smallest shock that breaks a second firm
contagion            the answer put together
"""

from tenfold.planning.contagion.answer import BreakingPoint, Cleared, ContagionAnswer, DrawnAnswer, Edge, ScenarioAnswer
from tenfold.planning.contagion.question import ContagionQuestion

__all__ = ["BreakingPoint", "Cleared", "ContagionAnswer", "ContagionQuestion", "DrawnAnswer", "Edge", "ScenarioAnswer"]
