"""Where covenants break: the market price and the market utilisation at which a limit is just kept.

The market price of every fleet, in every quarter, is moved by one factor; so is its utilisation. Both lower EBITDA as
they fall, and with it every ratio that lenders test, so the factor is found by halving. Contract prices stay as they
are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tenfold.economics.cloud import COVENANTS, Covenant, cloud_books, first_break, headroom
from tenfold.planning.rental.answer import CovenantAnswer
from tenfold.planning.rental.case import RentalCase
from tenfold.planning.rental.dates import quarter_name
from tenfold.planning.rental.inputs import Values, cloud_inputs
from tenfold.quantities import Flags, Floats, Percentiles

LARGEST_PRICE_FACTOR = 16.0
HALVINGS_AT_P50 = 50
HALVINGS_OF_DRAWS = 14
"""To a thousandth of the price and of the utilisation, which is finer than what varies from draw to draw."""


def covenant_answers(
    case: RentalCase, middle: Values, drawn: Values, progress: Callable[[float], None]
) -> tuple[CovenantAnswer, ...]:
    """Judge every covenant of a question. Raises nothing."""
    out = []
    asked = case.question.covenants
    for place, covenant in enumerate(asked):
        out.append(_answer(case, Covenant(kind=covenant.kind, limit=covenant.limit), middle, drawn))
        progress((place + 1) / len(asked))
    return tuple(out)


def _answer(case: RentalCase, covenant: Covenant, middle: Values, drawn: Values) -> CovenantAnswer:
    books = cloud_books(cloud_inputs(case, middle))
    broken = int(np.atleast_1d(first_break(books, covenant))[0])
    price, utilisation = (_market_keys(case, name) for name in ("price", "utilisation"))
    return CovenantAnswer(
        kind=covenant.kind,
        limit=covenant.limit,
        side=COVENANTS[covenant.kind][1],
        headroom=float(np.atleast_1d(headroom(books, covenant))[0]),
        first_break="" if broken < 0 else quarter_name(case.first_quarter + broken),
        probability_it_holds=float(np.mean(_room(case, covenant, drawn) >= 0.0)),
        break_utilisation=float(break_points(case, covenant, middle, utilisation, HALVINGS_AT_P50)[0]),
        break_price_usd_per_chip_hour=float(break_points(case, covenant, middle, price, HALVINGS_AT_P50)[0]),
        break_utilisation_range=Percentiles.of(break_points(case, covenant, drawn, utilisation, HALVINGS_OF_DRAWS)),
        break_price_range=Percentiles.of(break_points(case, covenant, drawn, price, HALVINGS_OF_DRAWS)),
    )


def break_points(case: RentalCase, covenant: Covenant, values: Values, keys: Sequence[str], halvings: int) -> Floats:
    """Mean of the inputs ``keys`` at the factor at which the covenant is just kept. Shape (draw,).

    Utilisation goes up to 100 % of the fleet nearest to it, prices up to 16 times theirs.
    """
    count = max(len(value) for value in values.values())
    level = {key: np.broadcast_to(values[key][:, 0], (count,)) for key in keys}
    most = np.full(count, LARGEST_PRICE_FACTOR)
    if keys[0].endswith("utilisation"):
        most = 1.0 / np.maximum(np.max(list(level.values()), axis=0), 1e-12)

    def holds(factor: Floats) -> Flags:
        moved = {key: (level[key] * factor)[:, None] for key in keys}
        return np.broadcast_to(_room(case, covenant, {**values, **moved}) >= 0.0, (count,))

    low, high = np.zeros(count), most
    always, never = holds(low), ~holds(high)
    for _ in range(halvings):
        middle = (low + high) / 2.0
        kept = holds(middle)
        low, high = np.where(kept, low, middle), np.where(kept, middle, high)
    point = high * _mean_level(case, level, values, count)
    return np.where(always, 0.0, np.where(never, np.inf, point))


def _room(case: RentalCase, covenant: Covenant, values: Values) -> Floats:
    return np.atleast_1d(headroom(cloud_books(cloud_inputs(case, values)), covenant))


def _market_keys(case: RentalCase, name: str) -> list[str]:
    return [f"{place}.market.{name}" for place, _ in case.fleets]


def _mean_level(case: RentalCase, level: dict[str, Floats], values: Values, count: int) -> Floats:
    chips = [np.broadcast_to(values[f"{place}.chips"][:, 0], (count,)) for place, _ in case.fleets]
    return np.asarray(np.average(list(level.values()), axis=0, weights=chips))
