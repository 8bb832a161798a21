"""What a solution means: expected cost and CVaR, terms, orders, power, service, capacity by supply."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.planning.procurement.answer import CostTerms, Order, Service, SitePower, Supplied
from tenfold.planning.procurement.limits import in_service
from tenfold.planning.procurement.model import Layout, Model
from tenfold.planning.procurement.payments import discount_factors
from tenfold.planning.procurement.programme import USD_PER_MUSD, needed_h100e
from tenfold.planning.procurement.recourse import penalties
from tenfold.quantities import Flags, Floats, Indices

SMALLEST_LOTS = 1e-6


def cvar(cost: Floats, probability: Floats, level: float) -> float:
    """Mean of the worst 1 − α of a discrete distribution, (s,) and (s,) to a number.

    The scenario that straddles the level counts with the part of its probability that lies beyond it (Rockafellar and
    Uryasev 2002, Conditional value-at-risk for general loss distributions, proposition 8).
    """
    order = np.argsort(-cost, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(probability[order])[:-1]])
    weight = np.clip(1.0 - level - before, 0.0, probability[order])
    return float(weight @ cost[order] / weight.sum())


def taken(columns: Floats, index: Indices) -> Floats:
    """Values of columns; 0 where a column is absent."""
    return np.where(index >= 0, columns[np.maximum(index, 0)], 0.0)


def scenario_costs(model: Model, columns: Floats) -> Floats:
    """Present value of every cost of a plan in each scenario, (s,) millions."""
    return np.asarray(columns[model.layout.cost])


def cost_terms(model: Model, columns: Floats) -> CostTerms:
    """Expected present value by term."""
    programme, layout, classes, rents = model.programme, model.layout, model.classes, model.rents
    chance = programme.scenarios.probability
    discount = discount_factors(len(programme.quarters), programme.discount_rate_per_year)
    upfront, running = columns[layout.upfront], columns[layout.running]
    owned = np.zeros(len(classes.group), dtype=np.bool_)
    owned[classes.of_option] = programme.commitments.owned
    by_class = np.einsum("s,skt,kt->k", chance, classes.running, running)
    rent = chance[rents.scenario] * rents.musd_per_unit * discount[rents.quarter] * columns[layout.rents]
    spot = np.array([supply == "spot" for supply in programme.rentals.supplies], dtype=np.bool_)[rents.offer]
    unserved = np.einsum("s,wst,wt->", chance, taken(columns, layout.unserved), penalties(programme, discount))
    terms = {
        "chips_usd": np.einsum("s,skt,kt->", chance, classes.paid, upfront),
        "value_left_usd": -np.einsum("s,skt,kt->", chance, classes.left, upfront),
        "running_usd": by_class[owned].sum(),
        "reserved_usd": by_class[~owned].sum(),
        "on_demand_usd": rent[~spot].sum(),
        "spot_usd": rent[spot].sum(),
        "unserved_usd": unserved,
    }
    found = {name: float(value) * USD_PER_MUSD for name, value in terms.items()}
    return CostTerms(**found, total_usd=sum(found.values()))


def orders_of(model: Model, columns: Floats) -> Iterator[Order]:
    """Orders by quarter, the largest first."""
    programme, rows = model.programme, model.programme.commitments
    lots = _whole_where_near(columns[model.layout.orders])
    for quarter, name in enumerate(programme.quarters):
        for option in np.argsort(-lots[:, quarter] * rows.lot_chips, kind="stable"):
            if lots[option, quarter] <= SMALLEST_LOTS:
                break
            chips = float(lots[option, quarter] * rows.lot_chips[option])
            yield Order(
                option=rows.names[option],
                chip=rows.chips[option],
                vendor=rows.vendors[option],
                supplier=rows.suppliers[option],
                site=rows.sites[option],
                supply=rows.supplies[option],
                quarter=name,
                due=programme.quarters[quarter + int(rows.lead_quarters[option])],
                chips=chips,
                lots=float(lots[option, quarter]),
                price_usd=chips * float(rows.upfront_musd_per_chip[option, quarter]) * USD_PER_MUSD,
                running_usd_per_quarter=chips
                * float(rows.running_musd_per_chip_quarter[option, quarter])
                * USD_PER_MUSD,
                when="now" if quarter == 0 else "can wait",
            )


def _whole_where_near(lots: Floats) -> Floats:
    """Lots without what a solver's tolerance leaves beside a whole number."""
    return np.where(np.abs(lots - np.round(lots)) <= SMALLEST_LOTS, np.round(lots), lots)


