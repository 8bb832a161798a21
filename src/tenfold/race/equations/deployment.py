"""Deployment: chips that are delivered, power that is energised, and what of the fleet runs.

Arrays are (player, draw) unless said otherwise; power in W.
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array, at_least, at_most


def kept_share(life_quarters: Array) -> Array:
    """What a quarter of retirement and failure leaves of a stock: 1 − 1/life. Exponential drain."""
    return 1.0 - 1.0 / life_quarters


def running_share(energised_w: Array, needed_w: Array) -> Array:
    """Share of the chips that power can run: min(1, energised ÷ needed); 0 without power, 1 without chips."""
    needed = at_least(needed_w, 1.0)
    return at_most(np.divide(energised_w, needed, out=needed), 1.0, out=needed)


def orderable_share(running_share: Array) -> Array:
    """Share of its wanted chips that a player orders: as much as power runs of what it has. Rises with power.

    Nobody pays for long for chips that stand dark; a fleet with power for all of it orders all it wants.
    """
    return running_share


def expected_need_w(before_w: Array, needed_w: Array, doublings: int, caution: Array) -> Array:
    """Power that a player expects to need 2^doublings quarters on: as the last quarter's pace has it, times caution.

    needed × (needed ÷ before)^quarters × caution, a factor of 16 at most, with at most half of what is needed added:
    who has only begun does not extrapolate without end. ``before_w`` is what is left of the need of a quarter ago,
    and is written over. Squared so many times, since a power takes ten times as long.
    """
    quarters = 2**doublings
    least = at_least(caution * np.float32(1.0 / 16.0), 0.5**quarters) ** np.float32(1.0 / quarters)
    left = np.divide(before_w, at_least(needed_w, 1.0), out=before_w)
    np.maximum(left, least, out=left)
    for _ in range(doublings):
        left *= left
    np.divide(needed_w, left, out=left)
    left *= caution
    return left


def requested_w(expected_w: Array, promised_w: Array) -> Array:
    """Power that a player asks for now: what it expects to need when it comes, less what it has and waits for.

    ``promised_w`` is energised, or in the queue. Written over ``expected_w``.
    """
    asked = np.subtract(expected_w, promised_w, out=expected_w)
    return at_least(asked, 0.0, out=asked)


def granted_share(requested_w: Array, places: Array, room_w: Array) -> Array:
    """Share of each player's request that regions grant, (player, draw).

    ``places`` is (region, player), the share of a player's fleet in a region; ``room_w`` is (region, draw), the power
    that a region can add in a quarter. A region grants every request in the same share.
    """
    asked = places @ requested_w
    granted = at_most(room_w / at_least(asked, 1.0), 1.0)
    return np.asarray(places.T @ granted)
