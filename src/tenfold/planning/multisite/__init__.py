"""One run over several sites: algorithm, sync period and shares of the batch.

question, contradictions    what can be asked; answer: what is said
resolve, run                the run that a question means, everything looked up
had                         how every campus has its chips
looked_up                   its speeds, inputs, power and map
multisite                   the answer put together; ``compare_sites`` for a plan
columns, evaluate           designs as columns (algorithm × period × sites), evaluated at points of the uncertain inputs
scene                       what designs are worked out from, as records
inputs                      the uncertain inputs
speed, topology             how fast each campus trains its share; rings and shortest ways over the links
power, describe             whether a campus has the power; winners as records
"""

from tenfold.planning.multisite.answer import (
    Edge,
    LinkUse,
    MultisiteAnswer,
    MultisiteDesign,
    Node,
    NotHad,
    Sensitivity,
    SiteShare,
)
from tenfold.planning.multisite.question import MultisiteQuestion
from tenfold.planning.supply.availability import chips_words

__all__ = [
    "Edge",
    "LinkUse",
    "MultisiteAnswer",
    "MultisiteDesign",
    "MultisiteQuestion",
    "Node",
    "NotHad",
    "Sensitivity",
    "SiteShare",
    "chips_words",
]
