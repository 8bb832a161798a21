"""The books of a quarter: cash, debt, who cannot pay and sells, who is taken over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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


def settle(events: Events, luck: Luck, state: State, books: tuple[Draws, Draws, Draws, Draws], at: int) -> CashFlows:
    """Close the quarter's books: debt fills what is missing, what is left over is paid out, who cannot pay sells."""
    drawn = luck.parameters
    earned, costs, capex, room = books
    before = state.cash_usd
    interest = state.debt_usd * drawn["investment.interest_per_year"] * F32(0.25)
    subsidy = np.broadcast_to(events.subsidy_usd[at][:, None], before.shape)
    flow = state.core_usd + earned - costs
    left = flow + subsidy - capex - interest
    missing = np.maximum(-(before * F32(0.25) + left), F32(0.0))
    borrowed = np.minimum(missing, room) * state.alive
    failed = distress.in_distress(before + left + borrowed, flow + room, interest)
    sold = _sell(state, failed)
    paid_out = np.maximum(left, F32(0.0)) * F32(0.5)
    after = before + left + borrowed + sold - paid_out
    state.cash_usd = after
    state.debt_usd = state.debt_usd + borrowed
    return CashFlows(
        before=before,
        core=state.core_usd,
        earned=earned,
        borrowed=borrowed,
        subsidy=subsidy,
        sold=sold,
        capex=capex,
        running=costs,
        interest=interest,
        paid_out=paid_out,
        after=after,
    )


def _sell(state: State, failed: Draws) -> Draws:
    """Half the fleet of who fails goes to others by their budgets, at half the price of new chips. Chips are kept.

    Only draws in which somebody fails are touched.
    """
    at = np.flatnonzero(failed.any(axis=0))
    found = np.zeros_like(state.cash_usd)
    if not at.size:
        return found
    fails = failed[:, at]
    share = distress.sold_share(fails)
    owned, buyers = state.owned[..., at], state.budget_usd[:, at] * ~fails
    weight = buyers / np.maximum(buyers.sum(axis=0), F32(1.0))
    sold = owned * share
    state.owned[..., at] = owned - sold + sold.sum(axis=1)[:, None, :] * weight
    for column in (state.need_w, state.energised_w):
        moved = column[:, at] * share
        column[:, at] += moved.sum(axis=0) * weight - moved
    state.alive[:, at] = np.where(fails, F32(0.0), state.alive[:, at])
    value = (sold * state.price_usd[:, None, at]).sum(axis=0) * F32(0.5)
    found[:, at] = value - value.sum(axis=0) * weight
    return found


def merge(events: Events, state: State, at: int) -> None:
    """Who is bought hands over all that it has."""
    for merger in events.mergers:
        if merger.quarter != at:
            continue
        buyer, bought = merger.buyer, merger.bought
        spent = state.mix[:, buyer] * state.budget_usd[buyer] + state.mix[:, bought] * state.budget_usd[bought]
        both = np.maximum(state.budget_usd[buyer] + state.budget_usd[bought], F32(1.0))
        state.mix[:, buyer] = spent / both
        state.mix_at_start[:, buyer, 0] = state.mix[:, buyer].mean(axis=-1)
        for column in (
            *(state.budget_usd, state.need_w, state.energised_w, state.other_capex_usd),
            *(state.cash_flow_usd, state.cash_usd, state.debt_usd, *state.queue_w),
        ):
            column[buyer] += column[bought]
            column[bought] = 0.0
        had = state.owned[:, [buyer, bought]].sum(axis=0).mean(axis=-1)
        state.uses[buyer] = had @ state.uses[[buyer, bought]] / max(float(had.sum()), 1.0)
        state.owned[:, buyer] += state.owned[:, bought]
        state.owned[:, bought] = 0.0
        state.alive[bought] = 0.0
