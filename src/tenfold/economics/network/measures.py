"""Single measures of a player: leverage, revenue against what is due, the share a warrant buys.

leverage    debt / equity                    book values of one day
coverage    yearly revenue / due in the year
stake       shares of the warrant / shares outstanding before it is exercised
"""

from __future__ import annotations

from tenfold.quantities import InputError, Problem


def leverage(debt_usd: float, equity_usd: float) -> float:
    """Debt over book equity; infinite where equity is zero or less. Raises nothing."""
    return debt_usd / equity_usd if equity_usd > 0.0 else float("inf")


def revenue_coverage(revenue_usd_per_year: float, due_usd: float) -> float:
    """Revenue over what is due in the year; infinite where nothing is due. Raises nothing."""
    return revenue_usd_per_year / due_usd if due_usd > 0.0 else float("inf")


def warrant_stake(shares: float, outstanding: float) -> float:
    """Share of a firm that a warrant buys, on the shares outstanding before.

    Raises ``InputError`` where no shares are outstanding.
    """
    if outstanding <= 0.0:
        wrong = f"{outstanding:g} shares are outstanding"
        raise InputError(Problem(file="", key="outstanding", wrong=wrong, remedy="Give a number above zero"))
    return shares / outstanding
