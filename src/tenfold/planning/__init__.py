"""Planning: a goal and the means to reach it become a plan.

goal, plan       records that go in and come out
goal_file        the TOML a person writes; goal_schema, goal_values, goal_template beside it
model_choice     a model by catalog key or by ``config.json``
offers           what each chip can be had for
candidates       chips × counts, each with its fastest layout
inputs           the uncertain inputs, from the catalog
evaluate         finish and cost of designs as columns, axes (design, draw)
assess           chances and quantiles over the draws
choose, nearest  feasible, ranked, Pareto; what was short and the nearest change that would fit
designs, explain winners as records; their drivers and figures
planner          ``make_plan``

tco                 what a chip costs its owner over its life
outlook, campuses   failures simulated over the best design; its chips spread over the goal's sites
goodput, multisite, rental, rent_or_own, procurement, contagion   a package for each question beside ``plan``
"""

from __future__ import annotations

from tenfold.planning.goal import OBJECTIVES, SUPPLIES, Goal, Means, Objective, Supply
from tenfold.planning.goal_file import GoalFile, read_goal
from tenfold.planning.goal_template import GOAL_TEMPLATE
from tenfold.planning.plan import Design, Driver, Infeasible, LayoutChoice, Plan
from tenfold.planning.planner import make_plan

__all__ = [
    "GOAL_TEMPLATE",
    "OBJECTIVES",
    "SUPPLIES",
    "Design",
    "Driver",
    "Goal",
    "GoalFile",
    "Infeasible",
    "LayoutChoice",
    "Means",
    "Objective",
    "Plan",
    "Supply",
    "make_plan",
    "read_goal",
]
