"""A portfolio: every work planned alone, runs moved to what services leave where that is cheaper, both priced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tenfold.catalog import Catalog
from tenfold.planning.plan.means import is_limited, without_limits
from tenfold.planning.plan.portfolio.alone import alone, shares_of
from tenfold.planning.plan.portfolio.answer import PlanPortfolioAnswer, PortfolioDesign
from tenfold.planning.plan.portfolio.hosted import Usual, host_of, options_of, pause_figure
from tenfold.planning.plan.portfolio.nearest import asked_with, nearest_works
from tenfold.planning.plan.portfolio.procured import handed_of
from tenfold.planning.plan.portfolio.question import PlanPortfolioQuestion, names_of
from tenfold.planning.plan.portfolio.shared import apart, shared
from tenfold.planning.plan.portfolio.told import design_of
from tenfold.planning.plan.portfolio.works import Alone, Asker, Hosted, Placed, PlanRun, PlanServices, sure_usd
from tenfold.planning.plan.verdicts import ANY_SITE, ANY_SUPPLY, Infeasible, nearest_of
from tenfold.quantities import NamedFigure, Progress, Shortfall, assumptions_of, format_enough, format_quantity

SHARED, APART = "shared", "apart"
OF_QUESTION = "question/"


def answer(
    question: PlanPortfolioQuestion,
    catalog: Catalog,
    *,
    plan_services: PlanServices,
    plan_run: PlanRun,
    seed: int = 0,
    progress: Progress | None = None,
) -> PlanPortfolioAnswer:
    """Plan all works together. That some work has no chips, or the means are too small, is an answer without a best.

    ``plan_services`` plans the services, ``plan_run`` the runs.
    """
    asker = Asker(question=question, catalog=catalog, seed=seed, plan_services=plan_services, plan_run=plan_run)
    works = len(question.services) + len(question.runs)
    found = _ways(asker, alone(asker, question.means, [1.0] * works))
    if progress is not None:
        progress(0.5)
    if found.designs and is_limited(question.means) and all(any(_beyond(asker, each)) for each in found.designs):
        tight = _ways(asker, alone(asker, question.means, shares_of(found.plans)))
        found = tight if tight.designs else found
    if found.designs or not is_limited(question.means):
        return _answer(asker, found, found)
    return _answer(asker, found, _ways(asker, alone(asker, without_limits(question.means), [1.0] * works)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Works alone, where each runs, and the ways in which every work has chips."""

    plans: Alone
    placed: Placed | None
    """None where a service has no chips."""
    designs: tuple[PortfolioDesign, ...]


def _ways(asker: Asker, plans: Alone) -> Ways:
    """Ways of works that each fit the means alone; one in which nothing is shared is that of works apart."""
    if any(each.best is None for each in plans.services):
        return Ways(plans=plans, placed=None, designs=())
    usual: Usual = {}
    hosts = [
        host_of(asker, service, each, each.best)
        for service, each in zip(asker.question.services, plans.services, strict=True)
        if each.best is not None
    ]
    placed = shared(asker, plans, hosts, lambda goal, found: options_of(asker, goal, found, usual))
    found = [(SHARED, placed)] if placed.on and None not in placed.runs else []
    found += [(APART, apart(plans, hosts))] if plans.fits else []
    return Ways(plans=plans, placed=placed, designs=tuple(design_of(asker, each, name) for name, each in found))


def _beyond(asker: Asker, design: PortfolioDesign) -> Iterator[Shortfall]:
    """What a design needs beyond the means, all works together."""
    means, goal = asker.question.means, asker.question.goal
    cash = max(sure_usd(design.cash_usd, goal.confidence), *(each.holds_usd for each in design.fleets))
    if means.budget_usd is not None and cash > means.budget_usd:
        have, need = format_quantity(means.budget_usd, "USD"), format_quantity(cash, "USD")
        short = f"all works commit {need} at {goal.confidence:.0%}, the budget is {have}"
        yield Shortfall(
            kind="budget",
            short=short,
            nearest=f"budget = '{format_enough(cash, 'USD')}'",
            times_over=cash / means.budget_usd,
        )
    if means.max_chips is not None and design.chips_held > means.max_chips:
        short = f"all works take {design.chips_held:,} chips, at most {means.max_chips:,} are allowed"
        over = design.chips_held / means.max_chips
        yield Shortfall(kind="layout", short=short, nearest=f"max_chips = {design.chips_held}", times_over=over)
    power = defaultdict[str, float](float)
    for fleet in design.fleets:
        power[fleet.site] += fleet.power_mw * 1e6
    for site, watts in sorted(power.items()):
        if means.power_w is not None and watts > means.power_w:
            need = format_quantity(watts, "W")
            short = f"all works draw {need} at {site}, {format_quantity(means.power_w, 'W')} are there"
            yield Shortfall(
                kind="power",
                short=short,
                nearest=f"power = '{format_enough(watts, 'W')}'",
                times_over=watts / means.power_w,
            )


