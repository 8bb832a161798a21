"""Charts of renting and owning: costs side by side, where the money goes, crossovers, cash, the price path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenfold.planning.rent_or_own import Crossing, RentOrOwnAnswer
from tenfold.quantities import QUARTERS_PER_YEAR, Percentiles
from tenfold.reports import wording
from tenfold.reports.charts import Axis, Chart, Line, lines, ranges, stacked

PRICE = "USD/h"


def cost_charts(answer: RentOrOwnAnswer) -> tuple[Chart, Chart]:
    """Present value of the whole, and of a useful chip-hour."""
    whole = {each.supply: each.present_value_usd for each in answer.supplies}
    hourly = {each.supply: each.usd_per_useful_chip_hour for each in answer.supplies}
    return (
        _ranges(answer, "cost", "Present value of the whole horizon, nominal USD", whole, "USD"),
        _ranges(answer, "hourly", "Present value of a useful chip-hour, nominal USD", hourly, PRICE),
    )


def _ranges(answer: RentOrOwnAnswer, key: str, title: str, spreads: Mapping[str, Percentiles], unit: str) -> Chart:
    return ranges(key, title, spreads, unit, marked=(answer.cheapest,), legend=("others", "costs least at P50"))


def terms_chart(answer: RentOrOwnAnswer) -> Chart:
    """Cash by what it pays for."""
    columns = {each.supply: each.terms_usd for each in answer.supplies}
    return stacked("terms", "Cash over the horizon, nominal USD, not discounted", columns, "USD", "supply")


def crossing_charts(answer: RentOrOwnAnswer) -> Iterator[Chart]:
    """Where each supply becomes cheaper than renting on demand, as far as any does."""
    others = [each for each in answer.supplies if each.crossover_utilisation is not None]
    busy = {each.supply: each.crossover_utilisation for each in others}
    long = {each.supply: each.crossover_horizon_years for each in others}
    paid = {each.supply: each.payback_years for each in others}
    years = (answer.horizon_years, "years")
    drawn = (
        _crossing_chart(
            "crossover-utilisation", "Cheaper from this utilisation", busy, ("as asked", answer.utilisation, "share")
        ),
        _crossing_chart("crossover-horizon", "Cheaper from this horizon", long, ("as asked", *years)),
        _crossing_chart("payback", "Pays back after", paid, ("horizon asked", *years)),
    )
    return (chart for chart in drawn if chart is not None)


def _crossing_chart(
    key: str, title: str, found: Mapping[str, Crossing | None], asked: tuple[str, float, str]
) -> Chart | None:
    """Where supplies cross, beside what was asked; nothing where none does."""
    spreads = {
        f"{supply} ({wording.share(crossing.share_of_draws)} of draws)": crossing.at
        for supply, crossing in found.items()
        if crossing is not None and crossing.at is not None
    }
    if not spreads:
        return None
    name, value, unit = asked
    known = Percentiles(p10=value, p50=value, p90=value)
    return ranges(key, title, {**spreads, name: known}, unit, marked=(name,), legend=("cheaper from", name))


def cash_chart(answer: RentOrOwnAnswer) -> Chart:
    """What is paid in each quarter."""
    count = max(len(each.cash_usd_by_quarter) for each in answer.supplies)
    steps = tuple(f"year {1 + place // QUARTERS_PER_YEAR} Q{1 + place % QUARTERS_PER_YEAR}" for place in range(count))
    curves = [
        Line(name=each.supply, x=range(len(each.cash_usd_by_quarter)), y=each.cash_usd_by_quarter)
        for each in answer.supplies
    ]
    return lines(
        "cash",
        "Paid in each quarter, median over the draws, nominal USD",
        curves,
        x=Axis(name="quarter", steps=steps),
        y=Axis(name="USD", unit="USD"),
        note="Without what is paid at the start and what the chips are sold for at the end.",
    )


def prices_chart(answer: RentOrOwnAnswer) -> Chart:
    """The price path on demand, and what a chip-hour costs a marginal owner."""
    fan, owner = answer.prices, answer.owners_cost_usd_per_chip_hour
    curves = [Line(name="on demand", x=fan.years, y=fan.p50, low=fan.p10, high=fan.p90)]
    if owner is not None:
        ends = (fan.years[0], fan.years[-1])
        curves.append(Line(name="a marginal owner's cost today, P50", x=ends, y=(owner.p50,) * 2, dashed=True))
    return lines(
        "prices",
        "Price of a chip-hour on demand, nominal USD",
        curves,
        x=Axis(name="years from the start"),
        y=Axis(name="per chip-hour", unit=PRICE, from_zero=True),
        note="Line at P50, band from P10 to P90 of the draws.",
    )
