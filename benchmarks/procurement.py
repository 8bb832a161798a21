"""How long a large procurement programme takes: ``uv run python benchmarks/procurement.py [--exact]``.

Builds 20 chips × 10 sites × 16 quarters × 50 scenarios with every chip owned, reserved, on demand and on spot at every
site, and prints its size, the time to build it, to solve the relaxation, and to make the orders whole, with ``--exact``
also the integer programme. Times are also given as ratios to a model of a smaller instance written entry by entry in a
loop, which travel between machines better than seconds. Every number of the instance is drawn; none is a price.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from scipy.sparse import lil_array

from tenfold.planning.procurement.effects import Effect, ScenarioText, scenario_columns
from tenfold.planning.procurement.programme import Commitments, Limits, Programme, Rentals, Workloads
from tenfold.quantities import Flags, Floats, Indices

CHIPS, SITES, QUARTERS, SCENARIOS, VENDORS = 20, 10, 16, 50, 5
SEED = 7


@dataclass(frozen=True)
class Market:
    """What is drawn: properties of chips, and the chip and site of each cell."""

    chip: Indices
    site: Indices
    vendor: Indices
    power_kw: Floats
    speed: Floats
    price_musd: Floats
    inference: Flags
    tariff: Floats

    @property
    def worth(self) -> Floats:
        """Inference chips do not train and serve half as well again, (cell, w)."""
        serve = np.where(self.inference, 1.5 * self.speed, self.speed)
        return np.stack([serve, serve, np.where(self.inference, 0.0, self.speed)], axis=1)[self.chip]

    def names(self, supplies: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Names of every cell under every supply."""
        cells = [(supply, chip, site) for supply in supplies for chip, site in zip(self.chip, self.site, strict=True)]
        return {
            "names": tuple(f"chip{chip}/site{site}/{supply}" for supply, chip, site in cells),
            "chips": tuple(f"chip{chip}" for _, chip, _ in cells),
            "vendors": tuple(f"vendor{self.vendor[chip]}" for _, chip, _ in cells),
            "suppliers": tuple(f"supplier{self.vendor[chip]}" for _, chip, _ in cells),
            "sites": tuple(f"site{site}" for _, _, site in cells),
            "supplies": tuple(supply for supply, _, _ in cells),
        }


def market(draw: np.random.Generator, chips: int, sites: int) -> Market:
    """Draw chips and sites."""
    speed = draw.uniform(0.4, 3.0, chips)
    return Market(
        chip=np.repeat(np.arange(chips), sites),
        site=np.tile(np.arange(sites), chips),
        vendor=np.arange(chips) % VENDORS,
        power_kw=draw.uniform(1.0, 2.0, chips),
        speed=speed,
        price_musd=0.03 * speed * draw.uniform(0.8, 1.2, chips),
        inference=np.arange(chips) % 4 == 3,
        tariff=draw.uniform(0.05, 0.12, sites),
    )


def commitments_of(draw: np.random.Generator, of: Market, quarters: int) -> Commitments:
    """Every cell owned and reserved for a year."""
    cells, zero = len(of.chip), np.zeros((len(of.chip), quarters))
    fall = 0.97 ** np.arange(quarters)
    running = (of.power_kw[of.chip] * of.tariff[of.site] * 2190 + 250) / 1e6
    rent = 0.11 * of.price_musd[of.chip] * draw.uniform(0.9, 1.1, cells)
    return Commitments(
        **of.names(("own", "reserved-1y")),
        h100e_per_chip=np.tile(of.worth, (2, 1)),
        lot_chips=np.full(2 * cells, 8.0),
        minimum_lots=np.repeat([8.0, 1.0], cells),
        most_lots=np.repeat([128.0, 64.0], cells)[:, None] * np.ones(quarters),
        lead_quarters=np.concatenate([1 + of.vendor[of.chip] % 3, np.zeros(cells, np.intp)]).astype(np.intp),
        term_quarters=np.repeat([20, 4], cells).astype(np.intp),
        upfront_musd_per_chip=np.concatenate([of.price_musd[of.chip][:, None] * fall, zero]),
        running_musd_per_chip_quarter=np.concatenate([running[:, None] + zero, rent[:, None] * fall]),
        deposit_share=np.repeat([0.3, 0.0], cells),
        power_mw_per_chip=np.concatenate([of.power_kw[of.chip] / 1e3 * 1.2, np.zeros(cells)]),
        owned=np.repeat([True, False], cells),
    )


def rentals_of(draw: np.random.Generator, of: Market, quarters: int) -> Rentals:
    """Every cell on demand and on spot."""
    cells = len(of.chip)
    rent = of.price_musd[of.chip] * draw.uniform(0.15, 0.25, cells)
    usable = np.repeat([1.0, 0.85], cells)
    return Rentals(
        **of.names(("on-demand", "spot")),
        h100e_per_chip=np.tile(of.worth, (2, 1)) * usable[:, None],
        musd_per_chip_quarter=np.concatenate([rent, 0.55 * rent])[:, None] * np.ones(quarters),
        most_chips=np.repeat([300.0, 150.0], cells)[:, None] * np.ones(quarters),
    )


