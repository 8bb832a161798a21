"""Winners over several sites as records: every number with its terms."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.catalog import Site
from tenfold.performance.layout import in_terms
from tenfold.planning.multisite.answer import LinkUse, MultisiteDesign, SiteShare
from tenfold.planning.multisite.columns import Subset
from tenfold.planning.multisite.run import MultisiteRun
from tenfold.planning.multisite.scene import Columns, Footprint, Result, Scene
from tenfold.quantities import DAY_S, Percentiles, with_spread
from tenfold.sites import (
    carbon_kg,
    compute_use,
    embodied_kg,
    market_based_kg,
    off_site_water_l,
    tokens_by_compute,
    water_l,
)

J_PER_MWH = 3.6e9
LONGEST_DAYS = 365_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What designs are described from: the same rows at the draws and with every input at P50."""

    run: MultisiteRun
    scene: Scene
    sites: Sequence[Site]
    subsets: Sequence[Subset]
    columns: Columns
    drawn: Result
    middle: Result
    footprint: Footprint


def design_at(found: Described, place: int) -> MultisiteDesign:
    """Make the design of one row."""
    columns, drawn, middle = found.columns, found.drawn, found.middle
    subset = found.subsets[int(columns.subset[place])]
    sync, ratio = middle.sync, float(np.asarray(middle.sync.loss.ratio)[place, 0])
    several = len(subset.members) > 1
    finish = Percentiles.of(drawn.finish_days[place])
    step, exposed = float(middle.step_s[place, 0]), float(np.asarray(sync.exposed_s_per_step)[place, 0])
    extra = tokens_by_compute(ratio if several else 1.0, found.scene.parameters, found.run.tokens)
    return MultisiteDesign(
        algorithm=columns.names[columns.algorithm[place]] if several else "one site",
        sync_steps=int(columns.sync_steps[place]),
        sites=_sites(found, place, subset),
        links=_links(found, place, subset),
        step_time_s=Percentiles.of(drawn.step_s[place]),
        exposed_s_per_step=Percentiles.of(np.asarray(drawn.sync.exposed_s_per_step)[place]),
        compute_use=step / (step + exposed),
        compute_use_range=Percentiles.of(np.asarray(compute_use(drawn.sync, drawn.step_s))[place]),
        bytes_per_sync=float(np.asarray(sync.bytes_per_sync)[place, 0]),
        goodput=Percentiles.of(drawn.goodput[place]),
        isolates_failures=several and bool(np.asarray(sync.isolates_failures)[place, 0]),
        loss_ratio=ratio if several else 1.0,
        loss_known=not several or bool(np.asarray(sync.loss.valid)[place, 0]),
        extra_tokens_share=Percentiles.of(drawn.tokens_factor[place] - 1.0),
        extra_compute_share=float(np.asarray(extra)) - 1.0,
        finish_days=finish,
        finish_date=finish_date(found.run.start, finish.p50),
        cost_usd=Percentiles.of(drawn.cost_usd[place]),
        link_cost_usd=Percentiles.of(drawn.link_usd[place]).p50,
        finish_terms_days=with_spread(_terms(middle, found.scene, place), finish.p50),
        power_mw=float(middle.power_w[place].sum()) / 1e6,
        energy_mwh=float(middle.energy_j[place].sum()) / J_PER_MWH,
        **_footprint(found, place, subset),
    )


def _footprint(found: Described, place: int, subset: Subset) -> dict[str, Any]:
    """Carbon, t, and water, m³, of a run, every input at P50."""
    middle, kg = found.middle, found.footprint
    energy = {site: float(middle.energy_j[place, site, 0]) for site in subset.members}
    days = float(middle.run_days[place, 0])
    grid = {site: np.asarray(carbon_kg(joule, found.sites[site].carbon_kg_per_kwh)) for site, joule in energy.items()}
    clean = {site: found.run.campuses[site].clean_power_share for site in energy}
    on_site = (water_l(joule / kg.pue[site], kg.wue_l_per_kwh[site]) for site, joule in energy.items())
    embodied = (embodied_kg(found.scene.chips[site], kg.embodied_kg_per_chip, days, kg.life_days) for site in energy)
    return {
        "carbon_t": float(sum(grid.values())) / 1e3,
        "market_carbon_t": float(sum(market_based_kg(each, clean[site]) for site, each in grid.items())) / 1e3,
        "embodied_carbon_t": float(sum(embodied)) / 1e3,
        "water_m3": float(sum(on_site)) / 1e3,
        "off_site_water_m3": float(np.asarray(off_site_water_l(sum(energy.values()), kg.off_site_l_per_kwh))) / 1e3,
    }


def finish_date(start: datetime.date, days: float) -> datetime.date | None:
    """Day a run ends; None for one that takes more than a thousand years."""
    return start + datetime.timedelta(days=float(np.ceil(days))) if days < LONGEST_DAYS else None


def _sites(found: Described, place: int, subset: Subset) -> tuple[SiteShare, ...]:
    middle, run = found.middle, found.run
    return tuple(
        SiteShare(
            name=run.campuses[site].name,
            chip=run.campuses[site].chip,
            chips=run.campuses[site].chips,
            chips_ordered=round(float(found.scene.ordered_chips[site])),
            sequences=sequences,
            share=sequences / run.global_batch,
            step_time_s=pace.step_s,
            layout=None if pace.layout is None else in_terms(pace.layout),
            power_mw=float(middle.power_w[place, site, 0]) / 1e6,
            energy_mwh=float(middle.energy_j[place, site, 0]) / J_PER_MWH,
        )
        for site, sequences, pace in zip(subset.members, subset.sequences, subset.paces, strict=True)
    )


def _links(found: Described, place: int, subset: Subset) -> tuple[LinkUse, ...]:
    """What runs over every link: the traffic of a site for each hop of the ring over it."""
    mean = float(np.asarray(found.middle.sync.mean_bytes_per_s)[place, 0])
    peak = float(np.asarray(found.middle.sync.peak_bytes_per_s)[place, 0])
    names = [campus.name for campus in found.run.campuses]
    return tuple(
        LinkUse(
            first=names[fibre.first],
            second=names[fibre.second],
            bandwidth_bytes_per_s=fibre.bytes_per_s,
            mean_bytes_per_s=mean * load,
            peak_bytes_per_s=peak * load,
            mean_use=mean * load / fibre.bytes_per_s,
        )
        for fibre, load in zip(found.run.fibres, subset.ring.loads, strict=True)
    )


def _terms(middle: Result, scene: Scene, place: int) -> Mapping[str, float]:
    """Days by use with every input at P50; they add up to the finish there."""
    steps = scene.tokens / scene.tokens_per_step / DAY_S
    step, exposed = float(middle.step_s[place, 0]), float(np.asarray(middle.sync.exposed_s_per_step)[place, 0])
    wall = steps * (step + exposed)
    with_failures = wall / float(middle.goodput[place, 0])
    run, waiting = float(middle.run_days[place, 0]), float(middle.waiting_days[place, 0])
    return {
        **({"waiting": waiting} if waiting else {}),
        "setup": float(middle.finish_days[place, 0]) - run - waiting,
        "training": steps * step,
        "waiting_for_sites": steps * exposed,
        "failures": with_failures - wall,
        "extra_tokens": run - with_failures,
    }
