"""Designs over several sites as columns, evaluated at points of the uncertain inputs. Axes (design, point).

A step takes as long as the slowest site's plus what the algorithm exposes; finish = wait + setup + steps · step ÷
goodput. The wait is that of the site that gets its chips last; a site that has them sooner pays for them meanwhile.
Loss penalties become tokens by the data term of ``tenfold.sites.loss``, so that designs compare at equal loss.
Goodput is the exact renewal formula at its best interval. Where an algorithm isolates failures each site has its own
and the others go on; elsewhere sites fail in series, and a link that is down stops all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from tenfold.economics import rental_cost
from tenfold.planning.at_work import job_working
from tenfold.planning.multisite.scene import Columns, Result, Scene
from tenfold.planning.supply.durations import counted_days
from tenfold.quantities import DAY_S, HOURS_PER_DAY, Column, Floats, Indices, Points
from tenfold.reliability import (
    failure_rate_per_s,
    series_rate_per_s,
)
from tenfold.sites import (
    ALGORITHMS,
    LossRatio,
    SyncCost,
    SyncWork,
    facility_power_w,
    it_power_w,
    tokens_by_data_term,
    wan_loss_share,
)


def evaluate(columns: Columns, scene: Scene, points: Points) -> Result:
    """Time and price the designs at the points."""
    step = _step_s(columns, points)
    sync = _with_wan_loss(_sync(columns, scene, points, step), columns, step, _one(points, "wan_loss"))
    wall = step + np.asarray(sync.exposed_s_per_step)
    factor = _tokens_factor(columns, scene, points, sync)
    goodput = _goodput(columns, scene, points, np.asarray(sync.isolates_failures), wall)
    with np.errstate(divide="ignore", over="ignore"):
        run_days = counted_days(scene.tokens / scene.tokens_per_step * factor * wall / goodput / DAY_S)
    leads = _lead_days(scene, points)
    waited = np.where(columns.uses[:, :, None], leads[None], 0.0).max(axis=1)
    finish = waited + _one(points, "setup") + run_days
    rent, links = _money(columns, scene, points, finish, leads)
    power = _power_w(columns, scene, points)
    working, idle = goodput[:, None, :], _one(points, "idle_share")[:, None, :]
    drawn = power * (working * _one(points, "drawn_share")[:, None, :] + (1.0 - working) * idle)
    return Result(
        step_s=step,
        sync=sync,
        tokens_factor=factor,
        goodput=goodput,
        waiting_days=waited,
        run_days=run_days,
        finish_days=finish,
        cost_usd=rent + links,
        link_usd=links,
        power_w=power,
        energy_j=_energy_j(drawn, run_days),
    )


def _with_wan_loss(sync: SyncCost, columns: Columns, step_s: Floats, share: Floats) -> SyncCost:
    """The same with what runs over a WAN lose beyond the model; whether it is less without waiting nobody reports."""
    several = columns.uses.sum(axis=1)[:, None] > 1
    with np.errstate(invalid="ignore"):
        lost = np.where(several, step_s * wan_loss_share(share, columns.longest_km[:, None]), 0.0)
    return replace(sync, exposed_s_per_step=np.asarray(sync.exposed_s_per_step) + lost)


def _energy_j(drawn_w: Floats, run_days: Floats) -> Floats:
    """Energy of each site; a site that draws nothing uses none, however long the run."""
    with np.errstate(invalid="ignore"):
        return np.where(drawn_w > 0, drawn_w * run_days[:, None, :] * DAY_S, 0.0)


def _one(points: Points, key: str) -> Floats:
    """An input that is the same for all, shape (1, points)."""
    return points.values[key]


def _step_s(columns: Columns, points: Points) -> Floats:
    """Slowest site of every design; sites without a layout never end a step."""
    ratio = points.values["step"]
    with np.errstate(invalid="ignore"):
        each = np.where(columns.uses[:, :, None], columns.site_step_s[:, :, None] * ratio[None], 0.0)
    return np.asarray(each.max(axis=1))


def _sync(columns: Columns, scene: Scene, points: Points, step_s: Floats) -> SyncCost:
    """Ask every algorithm about its own designs and put the answers into one table."""
    parts: list[tuple[Indices, SyncCost]] = []
    for place, name in enumerate(columns.names):
        index = np.flatnonzero(columns.algorithm == place)
        if len(index):
            parts.append((index, ALGORITHMS[name](_work(columns.take(index), scene, points, step_s[index]))))
    return _merged(parts, step_s.shape)


def _work(columns: Columns, scene: Scene, points: Points, step_s: Floats) -> SyncWork:
    inside = np.where(columns.uses, scene.bytes_per_s_inside, np.inf)
    return SyncWork(
        parameters=scene.parameters,
        step_s=step_s,
        sites=columns.uses.sum(axis=1)[:, None].astype(np.float64),
        bytes_per_s=np.minimum(columns.bytes_per_s, inside.min(axis=1))[:, None],
        latency_s=columns.longest_km[:, None] * scene.s_per_km,
        sync_steps=columns.sync_steps[:, None],
        replicas=columns.replicas[:, None],
        layers=scene.layers,
        gradient_bytes=_one(points, "gradient_bytes"),
        outer_bytes=_one(points, "outer_bytes"),
        streamed_bytes=_one(points, "streamed_bytes"),
        fragments=scene.fragments,
        overlap_steps=_one(points, "overlap_steps"),
        loss_per_doubling=_one(points, "loss_per_doubling"),
        loss_error=_one(points, "loss_error"),
    )


def _merged(parts: Sequence[tuple[Indices, SyncCost]], shape: tuple[int, ...]) -> SyncCost:
    def joined(values: Sequence[object]) -> Floats:
        whole = np.zeros(shape)
        for (index, _), value in zip(parts, values, strict=True):
            whole[index] = np.broadcast_to(np.asarray(value, dtype=np.float64), (len(index), shape[1]))
        return whole

    names = [name for name in SyncCost.__slots__ if name != "loss"]
    table = {name: joined([getattr(cost, name) for _, cost in parts]) for name in names}
    loss = LossRatio(
        ratio=joined([cost.loss.ratio for _, cost in parts]),
        valid=joined([cost.loss.valid for _, cost in parts]) > 0.0,
    )
    return SyncCost(loss=loss, **table)


def _tokens_factor(columns: Columns, scene: Scene, points: Points, sync: SyncCost) -> Floats:
    """Tokens at equal loss over tokens asked for; one for a site alone."""
    ratio = np.asarray(sync.loss.ratio)
    ratio = np.where(columns.uses.sum(axis=1)[:, None] > 1, ratio, 1.0)
    return np.asarray(tokens_by_data_term(ratio, scene.parameters, scene.tokens))


def _goodput(columns: Columns, scene: Scene, points: Points, isolates: Floats, wall_s: Floats) -> Floats:
    """Useful time over wall time: of each site alone where failures stay in it, of all in series elsewhere."""
    together, apart = np.zeros(wall_s.shape), np.zeros(wall_s.shape)
    rates = failure_rate_per_s(points.values["failures"], scene.chips[:, None])
    for subset in np.unique(columns.subset):
        rows = np.flatnonzero(columns.subset == subset)
        used, wall = np.flatnonzero(columns.uses[rows[0]]), wall_s[rows]
        each = [np.asarray(rates)[site] for site in used]
        together[rows] = _useful_share(series_rate_per_s(*each), used, scene, points, wall)
        if np.any(isolates[rows] > 0.0):
            alone = [
                columns.share[rows, site, None] * _useful_share(rate, np.array([site]), scene, points, wall)
                for site, rate in zip(used, each, strict=True)
            ]
            apart[rows] = np.sum(alone, axis=0)
    up = np.prod(np.where(columns.uses_link[:, :, None], points.values["availability"][None], 1.0), axis=1)
    return np.where(isolates > 0.0, apart, together * up)


def _useful_share(rate_per_s: Column, sites: Indices, scene: Scene, points: Points, wall_s: Floats) -> Floats:
    """Goodput of sites that fail as one at a rate of shape (points,), for steps of shape (designs, points)."""
    step_s = np.where(np.isfinite(wall_s), wall_s, 0.0)
    found = job_working(
        partial(_one, points),
        scene.chips[sites].sum(),
        scene.parameters,
        scene.practice.slowest(sites),
        rate_per_s=rate_per_s,
        shortest_interval_s=step_s,
    )
    return found.productive


def _lead_days(scene: Scene, points: Points) -> Floats:
    """Days from the order until each site has its chips, shape (sites, points)."""
    lead = points.values.get("lead")
    return np.zeros((len(scene.waits), 1)) if lead is None else scene.waits[:, None] * lead


def _money(columns: Columns, scene: Scene, points: Points, finish: Floats, leads: Floats) -> tuple[Floats, Floats]:
    """Rent of the chips ordered, for their least term at least, with its extras, and of the links used, USD.

    ``leads`` are the days until each site has its chips, shape (sites, points). Links are paid for as the first chips.
    """
    rent = np.zeros(finish.shape)
    for site, chips in enumerate(scene.ordered_chips):
        bill = rental_cost(
            chips=chips,
            days=finish - leads[site],
            price_usd_per_chip_hour=_price(scene, points, site),
            term_days=scene.term_days[site],
            extras_share=_one(points, "extras"),
        )
        rent += np.where(columns.uses[:, site, None], bill.commitment_usd, 0.0)
    days = finish - np.where(columns.uses[:, :, None], leads[None], np.inf).min(axis=1)
    price = np.broadcast_to((columns.uses_link @ scene.link_usd_per_hour)[:, None], days.shape)
    return rent, np.multiply(price, days * HOURS_PER_DAY, out=np.zeros(days.shape), where=price > 0.0)


def _price(scene: Scene, points: Points, site: int) -> Floats:
    """Price of a chip-hour at a site, with what many chips soon cost over it, shape (1, points)."""
    price: Floats = points.values["price"][site][None]
    if not scene.premium[site]:
        return price
    return np.asarray(price * _one(points, "big_and_soon") ** scene.premium[site])


def _power_w(columns: Columns, scene: Scene, points: Points) -> Floats:
    """Rated power at the meter of every site used."""
    each = it_power_w(scene.chips[:, None], points.values["rated_w"])
    return np.asarray(facility_power_w(each, points.values["pue"]))[None] * columns.uses[:, :, None]


def scaled(columns: Columns, *, distance: float = 1.0, bandwidth: float = 1.0) -> Columns:
    """The same designs with every link so much longer and wider."""
    return replace(columns, longest_km=columns.longest_km * distance, bytes_per_s=columns.bytes_per_s * bandwidth)
