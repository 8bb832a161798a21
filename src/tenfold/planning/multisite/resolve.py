"""From a question to the run it means: what it leaves out is looked up, amounts become what the equations take."""

from __future__ import annotations

import datetime
import math

from tenfold.catalog import Catalog
from tenfold.planning.at_work import policy_notes
from tenfold.planning.multisite.question import LinkTable, MultisiteQuestion, SiteTable
from tenfold.planning.multisite.run import Campus, Fibre, MultisiteRun
from tenfold.quantities import STATED, Figure, format_quantity
from tenfold.sites import Stage, from_ready, great_circle_km, ready_date, stated_stages
from tenfold.workloads import global_batch_sequences

Point = tuple[float, float]
"""Degrees north and east."""


def run_of(question: MultisiteQuestion, catalog: Catalog, *, seed: int) -> MultisiteRun:
    """Look everything up. The question must be free of contradictions."""
    asked = question.run
    batch, rounded = global_batch_sequences(asked.global_batch, asked.sequence_length)
    fibres = [_fibre(link, question, catalog) for link in question.links]
    notes = [f"links.{number}: {note}" for number, (_, note) in enumerate(fibres) if note]
    return MultisiteRun(
        model=asked.model,
        tokens=asked.tokens,
        sequence_length=asked.sequence_length,
        global_batch=batch,
        precision=asked.precision,
        start=asked.start,
        objective=asked.objective,
        supply=asked.supply,
        owner_country=asked.owner_country,
        algorithms=tuple(dict.fromkeys(asked.algorithms)),
        sync_steps=tuple(sorted(set(asked.sync_steps))),
        campuses=tuple(_campus(name, site, catalog, asked.start) for name, site in question.sites.items()),
        fibres=tuple(fibre for fibre, _ in fibres),
        seed=seed,
        policy=asked.policy,
        notes=(*notes, *([rounded] if rounded else []), *policy_notes(asked.policy)),
    )


def place_of(site: SiteTable, catalog: Catalog) -> Point | None:
    """Where a campus lies: as stated, or as the catalog has its site; None where neither says."""
    if site.latitude is not None and site.longitude is not None:
        return site.latitude, site.longitude
    known = catalog.site(site.site).location
    return None if known is None else (known.latitude, known.longitude)


def _campus(name: str, site: SiteTable, catalog: Catalog, start: datetime.date) -> Campus:
    record, place = catalog.site(site.site), place_of(site, catalog)
    price = site.price_usd_per_chip_hour
    return Campus(
        name=name,
        site=site.site,
        chip=site.chip,
        chips=site.chips,
        stages=from_ready(
            _stages(site, start) or stated_stages(record, start),
            start,
            ready_date(start, _wait_s(site.queue_s, record.queue), _wait_s(site.build_s, record.build_time)),
        ),
        latitude=None if place is None else place[0],
        longitude=None if place is None else place[1],
        price=None if price is None else _stated(price, start),
        cooling=site.cooling or "",
        clean_power_share=site.clean_power_share,
    )


def _stages(site: SiteTable, start: datetime.date) -> tuple[Stage, ...]:
    """Power by date as stated; ``power`` holds from the start."""
    first = [] if site.power_w is None else [Stage(date=start, power_w=site.power_w)]
    later = [Stage(date=stage.date, power_w=stage.power_w) for stage in site.stages]
    return tuple(sorted([*first, *later], key=lambda stage: stage.date))


def _wait_s(stated: float | None, known: Figure | None) -> float:
    """As stated, or as the catalog has it; no wait where neither says."""
    if stated is not None:
        return stated
    return 0.0 if known is None else known.value


def _stated(price: float, start: datetime.date) -> Figure:
    return Figure(value=price, unit="USD/h", kind="quote", source=STATED, as_of=start)


def _fibre(link: LinkTable, question: MultisiteQuestion, catalog: Catalog) -> tuple[Fibre, str]:
    """The link, and how long its fibre was taken to be where that is not stated."""
    kind, names = catalog.link(link.kind), list(question.sites)
    first, second = link.between
    bandwidth, note = link.bandwidth_bytes_per_s, ""
    if link.distance_m is None:
        length = straight_km(link, question, catalog) * kind.route_factor
        note = f"fibre of {format_quantity(length * 1e3, 'm')}, {kind.route_factor:g} times the great circle"
    else:
        length = link.distance_m / 1e3
    fibre = Fibre(
        first=names.index(first),
        second=names.index(second),
        kind=link.kind,
        distance_km=length,
        bytes_per_s=kind.bytes_per_s_per_pair_one_way if bandwidth is None else bandwidth,
        cost_usd_per_hour=link.cost_usd_per_h,
    )
    return fibre, note


def straight_km(link: LinkTable, question: MultisiteQuestion, catalog: Catalog) -> float:
    """Great circle between the ends of a link; infinite where one of them has no place."""
    one, other = (place_of(question.sites[name], catalog) for name in link.between)
    return math.inf if one is None or other is None else float(great_circle_km(*one, *other))
