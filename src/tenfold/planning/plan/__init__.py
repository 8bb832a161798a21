"""A goal and the means to reach it become a plan: asked (``question``), planned (``plan``), told (``answer``)."""

from tenfold.planning.plan.answer import (
    CampusOutlook,
    Design,
    Driver,
    FailureOutlook,
    NearMiss,
    Optimum,
    PlanAnswer,
    SmallerModel,
    Stress,
    Stressed,
)
from tenfold.planning.plan.goal import TrainGoal, time_allowed_s
from tenfold.planning.plan.means import EXISTING, RENTED, THERE, USED, Existing, Means, Quoted, joining
from tenfold.planning.plan.question import PlanQuestion
from tenfold.planning.plan.verdicts import ANY_SUPPLY, Evidence, Flip, Infeasible, Probability, nearest_of
from tenfold.planning.supply.availability import BINDING, Availability, chips_words, had_as, had_name

Goal = TrainGoal
"""What can be planned for."""

__all__ = [
    "ANY_SUPPLY",
    "BINDING",
    "EXISTING",
    "RENTED",
    "THERE",
    "USED",
    "Availability",
    "CampusOutlook",
    "Design",
    "Driver",
    "Evidence",
    "Existing",
    "FailureOutlook",
    "Flip",
    "Goal",
    "Infeasible",
    "Means",
    "NearMiss",
    "Optimum",
    "PlanAnswer",
    "PlanQuestion",
    "Probability",
    "Quoted",
    "SmallerModel",
    "Stress",
    "Stressed",
    "TrainGoal",
    "chips_words",
    "had_as",
    "had_name",
    "joining",
    "nearest_of",
    "time_allowed_s",
]
