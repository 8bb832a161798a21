"""What fleets cost and how likely they keep latency and budget, over all draws, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from tenfold.catalog import Catalog, Site
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.offered import Offered, marked, rows_of
from tenfold.planning.plan.serve.chosen import Priced
from tenfold.planning.plan.serve.counted import class_of
from tenfold.planning.plan.serve.fleets import Fleets
from tenfold.planning.plan.serve.layouts import Machine
from tenfold.planning.supply.assess import owned_cost_usd, quantiles, together, within
from tenfold.planning.supply.bound import Bound, rows_of_chips
from tenfold.planning.supply.describe import energy_of
from tenfold.planning.supply.durations import lead_days
from tenfold.planning.supply.evaluate import bill_usd, charged_usd_by_site, porting_usd, purchase_usd
from tenfold.planning.supply.held import Held
from tenfold.planning.supply.rows import Assessment, Designs, Limits, Rows, over_sites
from tenfold.quantities import Flags, Floats, Points
from tenfold.sites import site_power_w

MEDIAN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What any fleet of a plan is priced with."""

    catalog: Catalog
    machines: tuple[Machine, ...]
    offered: Offered
    supplies: tuple[str, ...]
    sites: tuple[Site, ...]
    limits: Limits
    means: Means
    bound: Mapping[str, Bound]
    """What binds chips by law or place, by chip."""
    unasked: frozenset[str]
    """Bound chips whose place or owner the buyer has not named."""
    period_days: float
    points: Points
    middle: Points
    z: Floats
    """Standard normal behind the pace of every draw, (points,)."""

    def unasked_of(self, designs: Designs) -> Flags:
        """Designs of bound chips whose place or owner the buyer has not named."""
        return rows_of_chips(self.unasked, [each.chip.key for each in self.machines], designs.chip)


def price(market: Market, fleets: Fleets, until: Floats) -> Priced:
    """Price fleets under every offer that is deep enough; ``until`` is the z up to which each keeps its latency."""
    rows, held = supplied_rows(market.catalog, fleets, market.offered, market.supplies, market.sites)
    rows = marked(rows, market.means, market.machines)
    found = Assessment(**{name: np.empty((len(rows), len(market.sites))) for name in Assessment.__slots__})
    for offer in np.unique(rows.offer):
        index = np.flatnonzero(rows.offer == offer)
        meets = market.z[None, :] <= until[rows.run[index]][:, None]
        for name, column in _assessed(market, rows.of_one_offer(index), meets).items():
            getattr(found, name)[index] = column
    return Priced(rows=rows, held=held, assessed=found)


def held_of(rows: Rows, points: Points, period_days: float) -> Held:
    """Time of fleets: waited for, set up, serving for the whole period."""
    return Held(
        lead_days=lead_days(rows, points),
        setup_days=points.of("setup", rows.index),
        run_days=np.full((len(rows.chips), points.count), period_days),
    )


def _assessed(market: Market, rows: Rows, meets: Flags) -> dict[str, Floats]:
    """Assess fleets of one offer; columns of shape (rows, sites), or (rows, 1) where all sites are alike.

    A fleet keeps its latency or not whatever it costs: they are held against the confidence together, and what fits is
    ranked by the cost that is sure by itself. No limit enters it, so a wider one never makes the choice dearer.
    """
    points, limits = market.points, market.limits
    held = held_of(rows, points, market.period_days)
    if rows.owned[0]:
        committed = purchase_usd(rows, points) + porting_usd(rows, points)
        (sure,) = quantiles(committed, limits.confidence)
        charged_usd = charged_usd_by_site(rows, points, held, len(market.sites))
        cost, sure_cost = owned_cost_usd(charged_usd, limits, np.ones_like(meets))
    else:
        committed = np.asarray(sum(bill_usd(rows, points, held).values()))
        cost, sure = quantiles(committed, MEDIAN, limits.confidence)
        sure_cost = sure
    in_budget = within(committed, limits.budget_usd)
    ready, sure_ready = quantiles(held.lead_days + held.setup_days, MEDIAN, limits.confidence)
    return {
        "finish_days": ready,
        "cost_usd": cost,
        "joint_cost_usd": sure_cost,
        "joint_finish_days": sure_ready,
        "sure_finish_days": sure_ready,
        "sure_committed_usd": sure,
        "joint_committed_usd": together(committed, meets, sure, limits.confidence),
        "both_over": np.full((len(rows.chips), 1), np.inf),
        "in_time": meets.mean(axis=1, keepdims=True),
        "in_budget": in_budget.mean(axis=1, keepdims=True),
        "in_both": (meets & in_budget).mean(axis=1, keepdims=True),
    }


def designs_of(market: Market, priced: Priced, allowed: Flags) -> Designs:
    """Fleets under their offers at the sites where they hold, with power and energy at P50; ``allowed`` is of rows."""
    designs = over_sites(priced.rows, priced.assessed, allowed, priced.held)
    rows = replace(priced.rows.take(designs.row), site=designs.site)
    middle = market.middle
    use = energy_of(rows, middle, np.full((len(rows), 1), market.period_days), market.sites)
    drawn = middle.of("drawn_share", rows.index)
    limits = np.array([min(site_power_w(site, market.limits.start), market.limits.power_w) for site in market.sites])
    return replace(
        designs,
        power_w=(np.asarray(use.facility_power_w) / drawn)[:, 0],
        power_limit_w=limits[designs.site],
        energy_j=np.asarray(use.energy_j)[:, 0],
    )


def joined(parts: Sequence[Priced], runs: Sequence[int]) -> Priced:
    """Several prices as one; ``runs`` are the fleets of each part, whose numbers go on from those before."""
    first = np.cumsum([0, *runs])[:-1]
    shifted = [replace(part.rows, run=part.rows.run + start) for part, start in zip(parts, first, strict=True)]
    rows = Rows(**{name: np.concatenate([getattr(each, name) for each in shifted]) for name in Rows.__slots__})
    assessed = Assessment(
        **{
            each.name: np.concatenate([getattr(part.assessed, each.name) for part in parts])
            for each in fields(Assessment)
        }
    )
    return Priced(rows=rows, held=np.concatenate([part.held for part in parts]), assessed=assessed)


def supplied_rows(
    catalog: Catalog, fleets: Fleets, offered: Offered, supplies: Sequence[str], sites: Sequence[Site]
) -> tuple[Rows, Flags]:
    """Every fleet under every offer of its class of supply, and the sites where it is had, (rows, sites)."""
    rows, held = rows_of(catalog, fleets, offered, supplies, sites)
    classes = [class_of(name) for name in supplies]
    own = np.array([fleets.fleets[run].supplied for run in rows.run.tolist()], dtype=object)
    fits = own == np.array([classes[supply] for supply in rows.supply.tolist()], dtype=object)
    kept = np.flatnonzero(fits)
    return rows.take(kept), held[kept]
