"""A plan made by hand, with every kind of record in it."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from tenfold.performance.layout import ParallelLayout
from tenfold.planning.plan import (
    Availability,
    Design,
    Driver,
    Evidence,
    Goal,
    Infeasible,
    Means,
    NearMiss,
    PlanAnswer,
    PlanQuestion,
    Probability,
)
from tenfold.quantities import Conflict, Figure, Made, NamedFigure, Percentiles, Shortfall

GOAL = Goal(
    model="llama-3.1-405b",
    tokens=15.6e12,
    sequence_length=8192,
    global_batch=2048,
    precision="bf16",
    deadline_s=90 * 86400.0,
    objective="cheapest",
    confidence=0.8,
)
MEANS = Means(
    budget_usd=150e6,
    max_chips=32768,
    supply=("on-demand", "reserved-1y", "own"),
    sites=("us-texas", "nordics"),
    power_w=30e6,
)
STEP_TERMS = {
    "matmul_s": 3.31,
    "attention_s": 0.42,
    "elementwise_s": 0.21,
    "launch_s": 0.02,
    "head_s": 0.08,
    "recompute_s": 0.0,
    "tensor_traffic_s": 0.47,
    "pipeline_traffic_s": 0.03,
    "overlap_tax_s": 0.06,
    "uneven_stages_s": 0.11,
    "bubble_s": 0.29,
    "data_traffic_s": 0.14,
    "optimizer_s": 0.04,
}
MEMORY = {
    "weights": 6.3e9,
    "gradients": 12.7e9,
    "optimizer": 0.6e9,
    "activations": 41.2e9,
    "logits": 2.1e9,
    "reserve": 5.0e9,
    "total": 67.9e9,
    "capacity": 80e9,
}


def spread(p50: float, low: float = 0.92, high: float = 1.12) -> Percentiles:
    return Percentiles(p10=p50 * low, p50=p50, p90=p50 * high)


def figure(name: str, value: float, unit: str, kind: str, source: str, **more: object) -> NamedFigure:
    as_of = datetime.date(2025, 6, 1)
    made = Figure(value=value, unit=unit, kind=kind, source=source, as_of=as_of, **more)  # type: ignore[arg-type]
    return NamedFigure(name=name, figure=made)


ASSUMPTIONS = (
    figure("reliability.restart", 780, "s", "assumption", "assumption-planning", low=300, high=1800,
           note="Detection, scheduling and loading a checkpoint; no operator publishes it for this size"),
    figure("planning.setup_days_rented", 604800, "s", "assumption", "assumption-planning", low=172800, high=2592000,
           note="Days from the order of rented chips to a first training step"),
    figure("prices.h100-sxm.on-demand.spread", 0.12, "1", "estimate", "Price index, https://example.com/index; weekly"),
)  # fmt: skip
FIGURES = (
    figure("chips.h100-sxm.peak.bf16", 989.4e12, "FLOP/s", "spec", "nvidia-h100-datasheet",
           checked="nvidia-whitepaper"),
    figure("chips.h100-sxm.memory.bandwidth", 3.35e12, "B/s", "spec", "nvidia-h100-datasheet",
           conflicts=(Conflict(value=3.0e12, source="early-slide"),)),
    figure("sites.us-texas.power.price", 0.0631, "USD/kWh", "filing", "eia-table-5-6-a", low=0.05, high=0.09),
    figure("prices.h100-sxm.on-demand", 2.99, "USD/h", "quote", "Lambda price page, https://lambda.ai/pricing."),
)  # fmt: skip
DRIVERS = (
    Driver(name="price of the chip", low="$2.49/h", high="$3.49/h", finish_days=(78.4, 78.4), cost_usd=(108e6, 151e6)),
    Driver(name="step time", low="4.7 s", high="5.9 s", finish_days=(71.3, 88.9), cost_usd=(118e6, 146e6)),
    Driver(
        name="failure rate", low="2.3 /1000 node-days", high="6.5", finish_days=(77.0, 81.2), cost_usd=(127e6, 133e6)
    ),
    Driver(name="restart time", low="5 min", high="30 min", finish_days=(77.6, 80.0), cost_usd=(128e6, 131e6)),
)


def design(chip: str, chips: int, supply: str, site: str, finish: float, cost: float, slow: float = 1.0) -> Design:
    terms = {name: value * slow for name, value in STEP_TERMS.items()}
    goodput = {"productive": 0.921, "checkpoint": 0.021, "lost_work": 0.034, "restart": 0.024}
    return Design(
        chip=chip,
        chips=chips,
        chips_ordered=chips,
        system=f"hgx-{chip.split('-')[0]}",
        layout=ParallelLayout(
            tp=8, pp=16, vpp=4, cp=1, ep=1, dp=chips // 128, zero=1, sequence_parallel=True,
            recompute="none", micro_batch=1, schedule="1f1b",
        ),
        global_batch=2048,
        supply=supply,
        site=site,
        software="megatron-core",
        step_time_s=spread(sum(terms.values())),
        tokens_per_s_per_chip=spread(197.0 / slow),
        mfu=spread(0.412 / slow, 0.9, 1.06),
        step_terms_s=terms,
        memory_bytes_per_chip=dict(MEMORY),
        goodput=Percentiles(p10=0.894, p50=0.921, p90=0.943),
        goodput_terms=goodput,
        lost_share=1.0 - goodput["productive"],
        checkpoint_interval_s=1430.0,
        finish_days=spread(finish),
        ready_days=spread(7.0),
        days_on_chips=spread(finish),
        cost_usd=spread(cost),
        finish_terms_days=dict(waiting=0.0, setup=7, productive=finish - 12.0, checkpoint=2, lost_work=2, restart=1),  # noqa: C408
        cost_terms_usd={"chips": cost * 0.91, "storage": cost * 0.02, "egress": cost * 0.005, "staff": cost * 0.065},
        cash_usd=spread(cost),
        recovered_usd=None,
        price_usd_per_chip_hour=None if supply == "own" else spread(2.99),
        holds=cost,
        power_mw=23.6,
        energy_mwh=44_200.0,
        water_m3=17_700.0,
        carbon_t=16_300.0,
        probability=Probability(in_time=0.94, in_budget=0.996, both=0.937),
        evidence=Evidence(runs=211, scale_ratio=1.4, providers=27, grade="A"),
        availability=Availability(
            known_max_chips=301_187, tier="short-contract", minimum_term_days=90.0, lead_time_days=45.0,
            lead_time_most_days=100.0, provider="coreweave", source="Epoch AI",
        ),
        calibration="hopper, 214 measured runs",
        outside_calibration=("more than 16,000 chips",),
    )  # fmt: skip


def rejected(chip: str, chips: int, supply: str, site: str, *kinds: str) -> Infeasible:
    reasons = tuple(Shortfall(kind=kind, short=f"{kind} short", nearest=f"more {kind}") for kind in kinds)
    return Infeasible(chip=chip, chips=chips, supply=supply, site=site, reasons=reasons)


def rejected_many() -> tuple[Infeasible, ...]:
    memory = Shortfall(kind="memory", short="18 GB of memory per chip short", nearest="TP 16 or 80 GB chips")
    late = Shortfall(kind="deadline", short="41 days late at P80", nearest="4,096 chips, or a deadline of 131 days")
    made = [
        Infeasible(chip="a100-sxm-40gb", chips=count, supply="on-demand", site="us-texas", reasons=(memory,))
        for count in (1024, 2048, 4096)
    ]
    made += [
        Infeasible(chip="tpu-v5e", chips=2048, supply=supply, site=site, reasons=(late, memory))
        for supply in ("on-demand", "reserved-1y", "own")
        for site in ("us-texas", "nordics", "uk")
    ]
    return (*made, *(rejected(f"chip-{index}", 64, "own", "uk", "price") for index in range(14)))


def make_plan() -> PlanAnswer:
    best = dataclasses.replace(design("h100-sxm", 16384, "on-demand", "us-texas", 78.4, 129e6), drivers=DRIVERS)
    others = (
        design("gb200", 6144, "on-demand", "us-texas", 71.2, 141e6, 0.9),
        design("h200-sxm", 16384, "reserved-1y", "nordics", 74.0, 148e6, 0.95),
        design("mi300x", 14336, "on-demand", "us-texas", 86.0, 133e6, 1.3),
        design("tpu-v5p", 16384, "reserved-1y", "nordics", 88.1, 137e6, 1.2),
        design("h100-sxm", 16384, "own", "us-texas", 258.0, 104e6),
        design("trainium2", 24576, "on-demand", "us-texas", 89.5, 139e6, 1.4),
    )
    return PlanAnswer(
        question=PlanQuestion(goal=GOAL, means=MEANS),
        made=Made(tenfold="0.1.0", catalog="3f9c21a0", overrides=("prices/rental.csv",), seed=7),
        global_batch=2048,
        tokens=15.6e12,
        objective="cheapest",
        best=best,
        alternatives=others,
        pareto=(best, others[0], others[4]),
        near_misses=(NearMiss(design=others[4], less_usd=25e6, sooner_days=0.0),),
        flips=(
            {
                "input": "price of the chip",
                "from": 2.99,
                "to": 3.31,
                "unit": "USD/h",
                "written": "",
                "choice": "6,144 × gb200, short contract",
            },
        ),
        infeasible=rejected_many(),
        missing_data=(rejected("chip-99", 64, "own", "any site", "price"),),
        assumptions=ASSUMPTIONS,
        figures=(*ASSUMPTIONS, *FIGURES),
        notes=("The global batch of 16.8M tokens is 2,048 sequences.",),
        designs_considered=1_284,
        layouts_considered=213_480,
    )


@pytest.fixture
def plan() -> PlanAnswer:
    return make_plan()


@pytest.fixture
def hopeless() -> PlanAnswer:
    """Nothing is feasible."""
    return dataclasses.replace(make_plan(), best=None, alternatives=(), pareto=())


@dataclasses.dataclass(frozen=True)
class Source:
    title: str
    url: str


@pytest.fixture
def sources() -> dict[str, Source]:
    return {
        "nvidia-h100-datasheet": Source("NVIDIA H100 datasheet", "https://example.com/h100.pdf"),
        "eia-table-5-6-a": Source("EIA, electric power monthly, table 5.6.A", "https://example.com/eia"),
        "assumption-planning": Source("Assumption of this catalog", ""),
    }
