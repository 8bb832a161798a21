"""Rows of what there is: power, capital, allocations, share of one vendor, share of revenue.

power       owned chips due at a site draw no more than its connection, by quarter; nominal delivery, the earliest
capital     deposits and payments on nominal delivery at base prices ≤ capital of the quarter
allocation  chips of several options together ≤ what the supplier allocates in a quarter
vendor      H100e-quarters committed to a vendor ≤ share × all that are committed
revenue     straight-line depreciation + running costs + expected rent of a quarter ≤ share × revenue
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.planning.procurement.model import Groups, Layout, Rents
from tenfold.planning.procurement.programme import Programme
from tenfold.planning.procurement.rows import Entries, Rows
from tenfold.quantities import Flags, Floats


def limit_rows(programme: Programme, groups: Groups, rents: Rents, layout: Layout) -> Iterator[Rows]:
    """Write every family of this module that the programme has limits for."""
    limits = programme.limits
    if np.isfinite(limits.power_mw).any():
        yield _power(programme, layout)
    if np.isfinite(limits.capital_musd).any():
        yield _capital(programme, layout)
    if limits.allocations:
        yield _allocations(programme, layout)
    if limits.most_vendor_share < 1.0:
        yield _vendors(programme, groups, layout)
    if np.isfinite(limits.most_revenue_share):
        yield _revenue(programme, groups, rents, layout)


def in_service(programme: Programme) -> Flags:
    """Tell whether an order of t serves in quarter u when it is delivered on time, (o, t, u)."""
    quarters = np.arange(len(programme.quarters))
    rows = programme.commitments
    arrival = (quarters + rows.lead_quarters[:, None])[:, :, None]
    end = arrival + rows.term_quarters[:, None, None]
    return (quarters >= arrival) & (quarters < end)


def vendors_of(programme: Programme) -> tuple[str, ...]:
    """Vendors of the options, sorted."""
    return tuple(sorted(set(programme.commitments.vendors)))


def service_quarters(programme: Programme) -> Floats:
    """Quarters an order of t serves within the programme, (o, t)."""
    return np.asarray(in_service(programme).sum(axis=2), dtype=np.float64)


def accrued_musd(programme: Programme) -> Floats:
    """Depreciation and running costs a quarter in service of an order of t, by chip, (o, t)."""
    rows = programme.commitments
    depreciation = rows.upfront_musd_per_chip * (1.0 - programme.residual_share) / programme.life_quarters
    return depreciation + rows.running_musd_per_chip_quarter


def _power(programme: Programme, layout: Layout) -> Rows:
    rows, limits = programme.commitments, programme.limits
    entries = Entries("power", limits.power_mw.shape)
    draw = rows.power_mw_per_chip * rows.lot_chips
    place = np.array([limits.sites.index(site) for site in rows.sites], dtype=np.intp)
    drawing = np.flatnonzero(draw > 0)
    entries.add(
        entries.index[place[drawing]][:, None, :],
        layout.orders[drawing][:, :, None],
        in_service(programme)[drawing] * draw[drawing, None, None],
    )
    return entries.rows(-np.inf, limits.power_mw)


def _capital(programme: Programme, layout: Layout) -> Rows:
    rows, limits = programme.commitments, programme.limits
    quarters = len(programme.quarters)
    entries = Entries("capital", limits.capital_musd.shape)
    price = rows.upfront_musd_per_chip * rows.lot_chips[:, None]
    due = np.arange(quarters) + rows.lead_quarters[:, None]
    deposit = rows.deposit_share[:, None]
    entries.add(entries.index, layout.orders, price * deposit)
    late = due < quarters
    entries.add(np.where(late, due, 0), np.where(late, layout.orders, -1), price * (1.0 - deposit))
    return entries.rows(-np.inf, limits.capital_musd)


def _allocations(programme: Programme, layout: Layout) -> Rows:
    found = programme.limits.allocations
    entries = Entries("allocation", (len(found), len(programme.quarters)))
    member = np.stack([allocation.members for allocation in found])[:, :, None]
    entries.add(entries.index[:, None, :], layout.orders, member * programme.commitments.lot_chips[:, None])
    return entries.rows(-np.inf, np.stack([allocation.most_chips for allocation in found]))


def _vendors(programme: Programme, groups: Groups, layout: Layout) -> Rows:
    vendors, rows = vendors_of(programme), programme.commitments
    entries = Entries("vendor", (len(vendors),))
    of = np.array(vendors)[:, None] == np.array(rows.vendors)
    units = service_quarters(programme) * (rows.lot_chips * groups.option_units)[:, None]
    share = of.astype(np.float64)[:, :, None] - programme.limits.most_vendor_share
    entries.add(entries.index[:, None, None], layout.orders, share * units)
    return entries.rows(-np.inf, 0.0)


def _revenue(programme: Programme, groups: Groups, rents: Rents, layout: Layout) -> Rows:
    limits, rows = programme.limits, programme.commitments
    entries = Entries("revenue", limits.revenue_musd.shape)
    accrued = (accrued_musd(programme) * rows.lot_chips[:, None])[:, :, None]
    entries.add(entries.index, layout.orders[:, :, None], in_service(programme) * accrued)
    chance = programme.scenarios.probability[rents.scenario]
    entries.add(entries.index[rents.quarter], layout.rents, chance * rents.musd_per_unit)
    return entries.rows(-np.inf, limits.most_revenue_share * limits.revenue_musd)
