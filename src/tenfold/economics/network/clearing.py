"""Clearing: who pays how much when everybody pays what they can, pro rata, and what is received counts as means.

With p̄ what each player owes, Π the share of it owed to each other, e the means from outside the network:

Eisenberg–Noe     p = min(p̄, (e + Πᵀp)⁺)                                 [Management Science 47(2), 2001,
                                                                        doi:10.1287/mnsc.47.2.236.9835]
Rogers–Veraart    p = p̄ where e + Πᵀp ≥ p̄, else (α·e⁺ − e⁻ + β·Πᵀp)⁺   [Management Science 59(4), 2013,
                                                                        doi:10.1287/mnsc.1120.1569]

The greatest solution is found exactly, by rounds of fictitious default from p̄: those who cannot pay though all others
do fail first; what they then pay solves a linear system of the failed alone; who cannot pay after that fails next. It
ends after at most as many rounds as there are players. Holds for claims of one rank that fall due together; debtors in
rows, creditors in columns.

Means below zero are costs outside the network, a claim senior to all inside [Elsinger, Financial Networks, Cross
Holdings, and Limited Liability, OeNB Working Paper 156, 2009]: they are paid out of what is received, in full after a
default too, and whoever cannot has failed, whatever it owes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tenfold.quantities import Flags, Floats, Indices, InputError, Problem

Rounds = npt.NDArray[np.int16]
CHUNK_BYTES = 16_000_000
"""Liabilities worked on at once."""
SIZE_STEP = 8
"""Systems of the failed are padded with players that pay in full to a multiple of this."""
LARGEST_CHUNK = 2048
"""Scenarios worked on at once where all share their liabilities."""
ROUNDING = 1e-12
"""A shortage below this share of what is owed, inside and outside, is rounding, not default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """What is paid; every field of shape (…, player)."""

    due_usd: Floats
    paid_usd: Floats
    received_usd: Floats
    """From the other players."""
    failed_in_round: Rounds
    """Round of default, from 1; 0 where everything is paid."""

    @property
    def failed(self) -> Flags:
        """Players that do not pay in full what they owe, inside or outside."""
        return self.failed_in_round > 0


def eisenberg_noe(liabilities_usd: npt.ArrayLike, assets_usd: npt.ArrayLike) -> Clearing:
    """Greatest clearing vector without costs of default.

    ``liabilities_usd`` is (player, player) or (scenario, player, player), debtor before creditor; ``assets_usd`` is
    (player) or (scenario, player), below zero where costs outside are above them. Raises ``InputError`` for shapes that
    do not fit, for liabilities below zero, for amounts that are not finite, and for players that owe themselves.
    """
    return rogers_veraart(liabilities_usd, assets_usd, alpha=1.0, beta=1.0)


