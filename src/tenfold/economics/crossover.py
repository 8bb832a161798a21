"""Where one cost overtakes another: the first root of their difference.

Scanned for the first change of sign, then halved [bisection; Brent 1973, Algorithms for Minimization without
Derivatives, chapter 4]; the width left is 2^−40 of the cell. Functions map (…,) of arguments, one a draw, to
differences of that shape.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenfold.quantities import Floats, Indices

CELLS = 32
HALVINGS = 40


Difference = Callable[[Floats], Floats]


def first_root(difference_of: Callable[[Indices], Difference], low: float, high: float, draws: int) -> Floats:
    """First argument in low … high at which the difference is zero, of each draw; NaN where it keeps its sign.

    ``difference_of`` gives the difference of some of the draws: only those with a root are halved. Roots closer
    together than a 32nd of the range may be missed in pairs. Raises nothing.
    """
    edges, difference = np.linspace(low, high, CELLS + 1), difference_of(np.arange(draws))
    signs = np.array([np.sign(difference(np.full(draws, edge))) for edge in edges])
    turns = (signs[1:] != signs[:-1]) & (signs[:-1] != 0.0)
    place = np.argmax(turns, axis=0)
    root = np.where(signs[0] == 0.0, low, np.nan)
    rows = np.flatnonzero(turns[place, np.arange(draws)] & (signs[0] != 0.0))
    if len(rows):
        sign_left = signs[place[rows], rows]
        root[rows] = _halved(difference_of(rows), edges[place[rows]], edges[place[rows] + 1], sign_left)
    return root


def _halved(difference: Difference, left: Floats, right: Floats, sign_left: Floats) -> Floats:
    """Roots between left and right, where the difference has the sign ``sign_left`` left of them."""
    for _ in range(HALVINGS):
        middle = (left + right) / 2.0
        same = np.sign(difference(middle)) == sign_left
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    return np.asarray((left + right) / 2.0)


def lasting_time(gain: Floats, at: Floats) -> Floats:
    """Time from which a gain known at the times ``at`` stays zero or more, straight between them; NaN where none does.

    ``gain`` has shape (draws, times); the first time where it never is less. Raises nothing.
    """
    short = gain < 0.0
    place = np.where(short.any(axis=1), gain.shape[1] - np.argmax(short[:, ::-1], axis=1), 0)
    lasts = place < gain.shape[1]
    place = np.minimum(place, gain.shape[1] - 1)
    rows, before = np.arange(len(gain)), np.maximum(place - 1, 0)
    here, there = gain[rows, before], gain[rows, place]
    step = np.where(place > 0, -here / np.where(there == here, 1.0, there - here), 0.0)
    return np.where(lasts, at[before] + step * (at[place] - at[before]), np.nan)
