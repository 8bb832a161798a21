"""Rent or own: what each supply costs over a horizon, where one overtakes another, what sharing saves.

``answer`` draws every uncertain input and the shocks of the price path together, prices all
supplies on the same draws, and compares each with renting on demand. Crossovers are roots of the difference of present
values: in utilisation, with the chips held fixed and the work scaled; in horizon, with what the chips are sold for.
Payback counts dollars as they come, neither discounted nor with a sale. A root that some draws lack has the share of
draws that have it beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from tenfold.catalog import Catalog, System
from tenfold.economics import (
    Discount,
    SupplyCash,
    discount_of,
    discounted_usd,
    first_root,
    lasting_time,
    present_value_usd,
)
from tenfold.planning.at_work import policy_notes
from tenfold.planning.owner import network_over_known, network_words, usual_scope
from tenfold.planning.rent_or_own.answer import (
    Crossing,
    PriceFan,
    RentOrOwnAnswer,
    RevenueShare,
    SupplyAnswer,
)
from tenfold.planning.rent_or_own.cash import (
    SUPPLIES,
    Scene,
    held_chips,
    job_at_work,
    owners_cost,
    price_path,
)
from tenfold.planning.rent_or_own.had import Terms, find_terms
from tenfold.planning.rent_or_own.inputs import find_market, uncertain_inputs
from tenfold.planning.rent_or_own.pool import shared_pool
from tenfold.planning.rent_or_own.question import RentOrOwnQuestion, Revenue
from tenfold.planning.rent_or_own.work import Work, work_of
from tenfold.planning.supply.offer import availability_of
from tenfold.planning.ties import tied
from tenfold.quantities import (
    QUARTERS_PER_YEAR,
    Floats,
    Indices,
    Percentiles,
    Points,
    Progress,
    Uncertain,
    assumptions_of,
    median_point,
    sobol_points,
)
from tenfold.reliability import Practice, practice_of

BASE, SPOT = "on-demand", "spot"
LOWEST_UTILISATION = 0.01
TAKEN = (
    "Owned chips sell for economics.used_over_book_share of a value that falls straight to economics.residual_share at "
    "the end of their life",
)
"""What the comparison takes for granted beside its figures."""


def answer(
    question: RentOrOwnQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> RentOrOwnAnswer:
    """Compare the supplies. Raises ``MissingFigureError`` when a figure all of them need is not recorded."""
    market, work = find_market(question, catalog), work_of(question.demand)
    terms, bought = find_terms(question, catalog, market, work), market.purchase is not None
    inputs = (*uncertain_inputs(question, market, catalog), *terms.inputs(catalog))
    asked = tuple(dict.fromkeys(question.supplies))
    long_run = question.prices.long_run_usd_per_chip_hour
    system = catalog.system_of(catalog.chip(question.demand.chip))
    network = float(np.asarray(network_over_known(catalog, system, float(work.chips))))
    scene = partial(_scene, work, practice_of(question.demand.policy, [system]), terms, inputs, long_run, network)
    middle = scene(median_point(inputs), None)
    drawn = scene(sobol_points(inputs, seed), np.random.default_rng((seed, 1)))
    missing = {**market.missing, **terms.missing}
    names = [name for name in asked if name not in missing]
    supplies = _supplies(names, middle, drawn, question.revenue, progress or (lambda share: None))
    named = tuple(figure for known in inputs for figure in known.recorded)
    figures = tuple(each for each in named if not each.stated)
    return RentOrOwnAnswer(
        question=question,
        made=catalog.made(seed),
        work=work,
        utilisation=work.utilisation,
        horizon_years=len(work.hours) / QUARTERS_PER_YEAR,
        currency="USD, nominal; present values at the cost of capital",
        cheapest=min(supplies, key=lambda each: each.present_value_usd.p50).supply if supplies else "",
        tied=tied({each.supply: each.chance_cheapest for each in supplies}),
        supplies=supplies,
        unavailable=tuple((name, missing[name]) for name in asked if name in missing),
        availability={name: availability_of(each.tier) for name, each in terms.had.items() if name in asked},
        owners_cost_usd_per_chip_hour=Percentiles.of(owners_cost(drawn.points, network)) if bought else None,
        markup_over_owners_cost=float(middle.path[0, 0] / owners_cost(middle.points, network)[0]) if bought else None,
        prices=_fan(drawn.path),
        pool=shared_pool(question.pool, seed) if question.pool is not None else None,
        notes=(*TAKEN, *terms.notes, *policy_notes(question.demand.policy), *_of_owner(catalog, system, work, bought)),
        assumptions=assumptions_of(figures),
        stated=tuple(each for each in named if each.stated),
        figures=figures,
    )


def _of_owner(catalog: Catalog, system: System, work: Work, bought: bool) -> tuple[str, ...]:
    """Say what owning holds."""
    return (usual_scope(), network_words(catalog, system, work.chips)) if bought else ()


def _supplies(
    names: Sequence[str], middle: Scene, drawn: Scene, revenue: Revenue | None, told: Progress
) -> tuple[SupplyAnswer, ...]:
    """Price the supplies on the same draws."""
    values = {name: present_value_usd(SUPPLIES[name](drawn), drawn.at("cost_of_capital")) for name in names}
    best = np.min(list(values.values()), axis=0) if values else np.zeros(0)
    supplies = []
    for place, name in enumerate(names):
        supplies.append(_supply(name, middle, drawn, values[name], best, revenue))
        told((place + 1) / len(names))
    return tuple(supplies)


def _scene(
    work: Work,
    practice: Practice,
    terms: Terms,
    inputs: Sequence[Uncertain],
    long_run: float | None,
    network: float,
    points: Points,
    rng: np.random.Generator | None,
) -> Scene:
    """The points with their price path: shaken by chance, or along its mean where there is no generator."""
    shape = (points.count, len(work.hours))
    steady, spot = (job_at_work(work, practice, points, interrupted=each) for each in (False, True))
    shocks = np.zeros(shape) if rng is None else rng.standard_normal(shape)
    return Scene(
        work=work,
        points=points,
        work_hours=np.array(work.hours),
        path=price_path(points, _level(inputs, points, long_run, network), shocks),
        goodput=steady.productive,
        spot_goodput=spot.productive,
        spot_billed_share=1.0 - spot.waiting_for_spares,
        network=network,
        premium=terms.premium,
        unit=terms.unit,
        signed_quarters={term: terms.quarters(term) for term in terms.had},
    )


def _level(inputs: Sequence[Uncertain], points: Points, long_run: float | None, network: float) -> Floats:
    """Price that today's is pulled to, (draws,): moves with the cost of owners where the chip can be bought."""
    centre = median_point(inputs)
    level = float(centre.values["price/on-demand"][0, 0]) if long_run is None else long_run
    if "chip_usd" not in points.values:
        return np.full(points.count, level)
    return level * owners_cost(points, network) / owners_cost(centre, network)


