"""The books of a quarter: cash, debt, who cannot pay and sells, who is taken over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Flags, Indices
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
    repaid: Draws
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
    """Close the quarter's books: debt due is paid back or lent anew, new debt fills gaps, who cannot pay sells."""
    before, subsidy = state.cash_usd, events.subsidy_usd[at]
    interest = state.debt_usd * luck.rates.interest
    repaid = state.debt_usd * distress.repaid_share(luck.parameters["distress.debt_years"], state.mood)
    left = books.flow - books.capex
    left -= interest
    left -= repaid
    subsidised = np.flatnonzero(subsidy)
    left[subsidised] += subsidy[subsidised, None]
    borrowed = distress.borrowed_usd(before, left, books.lent)
    borrowed *= state.alive
    after = before + left
    after += borrowed
    there, gained = _sell(state, _failed(after, books, interest, repaid))
    sold = np.zeros_like(after)
    sold[:, there] = gained
    after[:, there] += gained
    paid_out = distress.paid_out_usd(left)
    after -= paid_out
    state.cash_usd = after
    state.debt_usd += borrowed
    state.debt_usd -= repaid
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
        repaid=repaid,
        paid_out=paid_out,
        after=after,
    )


def _failed(after: Draws, books: Books, interest: Draws, repaid: Draws) -> tuple[Indices, Flags]:
    """Draws in which somebody has no cash, and who fails in them; what it must pay is looked at nowhere else."""
    short = np.flatnonzero((after < 0.0).any(axis=0))
    if not short.size:
        return short, np.zeros((len(after), 0), dtype=np.bool_)
    due = interest[:, short] + repaid[:, short]
    failed = distress.in_distress(after[:, short], books.flow[:, short] + books.lent[:, short], due)
    some = failed.any(axis=0)
    return short[some], failed[:, some]


def _sell(state: State, failing: tuple[Indices, Flags]) -> tuple[Indices, Draws]:
    """Half the fleet of who fails goes to others by their budgets, at half the price of new chips. Chips are kept.

    ``failing`` are the draws in which somebody fails, and who does in them. Gives them, and what each player gains
    there; only they are touched. Where nobody is left to buy, nothing is sold.
    """
    at, failed = failing
    stands = ~failed
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
    state.failed[:, at] += state.failed[:, at] < failed
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
        for share in (state.uses, state.lab_use):
            share[buyer] = had @ share[[buyer, bought]] / max(float(had.sum()), 1.0)
        for column in (
            *(state.budget_usd, state.owned, state.need_w, state.energised_w, state.promised_w, state.other_capex_usd),
            state.other_at_start_usd,
            *(state.own_cash_flow_usd, state.funding_usd, state.lent_usd, state.cash_usd, state.debt_usd),
            *state.queue_w,
        ):
            column[buyer] += column[bought]
            column[bought] = 0.0
        state.alive[bought] = 0.0
