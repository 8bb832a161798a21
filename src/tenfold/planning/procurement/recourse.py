"""Rows that tie orders to what a scenario makes of them: capacity, service, work, cost, tail.

ordered    units, price and running costs of each class by quarter are the sums over its orders
capacity   what a group gives to workloads ≤ what is delivered and not ended + rent
served     service + unserved ≥ demand, by quarter
worked     service over the quarters of a run + unserved ≥ work
paced      service of a run in a quarter ≤ what it can use at once
cost       C_s = present value of orders, rent and penalties
tail       z_s ≥ C_s − η
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.planning.procurement.model import Classes, Groups, Layout, Rents
from tenfold.planning.procurement.payments import discount_factors
from tenfold.planning.procurement.programme import Programme, is_training, needed_h100e
from tenfold.planning.procurement.rows import Entries, Rows
from tenfold.quantities import Floats


def recourse_rows(
    programme: Programme, groups: Groups, classes: Classes, rents: Rents, layout: Layout
) -> Iterator[Rows]:
    """Write every family of this module."""
    yield from _ordered(programme, groups, classes, layout)
    yield _capacity(groups, classes, rents, layout)
    yield from _demands(programme, groups, layout)
    yield _cost(programme, classes, rents, layout)
    yield _tail(layout)


def _ordered(programme: Programme, groups: Groups, classes: Classes, layout: Layout) -> Iterator[Rows]:
    """Sum orders into classes."""
    options = programme.commitments
    lot = options.lot_chips[:, None]
    units = lot * groups.option_units[:, None]
    capacity = Entries("ordered_capacity", layout.capacity.shape)
    capacity.add(capacity.index, layout.capacity, 1.0).add(capacity.index[:, 1:], layout.capacity[:, :-1], -1.0)
    capacity.add(capacity.index[classes.of_option], layout.orders, -units)
    yield capacity.rows(0.0, 0.0)
    for name, column, value in (
        ("ordered_upfront", layout.upfront, lot * options.upfront_musd_per_chip),
        ("ordered_running", layout.running, lot * options.running_musd_per_chip_quarter),
    ):
        entries = Entries(name, column.shape)
        entries.add(entries.index, column, 1.0).add(entries.index[classes.of_option], layout.orders, -value)
        yield entries.rows(0.0, 0.0)


def _capacity(groups: Groups, classes: Classes, rents: Rents, layout: Layout) -> Rows:
    """Service of a group ≤ capacity delivered − capacity ended + rent, (g, s, t)."""
    shape = (layout.serve.shape[0], *layout.serve.shape[2:])
    entries = Entries("capacity", shape)
    entries.add(entries.index[:, None], layout.serve, 1.0)
    row = entries.index[classes.group].swapaxes(0, 1)
    classed = np.arange(len(classes.group))[:, None]
    for orders, sign in ((classes.delivered_orders, -1.0), (classes.ended_orders, 1.0)):
        column = np.where(orders > 0, layout.capacity[classed, orders - 1], -1)
        entries.add(row, column, sign)
    entries.add(entries.index[groups.offer[rents.offer], rents.scenario, rents.quarter], layout.rents, -1.0)
    return entries.rows(-np.inf, 0.0)


def _demands(programme: Programme, groups: Groups, layout: Layout) -> Iterator[Rows]:
    """Serve demand by quarter, work by its deadline, no faster than a run can use."""
    need = needed_h100e(programme).swapaxes(0, 1)
    training, work = is_training(programme), programme.workloads
    direction = groups.direction[:, :, None, None]
    serving = np.flatnonzero(~training)
    served = Entries("served", (len(serving), *need.shape[1:]))
    served.add(served.index, layout.serve[:, serving], direction[:, serving])
    served.add(served.index, layout.unserved[serving], 1.0)
    if serving.size:
        yield served.rows(need[serving], np.inf)
    runs = np.flatnonzero(training)
    if runs.size:
        last = np.take_along_axis(programme.scenarios.demand[:, runs], work.last_quarter[None, runs, None], axis=2)
        worked = Entries("worked", (len(runs), need.shape[1]))
        worked.add(worked.index[:, :, None], layout.serve[:, runs], direction[:, runs])
        worked.add(worked.index[:, :, None], layout.unserved[runs], 1.0)
        yield worked.rows((last[:, :, 0] * work.work_h100e_quarters[runs]).T, np.inf)
    paced = np.flatnonzero(training & np.isfinite(work.most_h100e))
    if paced.size:
        entries = Entries("paced", (len(paced), *need.shape[1:]))
        entries.add(entries.index, layout.serve[:, paced], direction[:, paced])
        yield entries.rows(-np.inf, work.most_h100e[paced, None, None])


def _cost(programme: Programme, classes: Classes, rents: Rents, layout: Layout) -> Rows:
    """C_s − orders − rent − penalties = 0."""
    discount = discount_factors(len(programme.quarters), programme.discount_rate_per_year)
    entries = Entries("cost", layout.cost.shape)
    row = entries.index[:, None, None]
    entries.add(entries.index, layout.cost, 1.0)
    entries.add(row, layout.upfront, classes.left - classes.paid)
    entries.add(row, layout.running, -classes.running)
    entries.add(entries.index[rents.scenario], layout.rents, -rents.musd_per_unit * discount[rents.quarter])
    entries.add(entries.index[:, None], layout.unserved, -penalties(programme, discount)[:, None, :])
    return entries.rows(0.0, 0.0)


def penalties(programme: Programme, discount: Floats) -> Floats:
    """Present value of one H100e-quarter unserved, (w, t); 0 where it is forbidden and cannot be."""
    penalty = programme.workloads.unserved_musd_per_h100e_quarter
    return np.where(np.isfinite(penalty), penalty, 0.0)[:, None] * discount[: len(programme.quarters)]


def _tail(layout: Layout) -> Rows:
    entries = Entries("tail", layout.cost.shape)
    entries.add(entries.index, layout.excess, 1.0).add(entries.index, layout.cost, -1.0)
    entries.add(entries.index, layout.threshold, 1.0)
    return entries.rows(0.0, np.inf)