def _supply(
    name: str, middle: Scene, drawn: Scene, value_usd: Floats, best_usd: Floats, revenue: Revenue | None
) -> SupplyAnswer:
    cash, work = SUPPLIES[name](middle), float(np.sum(drawn.work_hours))
    spent, terms = SUPPLIES[name](drawn), _terms(cash)
    return SupplyAnswer(
        supply=name,
        present_value_usd=Percentiles.of(value_usd),
        usd_per_useful_chip_hour=Percentiles.of(value_usd / work),
        chance_cheapest=float(np.mean(value_usd <= best_usd)),
        upfront_usd=float(cash.at_start_usd[0]),
        cash_usd=math.fsum(terms.values()),
        terms_usd=terms,
        goodput=Percentiles.of(drawn.spot_goodput if name == SPOT else drawn.goodput),
        chips_held=float(held_chips(middle, name)[0]) if name not in (BASE, SPOT) else float(drawn.work.chips),
        effects_usd=_effects(name, middle),
        crossover_utilisation=_crossing(*_utilisations(name, drawn)) if name != BASE else None,
        crossover_horizon_years=_crossing(*_horizons(name, drawn)) if name != BASE else None,
        payback_years=_crossing(*_paybacks(name, drawn)) if cash.at_start_usd[0] > 0.0 else None,
        revenue=None if revenue is None else _of_revenue(revenue, _yearly_usd(spent)),
        cash_usd_by_quarter=tuple(np.quantile(spent.quarterly_usd, 0.5, axis=0).tolist()),
    )


def _terms(cash: SupplyCash) -> Mapping[str, float]:
    """Undiscounted cash at the middle of the inputs, by what it pays for."""
    terms = {key: float(values[0].sum()) for key, values in cash.by_quarter_usd.items()}
    end = float(cash.at_end_usd[0])
    found = {"capital": float(cash.at_start_usd[0]), **terms, "unused_term" if end >= 0.0 else "sale": end}
    return {key: value for key, value in found.items() if value != 0.0}


