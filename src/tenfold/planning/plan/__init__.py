"""A goal and the means to reach it become a plan: asked (``question``), planned (``plan``), told (``answer``)."""

from tenfold.planning.plan.answer import (
    CampusOutlook,
    Design,
    Driver,
    FailureOutlook,
    Infeasible,
    PlanAnswer,
)
from tenfold.planning.plan.question import Means, PlanQuestion, TrainGoal, time_allowed_s

Goal = TrainGoal
"""What can be planned for."""

__all__ = [
    "CampusOutlook",
    "Design",
    "Driver",
    "FailureOutlook",
    "Goal",
    "Infeasible",
    "Means",
    "PlanAnswer",
    "PlanQuestion",
    "TrainGoal",
    "time_allowed_s",
]
