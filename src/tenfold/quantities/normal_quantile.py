"""The quantile of the standard normal distribution, by rational functions in three regions.

Source: Wichura 1988, algorithm AS 241 (PPND16), doi:10.2307/2347330; relative error about 1e-15 for every probability
that a double holds. SciPy's ``ndtri`` differs by no more, and takes longer to load than a plan to be made.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tenfold.quantities.arrays import Floats

CENTRAL = 0.425
"""Distance from the median within which the first function holds."""
NEAR_TAIL, NEAR, FAR = 5.0, 1.6, 5.0
"""√(−ln p) up to which the second function holds, and where the second and the third are centred."""

# Coefficients of numerators and denominators, the highest power first.
_CENTRAL = (
    (2.50908092873012267e3, 3.34305755835881281e4, 6.72657709270087009e4, 4.59219539315498715e4,
     1.37316937655094611e4, 1.97159095030655144e3, 1.33141667891784377e2, 3.38713287279636661),
    (5.22649527885285456e3, 2.87290857357219427e4, 3.93078958000927106e4, 2.12137943015865959e4,
     5.39419602142475111e3, 6.87187007492057908e2, 4.23133307016009113e1, 1.0),
)  # fmt: skip
_NEAR = (
    (7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1,
     6.8976733498510000455e-1, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.6532189526576123093e-2,
     2.9656057182850489123e-1, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     1.48753612908506148525e-2, 1.3692988092273580531e-1, 5.9983220655588793769e-1, 1.0),
)  # fmt: skip


def standard_normal_ppf(u: npt.ArrayLike) -> Floats:
    """Quantile of the standard normal: 0.5 gives 0, 0 and 1 give −inf and inf, none outside. Any shape."""
    p = np.asarray(u, dtype=np.float64)
    if p.ndim != 1 or p.size > MOST_KEPT:
        return _quantiles(p)
    return _kept(p.tobytes())


MOST_KEPT = 4096
"""Points of one input, which all its figures are drawn at: their quantiles are kept."""


@lru_cache(maxsize=512)
def _kept(points: bytes) -> Floats:
    found = _quantiles(np.frombuffer(points, dtype=np.float64))
    found.flags.writeable = False
    return found


BLOCK = 8192
"""Points at a time: what is worked out of them stays in the cache."""


def _quantiles(p: Floats) -> Floats:
    flat, found = p.ravel(), np.empty(p.size)
    for start in range(0, p.size, BLOCK):
        span = slice(start, start + BLOCK)
        found[span] = _block(flat[span])
    return found.reshape(p.shape)


def _block(p: Floats) -> Floats:
    """Quantiles of a row of points: the middle's function for all, the tails' for those that lie there."""
    q = p - 0.5
    far = np.abs(q)
    found = q * _ratio(_CENTRAL, (CENTRAL - far) * (CENTRAL + far))
    outer = np.flatnonzero(far > CENTRAL)
    if outer.size:
        found[outer] = _tails(p[outer], q[outer])
    return found


def _tails(p: Floats, q: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.sqrt(-np.log(np.where(q < 0.0, p, 1.0 - p)))
        tail = np.where(r <= NEAR_TAIL, _ratio(_NEAR, r - NEAR), _ratio(_FAR, r - FAR))
    return np.copysign(np.where(np.isinf(r), np.inf, tail), q)


def _ratio(coefficients: tuple[Sequence[float], Sequence[float]], at: Floats) -> Floats:
    above, below = (_polynomial(each, at) for each in coefficients)
    above /= below
    return above


def _polynomial(coefficients: Sequence[float], at: Floats) -> Floats:
    """Horner's rule, the highest power first, written over what it makes."""
    first, *others = coefficients
    found = np.full_like(at, first)
    for each in others:
        found *= at
        found += each
    return found
