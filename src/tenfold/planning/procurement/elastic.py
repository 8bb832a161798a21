"""Why a programme has no plan: limits are given slack, and the least slack says which one is short, and by how much.

Two relaxations of the rows (elastic programming; Chinneck 2008, Feasibility and Infeasibility in Optimization,
chapter 6): unserved demand allowed where it is forbidden says what would be missing; limits allowed to grow, each
measured against its own size, say what would fit. An unbounded programme is told by the orders that earn money
without limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, hstack

from tenfold.planning.procurement.answer import Shortage
from tenfold.planning.procurement.limits import vendors_of
from tenfold.planning.procurement.model import Model
from tenfold.planning.procurement.programme import is_training
from tenfold.planning.procurement.solve import Linear, solve_relaxed
from tenfold.quantities import HOURS_PER_QUARTER, Floats, Indices, format_enough, format_quantity, format_share

NEEDS = ("served", "worked")
LIMITS = ("power", "capital", "allocation", "vendor", "revenue")
NEGLIGIBLE = 1e-6
MOST_TOLD = 12


def shortages(linear: Linear, model: Model, *, seed: int = 0) -> tuple[Shortage, ...]:
    """Say what is short of an infeasible programme, and the nearest change that would fit."""
    missing = list(_missing(linear, model, seed))[:MOST_TOLD]
    grown = list(dict.fromkeys(_grown(linear, model, seed)))
    nearest = "; ".join(grown) or _last_resort(linear, model, seed)
    return tuple(Shortage(limit="unserved demand is forbidden", short=short, nearest=nearest) for short in missing)


def unbounded_orders(linear: Linear, model: Model, *, seed: int = 0) -> tuple[Shortage, ...]:
    """Name the orders that a programme without a bound would place: each earns more than it costs."""
    orders = model.layout.orders
    high = linear.high.copy()
    free = np.isinf(high[orders])
    high[orders[free]] = 1.0
    solved = solve_relaxed(replace(linear, high=high), seed=seed)
    rows = model.programme.commitments
    found = []
    for option, quarter in zip(*np.nonzero(free & (solved.columns[orders] > NEGLIGIBLE)), strict=True):
        short = f"{rows.names[option]} ordered in {model.programme.quarters[quarter]} is worth more than it costs"
        nearest = "add an allocation to the option, or check its price, the discount rate and the useful life"
        found.append(Shortage(limit="no limit on orders", short=short, nearest=nearest))
    return tuple(found[:MOST_TOLD])


def _rows_of(model: Model, families: Sequence[str]) -> Indices:
    """Rows of families that the model has."""
    offsets = model.offsets
    found = [np.arange(len(rows.low)) + offsets[rows.name] for rows in model.rows if rows.name in families]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.intp)


def _slack(linear: Linear, rows: Indices, sign: float, weight: Floats, seed: int) -> Floats | None:
    """Least weighted slack of rows, in the order of ``rows``; None when slack there does not help."""
    count = len(rows)
    unit = csc_array((np.full(count, sign), (rows, np.arange(count))), shape=(linear.matrix.shape[0], count))
    elastic = Linear(
        objective=np.concatenate([np.zeros_like(linear.objective), weight]),
        low=np.concatenate([linear.low, np.zeros(count)]),
        high=np.concatenate([linear.high, np.full(count, np.inf)]),
        matrix=csc_array(hstack([linear.matrix, unit])),
        row_low=linear.row_low,
        row_high=linear.row_high,
        whole=np.concatenate([linear.whole, np.zeros(count)]),
    )
    solved = solve_relaxed(elastic, seed=seed)
    return solved.columns[-count:] if solved.status == "optimal" and count else None


def _missing(linear: Linear, model: Model, seed: int) -> Iterator[str]:
    """Say which demand would be missing, for each workload and quarter the most of any scenario."""
    rows = _rows_of(model, NEEDS)
    slack = _slack(linear, rows, 1.0, np.ones(len(rows)), seed)
    if slack is None:
        return
    whole = np.zeros(model.row_count)
    whole[rows] = slack
    programme, training = model.programme, is_training(model.programme)
    for family, kept in (("served", ~training), ("worked", training)):
        part = next((rows for rows in model.rows if rows.name == family), None)
        if part is None:
            continue
        start = model.offsets[family]
        short = whole[start : start + len(part.low)].reshape(part.shape)
        names = [name for name, keep in zip(programme.workloads.names, kept, strict=True) if keep]
        for row, name in enumerate(names):
            yield from _said(model, name, short[row])


def _said(model: Model, name: str, short: Floats) -> Iterator[str]:
    scenarios, quarters = model.programme.scenarios.names, model.programme.quarters
    if short.ndim == 1:
        worst = int(short.argmax())
        if short[worst] > NEGLIGIBLE:
            hours = format_quantity(float(short[worst]) * HOURS_PER_QUARTER, "chip-h")
            yield f"{name} lacks {hours} of an H100 by its deadline in scenario {scenarios[worst]}"
        return
    for quarter, when in enumerate(quarters):
        worst = int(short[:, quarter].argmax())
        if short[worst, quarter] > NEGLIGIBLE:
            lacking = format_quantity(float(short[worst, quarter]), "1")
            yield f"{name} lacks {lacking} H100e in {when} in scenario {scenarios[worst]}"


def _grown(linear: Linear, model: Model, seed: int) -> Iterator[str]:
    """Say which limits would have to grow."""
    rows = _rows_of(model, LIMITS)
    if not rows.size:
        return
    size = np.abs(linear.row_high[rows])
    sensible = np.isfinite(size) & (size > 0)
    usual = float(size[sensible].mean()) if sensible.any() else 1.0
    slack = _slack(linear, rows, -1.0, 1.0 / np.where(sensible, size, usual), seed)
    if slack is None:
        return
    whole = np.zeros(model.row_count)
    whole[rows] = slack
    for part in model.rows:
        if part.name in LIMITS:
            start = model.offsets[part.name]
            more = whole[start : start + len(part.low)].reshape(part.shape)
            grown = [
                _more(model, part.name, tuple(int(step) for step in place), float(more[place]))
                for place in zip(*np.nonzero(more > NEGLIGIBLE), strict=True)
            ]
            yield from _spans(model.programme.quarters, grown)


Grown = tuple[str, int | None]
"""What has to grow, and in which quarter; None where it holds for all."""


def _spans(quarters: Sequence[str], grown: Sequence[Grown]) -> Iterator[str]:
    """The same amount in quarters that follow each other is said once."""
    for place, (words, quarter) in enumerate(grown):
        if quarter is None:
            yield words
        elif (words, quarter - 1) not in grown[:place]:
            last = quarter
            while (words, last + 1) in grown:
                last += 1
            yield f"{words} in {quarters[quarter]}" + (f" to {quarters[last]}" if last > quarter else "")


def _more(model: Model, family: str, place: tuple[int, ...], amount: float) -> Grown:
    """Amounts are those that are enough: a limit that is smaller leaves the programme short."""
    programme, quarter = model.programme, place[-1]
    if family == "power":
        return f"{format_enough(amount * 1e6, 'W')} more power at {programme.limits.sites[place[0]]}", quarter
    if family == "capital":
        return f"{format_enough(amount * 1e6, 'USD')} more capital", quarter
    if family == "allocation":
        return f"{math.ceil(amount):,} more chips of {programme.limits.allocations[place[0]].name}", quarter
    if family == "revenue":
        share = math.ceil(1e3 * amount / float(programme.limits.revenue_musd[place[0]])) / 1e3
        return f"{format_share(share)} more of revenue for compute", quarter
    return f"max_vendor_share = 1, since {vendors_of(programme)[place[0]]} has to have more", None


def _last_resort(linear: Linear, model: Model, seed: int) -> str:
    """Try without the options' own allocations; what then still fails is time."""
    orders, high = model.layout.orders, linear.high.copy()
    quarters = len(model.programme.quarters)
    arrives = np.arange(quarters) + model.programme.commitments.lead_quarters[:, None] < quarters
    high[orders] = np.where(arrives, np.inf, 0.0)
    high[model.layout.rents] = np.inf
    rows = _rows_of(model, LIMITS)
    freed = replace(linear, high=high)
    fits = solve_relaxed(freed, seed=seed).status != "infeasible"
    if fits or (rows.size and _slack(freed, rows, -1.0, np.ones(len(rows)), seed) is not None):
        return "larger allocations of the options"
    return "options that are delivered sooner, offers on demand, or a penalty instead of 'forbidden'"
