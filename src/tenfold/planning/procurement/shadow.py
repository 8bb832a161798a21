"""Shadow prices in words: what one more unit of a limit is worth, from the duals of the relaxation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.planning.procurement.answer import ShadowPrice
from tenfold.planning.procurement.limits import service_quarters, vendors_of
from tenfold.planning.procurement.model import Model
from tenfold.planning.procurement.payments import discount_factors
from tenfold.planning.procurement.programme import USD_PER_MUSD
from tenfold.planning.procurement.solve import Solution
from tenfold.quantities import Floats, format_quantity

SMALLEST_USD = 0.01
_POINT = 0.01


def shadow_prices(model: Model, relaxed: Solution) -> tuple[ShadowPrice, ...]:
    """List what every limit that binds is worth, the most valuable of each kind first.

    A dual is the change of the objective (expected cost + λ·CVaR, a present value) for one more unit. A dollar paid
    whatever happens adds 1 + λ to the objective, so the dual over 1 + λ is what the unit is worth paying for; over the
    discount factor of the quarter it is in dollars of that quarter.
    """
    found = [*_power(model, relaxed), *_capital(model, relaxed), *_allocation(model, relaxed)]
    found += [*_vendor(model, relaxed), *_revenue(model, relaxed)]
    kept = [price for price in found if price.present_usd_per_unit >= SMALLEST_USD]
    return tuple(sorted(kept, key=lambda price: (price.limit, -price.present_usd_per_unit)))


def duals_of(model: Model, relaxed: Solution, family: str) -> Floats | None:
    """Worth of one more unit of the rows of a family, certain millions, in their shape; None when there are none."""
    rows = next((rows for rows in model.rows if rows.name == family), None)
    if rows is None:
        return None
    start = model.offsets[family]
    certain = 1.0 + model.programme.risk_aversion
    return -relaxed.duals[start : start + len(rows.low)].reshape(rows.shape) / certain


def _discount(model: Model) -> Floats:
    return discount_factors(len(model.programme.quarters), model.programme.discount_rate_per_year)


def _by_quarter(
    model: Model, worth: Floats | None, limit: str, names: tuple[str, ...], unit: str, said: str
) -> Iterator[ShadowPrice]:
    """Shadow prices of rows (name, quarter); ``said`` is the sentence before "is worth"."""
    if worth is None:
        return
    discount = _discount(model)
    for row, name in enumerate(names):
        for quarter, when in enumerate(model.programme.quarters):
            present = float(worth[row, quarter]) * USD_PER_MUSD
            then = present / float(discount[quarter])
            amount = format_quantity(then, "USD")
            words = f"{said.format(name=name, quarter=when)} is worth {amount} of {when}"
            yield ShadowPrice(
                limit=limit,
                name=name,
                quarter=when,
                unit=unit,
                usd_per_unit=then,
                present_usd_per_unit=present,
                words=words,
            )


def _power(model: Model, relaxed: Solution) -> Iterator[ShadowPrice]:
    sites = model.programme.limits.sites
    said = "one more MW in {quarter} at {name}, that quarter only,"
    yield from _by_quarter(model, duals_of(model, relaxed, "power"), "power", sites, "MW", said)
    worth = duals_of(model, relaxed, "power")
    if worth is not None:
        onwards = np.cumsum(worth[:, ::-1], axis=1)[:, ::-1]
        said = "one more MW from {quarter} on at {name}"
        yield from _by_quarter(model, onwards, "power from then on", sites, "MW", said)


def _capital(model: Model, relaxed: Solution) -> Iterator[ShadowPrice]:
    worth = duals_of(model, relaxed, "capital")
    shaped = None if worth is None else worth[None]
    said = "$1M more capital in {quarter}"
    yield from _by_quarter(model, shaped, "capital", ("capital",), "$1M", said)


def _allocation(model: Model, relaxed: Solution) -> Iterator[ShadowPrice]:
    names = tuple(allocation.name for allocation in model.programme.limits.allocations)
    said = "one more chip of {name} in {quarter}"
    yield from _by_quarter(model, duals_of(model, relaxed, "allocation"), "allocation", names, "chip", said)


def _revenue(model: Model, relaxed: Solution) -> Iterator[ShadowPrice]:
    worth = duals_of(model, relaxed, "revenue")
    if worth is None:
        return
    point = worth[None] * model.programme.limits.revenue_musd * _POINT
    said = "one more percent of revenue for compute in {quarter}"
    yield from _by_quarter(model, point, "revenue share", ("revenue",), "percent of revenue", said)


def _vendor(model: Model, relaxed: Solution) -> Iterator[ShadowPrice]:
    worth = duals_of(model, relaxed, "vendor")
    if worth is None:
        return
    committed = _committed_units(model, relaxed)
    for vendor, value in zip(vendors_of(model.programme), worth, strict=True):
        present = float(value) * committed * _POINT * USD_PER_MUSD
        words = (
            f"one more percent of the capacity ordered ahead for {vendor} is worth {format_quantity(present, 'USD')}"
        )
        yield ShadowPrice(
            limit="vendor share",
            name=vendor,
            quarter=model.programme.quarters[0],
            unit="percent of committed capacity",
            usd_per_unit=present,
            present_usd_per_unit=present,
            words=words,
        )


def _committed_units(model: Model, relaxed: Solution) -> float:
    rows = model.programme.commitments
    units = service_quarters(model.programme) * (rows.lot_chips * model.groups.option_units)[:, None]
    return float((units * relaxed.columns[model.layout.orders]).sum())
