"""The failure rate a system will have, told from the rates of other systems alone.

Rates differ between systems far more than chance does: their logarithms are taken as normal between systems, with mean
and spread unknown, so the next one is Student-t with n − 1 degrees of freedom, spread s √(1 + 1/n) [Geisser 1993,
Predictive Inference, chapter 3]. Holds for two systems or more whose own rates are well known (hundreds of failures
each).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tenfold.quantities import Floats, InputError, Problem

FEWEST = 2


def predicted_rates(rates: Sequence[float], u: npt.ArrayLike) -> Floats:
    """Quantiles of the rate of the next system, in the unit of ``rates``, at the probabilities ``u``.

    Raises ``InputError`` for fewer than two rates and for rates that are not above zero.
    """
    known = np.asarray(rates, dtype=np.float64)
    if len(known) < FEWEST or not np.all(known > 0):
        wrong = f"{len(known)} rates, the least {known.min(initial=np.inf):g}"
        raise InputError(Problem(file="", key="rates", wrong=wrong, remedy="Give two rates above zero, or more"))
    logs = np.log(known)
    spread = logs.std(ddof=1) * np.sqrt(1.0 + 1.0 / len(logs))
    from scipy.special import stdtrit

    return np.asarray(np.exp(logs.mean() + spread * stdtrit(len(logs) - 1, np.asarray(u, dtype=np.float64))))
