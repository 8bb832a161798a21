"""Runs under the offers they can be had from: rows to evaluate, and counts that nobody is known to offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from tenfold.catalog import OWN, SELF_SERVE_CHIPS, Catalog, Chip, Site, System
from tenfold.planning.owner import network_over_known
from tenfold.planning.plan.means import SOLD, Means
from tenfold.planning.plan.verdicts import ANY_SITE, ANY_SUPPLY, Infeasible
from tenfold.planning.supply.offer import Offer, Refused, beyond
from tenfold.planning.supply.rows import Rows
from tenfold.planning.supply.tiers import SPOT, Tier, big_chips, premium_of, taken
from tenfold.quantities import Flags, Floats, Indices


class Machine(Protocol):
    """A chip that can do the work, in its system; None for a card that stands alone."""

    @property
    def chip(self) -> Chip:
        """The chip, or the place of each row among the setups."""
        ...

    @property
    def system(self) -> System | None:
        """Its system."""
        ...


class Counted(Protocol):
    """Chips × counts that can do the work, as columns of equal length: what training and serving runs are alike in."""

    @property
    def setups(self) -> Sequence[Machine]:
        """One for each chip."""
        ...

    @property
    def chip(self) -> Indices:
        """The chip, or the place of each row among the setups."""
        ...

    @property
    def chips(self) -> Floats:
        """How many."""
        ...

    @property
    def step_s(self) -> Floats:
        """Of one step, 0 where there is none."""
        ...

    @property
    def steps(self) -> Floats:
        """Of the whole work."""
        ...

    @property
    def allowed(self) -> Flags:
        """False beyond the most chips there may be."""
        ...

    def __len__(self) -> int: ...


STARTS = ("rented", "few_nodes", "one_node")
"""Ways that training starts, as the days until it does are named: on a cluster that is accepted, on as many nodes as
are taken off a list, on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Everything that can be had, with the tiers of all offers in one list."""

    offers: tuple[Offer, ...]
    refused: tuple[Refused, ...]
    tiers: tuple[Tier, ...]
    providers: tuple[int, ...]
    """Sellers whose prices make that of each tier."""
    first: tuple[int, ...]
    """Place of the first tier of each offer."""
    big: float
    """Chips from which a short contract costs the whole premium."""


def offered_of(catalog: Catalog, offers: Sequence[Offer], refused: Sequence[Refused]) -> Offered:
    """Number the tiers of offers."""
    counts = [len(offer.tiers) for offer in offers]
    return Offered(
        offers=tuple(offers),
        refused=tuple(refused),
        tiers=tuple(tier for offer in offers for tier in offer.tiers),
        providers=tuple(
            offer.providers if tier.sellers is None else tier.sellers for offer in offers for tier in offer.tiers
        ),
        first=tuple(int(place) for place in np.cumsum([0, *counts])[:-1]),
        big=big_chips(catalog),
    )


def rows_of(
    catalog: Catalog, runs: Counted, offered: Offered, supplies: Sequence[str], sites: Sequence[Site]
) -> tuple[Rows, Flags]:
    """Every run under every offer that is deep enough for it, and the sites where it is had, (rows, sites)."""
    run, offer, tier = _pairs(runs, offered)
    supply = np.array([supplies.index(each.supply) for each in offered.offers], dtype=np.intp)[offer]
    there = np.array([each.beside_chips for each in offered.offers], dtype=np.float64)[offer]
    beside_usd = np.array([each.beside_usd_per_chip_hour for each in offered.offers])[offer]
    asked = (runs.chips[run] - there).tolist()
    premium = [premium_of(offered.tiers[at], each, offered.big) for at, each in zip(tier.tolist(), asked, strict=True)]
    rows = Rows(
        run=run,
        chip=runs.chip[run],
        offer=tier,
        supply=supply,
        start=len(STARTS) * supply + _starts(catalog, runs)[run],
        site=np.zeros_like(run),
        chips=runs.chips[run],
        step_s=runs.step_s[run],
        steps=runs.steps[run],
        owned=np.array([name == OWN for name in supplies])[supply],
        spot=np.array([name == SPOT for name in supplies])[supply],
        term_days=np.array([each.term_days for each in offered.tiers])[tier],
        waits=np.array([float(name != OWN) for name in supplies])[supply],
        ported=np.zeros(len(run)),
        sold=np.zeros(len(run)),
        premium=np.array(premium, dtype=np.float64),
        prepaid=np.array([each.prepaid_share for each in offered.tiers])[tier],
        beside=there,
        beside_usd_per_chip_hour=beside_usd,
        stored=np.array([each.stored_chips for each in offered.offers], dtype=np.float64)[offer],
        network=_networks(catalog, runs)[run],
        unit=np.array([float(each.unit_chips) for each in offered.tiers])[tier],
    )
    held = np.array([[site.key in each.sites for site in sites] for each in offered.offers], dtype=np.bool_)
    return rows, held.reshape(len(offered.offers), len(sites))[offer]


def refused_offers(
    offers: Sequence[Offer], refused: Sequence[Refused], most: int, *, sites_named: bool
) -> Iterator[Infeasible]:
    """Chips that nobody offers so, that may not be there, or that have no price.

    What cannot be had at one of all sites is said where the user named them, or where it can be had at none; that the
    law forbids a chip at some of all sites is no reason for the others.
    """
    had = {(offer.chip, supply) for offer in offers for supply in (offer.supply, ANY_SUPPLY)}
    for each in refused:
        anywhere = each.shortfall.kind != "law" and (each.chip, each.supply) not in had
        if sites_named or each.site == ANY_SITE or anywhere:
            yield Infeasible(chip=each.chip, chips=most, supply=each.supply, site=each.site, reasons=(each.shortfall,))


def too_many(runs: Counted, offered: Offered) -> tuple[Infeasible, ...]:
    """Say of each offer from which count on nobody is known to offer so many."""
    found = []
    for offer in offered.offers:
        chips = _counts(runs, offer.chip)
        beyond = chips[~taken(offer.tiers, chips - offer.beside_chips).any(axis=0)]
        if len(beyond):
            found.append((offer, min(beyond)))
    return tuple(_beyond(offer, int(least)) for offer, least in found)


def marked(rows: Rows, means: Means, setups: Sequence[Machine]) -> Rows:
    """The rows; chips of another vendor than the software runs on are ported to."""
    own = (means.code_for or "").lower()
    foreign = np.array([float(own not in ("", setup.chip.vendor.lower())) for setup in setups])
    return replace(rows, ported=foreign[rows.chip], sold=np.where(rows.owned & (means.owned_after == SOLD), 1.0, 0.0))


def _starts(catalog: Catalog, runs: Counted) -> Indices:
    """How the training of each run starts, by ``STARTS``."""
    few = catalog.assumption(SELF_SERVE_CHIPS).value
    many, several, one = range(len(STARTS))
    return np.select([runs.chips <= _node_chips(runs)[runs.chip], runs.chips <= few], [one, several], many)


def _node_chips(runs: Counted) -> Floats:
    """Chips of a node of each setup; one for a card that stands alone, (setups,)."""
    systems = [setup.system for setup in runs.setups]
    return np.array([1.0 if system is None else float(system.chips_per_node) for system in systems])


def may_be_had(rows: Rows, most: int | None) -> Flags:
    """Rows that take no more chips than there may be, idle ones of whole units among them."""
    return np.asarray(rows.chips_held <= (np.inf if most is None else most))


def _pairs(runs: Counted, offered: Offered) -> tuple[Indices, ...]:
    """Run, offer and tier of every row, in this order."""
    found = [np.zeros((3, 0), dtype=np.intp)]
    for place, (offer, first) in enumerate(zip(offered.offers, offered.first, strict=True)):
        more = runs.chips - offer.beside_chips
        run = np.flatnonzero(_is_of(runs, offer.chip) & (more > 0))
        tier, at = np.nonzero(taken(offer.tiers, more[run]))
        found.append(np.stack([run[at], np.full(len(at), place), first + tier]))
    columns = np.concatenate(found, axis=1)
    return tuple(columns[:, np.lexsort(columns[::-1])])


def _is_of(runs: Counted, chip: str) -> Flags:
    """Which runs are on a chip."""
    return np.array([setup.chip.key == chip for setup in runs.setups], dtype=np.bool_)[runs.chip]


def _counts(runs: Counted, chip: str) -> Floats:
    return runs.chips[_is_of(runs, chip) & runs.allowed] if len(runs) else np.zeros(0)


def _beyond(offer: Offer, chips: int) -> Infeasible:
    reason = replace(beyond(offer, chips), nearest="another supply")  # fewer were planned as well
    return Infeasible(chip=offer.chip, chips=chips, supply=offer.supply, site=_where(offer), reasons=(reason,))


def _where(offer: Offer) -> str:
    return offer.sites[0] if len(offer.sites) == 1 else ANY_SITE


def _networks(catalog: Catalog, runs: Counted) -> Floats:
    """Cost of the network of every run over the known one, (runs,)."""
    found = np.ones(len(runs.chip))
    for chip, setup in enumerate(runs.setups):
        index = np.flatnonzero(runs.chip == chip)
        if setup.system is None:
            continue
        found[index] = network_over_known(catalog, setup.system, runs.chips[index])
    return found
