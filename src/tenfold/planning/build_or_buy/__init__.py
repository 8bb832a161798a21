"""Calling a model, tuning one, serving one or training one: what each costs by month, and from which traffic on.

question, answer      what can be asked, and what is said
build_or_buy          the answer put together
own                   ways on chips of one's own as records
trained               the tuning or training run that is asked about
ways                  each way to answer on one's own: what a chip-hour serves and costs, and what is run before
inputs, monthly       draws; cost by month of each way
cases                 a custom chip, a mix with another chip, a build that may be stopped
"""

from tenfold.planning.build_or_buy.answer import (
    AsicCase,
    BuildOrBuyAnswer,
    Called,
    Crossover,
    MixCase,
    StagedCase,
    Way,
)
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion

__all__ = [
    "AsicCase",
    "BuildOrBuyAnswer",
    "BuildOrBuyQuestion",
    "Called",
    "Crossover",
    "MixCase",
    "StagedCase",
    "Way",
]
