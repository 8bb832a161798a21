"""Rent worth considering: of each group the cheapest offers that could meet all that is needed, scenario by scenario.

Offers of a group are interchangeable, so a plan takes them in the order of their cost: an offer beyond which cheaper
ones meet the most that can be needed, or that costs more than leaving demand unserved, is never taken. Exact.
"""

from __future__ import annotations

import numpy as np

from tenfold.planning.procurement.model import Groups, Rents
from tenfold.planning.procurement.programme import Programme, needed_h100e
from tenfold.quantities import Floats, Indices


def needed_units(programme: Programme, groups: Groups) -> Floats:
    """Most units of each group that the workloads it suits can use, (s, g, t)."""
    need = needed_h100e(programme)
    per_unit = np.where(groups.direction > 0, groups.direction, np.inf)
    return np.asarray(np.einsum("swt,gw->sgt", need, 1.0 / per_unit))


def worthwhile_rents(programme: Programme, groups: Groups, need: Floats) -> Rents:
    """Keep the offers that some plan may take."""
    offers, what = programme.rentals, programme.scenarios
    penalty = programme.workloads.unserved_musd_per_h100e_quarter
    suits, nothing = groups.direction > 0, np.zeros_like(groups.direction)
    worth = np.max(np.multiply(groups.direction, penalty, out=nothing, where=suits), axis=1, initial=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = what.rental_price * offers.musd_per_chip_quarter / groups.offer_units[:, None]
    units = np.where(what.rental_open, offers.most_chips * groups.offer_units[:, None], 0.0)
    found = [
        _of_group(np.flatnonzero(groups.offer == group), cost, units, need[:, group], worth[group])
        for group in range(len(groups.direction))
    ]
    kept = [np.concatenate(parts) for parts in zip(*found, strict=True)] if found else [np.zeros(0, np.intp)] * 3
    scenario, offer, quarter = (part.astype(np.intp) for part in kept)
    return Rents(
        scenario=scenario,
        offer=offer,
        quarter=quarter,
        musd_per_unit=cost[scenario, offer, quarter],
        most_units=np.minimum(units[scenario, offer, quarter], need[scenario, groups.offer[offer], quarter]),
    )


def _of_group(
    members: Indices, cost: Floats, units: Floats, need: Floats, worth: float
) -> tuple[Indices, Indices, Indices]:
    """Scenario, offer and quarter of the offers of one group that are kept."""
    price, most = cost[:, members], units[:, members]
    order = np.argsort(np.where(most > 0, price, np.inf), axis=1, kind="stable")
    price, most = np.take_along_axis(price, order, axis=1), np.take_along_axis(most, order, axis=1)
    before = np.concatenate([np.zeros_like(most[:, :1]), np.cumsum(most, axis=1)[:, :-1]], axis=1)
    keep = (most > 0) & (before < need[:, None, :]) & (price < worth)
    scenario, place, quarter = np.nonzero(keep)
    return scenario, members[order[scenario, place, quarter]], quarter