def instance(
    chips: int = CHIPS, sites: int = SITES, quarters: int = QUARTERS, scenarios: int = SCENARIOS, seed: int = SEED
) -> Programme:
    """Draw a programme of a size."""
    draw = np.random.default_rng(seed)
    of = market(draw, chips, sites)
    commitments, rentals = commitments_of(draw, of, quarters), rentals_of(draw, of, quarters)
    ramp = np.linspace(1.0, 3.0, quarters)
    workloads = Workloads(
        names=("assistant", "agents", "pretraining"),
        kinds=("serve", "serve", "train"),
        demand_h100e=np.stack([8000 * ramp, 5000 * ramp**1.5, 0 * ramp]),
        work_h100e_quarters=np.array([0.0, 0.0, 60_000.0]),
        first_quarter=np.array([0, 2, 2]),
        last_quarter=np.array([quarters - 1, quarters - 1, quarters - 3]),
        most_h100e=np.array([np.inf, np.inf, 16_000.0]),
        unserved_musd_per_h100e_quarter=np.array([8.0, 6.0, 10.0]) * 2190 / 1e6,
    )
    texts = [_scenario(draw, index, scenarios, quarters) for index in range(scenarios)]
    return Programme(
        quarters=tuple(f"{2027 + quarter // 4}Q{quarter % 4 + 1}" for quarter in range(quarters)),
        commitments=commitments,
        rentals=rentals,
        workloads=workloads,
        scenarios=scenario_columns(texts, commitments, rentals, workloads),
        limits=Limits(
            sites=tuple(f"site{index}" for index in range(sites)),
            power_mw=np.linspace(3.0, 12.0, quarters) * draw.uniform(0.5, 1.5, (sites, 1)),
            capital_musd=np.full(quarters, 150.0),
            allocations=(),
            most_vendor_share=0.6,
            revenue_musd=np.full(quarters, np.inf),
            most_revenue_share=np.inf,
        ),
        discount_rate_per_year=0.1,
        life_quarters=20.0,
        residual_share=0.05,
        risk_aversion=0.5,
        cvar_level=0.9,
    )


def _scenario(draw: np.random.Generator, index: int, scenarios: int, quarters: int) -> ScenarioText:
    effects = [
        Effect(kind="demand", factor=float(draw.lognormal(0.0, 0.25))),
        Effect(kind="price", factor=float(draw.lognormal(0.0, 0.15)), supplies=("on-demand", "spot")),
    ]
    vendor = f"vendor{draw.integers(VENDORS)}"
    when = int(draw.integers(quarters))
    rest = (
        Effect(kind="delay", vendors=(vendor,), quarters=int(draw.integers(1, 4))),
        Effect(kind="interruption", vendors=(vendor,), first_quarter=when, end_quarter=when + 2),
        Effect(kind="ban", vendors=(vendor,), first_quarter=when),
        Effect(kind="faster-chip", first_quarter=when, factor=0.8, value_kept=0.6),
        Effect(kind="price", factor=1.2, vendors=(vendor,), supplies=("own",)),
    )
    effects += [effect for effect in rest if draw.random() < 0.35]
    return ScenarioText(name=f"scenario{index}", probability=1.0 / scenarios, effects=tuple(effects))


def looped_seconds(programme: Programme) -> float:
    """Time the same matrix takes when its entries are put down one by one."""
    from tenfold.planning.procurement.assemble import build_model
    from tenfold.planning.procurement.solve import linear_of

    matrix = linear_of(build_model(programme)).matrix.tocoo()
    entries = list(zip(matrix.row.tolist(), matrix.col.tolist(), matrix.data.tolist(), strict=True))
    started = perf_counter()
    looped = lil_array(matrix.shape)
    for row, column, value in entries:
        looped[row, column] = value
    looped.tocsc()
    return perf_counter() - started


def build_seconds(programme: Programme) -> float:
    """Best of three builds, from the programme to the solver's matrix."""
    from tenfold.planning.procurement.assemble import build_model
    from tenfold.planning.procurement.solve import linear_of

    def once() -> float:
        started = perf_counter()
        linear_of(build_model(programme))
        return perf_counter() - started

    return min(once() for _ in range(3))


def main() -> None:
    """Print sizes and times."""
    from tenfold.planning.procurement.assemble import build_model
    from tenfold.planning.procurement.frontier import beside, best_costs
    from tenfold.planning.procurement.rounding import relative_gap, round_orders
    from tenfold.planning.procurement.solve import linear_of, solve_relaxed, solve_whole

    small, programme = instance(5, 4, 8, 10), instance()
    looped, small_s = looped_seconds(small), build_seconds(small)
    print(f"small instance: {small_s:.4f} s as arrays, {looped:.3f} s entry by entry: {looped / small_s:.0f} × faster")
    built = build_seconds(programme)
    model = build_model(programme)
    linear = linear_of(model)
    rows, columns = linear.matrix.shape
    print(f"{programme.shape}\n{columns:,} columns, {rows:,} rows, {linear.matrix.nnz:,} entries, "
          f"{len(model.groups.direction)} groups, {len(model.classes.group)} classes")  # fmt: skip
    print(f"build: {built:.3f} s ({built / looped:.3f} of the small instance's loop)")
    relaxed = solve_relaxed(linear)
    print(f"relaxation: {relaxed.status}, {relaxed.seconds:.2f} s")
    started = perf_counter()
    whole = round_orders(linear, model, relaxed)
    if whole is not None:
        gap = relative_gap(whole.objective, whole.bound)
        print(f"whole lots: {perf_counter() - started:.2f} s, gap {100 * gap:.4f} %")
    started = perf_counter()
    points = beside(linear, model).points
    print(f"frontier of {len(points)} points and the cost of waiting: {perf_counter() - started:.1f} s")
    started = perf_counter()
    best_costs(programme)
    print(f"every scenario known beforehand: {perf_counter() - started:.1f} s")
    if "--exact" not in sys.argv:
        return
    for name, start in (("from the rounded plan", whole), ("from nothing", None)):
        exact = solve_whole(linear, model, start=None if start is None else start.columns, time_limit_s=600)
        gap = relative_gap(exact.objective, exact.bound)
        print(f"integer programme {name}: {exact.status}, {exact.seconds:.1f} s, gap {100 * gap:.4f} %")


if __name__ == "__main__":
    main()