def rogers_veraart(liabilities_usd: npt.ArrayLike, assets_usd: npt.ArrayLike, *, alpha: float, beta: float) -> Clearing:
    """Greatest clearing vector where a player that fails realises α of its means and β of its claims.

    Shapes and errors as in ``eisenberg_noe``; also raises ``InputError`` for shares outside 0 … 1.
    """
    liabilities = np.asarray(liabilities_usd, dtype=np.float64)
    assets = np.asarray(assets_usd, dtype=np.float64)
    _check(liabilities, assets, alpha, beta)
    players = assets.shape[-1]
    single = liabilities.ndim == 2 and assets.ndim == 1
    stacked = liabilities.reshape(-1, players, players)
    scenarios = max(len(stacked), assets.size // max(players, 1))
    rows = np.broadcast_to(assets.reshape(-1, players), (scenarios, players))
    found = _cleared(stacked, rows, (alpha, beta))
    if not single:
        return found
    return Clearing(**{field.name: getattr(found, field.name)[0] for field in fields(found)})


def _cleared(liabilities: Floats, assets: Floats, recovery: tuple[float, float]) -> Clearing:
    """Clear chunk by chunk, on as many threads as there are cores."""
    scenarios, players = assets.shape
    due, paid, received = (np.empty((scenarios, players)) for _ in range(3))
    found = Clearing(
        due_usd=due, paid_usd=paid, received_usd=received, failed_in_round=np.zeros((scenarios, players), np.int16)
    )
    shared = len(liabilities) == 1
    step = LARGEST_CHUNK if shared else max(8, CHUNK_BYTES // max(players * players * 8, 1))

    def clear(start: int) -> None:
        rows = slice(start, start + step)
        part = _clear_chunk(liabilities if shared else liabilities[rows], assets[rows], recovery)
        for field in fields(part):
            getattr(found, field.name)[rows] = getattr(part, field.name)

    starts = range(0, scenarios, step)
    if len(starts) == 1:
        clear(0)
    else:
        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            list(threads.map(clear, starts))
    return found


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some scenarios: what is owed, the means, and what everybody would pay and receive in full."""

    liabilities: Floats
    assets: Floats
    due: Floats
    promised: Floats

    def owed_by(self, rows: Indices, who: Indices) -> Floats:
        """Rows of the liabilities, (scenario, debtor, player)."""
        return self.liabilities[0][who] if len(self.liabilities) == 1 else self.liabilities[rows[:, None], who]

    def solve(self, rows: Indices, who: Indices, failed: Flags, recovery: tuple[float, float]) -> tuple[Floats, Floats]:
        """Payments of ``who`` and receipts of all when, of ``who``, those ``failed`` fail and nobody else.

        The failed pay p = (αe⁺ − e⁻ + β(what the others owe them + Πᵀp))⁺; the rest of ``who`` pay what is due.
        """
        alpha, beta = recovery
        owed, full = self.owed_by(rows, who), self.due[rows[:, None], who]
        from_others = np.maximum(self.promised[rows] - owed.sum(axis=1), 0.0)
        own = np.where(self.assets[rows] > 0.0, alpha, 1.0) * self.assets[rows]
        means = np.take_along_axis(own + beta * from_others, who, axis=1)
        shares = owed / np.where(full > 0.0, full, 1.0)[:, :, None]
        among = np.take_along_axis(shares, who[:, None, :], axis=2).swapaxes(1, 2)
        some = failed & (np.take_along_axis(own, who, axis=1) >= 0.0)
        paid = np.clip(_solved(beta * among, means, full, failed, some), 0.0, full)
        return paid, from_others + (paid[:, None, :] @ shares)[:, 0, :]


def _solved(among: Floats, means: Floats, full: Floats, failed: Flags, some: Flags) -> Floats:
    """Solve p = (means + among·p)⁺ for the failed, p = full for the rest, (scenario, player).

    ``some`` are failed that pay something, those whose own means are not below zero; the others are added once what
    they receive is above their costs, which only raises what all pay: no more rounds than players.
    """
    while True:
        system = np.eye(full.shape[1]) - among * some[:, :, None]
        known = np.where(failed, np.where(some, means, 0.0), full)
        solved = np.asarray(np.linalg.solve(system, known[:, :, None])[:, :, 0], dtype=np.float64)
        more = failed & ~some
        if more.any():
            more &= means + (among @ solved[:, :, None])[:, :, 0] > 0.0
        if not more.any():
            return solved
        some = some | more


def _clear_chunk(liabilities: Floats, assets: Floats, recovery: tuple[float, float]) -> Clearing:
    """Rounds of fictitious default; scenarios drop out once nobody new fails."""
    due = np.broadcast_to(liabilities.sum(axis=-1), assets.shape)
    chunk = _Chunk(liabilities, assets, due, np.broadcast_to(liabilities.sum(axis=-2), assets.shape))
    paid, received, rounds = due.copy(), chunk.promised.copy(), np.zeros(assets.shape, dtype=np.int16)
    least = due - ROUNDING * (due + np.abs(assets))
    left = np.arange(len(assets))
    for number in range(1, assets.shape[1] + 1):
        short = (assets[left] + received[left] < least[left]) & (rounds[left] == 0)
        new = short.any(axis=1)
        if not new.any():
            break
        left = left[new]
        rounds[left] = np.where(short[new], number, rounds[left])
        for rows, who, failed in _by_size(left, rounds[left] > 0):
            paid[rows[:, None], who], received[rows] = chunk.solve(rows, who, failed, recovery)
    return Clearing(due_usd=due, paid_usd=paid, received_usd=received, failed_in_round=rounds)


def _by_size(rows: Indices, failed: Flags) -> Iterator[tuple[Indices, Indices, Flags]]:
    """Scenarios with about as many failed together: their rows, players with the failed first, who of them failed."""
    order = np.argsort(~failed, axis=1, kind="stable")
    sizes = np.minimum(-(-failed.sum(axis=1) // SIZE_STEP) * SIZE_STEP, failed.shape[1])
    for size in np.unique(sizes):
        same = sizes == size
        who = order[same, :size]
        yield rows[same], who, np.take_along_axis(failed[same], who, axis=1)


def _check(liabilities: Floats, assets: Floats, alpha: float, beta: float) -> None:
    problems = []
    players = assets.shape[-1] if assets.ndim in (1, 2) else -1
    fits = liabilities.ndim in (2, 3) and liabilities.shape[-2:] == (players, players)
    counts = {len(array) for array, axes in ((liabilities, 3), (assets, 2)) if array.ndim == axes} - {1}
    if not fits or len(counts) > 1:
        wrong = f"liabilities of shape {liabilities.shape} and assets of shape {assets.shape} do not fit"
        remedy = "Give (scenario, player, player) and (scenario, player)"
        raise InputError(Problem(file="", key="liabilities_usd, assets_usd", wrong=wrong, remedy=remedy))
    if liabilities.size and not (liabilities.min() >= 0.0 and liabilities.max() < np.inf):
        wrong, remedy = "an amount is negative or not finite", "Give amounts of zero or more"
        problems.append(Problem(file="", key="liabilities_usd", wrong=wrong, remedy=remedy))
    if not np.isfinite(assets).all():
        problems.append(Problem(file="", key="assets_usd", wrong="an amount is not finite", remedy="Give dollars"))
    if np.einsum("...ii->...i", liabilities).any():
        wrong, remedy = "a player owes itself", "Put zeros on the diagonal"
        problems.append(Problem(file="", key="liabilities_usd", wrong=wrong, remedy=remedy))
    for key, share in (("alpha", alpha), ("beta", beta)):
        if not 0.0 <= share <= 1.0:
            problems.append(Problem(file="", key=key, wrong=f"{share} is no share", remedy="Give 0 to 1"))
    if problems:
        raise InputError(problems)