def _effects(name: str, middle: Scene) -> Mapping[str, float]:
    """Present value that failures, setting up and debugging add, each alone, every input at its P50."""
    whole = np.ones(middle.points.count)
    spared = {
        "failures": replace(middle, goodput=whole, spot_goodput=whole, spot_billed_share=whole),
        "setup": _without(middle, "setup_rented_days", "setup_owned_days"),
        "debugging": _without(middle, "debug_share"),
    }
    rate = middle.at("cost_of_capital")
    base = float(present_value_usd(SUPPLIES[name](middle), rate)[0])
    return {key: base - float(present_value_usd(SUPPLIES[name](scene), rate)[0]) for key, scene in spared.items()}


def _without(scene: Scene, *keys: str) -> Scene:
    """The scene with some inputs at nothing."""
    nothing = {key: np.zeros_like(scene.points.values[key]) for key in keys}
    return replace(scene, points=replace(scene.points, values={**scene.points.values, **nothing}))


def _difference(name: str, scene: Scene, discount: Discount) -> Floats:
    """Present value of a supply less that of renting on demand, (draws,)."""
    return discounted_usd(SUPPLIES[name](scene), discount) - discounted_usd(SUPPLIES[BASE](scene), discount)


def _utilisations(name: str, drawn: Scene) -> tuple[Floats, Floats]:
    """Utilisation from which a supply is cheaper than on demand, and its gain at full use, (draws,)."""
    whole, draws = drawn.work_hours / drawn.work.utilisation, drawn.points.count

    def difference_of(rows: Indices) -> Callable[[Floats], Floats]:
        some = drawn.some(rows)
        discount = discount_of(some.at("cost_of_capital"), len(whole))
        return lambda shares: _difference(name, replace(some, work_hours=shares[:, None] * whole), discount)

    root = first_root(difference_of, LOWEST_UTILISATION, 1.0, draws)
    return root, -difference_of(np.arange(draws))(np.ones(draws))


def _horizons(name: str, drawn: Scene) -> tuple[Floats, Floats]:
    """Years from which on a supply is cheaper than on demand, and its gain at the last, (draws,)."""
    quarters = len(drawn.work_hours)
    cuts = [
        replace(drawn, work_hours=drawn.work_hours[:end], path=drawn.path[:, : end + 1])
        for end in range(1, quarters + 1)
    ]
    rate = drawn.at("cost_of_capital")
    gains = [-_difference(name, cut, discount_of(rate, end)) for end, cut in enumerate(cuts, start=1)]
    gain = np.stack([np.zeros(drawn.points.count), *gains], axis=1)
    return lasting_time(gain, np.arange(quarters + 1) / QUARTERS_PER_YEAR), gain[:, -1]


def _paybacks(name: str, drawn: Scene) -> tuple[Floats, Floats]:
    """Years until what is not spent on renting has paid for the chips, and the gain at the end, (draws,)."""
    owned, rented = SUPPLIES[name](drawn), SUPPLIES[BASE](drawn)
    saved = np.cumsum(rented.quarterly_usd - owned.quarterly_usd, axis=1) - owned.at_start_usd[:, None]
    gain = np.hstack([-owned.at_start_usd[:, None], saved])
    return lasting_time(gain, np.arange(gain.shape[1]) / QUARTERS_PER_YEAR), gain[:, -1]


def _crossing(found: Floats, gain_at_end: Floats) -> Crossing:
    """Range of a root over all draws, how many have one, and how many are cheaper without one.

    A draw that is cheaper throughout crosses at zero, one that never is at infinity: both count in the percentiles.
    """
    known = np.isfinite(found)
    always = ~known & (gain_at_end > 0.0)
    every = np.where(known, found, np.where(always, 0.0, np.inf))
    return Crossing(
        at=Percentiles.of(every) if known.any() else None,
        share_of_draws=float(np.mean(known)),
        share_always=float(np.mean(always)),
    )


def _yearly_usd(cash: SupplyCash) -> Floats:
    """Cost of an average year, capital spread over the horizon and less the sale, (draws,)."""
    total = cash.at_start_usd + np.sum(cash.quarterly_usd, axis=1) + cash.at_end_usd
    return np.asarray(total / (cash.quarterly_usd.shape[1] / QUARTERS_PER_YEAR))


def _of_revenue(revenue: Revenue, yearly: Floats) -> RevenueShare:
    share = yearly / revenue.usd_per_year
    return RevenueShare(
        share=Percentiles.of(share),
        alert=bool(np.median(share) > revenue.alert_share),
        chance_of_alert=float(np.mean(share > revenue.alert_share)),
    )


def _fan(path: Floats) -> PriceFan:
    low, middle, high = np.quantile(path, (0.1, 0.5, 0.9), axis=0)
    years = np.arange(path.shape[1]) / QUARTERS_PER_YEAR
    return PriceFan(
        years=tuple(years.tolist()), p10=tuple(low.tolist()), p50=tuple(middle.tolist()), p90=tuple(high.tolist())
    )
