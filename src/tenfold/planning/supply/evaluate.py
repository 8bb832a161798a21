"""What designs cost at points of the uncertain inputs. Axes (row, point).

Waiting is not billed. Rent is paid while chips are set up, and the provider replaces failed nodes; an owner buys
spares, and is charged for the money that lies in chips until they work. Chips that are bought for one work are sold
after it unless other work takes them: their cost is what they lose in value from the order on, the money in them,
space, upkeep and energy. Where other work takes them, it is the hours used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from tenfold.economics import (
    Owned,
    hour_usd,
    paying_ahead_usd,
    rent_cost_usd,
    rental_cost,
    resale_usd,
    running_usd_per_hour,
    sold_after_usd,
    upfront_usd,
    usd_per_chip_hour,
    yearly_usd,
)
from tenfold.planning.at_work import CHIPS_PER_STORAGE_NODE
from tenfold.planning.drawn import owned
from tenfold.planning.supply.held import DAYS_PER_MONTH, Held
from tenfold.planning.supply.rows import Rows
from tenfold.quantities import DAYS_PER_BOOK_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR, Floats, Points


def porting_usd(rows: Rows, points: Points) -> Floats:
    """What porting the software to the chips costs, USD: weeks · people · cost of an engineer."""
    index = rows.index
    weeks, people = points.of("porting_weeks", index), points.of("porting_people", index)
    return np.asarray(rows.ported[:, None] * weeks * people * points.of("engineer_usd", index))


def rent_usd(rows: Rows, points: Points, took: Held) -> Floats:
    """Bill of rented rows, USD: what they cost, and what has to be committed."""
    return np.asarray(sum(rent_terms_usd(rows, points, took).values()))


def rent_usd_per_chip_hour(rows: Rows, points: Points) -> Floats:
    """Price of a chip-hour: that of the tier, times what many chips soon cost over it."""
    price = points.of("price", rows.index)
    if not rows.premium.any():
        return price
    return np.asarray(price * points.of("big_and_soon", rows.index) ** rows.premium[:, None])


def rent_terms_usd(rows: Rows, points: Points, took: Held) -> Mapping[str, Floats]:
    """Bill of rented rows by line, USD, with the storage that saves are written to taken out of the extras."""
    lines, storage = dict(bill_usd(rows, points, took)), storage_usd(rows, points, took)
    extras = lines.pop("extras")
    rest = np.subtract(extras, storage, out=np.zeros(storage.shape), where=np.isfinite(storage))
    extras = np.maximum(rest, 0.0)
    return {"chips": lines.pop("chips"), "storage": storage, "extras": extras, **lines}


def bill_usd(rows: Rows, points: Points, took: Held) -> Mapping[str, Floats]:
    """Bill of rented rows by line, USD, whatever they do."""
    there = rows.beside[:, None]
    bill = rental_cost(
        chips=rows.ordered[:, None],
        days=took.billed_days,
        price_usd_per_chip_hour=rent_usd_per_chip_hour(rows, points),
        term_days=rows.term_days[:, None],
        extras_share=points.of("extras", rows.index),
    )
    lines = {"chips": bill.chips_usd, "extras": bill.extras_usd, "unused_term": bill.unused_term_usd}
    if rows.ported.any():
        lines["porting"] = porting_usd(rows, points)
    if rows.prepaid.any():
        years = rows.term_days[:, None] / DAYS_PER_BOOK_YEAR
        capital = points.of("cost_of_capital", rows.index)
        lines["paying_ahead"] = np.asarray(
            paying_ahead_usd(_term_usd(rows, points), rows.prepaid[:, None], capital, years)
        )
    if rows.beside.any():
        hour_usd_each = rows.beside_usd_per_chip_hour[:, None]
        lines["chips_there"] = np.asarray(rent_cost_usd(there, took.billed_days, hour_usd_each))
    return {name: np.asarray(line) for name, line in lines.items()}


def paid_ahead_usd(rows: Rows, points: Points) -> Floats:
    """What rented rows pay of their terms before the chips are there, USD."""
    return np.asarray(_term_usd(rows, points) * rows.prepaid[:, None])


def _term_usd(rows: Rows, points: Points) -> Floats:
    """Rent of a whole term, USD."""
    chips, days = rows.ordered[:, None], rows.term_days[:, None]
    return np.asarray(rent_cost_usd(chips, days, rent_usd_per_chip_hour(rows, points)))


def storage_usd(rows: Rows, points: Points, took: Held) -> Floats:
    """Rent of storage that writes saves as fast as they are timed at, USD: bandwidth · price · months.

    It is what clouds call an extra, and taken out of the extras as far as they reach. Chips whose storage is there need
    none.
    """
    index = rows.index
    rented = np.maximum(1.0 - rows.stored[:, None] / rows.chips[:, None], 0.0)
    nodes = np.maximum(rows.chips[:, None] / CHIPS_PER_STORAGE_NODE, 1.0) * rented
    gbyte_per_s = nodes * points.of("write_rate", index) / 1e9
    return np.asarray(gbyte_per_s * points.of("storage_price", index) * took.billed_days / DAYS_PER_MONTH)


def owned_terms_usd(rows: Rows, points: Points, took: Held) -> Mapping[str, Floats]:
    """Charge of owned rows by line, USD: the run's share of the life of the chips, and its running costs."""
    chip_hours = owned_chip_hours(rows, points, took)
    lines = {name: usd * chip_hours for name, usd in hour_usd(owner_of(rows, points)).items() if np.any(usd)}
    return lines | {"carry": carry_usd(rows, points, took), "porting": porting_usd(rows, points)}


