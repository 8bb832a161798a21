"""What cannot be between the fields of a question over several sites; it passes over what could not be read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tenfold.catalog import Catalog, rental_figure
from tenfold.planning.multisite.had import no_price
from tenfold.planning.multisite.question import MOST_SITES, LinkTable, MultisiteQuestion, RunTable, SiteTable
from tenfold.planning.multisite.resolve import straight_km
from tenfold.planning.multisite.topology import connected_parts
from tenfold.quantities import UNREAD, InputError, OneOf, Place, Problem, Shortfall, known, rows_in
from tenfold.workloads import global_batch_sequences

PAIR = 2


def contradictions(question: MultisiteQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Give every problem, its key from the top of the file."""
    run, sites = question.run, question.sites
    if run is not UNREAD:
        yield from _of_run(run)
    if sites == {}:
        yield _problem("sites", "is empty", "Add a [sites.NAME] table for each site")
    for key, site in rows_in("sites", sites):
        yield from _of_site(key, site, catalog)
        if run is not UNREAD:
            yield from _in_run(key, site, run, catalog)
    if sites is not UNREAD and sites:
        for key, link in rows_in("links", question.links):
            yield from _of_link(key, link, question, catalog)
        yield from _apart(list(sites), question.links)


def _of_run(run: RunTable) -> Iterator[Problem]:
    for key in ("algorithms", "sync_steps"):
        if getattr(run, key) == ():
            yield _problem(f"run.{key}", "is empty", "Name at least one, or leave the key out")
    if not known(run.global_batch, run.sequence_length):
        return
    try:
        batch, _ = global_batch_sequences(run.global_batch, run.sequence_length, key="run.global_batch")
    except InputError as trouble:
        yield from trouble.problems
        return
    if known(run.tokens) and batch * run.sequence_length > run.tokens:
        remedy = "Write a smaller batch or more tokens"
        yield _problem("run.global_batch", "one batch holds more tokens than the run", remedy)


def _of_site(key: str, site: SiteTable, catalog: Catalog) -> Iterator[Problem]:
    if known(site.chip, site.chips):
        yield from _nodes(key, site.chip, site.chips, catalog)
    if (site.latitude is None) != (site.longitude is None):
        missing = "longitude" if site.longitude is None else "latitude"
        yield _problem(f"{key}.{missing}", "is missing", "Give both, or neither for the place of the site")
    if known(site.cooling, site.site) and site.cooling is not None:
        yield from _cooling(f"{key}.cooling", site.cooling, site.site, catalog)


def _in_run(key: str, site: SiteTable, run: RunTable, catalog: Catalog) -> Iterator[Problem]:
    """Power has one value a day, and somebody asks a price for the chips."""
    dates = [stage.date for _, stage in rows_in("", site.stages)] + ([] if site.power_w is None else [run.start])
    if known(*dates) and len(set(dates)) < len(dates):
        yield _problem(f"{key}.stages", "two stages have the same date", "Keep one of them")
    if known(site.chip, site.site, run.supply) and site.price_usd_per_chip_hour is None:
        price = rental_figure(catalog, site.chip, run.supply, site.site)
        if isinstance(price, Shortfall):
            yield no_price(key, price)


def _nodes(key: str, chip: str, chips: int, catalog: Catalog) -> Iterator[Problem]:
    """Chips come in whole nodes."""
    try:
        node = catalog.system_of(chip).chips_per_node
    except InputError as trouble:
        yield from (_problem(f"{key}.chip", each.wrong, each.remedy) for each in trouble.problems)
        return
    if below := chips % node:
        fitting = f"{chips - below:,} or {chips - below + node:,}" if chips > node else f"{node} or a multiple"
        yield _problem(f"{key}.chips", f"{chips:,} chips do not fill nodes of {node}", f"Write {fitting}")


def _cooling(key: str, cooling: str, site: str, catalog: Catalog) -> Iterator[Problem]:
    """The site must have a PUE for the cooling named."""
    alternatives = tuple(catalog.site(site).cooling_pue)
    if alternatives:
        yield from _not_among(key, cooling, alternatives, "cooling")
        return
    yield _problem(key, f"{site} has no alternatives of cooling", f"Add cooling.pue.'{cooling}' to sites/{site}.toml")


def _of_link(key: str, link: LinkTable, question: MultisiteQuestion, catalog: Catalog) -> Iterator[Problem]:
    names, sites = link.between, question.sites
    if not known(names):
        return
    if len(set(names)) != PAIR or len(names) != PAIR:
        wrong = "a link between a site and itself" if len(names) == PAIR else "is no pair of sites"
        yield _problem(f"{key}.between", wrong, "Name two sites")
        return
    for name in names:
        yield from _not_among(f"{key}.between", name, tuple(sites), "site")
    if set(names) <= set(sites) and known(link.kind, *(sites[name] for name in names)) and link.distance_m is None:
        yield from _no_distance(f"{key}.distance", link, question, catalog)


def _no_distance(key: str, link: LinkTable, question: MultisiteQuestion, catalog: Catalog) -> Iterator[Problem]:
    """A distance may be left out where both ends have places, and those differ."""
    straight = straight_km(link, question, catalog)
    if math.isinf(straight):
        yield _problem(key, "is missing", "Write it like '40 km', or give both sites a location")
    if straight == 0.0:
        yield _problem(key, "is missing, and both sites lie at one point", "Write it like '40 km'")


def _apart(names: Sequence[str], links: Sequence[LinkTable]) -> Iterator[Problem]:
    """Every site must be reached from the first; judged where every link joins two sites."""
    if len(names) > MOST_SITES:
        remedy = f"Name at most {MOST_SITES}; join those that are near"
        yield _problem("sites", f"{len(names)} sites are too many", remedy)
    pairs = [link.between for _, link in rows_in("links", links) if known(link.between)]
    joined = [len(pair) == PAIR == len(set(pair)) and set(pair) <= set(names) for pair in pairs]
    if not known(links) or not all(joined):
        return
    parts = connected_parts(len(names), [(names.index(one), names.index(other)) for one, other in pairs])
    if len(parts) > 1:
        apart = " | ".join(", ".join(names[place] for place in part) for part in parts)
        yield _problem("links", f"sites are not connected: {apart}", "Add a [[links]] table between the parts")


def _not_among(key: str, name: str, names: tuple[str, ...], what: str) -> Iterator[Problem]:
    try:
        OneOf(names, what).read(name, Place(key=key))
    except InputError as trouble:
        yield from trouble.problems


def _problem(key: str, wrong: str, remedy: str) -> Problem:
    return Problem(file="", key=key, wrong=wrong, remedy=remedy)