def _answer(asker: Asker, found: Ways, lifted: Ways) -> PlanPortfolioAnswer:
    """Tell the ways found; where there are none, what those lack whose works have no limits, all of them together."""
    plans, placed, designs = found.plans, found.placed, found.designs
    fits = sorted((each for each in designs if not any(_beyond(asker, each))), key=lambda each: each.holds_usd)
    best, by_name = fits[0] if fits else None, {each.name: each for each in designs}
    figures = tuple(_figures(asker, plans, placed, best))
    apart_design = by_name.get(APART)
    return PlanPortfolioAnswer(
        question=asker.question,
        made=asker.catalog.made(asker.seed),
        best=best,
        alternatives=tuple(fits[1:]),
        saved_usd=None if best is None or apart_design is None else apart_design.cost_usd.p50 - best.cost_usd.p50,
        without=tuple(
            name for name, each in zip(names_of(asker.question), plans.works, strict=True) if each.best is None
        ),
        infeasible=() if best is not None else tuple(_short(asker, lifted)),
        missing_data=() if best is not None else tuple(_of_works(lifted.plans, "missing_data")),
        handed=() if best is None or placed is None else tuple(handed_of(asker, plans, placed)),
        designs_considered=_considered(plans) + (0 if placed is None else placed.tried),
        notes=tuple(dict.fromkeys(_notes(asker.question, plans, placed))),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _short(asker: Asker, lifted: Ways) -> Iterator[Infeasible]:
    """What works lack, the nearest first: each where nothing is limited, then all of them together within the means.

    What is told of one work alone is only told where nothing else could be short.
    """
    if all(each.best is not None for each in lifted.plans.works):
        found = tuple(_too_much(asker, lifted.designs))
        first = [nearest_of(found)] if found else []
        yield from (*first, *(each for each in found if each not in first))
        return
    without = [nearest_of(each.infeasible) for each in lifted.plans.works if each.best is None and each.infeasible]
    nearest = nearest_works(names_of(asker.question), lifted.plans)
    if nearest is not None:
        moved = replace(asker, question=asked_with(asker.question, lifted.plans))
        again = _ways(moved, alone(moved, without_limits(asker.question.means), [1.0] * len(lifted.plans.works)))
        beyond = [each.reasons for each in _too_much(asker, again.designs)]
        yield replace(nearest, reasons=(*nearest.reasons, *min(beyond, key=len, default=())))
    if nearest is None or (len(without) == 1 and not is_limited(asker.question.means)):
        yield from (each for each in _of_works(lifted.plans, "infeasible") if each not in without)


def _too_much(asker: Asker, designs: Iterable[PortfolioDesign]) -> Iterator[Infeasible]:
    for each in designs:
        if short := tuple(_beyond(asker, each)):
            chips = "+".join(dict.fromkeys(fleet.chip for fleet in each.fleets))
            yield Infeasible(chip=chips, chips=each.chips, supply=ANY_SUPPLY, site=ANY_SITE, reasons=short)


def _of_works(plans: Alone, name: str) -> Iterator[Infeasible]:
    """Why works have no chips of their own."""
    for each in plans.works:
        if each.best is None:
            yield from getattr(each, name)


def _considered(plans: Alone) -> int:
    return sum(each.designs_considered for each in plans.works)


def _figures(asker: Asker, plans: Alone, placed: Placed | None, best: PortfolioDesign | None) -> Iterator[NamedFigure]:
    """Figures under the plans of all works; those of a chip that only a part of the question offers are left out."""
    under = [*plans.works]
    if placed is not None and best is not None and best.name == SHARED:
        under += [host.answer for host in placed.services]
        under += [each.answer if isinstance(each, Hosted) else each for each in placed.runs if each is not None]
    named = {each.name: each for answer in under for each in answer.figures if not each.name.startswith(OF_QUESTION)}
    named |= {figure.name: figure for figure in (pause_figure(asker.catalog),)}
    yield from named.values()


def _notes(question: PlanPortfolioQuestion, plans: Alone, placed: Placed | None) -> Iterator[str]:
    yield "Every day counts from the order of the chips, a wait for them among it; so do deadlines"
    if question.services:
        yield "A day has one hump, as high as peak_to_mean, and is alike all week; services have what they need first"
    if placed is not None and placed.on:
        yield (
            "A run in the troughs is one gang, which stops and starts once a day where it must: "
            "each end takes the time of a restart"
        )
    if placed is not None and placed.services and question.runs and not placed.on:
        yield "No run trains on what services leave: its own chips cost less, or too few are left for too short"
    if is_limited(question.means):
        yield "Budget, power and chips are those of all works together, each paid for as long as it has them"
    for each in plans.works:
        yield from each.notes
