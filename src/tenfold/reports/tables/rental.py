"""Tables of a GPU cloud: the verdict, the key numbers, what an hour costs, covenants, what moves it, the books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from tenfold.planning.rental.breaks import CovenantAnswer
from tenfold.planning.rental.rental import RentalAnswer, RentalDriver
from tenfold.quantities import Percentiles
from tenfold.reports.tables.grid import grid_table, key_value_table, lines, terms_table
from tenfold.reports.wording import between, likely, number, share, share_between

DRIVERS_LISTED = 10
BOOKS_LINES: tuple[tuple[str, str, str], ...] = (
    ("revenue", "income", "revenue_usd"),
    ("EBITDA", "income", "ebitda_usd"),
    ("depreciation", "income", "depreciation_machines_usd"),
    ("interest", "income", "interest_usd"),
    ("net income", "income", "net_income_usd"),
    ("purchases", "cash_flow", "purchases_usd"),
    ("debt", "balance_sheet", "debt_usd"),
    ("cash", "balance_sheet", "cash_usd"),
)
BOOKS_HEADERS = ("", *(name for name, _, _ in BOOKS_LINES))
COVENANT_HEADERS = ("covenant", "holds", "headroom", "breaks in", "at utilisation", "at price")
DRIVER_HEADERS = ("input", "from, to", "", "IRR", "break-even")
YEARLY_FROM = 13
"""Quarters from which the table shows years."""


def rental_tables(answer: RentalAnswer) -> Iterator[RenderableType]:
    """Give every table of the answer, the verdict first."""
    yield Text(rental_verdict(answer), style="bold green" if is_good(answer) else "bold red")
    yield Text("")
    yield key_value_table(f"In {answer.terms} {answer.currency} of {answer.year}", rental_pairs(answer))
    yield Text("")
    yield terms_table("What an hour sold costs", answer.break_even_terms_usd_per_chip_hour, "USD/h")
    yield Text("")
    if answer.covenants:
        yield grid_table(
            "Covenants, and the market at which they break", COVENANT_HEADERS, covenant_rows(answer), " rrrrr"
        )
        yield Text("")
    rows = driver_rows(answer.drivers[:DRIVERS_LISTED])
    yield grid_table("What moves the answer most", DRIVER_HEADERS, rows, " r rr")
    yield Text("")
    yield books_table(answer)
    yield Text("")
    if answer.notes:
        yield lines("Taken so", answer.notes)
        yield Text("")
    yield Text(footer(answer), style="dim")


def is_good(answer: RentalAnswer) -> bool:
    """Whether owners gain and every covenant holds."""
    return answer.irr > 0 and all(covenant.headroom >= 0 for covenant in answer.covenants)


def rental_verdict(answer: RentalAnswer) -> str:
    """Answer in one sentence."""
    broken = [covenant.kind for covenant in answer.covenants if covenant.headroom < 0]
    tail = f"; breaks {', '.join(broken)}" if broken else ""
    price = number(answer.break_even_usd_per_chip_hour, "USD/h", 4)
    return (
        f"{answer.name}: breaks even at {price}, IRR {signed_share(answer.irr)}, ROE {signed_share(answer.roe)}{tail}"
    )


def rental_pairs(answer: RentalAnswer) -> list[tuple[str, str]]:
    """Key numbers at P50 of the inputs, with their P10 to P90 where something is uncertain."""
    totals, ranges = answer.totals_usd, answer.ranges
    out = [
        (
            "Break-even price",
            _money(answer.break_even_usd_per_chip_hour, ranges["break_even_usd_per_chip_hour"], "USD/h"),
        ),
        ("IRR, yearly flows", _of_share(answer.irr, ranges["irr"])),
        ("IRR, quarterly flows", _of_share(answer.irr_of_quarterly_flows, ranges["irr_of_quarterly_flows"])),
        ("ROE", _of_share(answer.roe, ranges["roe"])),
        ("Gross margin", _of_share(answer.gross_margin, ranges["gross_margin"])),
        ("Payback", _years(answer.payback_years)),
        ("Capex", f"{number(totals['purchases'], 'USD')}, of it debt {number(totals['debt_drawn'], 'USD')}"),
        ("Revenue over the life", number(totals["revenue"], "USD")),
        ("Net income over the life", number(totals["net_income"], "USD")),
        ("Lowest cash", _money(answer.lowest_cash_usd, ranges["lowest_cash_usd"], "USD")),
        ("Cash runs out", f"{likely(answer.chance_cash_runs_out)} likely"),
    ]
    return out if answer.npv_usd is None else [*out, ("NPV at the cost of equity", number(answer.npv_usd, "USD"))]


def covenant_rows(answer: RentalAnswer) -> list[tuple[str, ...]]:
    """Each covenant, and the market utilisation and price below which it breaks."""
    return [
        (
            covenant_name(covenant),
            likely(covenant.probability_it_holds),
            f"{covenant.headroom:.3g}",
            covenant.first_break or "–",
            _break(covenant.break_utilisation, covenant.break_utilisation_range, covenant, "1"),
            _break(covenant.break_price_usd_per_chip_hour, covenant.break_price_range, covenant, "USD/h"),
        )
        for covenant in answer.covenants
    ]


def covenant_name(covenant: CovenantAnswer) -> str:
    """Name a covenant by its limit: "dscr ≥ 1.2"."""
    return f"{covenant.kind} {'≥' if covenant.side == 'minimum' else '≤'} {covenant.limit:g}"


def driver_rows(drivers: Sequence[RentalDriver]) -> list[tuple[str, ...]]:
    """What each input does alone."""
    return [
        (
            driver.name,
            driver_ends(driver),
            "P10–P90" if driver.ranged else "±10 %",
            " → ".join(signed_share(value) for value in driver.irr),
            " → ".join(number(value, "USD/h") for value in driver.break_even_usd_per_chip_hour),
        )
        for driver in drivers
    ]


def books_table(answer: RentalAnswer) -> RenderableType:
    """Main lines of the books at P50, by quarter; by year where there are more than a screen holds."""
    title = f"Books by {'quarter' if len(answer.quarters) < YEARLY_FROM else 'year; quarters with --json'}"
    return grid_table(title, BOOKS_HEADERS, books_rows(answer), " rrrrrrrr")


def books_rows(answer: RentalAnswer) -> list[tuple[str, ...]]:
    """Main lines of the books by period, under ``BOOKS_HEADERS``."""
    periods = _periods(answer.quarters)
    statements: Mapping[str, Mapping[str, tuple[float, ...]]] = {
        name: getattr(answer, name) for name in ("income", "cash_flow", "balance_sheet")
    }
    columns = [
        _gathered(statements[statement][line], list(periods.values()), statement != "balance_sheet")
        for _, statement, line in BOOKS_LINES
    ]
    return [(period, *(number(column[place], "USD") for column in columns)) for place, period in enumerate(periods)]


def _periods(quarters: tuple[str, ...]) -> dict[str, list[int]]:
    """Places of the quarters of each row of the table."""
    if len(quarters) < YEARLY_FROM:
        return {name: [place] for place, name in enumerate(quarters)}
    out: dict[str, list[int]] = {}
    for place, name in enumerate(quarters):
        out.setdefault(name[:4], []).append(place)
    return out


def _gathered(values: tuple[float, ...], places: list[list[int]], flow: bool) -> list[float]:
    """Flows of a period are summed, balances are those at its end."""
    column = np.array(values)
    return [float(column[own].sum() if flow else column[own[-1]]) for own in places]


def driver_ends(driver: RentalDriver) -> str:
    """Print what an input moves from and to."""
    return between(number(driver.low, driver.unit), number(driver.high, driver.unit))


def _break(value: float, spread: Percentiles, covenant: CovenantAnswer, unit: str) -> str:
    if np.isinf(covenant.headroom):
        return "not tested"
    if value == 0.0:
        return "never"
    if np.isinf(value):
        return "at any"
    text = signed_share(value) if unit == "1" else number(value, unit)
    if spread.p10 == spread.p90 or not np.isfinite([spread.p10, spread.p90]).all():
        return text
    return f"{text} ({_range(spread, unit)})"


def _range(spread: Percentiles, unit: str) -> str:
    return share_between(spread) if unit == "1" else between(number(spread.p10, unit), number(spread.p90, unit))


def _money(value: float, spread: Percentiles, unit: str) -> str:
    text = number(value, unit, 4)
    return text if spread.p10 == spread.p90 else f"{text} (P10–P90 {_range(spread, unit)})"


def _of_share(value: float, spread: Percentiles) -> str:
    return (
        signed_share(value) if spread.p10 == spread.p90 else f"{signed_share(value)} (P10–P90 {share_between(spread)})"
    )


def signed_share(value: float) -> str:
    """Print a return, which may be negative or without limit."""
    return "without limit" if np.isposinf(value) else f"{'-' if value < 0 else ''}{share(abs(value))}"


def _years(value: float) -> str:
    return "never" if np.isinf(value) else f"{value:.2g} years"


def footer(answer: RentalAnswer) -> str:
    """Say what made the answer."""
    drawn = f"{answer.draws:,} draws, seed {answer.seed}" if answer.draws > 1 else "no input has a range"
    return f"Tenfold {answer.tenfold_version}, catalog {answer.catalog_version}; {drawn}."
