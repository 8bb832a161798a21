"""A goal and the means to reach it become a plan: asked (``question``), planned (``plan``), told (``answer``)."""

from tenfold.planning.plan.answer import (
    CampusOutlook,
    Design,
    Driver,
    FailureOutlook,
    Flip,
    NearMiss,
    PlanAnswer,
    Stress,
    Stressed,
)
from tenfold.planning.plan.question import Existing, Means, PlanQuestion, Quoted, TrainGoal, time_allowed_s
from tenfold.planning.plan.verdicts import Evidence, Infeasible, Probability, nearest_of
from tenfold.planning.supply.availability import Availability

Goal = TrainGoal
"""What can be planned for."""

__all__ = [
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
    "PlanAnswer",
    "PlanQuestion",
    "Probability",
    "Quoted",
    "Stress",
    "Stressed",
    "TrainGoal",
    "nearest_of",
    "time_allowed_s",
]
