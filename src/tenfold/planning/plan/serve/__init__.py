"""A serving goal becomes a plan: traffic within a latency, the cheapest fleet that carries it.

traced            a trace → the traffic that it says
demand            traffic as stated → rates, lengths, what is cached
space, table      every chip and layout; what each gives at every batch, and up to which pace it keeps the latency
together, apart   candidates whose prompts share the chips, or have their own
counted           replicas for the peak, spares, whole nodes
sized, verified   candidates at their confidence; the winners simulated request by request
priced, planned   what fleets cost; the cheapest simulated and priced again
replayed          the trace through the best fleet: routers, and rules that scale
described, short  winners as records; what binds where nothing fits
"""

from tenfold.planning.plan.serve.answer import (
    FleetDesign,
    PlanServeAnswer,
    ReplayedFleet,
    ReplicaPlan,
    ServicePlan,
    TraceReplay,
)
from tenfold.planning.plan.serve.question import PlanServeQuestion, ServeGoal, Service

__all__ = [
    "FleetDesign",
    "PlanServeAnswer",
    "PlanServeQuestion",
    "ReplayedFleet",
    "ReplicaPlan",
    "ServeGoal",
    "Service",
    "ServicePlan",
    "TraceReplay",
]
