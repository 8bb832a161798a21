"""The books of a quarter: cash, debt, who cannot pay and sells, who is taken over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Indices
from tenfold.race.arrays import Draws
from tenfold.race.equations import distress
from tenfold.race.events import Events
from tenfold.race.luck import Luck
from tenfold.race.state import State

F32 = np.float32


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlows:
    """A quarter's statement, (p, draw), USD: after = before + Σ of what comes in − Σ of what goes out."""

    before: Draws
    core: Draws
    earned: Draws
    borrowed: Draws
    subsidy: Draws
    sold: Draws
    capex: Draws
    running: Draws
    interest: Draws
    paid_out: Draws
    after: Draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What is known of a quarter before its books are closed, (p, draw), USD."""

    earned: Draws
    costs: Draws
    flow: Draws
    """Cash flow before capex: what comes in before AI and with chips, less what running them costs."""
    capex: Draws
    lent: Draws
    """What lenders would give."""


def settle(events: Events, luck: Luck, state: State, books: Books, at: int) -> CashFlows:
    """Close the quarter's books: debt fills what is missing, what is left over is paid out, who cannot pay sells."""
    before, subsidy = state.cash_usd, events.subsidy_usd[at]
    interest = state.debt_usd * (luck.parameters["investment.interest_per_year"] * F32(0.25))
    left = books.flow - books.capex
    left -= interest
    subsidised = np.flatnonzero(subsidy)
    left[subsidised] += subsidy[subsidised, None]
    borrowed = distress.borrowed_usd(before, left, books.lent)
    borrowed *= state.alive
    after = before + left
    after += borrowed
    there, gained = _sell(state, distress.in_distress(after, books.flow + books.lent, interest))
    sold = np.zeros(after.shape, dtype=after.dtype)
    sold[:, there] = gained
    after[:, there] += gained
    paid_out = distress.paid_out_usd(left)
    after -= paid_out
    state.cash_usd = after
    state.debt_usd += borrowed
    return CashFlows(
        before=before,
        core=state.core_usd,
        earned=books.earned,
        borrowed=borrowed,
        subsidy=np.broadcast_to(subsidy[:, None], before.shape),
        sold=sold,
        capex=books.capex,
        running=books.costs,
        interest=interest,
        paid_out=paid_out,
        after=after,
    )


def _sell(state: State, failed: Draws) -> tuple[Indices, Draws]:
    """Half the fleet of who fails goes to others by their budgets, at half the price of new chips. Chips are kept.

    Gives the draws in which somebody fails, and what each player gains there; only they are touched. Where nobody is
    left to buy, nothing is sold.
    """
    at = np.flatnonzero(failed.any(axis=0))
    stands = ~failed[:, at]
    if not at.size:
        return at, np.zeros(stands.shape, dtype=state.cash_usd.dtype)
    buyers = state.budget_usd[:, at] * stands
    share = distress.sold_share(~stands & (buyers.sum(axis=0) > 0.0))
    weight = buyers / np.maximum(buyers.sum(axis=0), F32(1.0))
    value = state.owned[:, at] * share * mean_price_usd(state)[at] * F32(0.5)
    energised = state.energised_w[:, at]
    for column, sells in (
        *((state.owned, state.owned[:, at]), (state.need_w, state.need_w[:, at])),
        *((state.energised_w, energised), (state.promised_w, energised)),
    ):
        moved = sells * share
        column[:, at] += moved.sum(axis=0) * weight - moved
    for column in (state.alive, state.budget_usd):
        column[:, at] *= stands
    return at, value - value.sum(axis=0) * weight


def mean_price_usd(state: State) -> Draws:
    """Price of an H100e of all that stands, new, by the families of it, (draw,)."""
    return (state.stock * state.price_usd).sum(axis=0) / np.maximum(state.stock.sum(axis=0), F32(1.0))


def merge(events: Events, state: State, at: int) -> None:
    """Who is bought hands over all that it has."""
    for merger in events.mergers:
        if merger.quarter != at:
            continue
        buyer, bought = merger.buyer, merger.bought
        wanted = state.slots.whole(state.mix)[:, [buyer, bought]] * state.budget_usd[[buyer, bought]]
        spent = wanted.sum(axis=1)[state.slots.family[:, buyer]]
        state.mix[:, buyer] = spent / np.maximum(spent.sum(axis=0), F32(1.0))
        state.mix_at_start[:, buyer, 0] = state.mix[:, buyer].mean(axis=-1)
        had = state.owned[[buyer, bought]].mean(axis=-1)
        state.uses[buyer] = had @ state.uses[[buyer, bought]] / max(float(had.sum()), 1.0)
        for column in (
            *(state.budget_usd, state.owned, state.need_w, state.energised_w, state.promised_w, state.other_capex_usd),
            *(state.own_cash_flow_usd, state.funding_usd, state.cash_usd, state.debt_usd, *state.queue_w),
        ):
            column[buyer] += column[bought]
            column[bought] = 0.0
        state.alive[bought] = 0.0
