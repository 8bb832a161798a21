"""A GPU cloud judged: break-even price, returns, covenants and books, at P50 and over 1,024 draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tenfold.catalog import Catalog
from tenfold.economics import npv
from tenfold.economics.cloud import (
    Books,
    break_even_usd_per_chip_hour,
    cloud_books,
    columns_of,
    gross_margin_over_life,
    irr_of_quarterly_flows,
    irr_of_yearly_flows,
    owners_cash_flows_usd,
    payback_years,
    roe_over_life,
)
from tenfold.planning.rental.answer import RentalAnswer, RentalDriver
from tenfold.planning.rental.breaks import covenant_answers
from tenfold.planning.rental.case import RentalCase, RentalInput, case_of
from tenfold.planning.rental.dates import quarter_name
from tenfold.planning.rental.draws import one_at_a_time, sobol_values
from tenfold.planning.rental.inputs import Values, at_p50, cloud_inputs, uses_recovery
from tenfold.planning.rental.market import market_prices
from tenfold.planning.rental.question import RentalQuestion
from tenfold.quantities import Floats, NamedFigure, Percentiles, Progress, assumptions_of

MEASURES: Mapping[str, Callable[[Books], Floats]] = {
    "break_even_usd_per_chip_hour": break_even_usd_per_chip_hour,
    "roe": roe_over_life,
    "irr": irr_of_yearly_flows,
    "irr_of_quarterly_flows": irr_of_quarterly_flows,
    "gross_margin": gross_margin_over_life,
    "payback_years": payback_years,
    "lowest_cash_usd": lambda books: np.asarray(books.balance.cash_usd.min(axis=-1)),
}
NO_RETURN = -1.0
"""IRR where the owners get nothing back at any rate: all is lost."""
LINES: Mapping[str, frozenset[str]] = {
    "space": frozenset({"colocation_per_kw_month", "shell"}),
    "power": frozenset({"power_price"}),
    "water": frozenset({"water_price_per_m3"}),
    "staff": frozenset({"staff"}),
    "maintenance": frozenset({"maintenance"}),
    "software": frozenset({"software"}),
    "insurance": frozenset({"insurance"}),
    "decommissioning": frozenset({"decommissioning_per_chip"}),
}
"""Lines of cost, and the keys of a fleet that give them."""


def answer(
    question: RentalQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> RentalAnswer:
    """Keep the books at P50 and over the draws, and read the answers off them: price, returns, covenants, cash.

    That a covenant breaks or the cash runs out is an answer. Raises ``MissingFigureError`` for a site without a figure
    that is taken from it. ``progress`` is told the share done.
    """
    told = progress or (lambda share: None)
    case = case_of(question, catalog)
    middle, drawn = at_p50(case), sobol_values(case, seed)
    books, spread = cloud_books(cloud_inputs(case, middle)), cloud_books(cloud_inputs(case, drawn))
    told(0.3)
    covenants = covenant_answers(case, middle, drawn, lambda share: told(0.3 + 0.6 * share))
    figures = _figures(case)
    return RentalAnswer(
        question=question,
        made=catalog.made(seed),
        name=question.cloud.name,
        currency=question.money.currency,
        year=question.money.year,
        terms=question.money.terms,
        npv_usd=_npv_usd(case, books, middle),
        **_at_p50(case, books),
        **_over_draws(case, spread),
        market_prices=market_prices(case, cloud_inputs(case, drawn)),
        covenants=covenants,
        drivers=drivers(case),
        notes=tuple(left_out(case)),
        assumptions=assumptions_of(figures),
        stated=tuple(known.named for known in case.inputs.values() if known.named.stated),
        figures=figures,
    )


def _at_p50(case: RentalCase, books: Books) -> dict[str, Any]:
    """What the books say with every input at its P50."""
    return {
        **{name: float(measured(books, name)[0]) for name in MEASURES},
        "totals_usd": _totals(books),
        "break_even_terms_usd_per_chip_hour": break_even_terms(books),
        "profit_terms_usd": profit_terms(books),
        "quarters": _quarter_names(case, books),
        "income": _lines(books, "income"),
        "cash_flow": _lines(books, "cash"),
        "balance_sheet": _lines(books, "balance"),
        "in_service_chips": _row(books.in_service_chips),
        "sold_chip_hours": _row(books.sold_chip_hours),
    }


def _over_draws(case: RentalCase, spread: Books) -> dict[str, Any]:
    """What they say over the draws."""
    cash_usd = np.atleast_2d(spread.balance.cash_usd)
    return {
        "ranges": {name: Percentiles.of(measured(spread, name)) for name in MEASURES},
        "chance_cash_runs_out": float(np.mean(measured(spread, "lowest_cash_usd") < -1e-6)),
        "cash_curve_usd": tuple(Percentiles.of(column) for column in cash_usd.T),
        "drawn_quarters": _quarter_names(case, spread),
        "draws": len(cash_usd),
    }


def _figures(case: RentalCase) -> tuple[NamedFigure, ...]:
    """Figures of the catalog, each once."""
    placed = [known.named for known in case.inputs.values() if not known.named.stated]
    return tuple(dict.fromkeys((*placed, *(case.recovery if uses_recovery(case) else ()))))


def measured(books: Books, name: str) -> Floats:
    """One measure of the books by draw, defined in every draw.

    Where no rate makes the owners' NPV zero, IRR is −100 % if they lose money and infinite if they gain, which takes
    none of their own; other measures over nothing are infinite.
    """
    values = np.atleast_1d(MEASURES[name](books))
    if name.startswith("irr"):
        gained = np.atleast_1d(owners_cash_flows_usd(books, 1).sum(axis=-1)) > 0.0
        return np.where(np.isnan(values), np.where(gained, np.inf, NO_RETURN), values)
    return np.where(np.isnan(values), np.inf, values)


def break_even_terms(books: Books) -> dict[str, float]:
    """Break-even price by term, USD per hour sold; all in one draw."""
    income = books.income
    terms = {
        **income.opex_usd,
        "depreciation_machines": income.depreciation_machines_usd,
        "depreciation_shell": income.depreciation_shell_usd,
        "overhead": income.overhead_usd,
        "decommissioning": income.decommissioning_usd,
        "disposal": -income.disposal_gain_usd,
        "interest": income.interest_usd,
    }
    hours = float(books.sold_chip_hours.sum())
    return {line: float(column.sum()) / hours for line, column in terms.items() if np.any(column)} if hours else {}


def profit_terms(books: Books) -> dict[str, float]:
    """Net income over the life by term, USD: revenue, less every cost, plus gains on disposal; all in one draw."""
    income = books.income
    terms = {
        "contracts": income.revenue_contracts_usd,
        "market": income.revenue_market_usd,
        **{line: -column for line, column in income.opex_usd.items()},
        "depreciation_machines": -income.depreciation_machines_usd,
        "depreciation_shell": -income.depreciation_shell_usd,
        "overhead": -income.overhead_usd,
        "decommissioning": -income.decommissioning_usd,
        "disposal_gain": income.disposal_gain_usd,
        "interest": -income.interest_usd,
        "taxes": -(income.tax_current_usd + income.tax_deferred_usd),
    }
    return {line: float(column.sum()) for line, column in terms.items() if np.any(column)}


def drivers(case: RentalCase) -> tuple[RentalDriver, ...]:
    """Move each input alone and see what becomes of returns and break-even price; inputs at zero stay there."""
    inputs = [known for known in case.inputs.values() if known.value != 0.0 or known.uncertain]
    values = one_at_a_time(case, inputs)
    books = cloud_books(cloud_inputs(case, values))
    found = {name: measured(books, name) for name in ("irr", "roe", "break_even_usd_per_chip_hour")}
    rows = [_driver(known, values, place, found) for place, known in enumerate(inputs)]
    return tuple(sorted(rows, key=_effect, reverse=True))


def _driver(known: RentalInput, values: Values, place: int, found: Mapping[str, Floats]) -> RentalDriver:
    pair = {name: (float(column[2 * place]), float(column[2 * place + 1])) for name, column in found.items()}
    low, high = (float(values[known.key][row, 0]) for row in (2 * place, 2 * place + 1))
    return RentalDriver(
        key=known.key,
        name=known.label,
        unit=known.named.figure.unit,
        value=known.value,
        low=low,
        high=high,
        ranged=known.uncertain,
        **pair,
    )


def _effect(driver: RentalDriver) -> float:
    low, high = driver.irr
    return 0.0 if low == high else abs(high - low)


def _npv_usd(case: RentalCase, books: Books, values: Values) -> float | None:
    if "cloud.cost_of_equity" not in case.inputs:
        return None
    rate = np.expm1(np.log1p(values["cloud.cost_of_equity"][:, 0]) / 4.0)
    return float(npv(np.atleast_2d(owners_cash_flows_usd(books, 1)), rate)[0])


def _quarter_names(case: RentalCase, books: Books) -> tuple[str, ...]:
    return tuple(quarter_name(case.first_quarter + place) for place in range(books.in_service_chips.shape[-1]))


def _totals(books: Books) -> dict[str, float]:
    columns = {
        "purchases": -books.cash.purchases_usd,
        "equity": books.cash.equity_paid_in_usd,
        "debt_drawn": books.cash.debt_drawn_usd,
        "revenue": books.income.revenue_usd,
        "net_income": books.income.net_income_usd,
    }
    return {name: float(column.sum()) for name, column in columns.items()}


def _lines(books: Books, name: str) -> dict[str, tuple[float, ...]]:
    shape = books.in_service_chips.shape
    return {line: _row(np.broadcast_to(column, shape)) for line, column in columns_of(getattr(books, name)).items()}


def _row(column: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in np.atleast_2d(column)[0])


def left_out(case: RentalCase) -> list[str]:
    """Say which costs the question is silent on; they count as nothing."""
    out = []
    for place, fleet in case.fleets:
        own = {key.rpartition(".")[2] for key in case.inputs if key.startswith(f"{place}.")}
        missing = [name for name, keys in LINES.items() if not keys & own]
        if missing:
            words = ", ".join(missing)
            out.append(f"{fleet.name}: no line for {words}; they cost nothing here or stand in another line")
    if "cloud.tax_rate" not in case.inputs:
        out.append("taxes on income are left out")
    return out