def site_power(model: Model, columns: Floats) -> Iterator[SitePower]:
    """Power by site and quarter, on nominal delivery."""
    limits = model.programme.limits
    used = power_used_mw(model, columns)
    for row, site in enumerate(limits.sites):
        for quarter, name in enumerate(model.programme.quarters):
            most = float(limits.power_mw[row, quarter])
            yield SitePower(site=site, quarter=name, used_mw=float(used[row, quarter]), limit_mw=most)


def power_used_mw(model: Model, columns: Floats) -> Floats:
    """Power of owned chips due, (i, t)."""
    rows, sites = model.programme.commitments, model.programme.limits.sites
    draw = columns[model.layout.orders] * (rows.lot_chips * rows.power_mw_per_chip)[:, None]
    by_option = np.einsum("ot,otu->ou", draw, in_service(model.programme))
    return np.array([by_option[[site == place for place in rows.sites]].sum(axis=0) for site in sites])


def service_of(model: Model, columns: Floats) -> Iterator[Service]:
    """Expected service by workload and quarter."""
    programme, layout = model.programme, model.layout
    chance = programme.scenarios.probability
    need = np.einsum("s,swt->wt", chance, needed_h100e(programme))
    served = np.einsum("s,gw,gwst->wt", chance, model.groups.direction, taken(columns, layout.serve))
    short = np.einsum("s,wst->wt", chance, taken(columns, layout.unserved))
    for row, workload in enumerate(programme.workloads.names):
        for quarter, name in enumerate(programme.quarters):
            yield Service(
                workload=workload,
                quarter=name,
                needed_h100e=float(need[row, quarter]),
                served_h100e=float(served[row, quarter]),
                unserved_h100e=float(short[row, quarter]),
            )


def unserved_shares(model: Model, columns: Floats) -> Floats:
    """Unserved over needed H100e-quarters, (s,)."""
    work = model.programme.workloads
    scenarios = model.programme.scenarios.demand
    last = np.take_along_axis(scenarios, work.last_quarter[None, :, None], axis=2)[:, :, 0]
    need = (scenarios * work.demand_h100e).sum(axis=(1, 2)) + last @ work.work_h100e_quarters
    short = taken(columns, model.layout.unserved).sum(axis=(0, 2))
    return np.asarray(np.divide(short, need, out=np.zeros_like(short), where=need > 0), dtype=np.float64)


def supplied(model: Model, columns: Floats) -> Iterator[Supplied]:
    """Expected capacity by supply and quarter."""
    programme = model.programme
    owned = _class_owned(model)
    ahead = _delivered_units(model, columns)
    rented = _rented_units(model, columns)
    for quarter, name in enumerate(programme.quarters):
        yield Supplied(
            quarter=name,
            own_h100e=float(ahead[owned, quarter].sum()),
            reserved_h100e=float(ahead[~owned, quarter].sum()),
            on_demand_h100e=float(rented[0, quarter]),
            spot_h100e=float(rented[1, quarter]),
        )


def _class_owned(model: Model) -> Flags:
    owned = np.zeros(len(model.classes.group), dtype=np.bool_)
    owned[model.classes.of_option] = model.programme.commitments.owned
    return owned


def _delivered_units(model: Model, columns: Floats) -> Floats:
    """Expected units in service by class, (k, t)."""
    layout: Layout = model.layout
    ordered = np.concatenate([np.zeros((len(layout.capacity), 1)), columns[layout.capacity]], axis=1)
    classed = np.arange(len(ordered))[:, None]
    serving = ordered[classed, model.classes.delivered_orders] - ordered[classed, model.classes.ended_orders]
    return np.asarray(np.einsum("s,skt->kt", model.programme.scenarios.probability, serving))


def _rented_units(model: Model, columns: Floats) -> Floats:
    """Expected units rented on demand and on spot, (2, t)."""
    rents = model.rents
    found = np.zeros((2, len(model.programme.quarters)))
    spot = np.array([supply == "spot" for supply in model.programme.rentals.supplies], dtype=np.intp)[rents.offer]
    chance = model.programme.scenarios.probability[rents.scenario]
    np.add.at(found, (spot, rents.quarter), chance * columns[model.layout.rents])
    return found
