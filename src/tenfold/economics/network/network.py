"""The network of one year as arrays: who owes whom what, and what each player has from outside.

    means = cash + income + funding                    before a shock
    funding = max(0, cover · due − receipts − cash − income)

``income`` is what a player earns outside the network after its own costs. Where means and receipts on record do not
cover what is due, the rest is taken to be raised as new funding: an assumption, because nobody publishes its plan. So
everybody pays without a shock, as long as the cover is 1 or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tenfold.economics.network.due import EdgeDue
from tenfold.quantities import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Amounts of one year, US dollars; squares are (who pays, who is paid), the rest (player)."""

    supply_usd: Floats
    interest_usd: Floats
    maturing_usd: Floats
    gpu_backed_usd: Floats
    """Outstanding debt backed by chips, without ``maturing_usd``."""
    backstop_usd: Floats
    """Most that is paid, and only when buyers fail."""
    cash_usd: Floats
    income_usd: Floats
    """From outside, after costs outside; may be negative."""
    revenue_usd: Floats
    """From outside; what a miss takes its share of."""
    funding_usd: Floats
    """New money raised in the year; lost when refinancing stops."""


def square_of(edges: Iterable[EdgeDue], players: Sequence[str], field: str) -> Floats:
    """One field of the edges as (who pays, who is paid), edges between the same players added."""
    place = {key: number for number, key in enumerate(players)}
    square = np.zeros((len(place), len(place)))
    for edge in edges:
        square[place[edge.deal.payer], place[edge.deal.payee]] += getattr(edge, field)
    return square


def funding_needed_usd(
    due_usd: npt.ArrayLike, receipts_usd: npt.ArrayLike, own_usd: npt.ArrayLike, cover: float
) -> Floats:
    """New money that lifts own means and receipts to ``cover`` times what is due, at least 0. Broadcasts."""
    wanted = cover * np.asarray(due_usd, dtype=np.float64)
    return np.asarray(np.maximum(wanted - np.asarray(receipts_usd) - np.asarray(own_usd), 0.0))
