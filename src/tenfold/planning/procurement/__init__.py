"""What to order now and what can wait, under risk.

question, markers, contradictions, seen   what can be asked; answer: what is said
quarters, speeds, workloads, options, costs, scenarios, build   from a question to a programme
programme          workloads, options, scenarios and limits as columns
model, rows        the linear programme as records
classes, rents, payments, effects, layout, recourse, limits, assemble   what its columns and rows are made of
solve, rounding    the relaxation, whole lots, the integer programme
frontier, shadow, elastic, outcome   what is told beside the plan
procurement        the answer put together
"""

from tenfold.planning.procurement.answer import CostTerms, FrontierPoint, Order, ProcureAnswer, ShadowPrice, SitePower
from tenfold.planning.procurement.question import ProcureQuestion

__all__ = ["CostTerms", "FrontierPoint", "Order", "ProcureAnswer", "ProcureQuestion", "ShadowPrice", "SitePower"]
