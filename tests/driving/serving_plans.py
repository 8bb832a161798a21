"""Services that are planned in tests."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.plan.means import Means, Quoted
from tenfold.planning.plan.serve import PlanServeAnswer, PlanServeQuestion, ServeGoal, Service
from tenfold.planning.plan.serve.candidates import sized_of
from tenfold.planning.plan.serve.demand import demand_of
from tenfold.planning.plan.serve.serve import answer
from tenfold.planning.plan.serve.sized import Sized
from tenfold.planning.plan.serve.space import find_space
from tenfold.quantities import YEAR_S
from tenfold.workloads import find_model

CATALOG = load_catalog()
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SERVICE = Service(
    model="llama-3.1-70b",
    rate_per_s=20.0,
    isl=1024,
    osl=256,
    isl_spread=0.96,
    osl_spread=0.77,
    peak_to_mean=1.5,
    slo_ttft_s=1.0,
    slo_tpot_s=0.05,
)
H100 = Means(chips=("h100-sxm",), supply=("on-demand", "reserved-1y", "own"), sites=("us-texas",))
QUOTED = Means(
    chips=("h100-sxm",), supply=("quote",), quotes=(Quoted(chip="h100-sxm", chips=60_000, price_usd_per_chip_hour=2.0),)
)


@cache  # many tests look at the same plan
def planned(
    service: Service = SERVICE, means: Means = H100, catalog: Catalog = CATALOG, **goal: Any
) -> PlanServeAnswer:
    return answer(PlanServeQuestion(goal=ServeGoal(service=service, **goal), means=means), catalog)


def sized(service: Service = SERVICE, chips: tuple[str, ...] = ("h100-sxm",), confidence: float = 0.8) -> Sized:
    demand = demand_of(service, YEAR_S, confidence, CATALOG)
    space, refused = find_space(CATALOG, service, find_model(CATALOG, service.model), chips, demand)
    assert space is not None, refused
    return sized_of(service, demand, space)


def paid(found: PlanServeAnswer) -> float:
    """What the best costs at a price that is known; infinite where nothing carries the traffic."""
    return math.inf if found.best is None else found.best.cost_usd.p50


def held(found: PlanServeAnswer) -> float:
    """What the best is ranked by; infinite where nothing carries the traffic."""
    return math.inf if found.best is None else found.best.holds_usd
