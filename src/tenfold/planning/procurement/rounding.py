"""From a relaxation to whole lots: round down or to the nearest, solve the rest again, and report the gap.

The relaxation is a bound: no plan of whole lots costs less. Where simple rounding stays further from it than
``ENOUGH``, an integer programme in which only the orders that were not whole may move, by one lot, looks for a
better one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tenfold.planning.procurement.limits import service_quarters, vendors_of
from tenfold.planning.procurement.model import Model
from tenfold.planning.procurement.solve import Linear, Solution, solve_relaxed, solve_whole
from tenfold.quantities import Floats, SolverError

ENOUGH = 0.001
NEAR_WHOLE = 1e-6
SEARCH_S = 10.0


def relative_gap(found: float, bound: float) -> float:
    """Gap of a solution over its bound, as a share of the solution; 0 where both are 0."""
    return max(found - bound, 0.0) / abs(found) if found else 0.0


def round_orders(linear: Linear, model: Model, relaxed: Solution, *, seed: int = 0) -> Solution | None:
    """Give the best plan of whole lots found near a relaxation, with the relaxation as its bound; None if none fits."""
    best: Solution | None = None
    for lots in _candidates(model, relaxed.columns[model.layout.orders]):
        found = solve_relaxed(with_orders(linear, model, lots, lots), seed=seed)
        if found.status == "optimal" and (best is None or found.objective < best.objective):
            best = found
        if best is not None and relative_gap(best.objective, relaxed.objective) <= ENOUGH:
            return replace(best, bound=relaxed.objective)
    searched = _searched(linear, model, relaxed, best, seed)
    best = searched if searched is not None and (best is None or searched.objective < best.objective) else best
    return None if best is None else replace(best, bound=relaxed.objective)


def with_orders(linear: Linear, model: Model, least: Floats, most: Floats) -> Linear:
    """Bound every order from both sides."""
    low, high = linear.low.copy(), linear.high.copy()
    low[model.layout.orders], high[model.layout.orders] = least, most
    return replace(linear, low=low, high=high)


def _candidates(model: Model, lots: Floats) -> Iterator[Floats]:
    least, most = model.programme.commitments.minimum_lots[:, None], model.high[model.layout.orders]
    for rounded in (np.floor(lots + NEAR_WHOLE), np.round(lots)):
        allowed = np.where(rounded >= least, rounded, np.where(2 * rounded >= least, least, 0.0))
        yield within_vendor_shares(model, np.minimum(allowed, most))


def within_vendor_shares(model: Model, lots: Floats) -> Floats:
    """Take lots off vendors that rounding has put above their share, the smallest lots that suffice first, (o, t)."""
    programme, rows = model.programme, model.programme.commitments
    most = programme.limits.most_vendor_share
    units = service_quarters(programme) * (rows.lot_chips * model.groups.option_units)[:, None]
    of = np.array(vendors_of(programme))[:, None] == np.array(rows.vendors)
    lots = lots.copy()
    while most < 1.0 and len(of):
        committed = of @ (lots * units).sum(axis=1)
        excess = committed - most * committed.sum()
        worst = int(excess.argmax())
        if excess[worst] <= NEAR_WHOLE * max(float(committed.sum()), 1.0):
            break
        movable = np.where((lots > 0) & of[worst][:, None], units, np.inf)
        enough = np.where(movable * (1.0 - most) >= excess[worst], movable, np.inf)
        place = np.unravel_index(int((enough if np.isfinite(enough).any() else movable).argmin()), lots.shape)
        left = lots[place] - 1.0
        lots[place] = left if left >= rows.minimum_lots[place[0]] else 0.0
    return lots


def _searched(linear: Linear, model: Model, relaxed: Solution, best: Solution | None, seed: int) -> Solution | None:
    """Let the orders that were not whole move between the lots below and above."""
    lots = relaxed.columns[model.layout.orders]
    minimum = np.broadcast_to(model.programme.commitments.minimum_lots[:, None], lots.shape)
    below, above = np.floor(lots + NEAR_WHOLE), np.ceil(lots - NEAR_WHOLE)
    below = np.where(below >= minimum, below, 0.0)
    above = np.where(above > 0, np.maximum(above, minimum), 0.0)
    start = None if best is None else best.columns
    try:
        return solve_whole(
            with_orders(linear, model, below, np.minimum(above, model.high[model.layout.orders])),
            model,
            seed=seed,
            gap=ENOUGH,
            time_limit_s=SEARCH_S,
            start=start,
        )
    except SolverError:
        return None
