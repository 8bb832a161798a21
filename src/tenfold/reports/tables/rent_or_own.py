"""Tables of rent-or-own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import RenderableType
from rich.text import Text

from tenfold.planning.rent_or_own.answer import Crossing, PoolAnswer, PriceFan, RentOrOwnAnswer, SupplyAnswer
from tenfold.quantities import Percentiles
from tenfold.reports.tables.grid import grid_table, lines
from tenfold.reports.wording import number, number_between, share

COST_HEADERS = ("supply", "today", "P10–P90", "per hour", "cheapest", "goodput", "of revenue")
CROSSING_HEADERS = ("supply", "from utilisation", "from horizon", "pays back in")
TAKEN = (
    "owned chips sell at a value that falls straight to economics.residual_share at the end of their life",
    "spot chips can be had in any number",
)
"""What the comparison takes for granted beside its figures."""
WIDELY = 0.5
"""Share of draws from which on a crossing is printed as the usual case."""


def rent_or_own_tables(answer: RentOrOwnAnswer) -> Iterator[RenderableType]:
    """The verdict, the supplies, where they cross, the price path, sharing, assumptions."""
    yield Text(verdict(answer), style="bold green" if answer.supplies else "bold red")
    yield Text("")
    if answer.supplies:
        yield _costs(answer)
        yield Text("")
        yield _crossings(answer)
        yield Text("")
        yield _terms(answer)
        yield Text("")
    for text in alerts(answer):
        yield Text(f"ALERT: {text}", style="bold red")
    yield _prices(answer.prices)
    yield Text("")
    if answer.pool is not None:
        yield _pool(answer.pool)
        yield Text("")
    if answer.unavailable:
        yield lines("Not compared", [f"{name}: {why.short}; {why.nearest}" for name, why in answer.unavailable])
    yield lines("Assumptions", _assumptions(answer))
    yield Text(footer(answer), style="dim")


def footer(answer: RentOrOwnAnswer) -> str:
    """Say what made the answer."""
    return f"Amounts in {answer.currency}. Catalog {answer.catalog_version}, seed {answer.seed}."


def alerts(answer: RentOrOwnAnswer) -> list[str]:
    """Supplies that take more of revenue than the file allows."""
    return [
        f"{each.supply} takes {share(each.revenue.share.p50)} of revenue, above {share(answer.asked.alert_share)}"
        for each in answer.supplies
        if each.revenue is not None and each.revenue.alert
    ]


def verdict(answer: RentOrOwnAnswer) -> str:
    """Answer in one sentence."""
    asked = answer.asked
    work = f"{asked.chips:,} × {asked.chip}, {share(answer.utilisation)} busy, {answer.horizon_years:g} years"
    best = next((each for each in answer.supplies if each.supply == answer.cheapest), None)
    if best is None:
        return f"{work}: no supply asked for has a price"
    cost = f"{number(best.present_value_usd.p50, 'USD')} today ({number_between(best.present_value_usd, 'USD')})"
    return f"{work}: {best.supply} costs least, {cost}, cheapest in {share(best.chance_cheapest)} of draws"


def _costs(answer: RentOrOwnAnswer) -> RenderableType:
    title = "What it costs: present value, in all and per useful chip-hour; chance to be cheapest"
    return grid_table(title, COST_HEADERS, cost_rows(answer), " rrrrrr")


def cost_rows(answer: RentOrOwnAnswer) -> list[tuple[str, ...]]:
    """Each supply with its present value, under ``COST_HEADERS``."""
    return [
        (
            each.supply,
            number(each.present_value_usd.p50, "USD"),
            number_between(each.present_value_usd, "USD"),
            f"${each.usd_per_useful_chip_hour.p50:.2f}",
            share(each.chance_cheapest),
            share(each.goodput.p50),
            _revenue(each),
        )
        for each in answer.supplies
    ]


def _revenue(each: SupplyAnswer) -> str:
    return "" if each.revenue is None else share(each.revenue.share.p50)


def _crossings(answer: RentOrOwnAnswer) -> RenderableType:
    title = "Cheaper than renting on demand: P50 (P10–P90), and share of draws"
    return grid_table(title, CROSSING_HEADERS, crossing_rows(answer), " rrr")


def crossing_rows(answer: RentOrOwnAnswer) -> list[tuple[str, ...]]:
    """Where each supply becomes cheaper than renting on demand, under ``CROSSING_HEADERS``."""
    return [
        (
            each.supply,
            _crossing(each.crossover_utilisation, _shares),
            _crossing(each.crossover_horizon_years, _years),
            _crossing(each.payback_years, _years),
        )
        for each in answer.supplies
        if each.crossover_utilisation is not None
    ]


def _crossing(found: Crossing | None, write: Callable[[Percentiles], str]) -> str:
    if found is None:
        return ""
    if found.at is None or found.share_of_draws < WIDELY:
        return "always" if found.share_always >= WIDELY else "mostly never" if found.at is not None else "never"
    if found.at.p90 == 0.0:
        return "at once"
    return f"{write(found.at)} {found.share_of_draws:.0%}"


def _shares(spread: Percentiles) -> str:
    return f"{spread.p50:.0%} ({spread.p10:.0%}–{spread.p90:.0%})"


def _years(spread: Percentiles) -> str:
    return f"{spread.p50:.1f} y ({spread.p10:.1f}–{spread.p90:.1f})"


def _terms(answer: RentOrOwnAnswer) -> RenderableType:
    title = "Where the money goes: every input at P50; terms not discounted, what is added in present value"
    return grid_table(title, ("", *(each.supply for each in answer.supplies)), term_rows(answer), " rrrrrr")


def term_rows(answer: RentOrOwnAnswer) -> list[tuple[str, ...]]:
    """Terms of the cash of every supply, and what failures, setting up and debugging add."""
    names = list(dict.fromkeys(name for each in answer.supplies for name in each.terms_usd))
    rows = [
        (name.replace("_", " "), *(_money(each.terms_usd.get(name, 0.0)) for each in answer.supplies)) for name in names
    ]
    rows += [
        (f"added by {effect}", *(_money(each.effects_usd[effect]) for each in answer.supplies))
        for effect in answer.supplies[0].effects_usd
    ]
    return rows


def _money(value: float) -> str:
    return "" if value == 0.0 else f"−{number(-value, 'USD')}" if value < 0.0 else number(value, "USD")


def _prices(fan: PriceFan) -> RenderableType:
    whole = [place for place, year in enumerate(fan.years) if year == int(year)]
    rows = [(f"{fan.years[k]:.0f}", f"${fan.p10[k]:.2f}", f"${fan.p50[k]:.2f}", f"${fan.p90[k]:.2f}") for k in whole]
    return grid_table("Price on demand, USD per chip-hour, nominal", ("year", "P10", "P50", "P90"), rows, "rrrr")


def _pool(pool: PoolAnswer) -> RenderableType:
    rows = [(name, f"{chips:,.0f}") for name, chips in pool.separate_chips.items()]
    rows += [("together", f"{pool.pooled_chips:,.0f}"), ("saved", f"{pool.chips_saved:,.0f}, {share(pool.gain)}")]
    title = f"Chips that meet demand {share(pool.service_level)} of the time, correlation {pool.correlation:g}"
    return grid_table(title, ("", "chips"), rows, " r")


def _assumptions(answer: RentOrOwnAnswer) -> Iterator[str]:
    for named in answer.figures:
        if named.figure.kind == "assumption" and named.name.startswith("assumptions/prices."):
            low, high = named.figure.range
            yield f"{named.name.partition('/')[2]} {named.figure.value:g} ({low:g}–{high:g}): {named.figure.note}"
    yield from TAKEN
    yield "--json lists every figure with its source"
