"""Small programmes drawn at random, and the same programmes written out in the plainest way there is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tenfold.planning.procurement.effects import Effect, ScenarioText, scenario_columns
from tenfold.planning.procurement.programme import NEVER, Allocation, Commitments, Limits, Programme, Rentals, Workloads
from tenfold.quantities import Floats

TEXTS = (
    ScenarioText(name="base", probability=0.5),
    ScenarioText(
        name="much", probability=0.2, effects=(Effect(kind="demand", factor=1.5), Effect(kind="price", factor=1.2))
    ),
    ScenarioText(name="late", probability=0.15, effects=(Effect(kind="delay", vendors=("v0",), quarters=1),)),
    ScenarioText(
        name="worst",
        probability=0.15,
        effects=(
            Effect(kind="ban", vendors=("v1",), first_quarter=2),
            Effect(kind="interruption", supplies=("spot",), first_quarter=1, end_quarter=3),
            Effect(kind="faster-chip", first_quarter=2, factor=0.8, value_kept=0.5),
        ),
    ),
)


def small_programme(
    seed: int = 0, *, quarters: int = 4, options: int = 3, train: bool = True, penalty: float = 0.02
) -> Programme:
    """Draw a programme: owned and reserved options of two vendors, two offers, serving and training."""
    draw = np.random.default_rng(seed)
    kinds = ["reserved-1y" if row % 3 == 2 else "own" for row in range(options)]
    owned = np.array([kind == "own" for kind in kinds])
    speed = draw.uniform(0.5, 2.0, options)
    works = 2 if train else 1
    worth = np.tile(speed[:, None], (1, works))
    worth[0, -1] = 0.0 if train else worth[0, -1]
    price = 0.03 * speed[:, None] * draw.uniform(0.8, 1.2, (options, 1)) * 0.97 ** np.arange(quarters)
    commitments = Commitments(
        names=tuple(f"option{row}" for row in range(options)),
        chips=tuple(f"c{row}" for row in range(options)),
        vendors=tuple(f"v{row % 2}" for row in range(options)),
        suppliers=("s",) * options,
        sites=tuple(f"i{row % 2}" for row in range(options)),
        supplies=tuple(kinds),
        h100e_per_chip=worth,
        lot_chips=np.full(options, 8.0),
        minimum_lots=np.array([1.0, 2.0, 1.0, 1.0])[:options],
        most_lots=np.full((options, quarters), 3.0),
        lead_quarters=np.array([1, 0, 0, 1])[:options],
        term_quarters=np.where(owned, 20, 2),
        upfront_musd_per_chip=np.where(owned[:, None], price, 0.0),
        running_musd_per_chip_quarter=np.where(owned[:, None], 0.0006, 0.1 * price),
        deposit_share=np.where(owned, 0.4, 0.0),
        power_mw_per_chip=np.where(owned, 0.0015, 0.0),
        owned=owned,
    )
    rentals = Rentals(
        names=("rent", "spot"),
        chips=("c0", "c1"),
        vendors=("v0", "v1"),
        suppliers=("s", "s"),
        sites=("i0", "i1"),
        supplies=("on-demand", "spot"),
        h100e_per_chip=np.array([[1.0] * works, [0.9] * works]),
        musd_per_chip_quarter=np.array([0.0075, 0.0045])[:, None] * np.ones(quarters),
        most_chips=np.array([40.0, 10.0])[:, None] * np.ones(quarters),
    )
    workloads = Workloads(
        names=("serving", "training")[:works],
        kinds=("serve", "train")[:works],
        demand_h100e=np.array([np.linspace(20, 60, quarters), np.zeros(quarters)])[:works],
        work_h100e_quarters=np.array([0.0, 50.0])[:works],
        first_quarter=np.array([0, 1])[:works],
        last_quarter=np.array([quarters - 1, quarters - 2])[:works],
        most_h100e=np.array([np.inf, 40.0])[:works],
        unserved_musd_per_h100e_quarter=np.array([penalty, penalty])[:works],
    )
    return Programme(
        quarters=tuple(f"2027Q{quarter + 1}" for quarter in range(quarters)),
        commitments=commitments,
        rentals=rentals,
        workloads=workloads,
        scenarios=scenario_columns(TEXTS, commitments, rentals, workloads),
        limits=Limits(
            sites=("i0", "i1"),
            power_mw=np.full((2, quarters), 0.06),
            capital_musd=np.full(quarters, 1.6),
            allocations=(
                Allocation(name="both", members=np.ones(options, dtype=np.bool_), most_chips=np.full(quarters, 40.0)),
            ),
            most_vendor_share=0.8,
            revenue_musd=np.full(quarters, 3.0),
            most_revenue_share=0.5,
        ),
        discount_rate_per_year=0.1,
        life_quarters=20.0,
        residual_share=0.05,
        risk_aversion=0.7,
        cvar_level=0.8,
    )


def with_limits(programme: Programme, **changed: Any) -> Programme:
    return replace(programme, limits=replace(programme.limits, **changed))


def plain_cost(programme: Programme, lots: Floats, scenario: int) -> float:
    """Present value of orders alone in a scenario: payments, running costs, value left; in loops."""
    rows, what, total = programme.commitments, programme.scenarios, 0.0
    last = len(programme.quarters)
    rate = 1.0 + programme.discount_rate_per_year
    for option in range(len(rows.names)):
        for quarter in range(last):
            chips = lots[option, quarter] * rows.lot_chips[option]
            if chips == 0:
                continue
            base, factor = rows.upfront_musd_per_chip[option, quarter], what.price[scenario, option, quarter]
            due, came = quarter + rows.lead_quarters[option], what.delivered[scenario, option, quarter]
            price, deposit = chips * base * factor, rows.deposit_share[option]
            if came >= NEVER:
                total += price * deposit * (rate ** (-quarter / 4) - rate ** (-due / 4))
                continue
            arrival = min(came, last)
            total += price * (deposit * rate ** (-quarter / 4) + (1 - deposit) * rate ** (-arrival / 4))
            age = (last - arrival) / programme.life_quarters
            value = 1 - (1 - programme.residual_share) * min(age, 1.0)
            total -= price * what.value_kept[scenario, option] * value * rate ** (-last / 4)
            running = chips * rows.running_musd_per_chip_quarter[option, quarter]
            running *= 1.0 if rows.owned[option] else factor
            for when in range(arrival, min(came + rows.term_quarters[option], last)):
                total += running * rate ** (-when / 4)
    return total


def serving(programme: Programme, scenario: int, option: int, quarter: int, when: int) -> bool:
    came = programme.scenarios.delivered[scenario, option, quarter]
    return bool(came <= when < came + programme.commitments.term_quarters[option])


def served_by_hand(programme: Programme, lots: Floats, scenario: int) -> float:
    """Least present value of rent and penalties in a scenario with one serving workload: cheapest first, by quarter."""
    rows, offers, what = programme.commitments, programme.rentals, programme.scenarios
    total = 0.0
    for when in range(len(programme.quarters)):
        need = programme.workloads.demand_h100e[0, when] * what.demand[scenario, 0, when]
        for option in range(len(rows.names)):
            for quarter in range(len(programme.quarters)):
                if serving(programme, scenario, option, quarter, when):
                    chips = lots[option, quarter] * rows.lot_chips[option]
                    need -= chips * rows.h100e_per_chip[option, 0]
        discount = (1.0 + programme.discount_rate_per_year) ** (-when / 4)
        steps = [
            (
                offers.musd_per_chip_quarter[row, when] * what.rental_price[scenario, row, when]
                / offers.h100e_per_chip[row, 0],
                offers.most_chips[row, when] * offers.h100e_per_chip[row, 0] * what.rental_open[scenario, row, when],
            )
            for row in range(len(offers.names))
        ]  # fmt: skip
        for cost, most in [*sorted(steps), (programme.workloads.unserved_musd_per_h100e_quarter[0], np.inf)]:
            used = min(max(need, 0.0), most)
            total += used * cost * discount
            need -= used
    return total


class Plain:
    """The programme with a column for every option, offer, workload, scenario and quarter; no groups, no classes."""

    def __init__(self, programme: Programme) -> None:
        self.programme, self.count = programme, 0
        self.rows: list[tuple[dict[int, float], float, float]] = []
        p = programme
        self.shape = p.shape
        o, t, s = self.shape["options"], self.shape["quarters"], self.shape["scenarios"]
        w, j = self.shape["workloads"], self.shape["offers"]
        self.lots = self.block(o, t)
        self.own = self.block(s, o, w, t)
        self.rent = self.block(s, j, w, t)
        self.short = self.block(s, w, t)
        self.cost, self.excess, self.eta = self.block(s), self.block(s), self.block(1)[0]
        self.service()
        self.limits()
        self.costs()

    def block(self, *shape: int) -> Any:
        found = np.arange(self.count, self.count + int(np.prod(shape))).reshape(shape)
        self.count += found.size
        return found

    def row(self, entries: list[tuple[int, float]], low: float, high: float) -> None:
        merged: dict[int, float] = {}
        for column, value in entries:
            merged[int(column)] = merged.get(int(column), 0.0) + float(value)
        self.rows.append((merged, low, high))

    def service(self) -> None:
        p, n = self.programme, self.shape
        rows, offers, works, what = p.commitments, p.rentals, p.workloads, p.scenarios
        for s in range(n["scenarios"]):
            for t in range(n["quarters"]):
                for o in range(n["options"]):
                    given = [(self.own[s, o, w, t], 1.0) for w in range(n["workloads"])]
                    come = [q for q in range(n["quarters"]) if serving(p, s, o, q, t)]
                    self.row([*given, *((self.lots[o, q], -rows.lot_chips[o]) for q in come)], -np.inf, 0.0)
                for j in range(n["offers"]):
                    most = offers.most_chips[j, t] * what.rental_open[s, j, t]
                    self.row([(self.rent[s, j, w, t], 1.0) for w in range(n["workloads"])], -np.inf, most)
            for w in range(n["workloads"]):
                got = [self.given(s, w, t) for t in range(n["quarters"])]
                if works.kinds[w] == "serve":
                    for t in range(n["quarters"]):
                        need = works.demand_h100e[w, t] * what.demand[s, w, t]
                        self.row([*got[t], (self.short[s, w, t], 1.0)], need, np.inf)
                    continue
                first, last = works.first_quarter[w], works.last_quarter[w]
                need = works.work_h100e_quarters[w] * what.demand[s, w, last]
                runs = [entry for t in range(first, last + 1) for entry in got[t]]
                self.row([*runs, (self.short[s, w, last], 1.0)], need, np.inf)
                for t in range(first, last + 1):
                    self.row(got[t], -np.inf, works.most_h100e[w])

    def given(self, s: int, w: int, t: int) -> list[tuple[int, float]]:
        p = self.programme
        own = [(self.own[s, o, w, t], p.commitments.h100e_per_chip[o, w]) for o in range(self.shape["options"])]
        rent = [(self.rent[s, j, w, t], p.rentals.h100e_per_chip[j, w]) for j in range(self.shape["offers"])]
        return [*own, *rent]

    def limits(self) -> None:
        p, n = self.programme, self.shape
        rows, limits = p.commitments, p.limits
        cells = [(o, q) for o in range(n["options"]) for q in range(n["quarters"])]

        def due(o: int, q: int, t: int) -> bool:
            arrival = q + rows.lead_quarters[o]
            return bool(arrival <= t < arrival + rows.term_quarters[o])

        for t in range(n["quarters"]):
            for i, site in enumerate(limits.sites):
                draw = [
                    (self.lots[o, q], rows.lot_chips[o] * rows.power_mw_per_chip[o])
                    for o, q in cells
                    if rows.sites[o] == site and due(o, q, t)
                ]
                self.row(draw, -np.inf, limits.power_mw[i, t])
            paid: list[tuple[int, float]] = []
            for o, q in cells:
                price = rows.lot_chips[o] * rows.upfront_musd_per_chip[o, q]
                paid.append((self.lots[o, q], price * rows.deposit_share[o] * (q == t)))
                paid.append((self.lots[o, q], price * (1 - rows.deposit_share[o]) * (q + rows.lead_quarters[o] == t)))
            self.row(paid, -np.inf, limits.capital_musd[t])
            for allocation in limits.allocations:
                together = [(self.lots[o, t], rows.lot_chips[o]) for o in range(n["options"]) if allocation.members[o]]
                self.row(together, -np.inf, allocation.most_chips[t])
            self.revenue(t, [(o, q) for o, q in cells if due(o, q, t)])
        for vendor in set(rows.vendors):
            share = []
            for o, q in cells:
                units = (
                    rows.lot_chips[o] * rows.h100e_per_chip[o].max() * sum(due(o, q, t) for t in range(n["quarters"]))
                )
                share.append((self.lots[o, q], ((rows.vendors[o] == vendor) - limits.most_vendor_share) * units))
            if limits.most_vendor_share < 1:
                self.row(share, -np.inf, 0.0)

    def revenue(self, t: int, cells: list[tuple[int, int]]) -> None:
        p = self.programme
        rows, limits = p.commitments, p.limits
        if not np.isfinite(limits.most_revenue_share):
            return
        spent = []
        for o, q in cells:
            fall = rows.upfront_musd_per_chip[o, q] * (1 - p.residual_share) / p.life_quarters
            spent.append((self.lots[o, q], rows.lot_chips[o] * (fall + rows.running_musd_per_chip_quarter[o, q])))
        for s, chance in enumerate(p.scenarios.probability):
            for j in range(self.shape["offers"]):
                price = p.rentals.musd_per_chip_quarter[j, t] * p.scenarios.rental_price[s, j, t]
                spent += [(self.rent[s, j, w, t], chance * price) for w in range(self.shape["workloads"])]
        self.row(spent, -np.inf, limits.most_revenue_share * limits.revenue_musd[t])

    def costs(self) -> None:
        p, n = self.programme, self.shape
        unit = np.zeros((n["options"], n["quarters"]))
        for s in range(n["scenarios"]):
            entries = [(self.cost[s], 1.0)]
            for place in np.ndindex(unit.shape):
                unit[place] = 1.0
                entries.append((self.lots[place], -plain_cost(p, unit, s)))
                unit[place] = 0.0
            for t in range(n["quarters"]):
                discount = (1.0 + p.discount_rate_per_year) ** (-t / 4)
                for w in range(n["workloads"]):
                    penalty = p.workloads.unserved_musd_per_h100e_quarter[w]
                    entries.append((self.short[s, w, t], -discount * (penalty if np.isfinite(penalty) else 0.0)))
                    for j in range(n["offers"]):
                        price = p.rentals.musd_per_chip_quarter[j, t] * p.scenarios.rental_price[s, j, t]
                        entries.append((self.rent[s, j, w, t], -discount * price))
            self.row(entries, 0.0, 0.0)
            self.row([(self.excess[s], 1.0), (self.cost[s], -1.0), (self.eta, 1.0)], 0.0, np.inf)

    def least(self, *, whole: bool = False) -> float:
        """Least objective; lots divisible or whole (then without minimum orders)."""
        p = self.programme
        objective, low, high = np.zeros(self.count), np.zeros(self.count), np.full(self.count, np.inf)
        objective[self.cost] = p.scenarios.probability
        objective[self.eta] = p.risk_aversion
        objective[self.excess] = p.risk_aversion * p.scenarios.probability / (1 - p.cvar_level)
        low[self.cost] = low[self.eta] = -np.inf
        arrives = np.arange(self.shape["quarters"]) + p.commitments.lead_quarters[:, None] < self.shape["quarters"]
        high[self.lots] = np.where(arrives, p.commitments.most_lots, 0.0)
        for w, penalty in enumerate(p.workloads.unserved_musd_per_h100e_quarter):
            high[self.short[:, w]] = 0.0 if np.isinf(penalty) else np.inf
        matrix = np.zeros((len(self.rows), self.count))
        for place, (entries, _, _) in enumerate(self.rows):
            for column, value in entries.items():
                matrix[place, column] = value
        integrality = np.zeros(self.count, dtype=np.int64)
        integrality[self.lots] = int(whole)
        bounds = LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])
        found = milp(objective, constraints=bounds, integrality=integrality, bounds=Bounds(low, high))
        return float(found.fun) if found.status == 0 else float("inf")
