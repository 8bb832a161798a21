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
)
from tenfold.planning.plan.means import Existing, Means, Quoted
from tenfold.planning.plan.question import PlanQuestion, TrainGoal, time_allowed_s
from tenfold.planning.plan.verdicts import ANY_SUPPLY, Availability, Evidence, Infeasible, Probability

Goal = TrainGoal
"""What can be planned for."""

__all__ = [
    "ANY_SUPPLY",
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
    "TrainGoal",
    "time_allowed_s",
]
