"""What can be had, whatever is served: chips, ways of supply, sites and offers; and the figures under a design."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenfold.catalog import Catalog, Site
from tenfold.performance.serving import attends_narrow, factor_figures, serving_figures
from tenfold.planning.drafts import spread_figure
from tenfold.planning.drawn import counts_for
from tenfold.planning.plan.offered import Offered, offered_of
from tenfold.planning.plan.serve.answer import FleetDesign
from tenfold.planning.plan.serve.counted import class_of, outages
from tenfold.planning.plan.serve.layouts import Space
from tenfold.planning.plan.serve.question import PlanServeQuestion
from tenfold.planning.plan.stated import STATED, joined_offers, paid_ahead, stated_offers, supplies_of
from tenfold.planning.plan.train.evaluated import CAPITAL
from tenfold.planning.supply.bound import Bound, bound_chips, unasked
from tenfold.planning.supply.offer import Buyer
from tenfold.planning.supply.offers import find_offers, newest
from tenfold.quantities import NamedFigure, Uncertain
from tenfold.workloads.serving import SERVED_FORMATS


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """What can be had, whatever is served."""

    catalog: Catalog
    question: PlanServeQuestion
    seed: int
    supplies: tuple[str, ...]
    sites: tuple[Site, ...]
    offered: Offered
    bound: Mapping[str, Bound]
    """What binds chips by law or place, by chip."""
    unasked: frozenset[str]
    """Bound chips whose place or owner the buyer has not named."""

    @property
    def buyer(self) -> Buyer:
        """Who buys, and on which day, as far as rules ask."""
        return buyer_of(self.catalog, self.question)

    @property
    def chips(self) -> tuple[str, ...]:
        """Chips that can be had."""
        return tuple(dict.fromkeys(offer.chip for offer in self.offered.offers))


def buyer_of(catalog: Catalog, question: PlanServeQuestion) -> Buyer:
    """Who buys chips for services."""
    return Buyer(day=question.goal.start or newest(catalog), country=question.means.owner_country)


def supply_for(question: PlanServeQuestion, catalog: Catalog, seed: int) -> Supplied:
    """Look up what can be had: offers of the catalog and of the question."""
    means = question.means
    supplies = supplies_of(means)
    stated = (*(each.chip for each in means.existing), *(each.chip for each in means.quotes))
    excluded = {catalog.chip(name).key for name in means.not_chips}
    named = dict.fromkeys(catalog.chip(name).key for name in (*(means.chips or catalog.chips), *stated))
    chips = [name for name in named if name not in excluded]
    without = {catalog.site(name).key for name in means.not_sites}
    sites = tuple(
        site
        for site in (catalog.site(name) for name in means.sites or sorted(catalog.sites))
        if site.key not in without
    )
    buyer = buyer_of(catalog, question)
    listed = [name for name in means.supply if name not in STATED]
    offers, refused = find_offers(catalog, chips, listed, sites, buyer)
    own = [each for each in stated_offers(catalog, means, sites, buyer.day) if each.chip in chips]
    apart = [*paid_ahead(offers, means.prepaid_share), *own]
    bound = bound_chips(catalog, chips, buyer.day)
    return Supplied(
        catalog=catalog,
        question=question,
        seed=seed,
        supplies=supplies,
        sites=sites,
        offered=offered_of(catalog, [*apart, *joined_offers(catalog, means, apart)], refused),
        bound=bound,
        unasked=unasked(bound, means.owner_country, sites if means.sites is not None else ()),
    )


def figures_of(
    supplied: Supplied, space: Space, inputs: Sequence[Uncertain], best: FleetDesign | None
) -> Iterator[NamedFigure]:
    """Figures under the best design; where there is none, those that hold for all."""
    catalog = supplied.catalog
    if best is None:
        yield from (named for known in inputs if known.axis == "all" for named in known.recorded)
        return
    of_best = best.chip, best.engine
    place = next(at for at, each in enumerate(space.machines) if (each.chip.key, each.engine.key) == of_best)
    machine, site = space.machines[place], catalog.site(best.site)
    form = SERVED_FORMATS[best.precision]
    narrow = attends_narrow(machine.engine, machine.chip, best.precision, best.kv_precision)
    for name, figure in serving_figures(catalog, machine.chip, machine.system, form, narrow_attention=narrow):
        yield NamedFigure(name=name, figure=figure)
    for name, figure in factor_figures(catalog, machine.labels).values():
        yield NamedFigure(name=name, figure=figure)
    tier = next(
        number
        for number, each in enumerate(supplied.offered.tiers)
        if each.price.name in {known.name for known in _prices_of(supplied, best)}
    )
    index = {
        "chip": place,
        "offer": tier,
        "supply": supplied.supplies.index(best.supply),
        "site": [each.key for each in supplied.sites].index(best.site),
        "all": 0,
    }
    for known in inputs:
        if counts_for(known.key, best.supply) or (known.key == CAPITAL and best.paid_ahead_usd is not None):
            yield from known.recorded_at(index[known.axis])
    if space.accepted_spread and not space.accepted_stated:
        yield spread_figure(catalog)
    yield from outages(catalog, machine, class_of(best.supply))
    yield from (NamedFigure(name=f"sites/{site.key}/{key}", figure=figure) for key, figure in site.figures.items())


def _prices_of(supplied: Supplied, best: FleetDesign) -> Iterator[NamedFigure]:
    for offer in supplied.offered.offers:
        if offer.chip == best.chip and offer.supply == best.supply and best.site in offer.sites:
            yield from (tier.price for tier in offer.tiers if tier.name == best.availability.tier)
