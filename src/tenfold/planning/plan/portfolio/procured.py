"""Works of a portfolio handed to a procurement plan: demand by quarter in H100e, worth of chips by prediction."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from tenfold.catalog import Catalog
from tenfold.planning.plan.answer import Design, PlanAnswer
from tenfold.planning.plan.goal import time_allowed_s
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.portfolio.day import weeks_in
from tenfold.planning.plan.portfolio.handed import Handed
from tenfold.planning.plan.portfolio.question import names_of
from tenfold.planning.plan.portfolio.works import Alone, Asker, Host, Hosted, Placed
from tenfold.planning.plan.serve.answer import FleetDesign, PlanServeAnswer
from tenfold.planning.plan.serve.question import SLOS, Service
from tenfold.quantities import DAY_S, Floats, format_quantity

H100 = "h100-sxm"
BF16 = "bf16"
WEEKS_PER_QUARTER = 13


def handed_of(asker: Asker, plans: Alone, placed: Placed) -> Iterator[Handed]:
    """Works in their order, each as the workload it is."""
    names, question = names_of(asker.question), asker.question
    for name, host in zip(names, placed.services, strict=False):
        designs = [host.design, *_designs(host.answer), *_on_h100(asker, host)]
        yield handed_service(asker.catalog, name, host.service, designs, host.taken, question.goal.period_s)
    for name, own, at in zip(names[len(placed.services) :], plans.runs, placed.runs, strict=True):
        design = at.design if isinstance(at, Hosted) else own.best
        if design is not None:
            yield handed_run(name, own, design)


def _designs(answer: PlanServeAnswer) -> Iterator[FleetDesign]:
    yield from (each for each in (answer.best, *answer.alternatives) if each is not None)


def _on_h100(asker: Asker, host: Host) -> Iterator[FleetDesign]:
    """The service on the unit of procurement, at any site and supply, where no design is on it."""
    if any(each.chip == H100 for each in (host.design, *_designs(host.answer))):
        return
    yield from _designs(asker.service(host.service, Means(chips=(H100,))))


def handed_service(
    catalog: Catalog, name: str, service: Service, designs: Sequence[FleetDesign], taken: Floats, period_s: float
) -> Handed:
    """Demand of a service: chips that its first design needs by week, in H100e; ``designs`` are on any chips.

    Where no design is on an H100, a chip is worth its dense bf16 peak, as a procurement plan has it.
    """
    best, worth = designs[0], dict[str, float]()
    carried = {each.chip: carried_per_chip(each) for each in reversed(designs)}
    if H100 in carried:
        worth = {chip: each / carried[H100] for chip, each in sorted(carried.items())}
    peaks = catalog.chip(best.chip).peak_flop_per_s(BF16) / catalog.chip(H100).peak_flop_per_s(BF16)
    unit, weeks = worth.get(best.chip, peaks), weeks_in(period_s)
    quarters = max(round(weeks / WEEKS_PER_QUARTER), 1)
    last = [min(WEEKS_PER_QUARTER * (quarter + 1), weeks) - 1 for quarter in range(quarters)]
    said = [(each, getattr(service, each)) for each in SLOS]
    slo = ", ".join(
        f"{each.removeprefix('slo_').removesuffix('_s').upper()} {format_quantity(most, 's')}"
        for each, most in said
        if most is not None
    )
    demand = tuple(float(taken[week].max()) * unit for week in last)
    return Handed(name=name, kind="serve", demand_h100e=demand, slo=slo, h100e_per_chip=worth, run={})


def carried_per_chip(design: FleetDesign) -> float:
    """Requests a second for a chip of both sides together, spares aside, 1/s: 1/Σ(chips ÷ what a replica carries)."""
    sides = [each for each in (design.layout, design.prefill_layout) if each is not None]
    return 1.0 / sum(each.chips / each.requests_per_s for each in sides)


def handed_run(name: str, answer: PlanAnswer, design: Design) -> Handed:
    """A run as its goal has it, on the chips of its design."""
    goal = answer.question.goal
    run: dict[str, str | int | float] = {
        "model": goal.model,
        "tokens": answer.tokens,
        "sequence_length": goal.sequence_length,
        "global_batch": f"{answer.global_batch} sequences",
        "precision": goal.precision,
        "cluster_chips": design.chips,
    }
    if goal.deadline_s is not None and goal.start is not None:
        run["deadline"] = _day_after(goal.start.toordinal(), time_allowed_s(goal) / DAY_S)
    return Handed(name=name, kind="train", demand_h100e=(), slo="", h100e_per_chip={}, run=run)


def _day_after(ordinal: int, days: float) -> str:
    return datetime.date.fromordinal(ordinal + int(days)).isoformat()
