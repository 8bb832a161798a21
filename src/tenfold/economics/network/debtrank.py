"""DebtRank: stress that travels along exposures before anybody defaults.

    W_ij = min(1, A_ij / E_j)                          what i's full distress costs j, as a share of j's equity
    h_j(t+1) = min(1, h_j(t) + Σ_i W_ij h_i(t))        over the i that became distressed at t; each passes it on once
    R = Σ_j h_j(∞) v_j − Σ_j h_j(0) v_j                value lost beyond the first shock

[Battiston, Puliga, Kaushik, Tasca, Caldarelli, Scientific Reports 2, 541, 2012, doi:10.1038/srep00541.] A_ij is what j
has to receive from i, E_j the equity of j, v_j its share of the value of all. Distress is between 0 and 1. Because each
player passes distress on once, cycles count once: a lower bound on repeated rounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tenfold.quantities import Floats, InputError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtRank:
    """Distress at the end, (…, player), and its value beyond the first shock, (…)."""

    distress: Floats
    value_lost_share: Floats


def impact_matrix(exposure_usd: npt.ArrayLike, equity_usd: npt.ArrayLike) -> Floats:
    """Share of the creditor's equity that each debtor's full distress costs, (debtor, creditor).

    ``exposure_usd`` (debtor, creditor), ``equity_usd`` (creditor). A creditor without equity left is lost to any
    exposure. Raises nothing.
    """
    exposure = np.asarray(exposure_usd, dtype=np.float64)
    equity = np.broadcast_to(np.maximum(np.asarray(equity_usd, dtype=np.float64), 0.0), exposure.shape)
    whole = np.where(exposure > 0.0, 1.0, 0.0)
    return np.asarray(np.minimum(np.divide(exposure, equity, out=whole, where=equity > 0.0), 1.0))


def debtrank(impact: npt.ArrayLike, first_distress: npt.ArrayLike, value_share: npt.ArrayLike) -> DebtRank:
    """Let a first distress travel.

    ``impact`` (debtor, creditor) as from ``impact_matrix``; ``first_distress`` (…, player) between 0 and 1;
    ``value_share`` (player). Raises ``InputError`` for distress or impact outside 0 … 1.
    """
    weights, first = np.asarray(impact, dtype=np.float64), np.asarray(first_distress, dtype=np.float64)
    for key, values in (("impact", weights), ("first_distress", first)):
        if not ((values >= 0.0) & (values <= 1.0)).all():
            raise InputError(Problem(file="", key=key, wrong="a value is outside 0 … 1", remedy="Give shares"))
    distress, active = first.copy(), first > 0.0
    while active.any():
        following = np.minimum(distress + (distress * active) @ weights, 1.0)
        active = (following > 0.0) & (distress == 0.0)
        distress = following
    value = np.asarray(value_share, dtype=np.float64)
    return DebtRank(distress=distress, value_lost_share=(distress - first) @ value)
