"""The kernel: one quarter after another for a chunk of draws, from a world, a case's events and luck.

Order of a quarter: what is used and at which rent → budgets → money → families → orders, rationing, prices → chips and
power → runs and capability → cash and distress. ``record`` is handed each quarter's state and flows and keeps what it
wants. Nothing is drawn here but through ``luck``; equal luck meets equal shocks in every case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import HOURS_PER_QUARTER
from tenfold.race.arrays import Draws
from tenfold.race.equations import capability, choice, demand, deployment, distress, investment, rental, supply, training
from tenfold.race.events import Events
from tenfold.race.luck import Luck, Shocks
from tenfold.race.state import WAIT_QUARTERS, State, start_of
from tenfold.race.world import H100_FLOP_PER_S, REGIONS, World

QUARTER_HOURS = np.float32(HOURS_PER_QUARTER)
F32 = np.float32
TILT_DAMPING = 0.9
"""As the median of ``investment.damping``: one number for all draws, so that no draw axis is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """What happened in a quarter."""

    spend_usd: Draws
    """(p, draw) on chips, delivered ones."""
    sales_usd: Draws
    """(f, draw) of chips delivered."""
    delivered: Draws
    """(f, p, draw) H100e."""
    running: Draws
    """(p, draw) H100e that power runs."""
    powered: Draws
    """(p, draw) share of chips that power can run."""
    money: Draws
    """(p, draw) share of wanted spending that funds cover."""
    filled: Draws
    """(p, draw) share of orders that came, by the player's own mix."""
    chips: Draws
    packaging: Draws
    memory: Draws
    """(f, draw) and (draw,): share of orders that capacity, packaging and memory cover."""
    wanted_h100e: Draws
    capex_usd: Draws
    """(p, draw)."""
    cost_usd_per_hour: Draws
    used: Draws
    """(u, draw) H100e by user."""
    index: Draws
    """(u, draw)."""
    talent: float
    cash: CashFlows


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


Record = Callable[[int, State, Flows], None]


def simulate(world: World, events: Events, luck: Luck, quarters: int, record: Record) -> None:
    """Run a chunk of draws for so many quarters. Raises nothing; divisions are guarded."""
    state, shocked = start_of(world, luck, REGIONS), luck.shocks()
    players, users = len(world.players), len(world.users)
    unknown = shocked.quarter(players, users)
    spread = luck.parameters["investment.growth_spread"]
    state.growth += spread * (F32(world.volatility) * unknown.common + unknown.own)
    for quarter in range(quarters):
        shocks = shocked.quarter(players, users)
        record(quarter, state, _quarter(world, events, luck, state, shocks, quarter))


def _quarter(world: World, events: Events, luck: Luck, state: State, shocks: Shocks, at: int) -> Flows:
    """Advance the state by a quarter, in place."""
    _merge(events, state, at)
    powered = deployment.running_share(state.energised_w, state.need_w * luck.parameters["deployment.pue"])
    running = state.owned.sum(axis=0) * powered
    wanted, cost = _use_and_rent(world, events, luck, state, shocks, running, at)
    used = np.asarray(state.uses.T @ running)
    earned, costs = _earnings(world, luck, state, running, used, powered)
    money, lent = _budgets(world, events, luck, state, shocks, running, (earned, costs), at)
    orderable = money * deployment.orderable_share(powered)
    bought, delivered, fills = _orders(world, events, luck, state, orderable, at)
    _switch_on(world, events, luck, state, delivered, at)
    spend = bought.sum(axis=0)
    index = _train(world, events, luck, state, shocks, used, at)
    capex = state.other_capex_usd + spend / luck.parameters["investment.chip_share_of_capex"]
    cash = _settle(events, luck, state, (earned, costs, capex, lent), at)
    return Flows(
        spend_usd=spend,
        sales_usd=bought.sum(axis=1),
        delivered=delivered,
        running=running,
        powered=powered,
        money=money,
        filled=spend / np.maximum(state.budget_usd * orderable, F32(1.0)),
        chips=fills[0],
        packaging=fills[1],
        memory=fills[2],
        wanted_h100e=wanted,
        capex_usd=capex,
        cost_usd_per_hour=cost,
        used=used,
        index=index,
        talent=float(events.talent[at]),
        cash=cash,
    )