def owner_of(rows: Rows, points: Points) -> Owned:
    """Owner of the rows, in a hall that is rented."""
    index, network = rows.index, rows.network[:, None]
    return owned(lambda key: points.of("price" if key == "chip_usd" else key, index), network=network)


def owned_usd_per_chip_hour(rows: Rows, points: Points) -> Floats:
    """Charge of an hour of an owned chip, USD; it depends on the offer, the site and the network."""
    return usd_per_chip_hour(owner_of(rows, points))


def owned_usd_by_site(rows: Rows, points: Points, took: Held, sites: int) -> Iterator[Floats]:
    """Charge of every owned row at each of so many sites, USD, shape (sites, points), row by row to stay in cache."""
    fixed = carry_usd(rows, points, took) + porting_usd(rows, points)
    return _by_site(rows, points, took, sites, owned_usd_per_chip_hour, fixed)


def _by_site(
    rows: Rows, points: Points, took: Held, sites: int, hour_usd: Callable[[Rows, Points], Floats], fixed_usd: Floats
) -> Iterator[Floats]:
    """Hours used at what one costs at each site, and what does not depend on the site; rows of one network share it."""
    at_sites = replace(rows, site=np.arange(sites))
    hour = {
        network: hour_usd(replace(at_sites, network=np.array([network])), points)
        for network in np.unique(rows.network).tolist()
    }
    return (
        used * hour[network] + fixed
        for used, fixed, network in zip(
            owned_chip_hours(rows, points, took), fixed_usd, rows.network.tolist(), strict=True
        )
    )


def carry_usd(rows: Rows, points: Points, took: Held) -> Floats:
    """The run's share of what the money in owned chips costs while they do not work yet, USD.

    purchase · cost of capital · (wait + setup) · run ÷ (life · use): an owner pays on the order, and every hour that
    the chips ever work carries its part of the wait.
    """
    index = rows.index
    waited = (took.lead_days + took.setup_days) / DAYS_PER_BOOK_YEAR
    worked = took.run_days / (DAYS_PER_BOOK_YEAR * points.of("life_years", index) * points.of("utilisation", index))
    return np.asarray(purchase_usd(rows, points) * points.of("cost_of_capital", index) * waited * worked)


def purchase_usd(rows: Rows, points: Points) -> Floats:
    """Price of everything that owned rows buy, USD: what has to be committed."""
    return bought_chips(rows, points) * upfront_usd(owner_of(rows, points))


def owned_chip_hours(rows: Rows, points: Points, took: Held) -> Floats:
    """Hours that owned chips and their spares run."""
    return bought_chips(rows, points) * took.run_days * HOURS_PER_DAY


def bought_chips(rows: Rows, points: Points) -> Floats:
    """Chips with the spares beside them, for which those stand in that whole units leave idle."""
    return np.asarray(np.maximum(rows.chips[:, None] * (1.0 + points.of("spares", rows.index)), rows.ordered[:, None]))


def charged_terms_usd(rows: Rows, points: Points, took: Held) -> Mapping[str, Floats]:
    """Charge of owned rows of one offer by line, USD."""
    if not rows.sold[0]:
        return owned_terms_usd(rows, points, took)
    return _sold_terms_usd(rows, points, took.run_days, took) | {"porting": porting_usd(rows, points)}


def charged_usd_by_site(rows: Rows, points: Points, took: Held, sites: int) -> Iterator[Floats]:
    """Charge of every owned row of one offer at each of so many sites, USD, shape (sites, points), row by row."""
    if not rows.sold[0]:
        return owned_usd_by_site(rows, points, took, sites)
    idle = _sold_terms_usd(rows, points, np.zeros_like(took.run_days), took)
    fixed = np.asarray(sum(idle.values())) + porting_usd(rows, points)
    return _by_site(rows, points, took, sites, _busy_hour_usd, fixed)


def _sold_terms_usd(rows: Rows, points: Points, run_days: Floats, took: Held) -> dict[str, Floats]:
    """Lines of rows whose chips are sold after the work, USD, used for so many days of those they are held."""
    over_book = points.of("over_book", rows.index)
    each = sold_after_usd(owner_of(rows, points), _years(run_days), _years(took.finish_days), over_book)
    chips = bought_chips(rows, points)
    return {name: chips * usd for name, usd in each.items() if np.any(usd)}


def _busy_hour_usd(rows: Rows, points: Points) -> Floats:
    """Space, upkeep and energy of an hour of a chip that is used throughout, USD."""
    owner = replace(owner_of(rows, points), utilisation=1.0)
    return np.asarray(yearly_usd(owner) / HOURS_PER_YEAR + running_usd_per_hour(owner))


def left_usd(rows: Rows, points: Points, held_days: Floats, committed_usd: Floats, cost_usd: Floats) -> Floats:
    """What is left of a purchase after so many days, USD: what a buyer pays for it, or its worth to other work."""
    if not rows.sold[0]:
        return np.maximum(committed_usd - cost_usd, 0.0)
    value = resale_usd(owner_of(rows, points), _years(held_days))
    return np.asarray(bought_chips(rows, points) * points.of("over_book", rows.index) * value)


def _years(days: Floats) -> Floats:
    return days / DAYS_PER_BOOK_YEAR
