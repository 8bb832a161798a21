"""Clearing under shocks, with backstops that pay when buyers fail.

A backstop is drawn on what buyers leave unpaid to its beneficiary in a first clearing, up to its amount and pro rata
between guarantors; with these draws added to the liabilities everything is cleared again. A draw is not revised by the
second clearing. Scenarios are worked through in chunks, so that memory is bounded by the results.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tenfold.economics.network.clearing import Clearing, rogers_veraart
from tenfold.economics.network.network import Network
from tenfold.economics.network.shocks import (
    DebtTerms,
    Shocks,
    shocked_liabilities_usd,
    shocked_means_usd,
    shocked_supply_usd,
)
from tenfold.quantities import Floats

CHUNK_BYTES = 8_000_000
"""Liabilities of the scenarios that one thread works on at once."""
LARGEST_CHUNK = 2048
"""Scenarios at once where all share their liabilities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stressed:
    """What happens under shocks, (scenario, player), US dollars."""

    means_usd: Floats
    due_usd: Floats
    paid_usd: Floats
    received_usd: Floats
    promised_usd: Floats
    """What a player would receive if everybody paid, backstops not counted."""
    drawn_usd: Floats
    """From backstops, by guarantor."""
    failed_in_round: npt.NDArray[np.int16]
    """Round of default, from 1; 0 for who pays in full."""

    @property
    def credit_loss_usd(self) -> Floats:
        """What a player does not receive, after backstops; losses and what is drawn add up to what is unpaid."""
        return np.asarray(self.promised_usd - self.received_usd)

    @property
    def unpaid_usd(self) -> Floats:
        """What a player leaves unpaid to others."""
        return np.asarray(self.due_usd - self.paid_usd)

    @property
    def worth_usd(self) -> Floats:
        """What is left at the end of the year; negative for who owes more than it has, costs of default not counted."""
        return self.means_usd + self.received_usd - self.due_usd


def stress(network: Network, shocks: Shocks, terms: DebtTerms, *, alpha: float, beta: float) -> Stressed:
    """Clear every scenario, on as many threads as there are cores.

    Raises ``InputError`` for shares of recovery outside 0 … 1.
    """
    players = len(network.cash_usd)
    step = LARGEST_CHUNK if shocks.same_liabilities else max(8, CHUNK_BYTES // max(players * players * 8, 1))
    parts = [shocks.rows(slice(start, start + step)) for start in range(0, shocks.scenarios, step)]
    if len(parts) == 1:
        return _stress_chunk(network, parts[0], terms, alpha, beta)
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        done = list(threads.map(lambda part: _stress_chunk(network, part, terms, alpha, beta), parts))
    names = [field.name for field in fields(Stressed)]
    return Stressed(**{name: np.concatenate([getattr(part, name) for part in done]) for name in names})


def _stress_chunk(network: Network, shocks: Shocks, terms: DebtTerms, alpha: float, beta: float) -> Stressed:
    players = len(network.cash_usd)
    means = np.broadcast_to(shocked_means_usd(network, shocks), (shocks.scenarios, players))
    liabilities = shocked_liabilities_usd(network, shocks, terms)
    cleared = rogers_veraart(liabilities, means, alpha=alpha, beta=beta)
    drawn = np.zeros(means.shape)
    share = _share_drawn(network, shocked_supply_usd(network, shocks), cleared)
    rows = np.nonzero(share.any(axis=1))[0]
    if rows.size:
        whole = np.broadcast_to(liabilities, (len(means), players, players))[rows]
        guarantor, beneficiary = np.nonzero(network.backstop_usd)
        draws = network.backstop_usd[guarantor, beneficiary] * share[rows][:, beneficiary]
        whole[:, guarantor, beneficiary] += draws
        np.add.at(drawn, (rows[:, None], guarantor), draws)
        again = rogers_veraart(whole, means[rows], alpha=alpha, beta=beta)
        for field in fields(Clearing):
            getattr(cleared, field.name)[rows] = getattr(again, field.name)
    return Stressed(
        means_usd=means,
        due_usd=cleared.due_usd,
        paid_usd=cleared.paid_usd,
        received_usd=cleared.received_usd,
        promised_usd=np.broadcast_to(liabilities.sum(axis=1), means.shape),
        drawn_usd=drawn,
        failed_in_round=cleared.failed_in_round,
    )


def _share_drawn(network: Network, supply: Floats, cleared: Clearing) -> Floats:
    """Share of its backstops that each beneficiary draws, (scenario, player): what buyers leave unpaid over cover."""
    cover = network.backstop_usd.sum(axis=0)
    if not cover.any():
        return np.zeros((1, len(cover)))
    unpaid = 1.0 - np.divide(
        cleared.paid_usd, cleared.due_usd, out=np.ones_like(cleared.paid_usd), where=cleared.due_usd > 0.0
    )
    missing = unpaid @ supply[0] if len(supply) == 1 else (unpaid[:, None, :] @ supply)[:, 0, :]
    return np.asarray(np.minimum(np.divide(missing, cover, out=np.zeros_like(missing), where=cover > 0.0), 1.0))