def _use_and_rent(
    world: World, events: Events, luck: Luck, state: State, shocks: Shocks, running: Draws, at: int
) -> tuple[Draws, Draws]:
    """Demand, how full the fleets are, and the price of an hour. Gives wanted H100e and the owner's cost of an hour."""
    drawn = luck.parameters
    ratio = state.rental_usd / state.rental_at_start
    wanted = demand.wanted_h100e(state.adoption, state.size_h100e, ratio, drawn["demand.elasticity"])
    wanted = wanted * events.demand[at]
    state.adoption = demand.adopted(
        state.adoption, drawn["demand.pace"] * F32(world.fleet_growth), -np.log(ratio), world.tier_opens[:, None]
    )
    state.fullness = demand.utilisation(wanted, running.sum(axis=0))
    gap = state.fullness - drawn["demand.utilisation_norm"]
    fixed = F32(world.hour.fixed_usd / world.watts_per_h100e) * state.watts_per_h100e
    cost = rental.cost_usd_per_hour(state.price_usd[0], fixed, F32(world.hour.per_price))
    state.rental_usd = rental.moved_price_usd(
        state.rental_usd,
        cost,
        gap,
        drawn["rental.reversion_per_quarter"],
        drawn["rental.push_per_quarter"],
        drawn["rental.spread_per_quarter"] * shocks.rental,
    )
    return wanted, cost


def _earnings(
    world: World, luck: Luck, state: State, running: Draws, used: Draws, powered: Draws
) -> tuple[Draws, Draws]:
    """What owners earn with their chips in the quarter and what it costs them, USD, after users that cannot pay."""
    hour = state.rental_usd * QUARTER_HOURS * state.fullness
    due = used * hour * (world.revenue_usd > 0.0)[:, None]
    growth = state.rental_usd * used.sum(axis=0) / (state.rental_at_start * state.served_at_start)
    revenue = world.revenue_usd[:, None] * growth * state.installed * F32(len(world.users))
    means = revenue * (1.0 + luck.parameters["distress.funding_over_revenue"])
    first = np.minimum(means, due)
    state.paid = distress.paid_share(first, due)
    unpaid = np.asarray(state.uses @ ((1.0 - state.paid) * (world.revenue_usd > 0.0)[:, None]))
    earned = running * hour * (1.0 - unpaid)
    usd_per_w = F32(world.hour.fixed_usd / world.watts_at_start) * QUARTER_HOURS
    return earned, state.need_w * powered * usd_per_w


def _budgets(
    world: World,
    events: Events,
    luck: Luck,
    state: State,
    shocks: Shocks,
    running: Draws,
    books: tuple[Draws, Draws],
    at: int,
) -> tuple[Draws, Draws]:
    """Wanted spending grows; money bounds it. Gives the affordable share and what lenders would give."""
    drawn = luck.parameters
    growth = drawn["investment.other_growth_per_year"] ** F32(0.25)
    state.other_capex_usd *= growth * np.exp(drawn["investment.other_spread"] * shocks.own)
    state.cash_flow_usd *= growth
    state.growth = investment.momentum(state.growth, drawn["investment.damping"])
    leader = np.log(np.maximum(running.max(axis=0), F32(1.0)) / np.maximum(running, F32(1.0)))
    gap = state.fullness - drawn["demand.utilisation_norm"]
    push = investment.response(
        gap, drawn["investment.fullness_response"], leader, drawn["investment.rivalry_response"]
    )
    common = drawn["investment.common_spread"] * F32(world.volatility)
    shock = common * shocks.common + drawn["investment.own_spread"] * shocks.own
    long_run = np.log(drawn["investment.long_run_growth_per_year"]) * F32(0.25)
    state.budget_usd *= np.exp(state.growth + long_run + push + shock + events.eagerness[:, None]) * state.alive
    earned, costs = books
    state.core_usd = _core(world, events, luck, state, at)
    flow = state.core_usd + earned - costs
    borrowing = investment.borrowing_usd(
        flow, state.debt_usd, drawn["investment.debt_over_cash_flow"] * events.lending[at]
    )
    funds = investment.funds_usd(flow, state.cash_usd, borrowing) + events.subsidy_usd[at][:, None]
    wanted = state.budget_usd / drawn["investment.chip_share_of_capex"]
    return investment.affordable_share(funds, state.other_capex_usd, wanted), borrowing


def _core(world: World, events: Events, luck: Luck, state: State, at: int) -> Draws:
    """Cash flow before AI; of who lives on investors, as much as they give when fleets are as full as this."""
    mood = np.minimum(state.fullness / luck.parameters["demand.utilisation_norm"], F32(1.0)) * F32(events.lending[at])
    return distress.core_cash_flow_usd(state.cash_flow_usd, world.funded[:, None], mood)


