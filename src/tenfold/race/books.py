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
    cores: tuple[Draws, Draws, Draws, Draws]
    """What the cash flow before AI is of."""
    earned: Draws
    borrowed: Draws
    subsidy: Draws
    sales: tuple[Indices, Draws]
    """Draws in which somebody sells, and what each player gains in them by it."""
    capex: Draws
    running: Draws
    due: Draws
    """Interest, and debt that is paid back."""
    interest_share: Draws
    """(draw,) of what is due."""
    paid_out: Draws
    after: Draws

    @property
    def core(self) -> Draws:
        """Cash flow before AI."""
        return distress.core_cash_flow_usd(*self.cores)

    @property
    def interest(self) -> Draws:
        """On the debt."""
        return self.due * self.interest_share

    @property
    def repaid(self) -> Draws:
        """Of the debt."""
        return self.due - self.interest

    @property
    def sold(self) -> Draws:
        """What chips brought that were sold in distress; below 0 for who bought them."""
        found, (there, gained) = np.zeros_like(self.after), self.sales
        found[:, there] = gained
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What is known of a quarter before its books are closed, (p, draw), USD."""

    earned: Draws
    costs: Draws
    flow: Draws
    """Cash flow before capex: what comes in before AI and with chips, less what running them costs."""
    capex: Draws
    lent: Draws
    """What lenders would give; written over by ``settle``."""


def core_of(state: State) -> tuple[Draws, Draws, Draws, Draws]:
    """What the cash flow before AI of a quarter is of: ``distress.core_cash_flow_usd``."""
    return state.own_cash_flow_usd, state.funding_usd, state.other_growth, state.mood


def settle(events: Events, luck: Luck, state: State, books: Books, at: int) -> CashFlows:
    """Close the quarter's books: debt due is paid back or lent anew, new debt fills gaps, who cannot pay sells."""
    before, subsidy = state.cash_usd, events.subsidy_usd[at]
    repaid = distress.repaid_share(luck.parameters["distress.debt_years"], state.mood)
    due_share = luck.rates.interest + repaid
    due = state.debt_usd * due_share
    left = books.flow - books.capex
    left -= due
    subsidised = np.flatnonzero(subsidy)
    left[subsidised] += subsidy[subsidised, None]
    borrowed = distress.borrowed_usd(before, left, books.lent)
    borrowed *= state.alive
    after = before + left
    after += borrowed
    there, gained = sales = _sell(state, _failed(after, books, due))
    after[:, there] += gained
    paid_out = distress.paid_out_usd(left)
    after -= paid_out
    state.cash_usd = after
    state.debt_usd *= 1.0 - repaid
    state.debt_usd += borrowed
    return CashFlows(
        before=before,
        cores=core_of(state),
        earned=books.earned,
        borrowed=borrowed,
        subsidy=np.broadcast_to(subsidy[:, None], before.shape),
        sales=sales,
        capex=books.capex,
        running=books.costs,
        due=due,
        interest_share=luck.rates.interest / due_share,
        paid_out=paid_out,
        after=after,
    )


def _failed(after: Draws, books: Books, due: Draws) -> tuple[Indices, Flags]:
    """Draws in which somebody fails, and who does in them. What lenders would give is written over."""
    funds = books.lent
    funds += books.flow
    failed = distress.in_distress(after, funds, due)
    some = np.flatnonzero(failed.any(axis=0))
    return some, failed.take(some, axis=1)


def _sell(state: State, failing: tuple[Indices, Flags]) -> tuple[Indices, Draws]:
    """Half the fleet of who fails goes to others by their budgets, at half the price of new chips. Chips are kept.

    ``failing`` are the draws in which somebody fails, and who does in them. Gives them, and what each player gains
    there; only they are touched. Where nobody is left to buy, nothing is sold.
    """
    at, failed = failing
    stands = ~failed
    if not at.size:
        return at, np.zeros(stands.shape, dtype=state.cash_usd.dtype)
    buyers = state.budget_usd.take(at, axis=1) * stands
    share = distress.sold_share(~stands & (buyers.sum(axis=0) > 0.0))
    weight = buyers / np.maximum(buyers.sum(axis=0), F32(1.0))
    owned, energised = state.owned.take(at, axis=1), state.energised_w.take(at, axis=1)
    value = owned * share * mean_price_usd(state)[at] * F32(0.5)
    handed = _handed_over(energised, share, weight)
    state.owned[:, at] = owned + _handed_over(owned, share, weight)
    state.need_w[:, at] += _handed_over(state.need_w.take(at, axis=1), share, weight)
    state.energised_w[:, at] = energised + handed
    state.promised_w[:, at] += handed
    state.budget_usd[:, at] *= stands
    state.alive[:, at] *= stands
    state.failed[:, at] = np.maximum(state.failed.take(at, axis=1), failed)
    return at, value - value.sum(axis=0) * weight


def _handed_over(amounts: Draws, share: Draws, weight: Draws) -> Draws:
    """What each player gets of the shares that others sell, by its weight, less what it sells. Adds up to 0."""
    moved = amounts * share
    return moved.sum(axis=0) * weight - moved


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
