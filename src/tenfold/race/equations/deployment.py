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


def expected_growth(added_w: Array, needed_w: Array, doublings: int, caution: Array) -> Array:
    """Factor by which a player expects its need to grow over 2^doublings quarters: the last one's pace, times caution.

    (needed ÷ (needed − added))^quarters × caution, at most 16, with at most half added: who has only begun does not
    extrapolate without end. Squared so many times, since a power takes ten times as long.
    """
    before = at_least(needed_w, 1.0)
    at_most(np.divide(added_w, before, out=before), 0.5, out=before)
    np.subtract(1.0, before, out=before)
    for _ in range(doublings):
        before *= before
    return at_most(np.divide(caution, before, out=before), 16.0, out=before)


def requested_w(needed_w: Array, expected_growth: Array, promised_w: Array) -> Array:
    """Power that a player asks for now: what it expects to need when it comes, less what it has and waits for.

    ``expected_growth`` is the factor by which it expects its need to grow over the wait; ``promised_w`` is energised,
    or in the queue. Written over ``expected_growth``.
    """
    asked = np.multiply(needed_w, expected_growth, out=expected_growth)
    asked -= promised_w
    return at_least(asked, 0.0, out=asked)


def granted_share(requested_w: Array, places: Array, room_w: Array) -> Array:
    """Share of each player's request that regions grant, (player, draw).

    ``places`` is (region, player), the share of a player's fleet in a region; ``room_w`` is (region, draw), the power
    that a region can add in a quarter. A region grants every request in the same share.
    """
    asked = places @ requested_w
    granted = at_most(room_w / at_least(asked, 1.0), 1.0)
    return np.asarray(places.T @ granted)