def _orders(
    world: World, events: Events, luck: Luck, state: State, orderable: Draws, at: int
) -> tuple[Draws, Draws, tuple[Draws, Draws, Draws]]:
    """Families chosen, orders rationed, prices and capacity moved on. Gives dollars and H100e by family and player."""
    drawn = luck.parameters
    _learn(events, luck, state, at)
    maturity = np.minimum(world.maturity * events.maturity[at], F32(1.0))[:, None]
    change = choice.advantage(maturity, state.price_usd) - choice.advantage(
        world.maturity[:, None], state.price_at_start
    )
    tilt = choice.tilt(world.tilt, TILT_DAMPING, at)[..., None]
    state.mix_at_start = choice.tilted(state.mix_at_start, tilt)
    wish = choice.preference(state.mix_at_start, change[:, None, :], drawn["choice.elasticity"])
    for family, player in zip(*np.nonzero(events.lined[at]), strict=True):
        wish[family, player] *= state.behind_line(family) ** drawn["choice.elasticity"]
    target = choice.target_mix(wish)
    state.mix = choice.moved_mix(choice.tilted(state.mix, tilt), target, drawn["choice.speed"])
    ordered = _under_rules(events, luck, state.mix, at) * (state.budget_usd * orderable)
    orders = ordered.sum(axis=1) / state.price_usd
    chips = supply.fill(orders, state.capacity * events.capacity[at][:, None])
    packaging = supply.shared_fill(orders, world.packaging[:, None], state.packaging * events.packaging[at])
    memory = supply.shared_fill(orders, world.memory[:, None], state.memory * events.memory[at])
    needs = np.where(world.packaging[:, None] > 0, packaging, F32(1.0))
    filled = np.minimum(np.minimum(chips, needs), memory)
    bought = ordered * filled[:, None, :]
    delivered = bought * (1.0 / state.price_usd)[:, None, :]
    _below_the_line(events, state, delivered, at)
    _move_supply(world, events, luck, state, orders, filled, at)
    return bought, delivered, (chips, packaging, memory)


def _under_rules(events: Events, luck: Luck, mix: Draws, at: int) -> Draws:
    """The mix where rules hold; itself where none does."""
    allowed, ruled = events.allowed[at], events.ruled[at]
    if allowed.min() >= 1.0 and not ruled.any():
        return mix
    left = np.where(ruled[..., None] > 0.0, luck.parameters["supply.rule_remaining"] ** ruled[..., None], F32(1.0))
    return choice.under_rules(mix, allowed[..., None] * left)


def _below_the_line(events: Events, state: State, delivered: Draws, at: int) -> None:
    """Chips that may be sold below a line of performance do not get better: a dollar buys what it did at the start."""
    for family, player in zip(*np.nonzero(events.lined[at]), strict=True):
        delivered[family, player] *= state.behind_line(family)


def _learn(events: Events, luck: Luck, state: State, at: int) -> None:
    """Costs fall by what makers spent, and the price of the quarter follows from share and scarcity of the last."""
    drawn = luck.parameters
    state.cost_usd = events.leap[at][:, None] ** F32(-1.0) * supply.learned_cost_usd(
        state.cost_usd, drawn["supply.learning_per_year"], state.pace, drawn["supply.induced_learning"]
    )
    mark = supply.markup(state.maker_share, drawn["supply.demand_elasticity"])
    state.price_usd = supply.price_usd_per_h100e(state.cost_usd, mark, state.scarcity, drawn["supply.pass_through"])


def _move_supply(world: World, events: Events, luck: Luck, state: State, orders: Draws, filled: Draws, at: int) -> None:
    """Capacity follows orders; what share each maker has."""
    drawn = luck.parameters
    value = orders * state.price_usd
    for quarter, buyer, bought in events.makers_merged:
        if at >= quarter:
            value[buyer], value[bought] = value[buyer] + value[bought], value[buyer] + value[bought]
    total = np.maximum((orders * state.price_usd).sum(axis=0), F32(1.0))
    state.maker_share = value / total
    speed, most = drawn["supply.capacity_speed"], drawn["supply.capacity_growth"] * world.capacity_pace[:, None]
    grown = supply.built_capacity(state.capacity, orders, state.orders_before, speed, most)
    state.orders_before = orders
    ratio = grown.sum(axis=0) / np.maximum(state.capacity.sum(axis=0), F32(1.0))
    state.packaging = state.packaging * ratio
    state.memory = state.memory * ratio
    state.capacity = grown
    state.pace = total / state.spending_at_start
    state.scarcity = 1.0 - filled


