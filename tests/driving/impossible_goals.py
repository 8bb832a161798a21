"""Random goals of every kind that ask too much of something: time, money, chips, power, latency, or hours on spot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from random_goals import random_question

from tenfold.catalog import Catalog
from tenfold.planning.plan import PlanQuestion
from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.portfolio import PlanPortfolioQuestion, PortfolioGoal
from tenfold.planning.plan.serve import PlanServeQuestion, ServeGoal, Service
from tenfold.planning.plan.serve.serve import answer
from tenfold.quantities import DAY_S

SERVED = ("llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b")
CHIPS = ("h100-sxm", "mi300x", "b200", "h200-sxm", "gb200", "a100-sxm-80gb")
SUPPLIES = ("on-demand", "reserved-1y", "spot", "own", "reserved-6m")


def impossible_run(seed: int) -> PlanQuestion:
    """A run with too little time, money or chips, or too little of all three."""
    question, rng = random_question(seed), np.random.default_rng(1000 + seed)
    goal, means, kind = question.goal, question.means, seed % 4
    if kind in (0, 3):
        goal = replace(goal, deadline_s=float(10 ** rng.uniform(-0.9, 1.0)) * DAY_S)
    if kind in (1, 3):
        means = replace(means, budget_usd=float(10 ** rng.uniform(2.0, 5.0)))
    if kind in (2, 3):
        means = replace(means, max_chips=int(rng.integers(1, 64)))
    return replace(question, goal=goal, means=means)


def impossible_service(seed: int, catalog: Catalog) -> PlanServeQuestion:
    """A service with too little money, chips or power, too short a latency, spot alone, or a budget just too small."""
    rng, kind = np.random.default_rng(seed), seed % 6
    service = replace(_service(rng, SERVED, most=3.0), precision=str(rng.choice(("bf16", "fp8"))))
    means = Means(
        chips=_some(rng, CHIPS, 2), supply=_some(rng, SUPPLIES, 3), sites=_some(rng, ("us-texas", "nordics"), 1)
    )
    goal = ServeGoal(
        service=service,
        availability=float(rng.choice((0.99, 0.999))),
        confidence=float(rng.choice((0.5, 0.7, 0.8, 0.9))),
    )
    if kind == 0:
        means = replace(means, budget_usd=float(10 ** rng.uniform(3.0, 5.5)))
    if kind == 1:
        means = replace(means, max_chips=int(rng.integers(1, 12)))
    if kind == 2:
        goal = replace(goal, service=replace(service, slo_tpot_s=float(10 ** rng.uniform(-3.5, -2.0))))
    if kind == 3:
        means = replace(means, supply=("spot",))
    if kind == 4:
        means = replace(means, power_w=float(10 ** rng.uniform(2.5, 4.5)))
    if kind == 5:
        best = answer(PlanServeQuestion(goal=goal, means=means), catalog).best
        if best is not None:
            means = replace(means, budget_usd=float(best.cash_usd.p90 * rng.uniform(0.75, 1.05)))
    return PlanServeQuestion(goal=goal, means=means)


def impossible_portfolio(seed: int) -> PlanPortfolioQuestion:
    """A service and a run with too little of something, or of several things at once."""
    rng, kind = np.random.default_rng(seed), seed % 6
    service = _service(rng, SERVED[:2], most=1.8)
    run = TrainGoal(
        model="llama-3.1-8b",
        tokens=float(10 ** rng.uniform(9.5, 11.5)),
        sequence_length=4096,
        global_batch=256,
        deadline_s=float(10 ** rng.uniform(1.3, 2.4)) * DAY_S,
    )
    supply = _some(rng, ("on-demand", "reserved-1y", "spot"), 2)
    means = Means(chips=_some(rng, CHIPS[:3], 1), supply=supply, sites=("us-texas",))
    if kind in (0, 5):
        means = replace(means, budget_usd=float(10 ** rng.uniform(3.0, 6.0)))
    if kind in (1, 5):
        means = replace(means, max_chips=int(rng.integers(1, 64)))
    if kind == 2:
        service = replace(service, slo_tpot_s=float(10 ** rng.uniform(-3.5, -2.0)))
    if kind == 3:
        means = replace(means, supply=("spot",))
    if kind in (4, 5):
        run = replace(run, deadline_s=float(rng.uniform(0.2, 0.6)) * DAY_S)
    return PlanPortfolioQuestion(goal=PortfolioGoal(), services=(service,), runs=(run,), means=means)


def _service(rng: np.random.Generator, models: tuple[str, ...], most: float) -> Service:
    """A service at up to 10 to the power of ``most`` requests a second."""
    return Service(
        model=str(rng.choice(models)),
        rate_per_s=float(10 ** rng.uniform(-0.5, most)),
        isl=int(rng.choice((256, 1024, 4096))),
        osl=int(rng.choice((64, 256, 512))),
        isl_spread=0.9,
        osl_spread=0.8,
        peak_to_mean=1.5,
        slo_ttft_s=float(rng.choice((0.5, 1.0, 3.0))),
        slo_tpot_s=float(rng.choice((0.03, 0.05, 0.1))),
        precision="fp8",
    )


def _some(rng: np.random.Generator, of: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Up to so many of them."""
    return tuple(sorted(rng.choice(of, size=int(rng.integers(1, most + 1)), replace=False).tolist()))
