"""Charts of a GPU cloud: cash, market prices, where covenants break, what moves the answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from tenfold.planning.rental import CovenantAnswer, RentalAnswer, RentalDriver
from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.charts import Axis, Chart, Line, Swing, lines, ranges, swing_bars

DRIVERS_DRAWN = 12
PRICE = "USD/h"


def cash_charts(answer: RentalAnswer) -> tuple[Chart, ...]:
    """Cash and debt at the end of quarters; what is earned in them."""
    y = Axis(name=answer.currency, unit="USD")
    names = {"revenue": "revenue_usd", "EBITDA": "ebitda_usd", "net income": "net_income_usd"}
    earned = [_at_p50(name, answer.income[line]) for name, line in names.items()]
    x = Axis(name="quarter", steps=answer.quarters)
    title = f"Earned in each quarter, {_dollars(answer)}"
    return _cash(answer, y), lines("earned", title, earned, x=x, y=y, note="Every input at its P50.")


def _cash(answer: RentalAnswer, y: Axis) -> Chart:
    """Cash over the draws, and cash and debt with every input at its P50."""
    curves = [
        _at_p50("cash, inputs at P50", answer.balance_sheet["cash_usd"], dashed=answer.draws > 1),
        _at_p50("debt, inputs at P50", answer.balance_sheet["debt_usd"]),
    ]
    if answer.draws > 1:
        curves.insert(0, _fan("cash over the draws", answer.cash_curve_usd, 0))
    return lines(
        "cash",
        f"Cash and debt at the end of the quarter, {_dollars(answer)}",
        curves,
        x=Axis(name="quarter", steps=answer.drawn_quarters),
        y=y,
        note="Band from P10 to P90 of the draws, line at their P50." if answer.draws > 1 else "",
    )


def prices_chart(answer: RentalAnswer) -> Chart:
    """Market price by fleet over the draws, and the break-even price of every hour sold."""
    steps = answer.drawn_quarters
    fans = [
        _fan(market.fleet, market.usd_per_chip_hour, steps.index(market.quarters[0])) for market in answer.market_prices
    ]
    even = [answer.break_even_usd_per_chip_hour] * 2
    flat = Line(name="break-even price of every hour sold", x=(0, len(steps) - 1), y=even, dashed=True)
    bands = "; bands from P10 to P90 of the draws" if answer.draws > 1 else ""
    return lines(
        "prices",
        f"Market price of a chip-hour by fleet, {_dollars(answer)}",
        [*fans, flat],
        x=Axis(name="quarter", steps=steps),
        y=Axis(name="per chip-hour", unit=PRICE, from_zero=True),
        note=f"From the quarter each fleet enters service{bands}.",
    )


def breaks_charts(answer: RentalAnswer) -> tuple[Chart, ...]:
    """Break points of covenants in price and in utilisation, where there are any."""
    return (
        *_breaks(answer, "price", PRICE, f"Market price at which it breaks, {_dollars(answer)}"),
        *_breaks(answer, "utilisation", "share", "Market utilisation at which it breaks"),
    )


def _breaks(answer: RentalAnswer, what: str, unit: str, title: str) -> tuple[Chart, ...]:
    """Break points above what is assumed of each fleet; none where nothing of it breaks any."""
    found = {
        wording.limit(covenant.kind, covenant.side, covenant.limit): _break(covenant, what)
        for covenant in answer.covenants
    }
    breaks = {name: spread for name, spread in found.items() if 0 < spread.p50 < math.inf}
    if not breaks:
        return ()
    assumed = {driver.name: _assumed(driver) for driver in answer.drivers if driver.key.endswith(f".market.{what}")}
    chart = ranges(
        f"breaks-{what}",
        title,
        {**breaks, **assumed},
        unit,
        marked=tuple(assumed),
        legend=("breaks below", "as assumed"),
        note="Points at P50 of every input, lines from P10 to P90.",
    )
    return (chart,)


def _break(covenant: CovenantAnswer, what: str) -> Percentiles:
    """The break point with every input at its P50, between P10 and P90 of the draws."""
    if what == "price":
        return replace(covenant.break_price_range, p50=covenant.break_price_usd_per_chip_hour)
    return replace(covenant.break_utilisation_range, p50=covenant.break_utilisation)


def _assumed(driver: RentalDriver) -> Percentiles:
    if not driver.ranged:
        return Percentiles(p10=driver.value, p50=driver.value, p90=driver.value)
    return Percentiles(p10=driver.low, p50=driver.value, p90=driver.high)


def driver_charts(answer: RentalAnswer) -> tuple[Chart, ...]:
    """The inputs that move IRR most, and those that move the break-even price most."""
    title = f"What moves the break-even price, {_dollars(answer)}"
    even = answer.break_even_usd_per_chip_hour
    return (
        _swings("drivers-irr", "What moves IRR", answer, lambda driver: driver.irr, (answer.irr, "share")),
        _swings("drivers-price", title, answer, lambda driver: driver.break_even_usd_per_chip_hour, (even, PRICE)),
    )


def _swings(
    key: str,
    title: str,
    answer: RentalAnswer,
    results: Callable[[RentalDriver], tuple[float, float]],
    base: tuple[float, str],
) -> Chart:
    largest = sorted(answer.drivers, key=lambda driver: _reach(results(driver)), reverse=True)[:DRIVERS_DRAWN]
    swings = [
        Swing(
            name=driver.name,
            low=wording.number(driver.low, driver.unit),
            high=wording.number(driver.high, driver.unit),
            results=results(driver),
        )
        for driver in largest
        if _reach(results(driver)) > 0
    ]
    return swing_bars(key, title, swings, *base, ("low end", "high end"))


def _reach(ends: tuple[float, float]) -> float:
    return 0.0 if ends[0] == ends[1] else abs(ends[1] - ends[0])


def _dollars(answer: RentalAnswer) -> str:
    return f"{answer.terms} {answer.currency} of {answer.year}"


def _at_p50(name: str, values: Sequence[float], dashed: bool = False) -> Line:
    return Line(name=name, x=range(len(values)), y=values, dashed=dashed)


def _fan(name: str, spreads: Sequence[Percentiles], start: int) -> Line:
    """A band where anything varies, from the quarter ``start`` on."""
    varies = any(spread.p10 < spread.p90 for spread in spreads)
    return Line(
        name=name,
        x=range(start, start + len(spreads)),
        y=[spread.p50 for spread in spreads],
        low=[spread.p10 for spread in spreads] if varies else (),
        high=[spread.p90 for spread in spreads] if varies else (),
    )
