"""What the chips of every campus are had for: all of a kind at once, whoever hosts them; or why they cannot be had."""

from __future__ import annotations

from tenfold.catalog import Catalog, price_name, rental_figure
from tenfold.planning.multisite.offers import OF_QUESTION, CampusOffer, CampusOffers
from tenfold.planning.multisite.run import Campus, MultisiteRun
from tenfold.planning.supply.offer import Buyer
from tenfold.planning.supply.offers import had_at, unlawful
from tenfold.planning.supply.tiers import ordered_chips
from tenfold.quantities import MissingFigureError, NamedFigure, Problem, Shortfall


def campus_offers(catalog: Catalog, run: MultisiteRun, days: float) -> CampusOffers:
    """Find how every campus has its chips for days of use. Raises ``MissingFigureError`` for all without a price."""
    problems, found = list[Problem](), list[CampusOffer]()
    for campus in run.campuses:
        offer = _offer(catalog, run, campus, days)
        if isinstance(offer, Shortfall):
            problems.append(no_price(f"sites.{campus.name}", offer))
        else:
            found.append(offer)
    if problems:
        raise MissingFigureError(problems)
    return CampusOffers(each=tuple(found))


def no_price(key: str, short: Shortfall) -> Problem:
    """Say that nobody asks a price for the chips of a campus under the run's way of supply."""
    remedy = "Write price = '$2/h' there, or another supply under [run]"
    return Problem(file="", key=f"{key}.price", wrong=short.short, remedy=remedy)


def _offer(catalog: Catalog, run: MultisiteRun, campus: Campus, days: float) -> CampusOffer | Shortfall:
    site, buyer = catalog.site(campus.site), Buyer(day=run.start, country=run.owner_country)
    if campus.price is not None:
        name = f"{OF_QUESTION}sites.{campus.name}.price_usd_per_chip_hour"
        refused = unlawful(catalog, catalog.chip(campus.chip), site, buyer)
        stated = NamedFigure(name=name, figure=campus.price)
        return CampusOffer(price=stated, refused=refused, ordered_chips=float(campus.chips))
    usual = rental_figure(catalog, campus.chip, run.supply, campus.site)
    if isinstance(usual, Shortfall):
        return usual
    had = had_at(catalog, campus.chip, _all_at_once(run, campus.chip), run.supply, site, buyer, days=days)
    if isinstance(had, Shortfall):
        name = price_name(campus.chip, run.supply, campus.site)
        named = NamedFigure(name=name, figure=usual)
        return CampusOffer(price=named, refused=had, ordered_chips=float(campus.chips))
    return CampusOffer(price=had.tier.price, had=had, ordered_chips=ordered_chips(had.tier, campus.chips))


def _all_at_once(run: MultisiteRun, chip: str) -> float:
    """Chips of a kind that the run asks the market for: splitting them over sites makes them no easier to have."""
    return float(sum(campus.chips for campus in run.campuses if campus.chip == chip and campus.price is None))
