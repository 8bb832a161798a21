"""The chips of the best design spread evenly over the sites that a goal names, joined by fibre between each two.

The class of fibre is the shortest-reaching one that spans the distance; its length is the great circle times the route
factor of the class, its bandwidth that of one pair. What a pair rents for is in no source, and is not charged.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Sequence

from tenfold.catalog import Catalog, Link, Site, rental_figure
from tenfold.planning.hardware_inputs import mixed_step_ratios
from tenfold.planning.multisite.answer import ComparedSites, MultisiteDesign
from tenfold.planning.multisite.question import FEWEST_SITES, MOST_SITES, SYNC_STEPS
from tenfold.planning.multisite.run import Campus, Fibre, MultisiteRun
from tenfold.planning.plan.answer import CampusOutlook, Design
from tenfold.planning.plan.goal import TrainGoal, sequences_per_step, tokens_of
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.question import PlanQuestion
from tenfold.planning.plan.train.paced import wanted_by
from tenfold.planning.setups import UNSTATED_TERM, setups_of
from tenfold.quantities import NamedFigure, Percentiles, Shortfall
from tenfold.sites import ALGORITHMS, Stage, great_circle_km, site_power_w
from tenfold.workloads import FULL, find_model

RENTED = ("on-demand", "reserved-1y", "reserved-3y", "spot")
"""Ways of supply that several sites are asked about."""
SAME = 0.05
"""Difference of two finishes that is no reason to choose."""


def run_over_sites(
    catalog: Catalog, question: PlanQuestion, design: Design, today: datetime.date
) -> MultisiteRun | None:
    """The design's chips over all of the sites named; None where they cannot be spread.

    ``today`` stands for the start where the goal names none.
    """
    goal, means = question.goal, question.means
    sites = tuple(catalog.sites[name] for name in dict.fromkeys(means.sites or ()))
    chips = _share(catalog, design, len(sites))
    if not FEWEST_SITES <= len(sites) <= MOST_SITES or chips < 1 or design.supply not in RENTED:
        return None
    if any(site.location is None for site in sites) or goal.tuning != FULL or goal.model not in catalog.models:
        return None
    if any(isinstance(rental_figure(catalog, design.chip, design.supply, site.key), Shortfall) for site in sites):
        return None
    return _run(catalog, goal, means, design, sites, chips, today)


def campus_outlook(run: MultisiteRun, compared: ComparedSites, design: Design) -> CampusOutlook | None:
    """Say what became of a design spread over all sites; None where none of the designs uses all of them."""
    spread = next((each for each in compared.designs if len(each.sites) == len(run.campuses)), None)
    chips = run.campuses[0].chips
    return None if spread is None else _outlook(compared, spread, design, chips, _powerless(compared, run, chips))


def _share(catalog: Catalog, design: Design, sites: int) -> int:
    """Chips of each site, in whole nodes, of which data-parallel layouts can be made."""
    node = catalog.systems[design.system].chips_per_node
    groups = design.chips // (max(sites, 1) * node)
    return (1 << groups.bit_length() - 1) * node if groups else 0


def _run(
    catalog: Catalog,
    goal: TrainGoal,
    means: Means,
    design: Design,
    sites: Sequence[Site],
    chips: int,
    today: datetime.date,
) -> MultisiteRun:
    start = goal.start or today
    return MultisiteRun(
        model=goal.model,
        tokens=tokens_of(goal),
        sequence_length=goal.sequence_length,
        global_batch=sequences_per_step(goal),
        precision=goal.precision,
        start=start,
        objective="fastest",
        supply=design.supply,
        owner_country=means.owner_country,
        algorithms=tuple(ALGORITHMS),
        sync_steps=SYNC_STEPS,
        campuses=tuple(_campus(site, means, design.chip, chips, start) for site in sites),
        fibres=tuple(_fibre(catalog, sites, *pair) for pair in itertools.combinations(range(len(sites)), 2)),
        seed=0,
        policy=means.policy,
        step_ratio=_step_ratio(catalog, goal, design),
    )


def _step_ratio(catalog: Catalog, goal: TrainGoal, design: Design) -> NamedFigure:
    """Step of the design over that in the likeliest case, so that several sites are timed under the same doubt."""
    alone_s = math.fsum(seconds for name, seconds in design.step_terms_s.items() if name != UNSTATED_TERM)
    step = design.step_time_s
    ratio = Percentiles(p10=step.p10 / alone_s, p50=step.p50 / alone_s, p90=step.p90 / alone_s)
    setup = setups_of(catalog, wanted_by(catalog, goal, find_model(catalog, goal.model), design.chip), 1.0).likeliest
    return mixed_step_ratios(catalog, setup, float(design.chips), (ratio,))[0]


def _campus(site: Site, means: Means, chip: str, chips: int, start: datetime.date) -> Campus:
    power_w = min(site_power_w(site, start), math.inf if means.power_w is None else means.power_w)
    place = site.location
    return Campus(
        name=site.key,
        site=site.key,
        chip=chip,
        chips=chips,
        stages=(Stage(date=start, power_w=power_w),) if math.isfinite(power_w) else (),
        latitude=None if place is None else place.latitude,
        longitude=None if place is None else place.longitude,
        price=None,
    )


def _fibre(catalog: Catalog, sites: Sequence[Site], first: int, second: int) -> Fibre:
    one, other = sites[first].location, sites[second].location
    apart = great_circle_km(one.latitude, one.longitude, other.latitude, other.longitude) if one and other else 0.0
    link = _class_of(catalog, float(apart))
    return Fibre(
        first=first,
        second=second,
        kind=link.key,
        distance_km=float(apart) * link.route_factor,
        bytes_per_s=link.bytes_per_s_per_pair_one_way,
        cost_usd_per_hour=0.0,
    )


def _class_of(catalog: Catalog, apart_km: float) -> Link:
    """Class of the shortest reach that spans the distance; of those without a limit, the widest."""
    found = catalog.links.values()
    near = [link for link in found if link.reach is not None and link.reach.value / 1e3 >= apart_km]
    if near:
        return min(near, key=lambda link: link.figure("reach").value)
    return max(
        (link for link in found if link.reach is None), key=lambda link: (link.bytes_per_s_per_pair_one_way, link.key)
    )


def _powerless(compared: ComparedSites, run: MultisiteRun, chips: int) -> bool:
    """Whether no site alone has the power for all of the chips."""
    held = [each.short for each in compared.one_campus if each.chips >= chips * len(run.campuses)]
    return bool(held) and all(short is not None for short in held)


def _outlook(
    compared: ComparedSites, spread: MultisiteDesign, design: Design, chips: int, powerless: bool
) -> CampusOutlook:
    ratio = spread.finish_days.p50 / design.finish_days.p50
    sooner, later = ratio < 1.0 - SAME, ratio > 1.0 + SAME
    when = "sooner than at one site" if sooner else "later than at one site" if later else "when one site would"
    why = "no site alone has the power for all of the chips" if powerless else f"it finishes {when}"
    return CampusOutlook(
        design=design.name,
        sites=tuple(share.name for share in spread.sites),
        chips_per_site=chips,
        algorithm=spread.algorithm,
        sync_steps=spread.sync_steps,
        finish_days=spread.finish_days,
        cost_usd=spread.cost_usd,
        compute_use=spread.compute_use,
        longest_link_km=max(edge.distance_km for edge in compared.edges),
        bandwidth_bytes_per_s=min(edge.bandwidth_bytes_per_s for edge in compared.edges),
        mean_use=max((link.mean_use for link in spread.links), default=0.0),
        power_mw_per_site=max(share.power_mw for share in spread.sites),
        wins=powerless or sooner,
        why=why,
    )
