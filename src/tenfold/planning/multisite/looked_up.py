"""A run over several sites with everything looked up: speeds, uncertain inputs, who has the power, the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Catalog, assumption_named
from tenfold.planning.multisite.answer import Edge, Node, NotHad, PowerShort
from tenfold.planning.multisite.columns import scene_of
from tenfold.planning.multisite.inputs import multisite_inputs
from tenfold.planning.multisite.offers import OF_QUESTION, CampusOffers
from tenfold.planning.multisite.power import available_mw, power_short
from tenfold.planning.multisite.run import MultisiteRun
from tenfold.planning.multisite.scene import Footprint, Scene
from tenfold.planning.multisite.speed import Paces, paces_of
from tenfold.planning.supply.availability import Availability
from tenfold.planning.supply.offer import availability_of
from tenfold.quantities import DAYS_PER_YEAR, NamedFigure, Points, Uncertain, median_point
from tenfold.sites import latency_s, round_trip_s

EMBODIED, LIFE = "sites.embodied_carbon_kg_per_chip", "economics.useful_life_years"
OFF_SITE_WATER = "sites.off_site_water_l_per_kwh"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """A run, and what its designs are evaluated with."""

    run: MultisiteRun
    catalog: Catalog
    paces: Paces
    scene: Scene
    inputs: tuple[Uncertain, ...]
    middle: Points
    """Every input at P50."""
    offers: CampusOffers
    """How each campus has its chips."""
    shorts: tuple[PowerShort | None, ...]
    """What power each campus is short of."""

    @property
    def usable(self) -> list[int]:
        """Places of the campuses whose chips can be had, and powered."""
        can = zip(self.shorts, self.offers.each, strict=True)
        return [place for place, (short, offer) in enumerate(can) if short is None and offer.refused is None]

    @property
    def refused(self) -> tuple[NotHad, ...]:
        """Campuses whose chips cannot be had, and why."""
        pairs = zip(self.run.campuses, self.offers.each, strict=True)
        return tuple(NotHad(site=campus.name, reason=each.refused) for campus, each in pairs if each.refused)

    @property
    def terms(self) -> Mapping[str, Availability]:
        """Who offers the chips of each campus that asks the market."""
        pairs = zip(self.run.campuses, self.offers.each, strict=True)
        return {campus.name: availability_of(each.had.tier) for campus, each in pairs if each.had is not None}

    @property
    def figures(self) -> tuple[NamedFigure, ...]:
        """Every figure of the catalog under the answer, each once."""
        return tuple(named for named in self._named if not named.name.startswith(OF_QUESTION))

    @property
    def stated(self) -> tuple[NamedFigure, ...]:
        """Every figure that the question states."""
        return tuple(named for named in self._named if named.name.startswith(OF_QUESTION))

    @property
    def _named(self) -> tuple[NamedFigure, ...]:
        drawn = {each.name: each for known in self.inputs for each in known.recorded}
        return tuple((drawn | {each.name: each for each in _footprint_figures(self)}).values())


def _footprint_figures(asked: LookedUp) -> tuple[NamedFigure, ...]:
    """Figures that carbon and water rest on beside energy; they are not drawn."""
    sites = {campus.site: asked.catalog.site(campus.site) for campus in asked.run.campuses}
    of_sites = (
        NamedFigure(name=f"sites/{key}/{name}", figure=site.figure(name))
        for key, site in sites.items()
        for name in ("power.carbon", "water.wue")
    )
    return (*(assumption_named(asked.catalog, name) for name in (EMBODIED, LIFE, OFF_SITE_WATER)), *of_sites)


def footprint_of(asked: LookedUp) -> Footprint:
    """What carbon and water of its designs are worked out from, every input at P50."""
    sites = [asked.catalog.site(campus.site) for campus in asked.run.campuses]
    embodied, life, off_site = (asked.catalog.assumption(name).value for name in (EMBODIED, LIFE, OFF_SITE_WATER))
    return Footprint(
        pue=[float(each) for each in asked.middle.values["pue"][:, 0]],
        wue_l_per_kwh=[site.figure("water.wue").value for site in sites],
        embodied_kg_per_chip=embodied,
        life_days=life * DAYS_PER_YEAR,
        off_site_l_per_kwh=off_site,
    )


def look_up(run: MultisiteRun, catalog: Catalog, offers: CampusOffers) -> LookedUp:
    """Look everything up and see which campuses have the power; ``offers`` are those of the campuses."""
    paces = paces_of(catalog, run)
    most = float(sum(campus.chips for campus in run.campuses))
    inputs = multisite_inputs(catalog, run, paces.setups, most, offers.prices, offers.leads, soon=any(offers.premium))
    middle = median_point(inputs)
    shorts = tuple(short_of(run, middle, place, campus.chips) for place, campus in enumerate(run.campuses))
    return LookedUp(
        run=run,
        catalog=catalog,
        paces=paces,
        scene=scene_of(catalog, run, paces, **offers.of_scene),
        inputs=inputs,
        middle=middle,
        offers=offers,
        shorts=shorts,
    )


def need_w(middle: Points, place: int, chips: int) -> float:
    """Rated power at the meter with every input at P50."""
    return chips * float(middle.values["rated_w"][place, 0]) * float(middle.values["pue"][place, 0])


def short_of(run: MultisiteRun, middle: Points, place: int, chips: int) -> PowerShort | None:
    """Say what the campus at ``place`` is short of for so many chips."""
    return power_short(run.campuses[place], need_w(middle, place, chips), run.start)


def nodes_of(asked: LookedUp) -> tuple[Node, ...]:
    """Campuses on the map."""
    return tuple(
        Node(
            name=campus.name,
            site=campus.site,
            latitude=campus.latitude,
            longitude=campus.longitude,
            chip=campus.chip,
            chips=campus.chips,
            power_mw=need_w(asked.middle, place, campus.chips) / 1e6,
            available_mw=available_mw(campus, asked.run.start),
        )
        for place, campus in enumerate(asked.run.campuses)
    )


def edges_of(asked: LookedUp) -> tuple[Edge, ...]:
    """Links on the map."""
    names = [campus.name for campus in asked.run.campuses]
    return tuple(
        Edge(
            first=names[fibre.first],
            second=names[fibre.second],
            kind=fibre.kind,
            distance_km=fibre.distance_km,
            latency_s=float(np.asarray(latency_s(fibre.distance_km, asked.scene.s_per_km))),
            round_trip_s=float(np.asarray(round_trip_s(fibre.distance_km, asked.scene.s_per_km))),
            bandwidth_bytes_per_s=fibre.bytes_per_s,
        )
        for fibre in asked.run.fibres
    )
