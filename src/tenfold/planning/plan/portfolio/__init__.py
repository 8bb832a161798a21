"""Services and runs that share chips over time become one plan.

day, left        the shape of a day and of growth; what a service leaves of its fleet by week and hour
works            records that the steps hand on, and who plans single works: the questions that plan them are handed in
alone            every work by the plan function of its kind
hosted, shared   a run on what a service leaves, or on a larger fleet of it; where every run costs least
handed, procured the works as a procurement plan takes them: records, and how they come to be
told, portfolio  records of the answer; the steps put together
"""

from tenfold.planning.plan.portfolio.answer import (
    PlanPortfolioAnswer,
    PortfolioDesign,
    PortfolioFleet,
    PortfolioWork,
)
from tenfold.planning.plan.portfolio.question import PlanPortfolioQuestion, PortfolioGoal

__all__ = [
    "PlanPortfolioAnswer",
    "PlanPortfolioQuestion",
    "PortfolioDesign",
    "PortfolioFleet",
    "PortfolioGoal",
    "PortfolioWork",
]
