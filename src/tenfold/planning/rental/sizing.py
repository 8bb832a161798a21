"""How much lenders lend who ask for a debt-service cover: the largest share of the price that keeps it throughout.

Every input at its P50; shares are looked for on a grid of 64, which is then put between its neighbours, four times: to
a ten-millionth. Cover falls as the share grows, so the largest share that keeps it is the only end.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenfold.economics.cloud import Covenant, cloud_books, headroom
from tenfold.planning.rental.case import RentalCase, placed
from tenfold.planning.rental.inputs import at_p50, cloud_inputs
from tenfold.quantities import Floats

POINTS, ROUNDS = 64, 4


def sized(case: RentalCase) -> RentalCase:
    """Size the loans that have a cover to keep, in the order they are given. Raises nothing."""
    for place, loan in placed("loans", case.question.loans):
        if loan.sized_to_dscr is not None:
            covenant = Covenant(kind="dscr", limit=loan.sized_to_dscr)
            case = replace(
                case, sized={**case.sized, f"{place}.share": _largest_share(case, f"{place}.share", covenant)}
            )
    return case


def _largest_share(case: RentalCase, key: str, covenant: Covenant) -> float:
    low, high = 0.0, 1.0
    for _ in range(ROUNDS):
        shares = np.linspace(low, high, POINTS)
        kept = _keeps(case, key, shares, covenant)
        place = int(np.argmin(kept)) if not kept.all() else POINTS
        if place in (0, POINTS):
            return low if place == 0 else high
        low, high = float(shares[place - 1]), float(shares[place])
    return low


def _keeps(case: RentalCase, key: str, shares: Floats, covenant: Covenant) -> Floats:
    values = {name: np.repeat(value, len(shares), axis=0) for name, value in at_p50(case).items()}
    room = headroom(cloud_books(cloud_inputs(case, {**values, key: shares[:, None]})), covenant)
    return np.asarray(np.broadcast_to(room, shares.shape) >= -1e-12)
