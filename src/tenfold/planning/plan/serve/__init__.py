"""A serving goal becomes a plan: traffic within a latency, the cheapest fleet that carries it.

layouts, fleets   records that the steps below hand on; they stand on nothing of the room
traced            a trace → the traffic that it says
growth, demand    traffic as stated → rates, lengths, what is cached
tiers             where caches wait between turns, and what of them is still there
pace              one z for how slow a machine is, and what a replica carries then
space, table      every chip and layout; what each gives at every batch, and up to which pace it keeps the latency
counted           replicas for the peak, spares, whole nodes
together, apart   candidates whose prompts share the chips, or have their own
sized, candidates every layout timed; candidates at their confidence
verified          the winners simulated request by request
priced, planned   what fleets cost; the cheapest simulated and priced again
nearest           the fleets that are the least short, where none fits
described, near, short   winners as records; what misses; what binds where nothing fits
left, notes       what a model leaves of chips that are there; what is said beside the fleets
replayed          the trace through the best fleet: routers, and rules that scale
serve             the steps put together
"""

from tenfold.planning.drafts import SPECULATIONS, VERIFIED_TOKENS
from tenfold.planning.plan.serve.answer import (
    FleetDesign,
    PlanServeAnswer,
    ReplayedFleet,
    ReplicaPlan,
    ServicePlan,
    Total,
    TraceReplay,
)
from tenfold.planning.plan.serve.question import PlanServeQuestion, ServeGoal, Service

__all__ = [
    "SPECULATIONS",
    "VERIFIED_TOKENS",
    "FleetDesign",
    "PlanServeAnswer",
    "PlanServeQuestion",
    "ReplayedFleet",
    "ReplicaPlan",
    "ServeGoal",
    "Service",
    "ServicePlan",
    "Total",
    "TraceReplay",
]
