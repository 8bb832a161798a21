"""Investment: how much a player wants to spend on chips, and how much of it money allows.

An accelerator with a finance constraint (Fazzari, Hubbard and Petersen 1988, doi:10.2307/2534426): what is wanted grows
by its own momentum, by how full the fleet is and by how far the leader is ahead; what is spent is bounded by funds.
Arrays are (player, draw); what has no player axis broadcasts. Dollars of a quarter.
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array, at_least, at_most


def momentum(growth: Array, damping: Array) -> Array:
    """Growth of a quarter beyond the long-run growth, one quarter later: g' = φ·g.

    Damped trend (Gardner and McKenzie 1985, doi:10.1287/mnsc.31.10.1237). Per quarter, in logs; 0 ≤ φ ≤ 1. Written
    over ``growth``.
    """
    return np.multiply(growth, damping, out=growth)


def response(fullness_gap: Array, fullness_response: Array, behind_leader: Array, rivalry_response: Array) -> Array:
    """Growth that demand and rivalry add in a quarter, in logs: a·(u − u*) + b·ln(leader ÷ own). Rises in both.

    Valid for gaps of utilisation within ±0.5 and for players within a factor of e⁵ of the leader, beyond which it is
    held: who is far behind does not race. Written over ``behind_leader``.
    """
    added = at_most(behind_leader, 5.0, out=behind_leader)
    added *= rivalry_response
    added += fullness_response * fullness_gap
    return added


def other_capex_usd(before_usd: Array, trend_usd: Array, factor: Array, damping: Array, shock: Array) -> Array:
    """Capex that is not for AI, a quarter later: o' = T·(o·f ÷ T)^φ·e^ε. It comes back to what cash flow allows.

    T is its start times what cash flow grew since, f that growth in the quarter; a firm does not spend for ever what
    it does not earn. Damped as growth is (``momentum``). Rises with what it was, and with the trend.
    """
    away = np.log(before_usd * factor / trend_usd)
    away *= damping
    away += shock
    return trend_usd * np.exp(away, out=away)


def funds_usd(cash_flow_usd: Array, cash_usd: Array, borrowing_usd: Array) -> Array:
    """Dollars that a player can spend in a quarter: cash flow, a quarter of its cash, new debt. Never below zero."""
    funds = at_least(cash_usd, 0.0)
    funds *= 0.25
    funds += cash_flow_usd
    funds += borrowing_usd
    return at_least(funds, 0.0, out=funds)


def borrowing_usd(cash_flow_usd: Array, debt_usd: Array, debt_over_cash_flow: Array) -> Array:
    """New debt that lenders give in a quarter, USD: an eighth of what is free under the multiple of yearly cash flow.

    Falls with the debt, rises with cash flow; zero where lenders refuse (multiple of zero).
    """
    free = debt_over_cash_flow * 4.0 * cash_flow_usd
    free -= debt_usd
    free *= 0.125
    return at_least(free, 0.0, out=free)


def kept_plan_usd(wanted_usd: Array, affordable_share: Array) -> Array:
    """What a player plans to spend after it could afford a share of it: half of what was out of reach is given up.

    w·(1 + a)/2. Plans stay within reach of means; whoever affords all keeps its plan. Written over ``wanted_usd``.
    """
    kept = 0.5 * affordable_share
    kept += 0.5
    return np.multiply(wanted_usd, kept, out=wanted_usd)


def affordable_share(funds_usd: Array, other_capex_usd: Array, wanted_usd: Array) -> Array:
    """Share of the wanted spending on AI that funds cover after other capex, 0 to 1; 1 where nothing is wanted.

    Written over ``funds_usd``, and ``wanted_usd`` is spent.
    """
    share = np.subtract(funds_usd, other_capex_usd, out=funds_usd)
    share /= at_least(wanted_usd, 1.0, out=wanted_usd)
    return at_most(at_least(share, 0.0, out=share), 1.0, out=share)