def _switch_on(world: World, events: Events, luck: Luck, state: State, delivered: Draws, at: int) -> None:
    """Chips arrive and retire; power that was asked for comes, and more is asked for."""
    drawn = luck.parameters
    life = drawn["deployment.life_years"] * F32(4.0)
    state.watts_per_h100e = state.watts_per_h100e / drawn["deployment.efficiency_per_year"] ** F32(0.25)
    state.owned = deployment.kept(state.owned, life) + delivered
    added = delivered.sum(axis=0) * state.watts_per_h100e
    state.need_w = deployment.kept(state.need_w, life) + added
    state.energised_w = state.energised_w + state.queue_w.pop(0)
    state.room_w = state.room_w * drawn["room_growth_per_year"] ** F32(0.25)
    queued = sum(state.queue_w)
    expected = deployment.expected_growth(added, state.need_w, WAIT_QUARTERS, drawn["deployment.planning_factor"])
    asked = deployment.requested_w(state.need_w * drawn["deployment.pue"], expected, state.energised_w, queued)
    granted = deployment.granted_share(asked, world.places, state.room_w * events.room[at])
    state.queue_w.append(asked * granted)


def _train(
    world: World, events: Events, luck: Luck, state: State, shocks: Shocks, used: Draws, at: int
) -> Draws:
    """Runs come out, algorithms improve and diffuse. Gives the index of each user."""
    drawn = luck.parameters
    share = world.training_share[:, None]
    effective = training.efficiency(
        used * share, F32(world.surface.at_reference), F32(world.surface.slope), F32(world.surface.reference_h100e)
    )
    thrift = (state.uses.T @ events.thrift) / np.maximum(state.uses.sum(axis=0), F32(1e-9))
    effective = effective * thrift[:, None]
    potential = training.run_flop(used, share, effective, drawn["training.months"], H100_FLOP_PER_S)
    trend = drawn["training.share_growth_per_year"] ** F32(0.25 * (at + 1))
    size = potential * world.potential_scale[:, None] * trend * np.exp(drawn["training.run_spread"] * shocks.run)
    comes = shocks.release < drawn["training.releases_per_year"] * F32(0.25)
    state.run_flop = training.released_flop(state.run_flop, size, comes)
    own = used / np.maximum(used.max(axis=0), F32(1.0))
    state.algorithms = capability.diffused(
        capability.improved(
            state.algorithms, drawn["capability.algorithms_per_year"], F32(events.talent[at]), own
        ),
        state.algorithms.max(axis=0),
        drawn["capability.diffusion_per_quarter"],
    )
    base = capability.index(state.run_flop, state.algorithms, drawn["capability.points_per_tenfold"])
    index = capability.with_post_training(
        base, drawn["capability.post_training"], drawn["capability.post_training_ceiling"]
    )
    state.installed = demand.shares_by_quality(
        index, drawn["capability.quality_sensitivity"] * F32(events.sensitivity), state.installed
    )
    return index


def _settle(
    events: Events, luck: Luck, state: State, books: tuple[Draws, Draws, Draws, Draws], at: int
) -> CashFlows:
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
    """Half the fleet of who fails goes to the others by their budgets, at half the price of new chips. Chips are kept."""
    if not failed.any():
        return np.zeros_like(state.cash_usd)
    share = distress.sold_share(failed)
    sold = state.owned * share
    buyers = state.budget_usd * ~failed
    weight = buyers / np.maximum(buyers.sum(axis=0), F32(1.0))
    total = sold.sum(axis=1)
    power = state.need_w * share
    state.owned = state.owned - sold + total[:, None, :] * weight
    state.need_w = state.need_w - power + power.sum(axis=0) * weight
    moved = state.energised_w * share
    state.energised_w = state.energised_w - moved + moved.sum(axis=0) * weight
    state.alive = np.where(failed, F32(0.0), state.alive)
    value = (sold * state.price_usd[:, None, :]).sum(axis=0) * F32(0.5)
    return np.asarray(value - value.sum(axis=0) * weight)


def _merge(events: Events, state: State, at: int) -> None:
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
