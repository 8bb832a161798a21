"""Single values of a rental file: text or a range to an input within sane limits. All raise ``InputError``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from tenfold.planning.goal_values import Limits
from tenfold.planning.rental.case import RentalInput
from tenfold.quantities import (
    YEAR_S,
    Distribution,
    Figure,
    InputError,
    Problem,
    Triangular,
    Uniform,
    distribution_of,
    format_quantity,
    parse_quantity,
    shown,
)

AMOUNT = Limits("USD", 0.0, 1e14)
SHARE = Limits("1", 0.0, 1.0)
CHANGE = Limits("1", -0.99, 10.0)
RATE = Limits("1", 0.0, 1.0)
LIFE = Limits("s", 0.5 * YEAR_S, 30.0 * YEAR_S)
LIMITS: Mapping[str, Limits] = {
    "overhead_per_year": AMOUNT,
    "opex_change_per_year": CHANGE,
    "tax_rate": Limits("1", 0.0, 0.9),
    "cash_at_start": AMOUNT,
    "cost_of_equity": RATE,
    "chips": Limits("1", 1.0, 1e8),
    "life": LIFE,
    "book_life": LIFE,
    "book_residual_share": SHARE,
    "decommissioning_per_chip": AMOUNT,
    "rated_power": Limits("W", 1.0, 1e6),
    "colocation_per_kw_month": AMOUNT,
    "shell": Limits("USD/W", 0.0, 1000.0),
    "shell_life": Limits("s", YEAR_S, 60.0 * YEAR_S),
    "power_price": Limits("USD/kWh", 0.0, 10.0),
    "pue": Limits("1", 1.0, 4.0),
    "drawn_share": SHARE,
    "wue": Limits("L/kWh", 0.0, 20.0),
    "water_price_per_m3": AMOUNT,
    "price": Limits("USD/h", 0.0, 1e4),
    "utilisation": SHARE,
    "change_per_year": CHANGE,
    "share": SHARE,
    "wear_per_year": Limits("1", 0.0, 5.0),
    "take_or_pay": SHARE,
    "rate": RATE,
    "term": Limits("s", 0.25 * YEAR_S, 40.0 * YEAR_S),
    "performance_per_dollar": Limits("1", 1.0, 1e4),
}
"""Of each key; amounts a chip or a chip and year are ``AMOUNT``. Times are kept in years, the rest in these units."""


def limits_of(table: str, name: str) -> Limits:
    """Limits of a key: by its table where that holds amounts or shares only, by its name otherwise."""
    if table.endswith(("capex_per_chip", "opex_per_chip_year")):
        return AMOUNT
    if table.endswith("opex_share_of_capex_per_year"):
        return SHARE
    return LIMITS[name]


def ranged_input(
    raw: Any,  # noqa: ANN401  (any TOML value)
    limits: Limits,
    *,
    file: str,
    key: str,
    label: str,
    year: int,
) -> RentalInput:
    """Read an amount or its range; its figure is an assumption of the file unless the table says otherwise."""
    table = raw if isinstance(raw, dict) else {"value": raw}
    value = _within(table["value"], limits, file, key)
    low, high = (None if table.get(end) is None else _within(table[end], limits, file, key) for end in ("low", "high"))
    _in_order(low, value, high, file, key)
    figure = Figure(
        value=value,
        unit=limits.unit,
        kind=table.get("kind", "assumption"),
        source=table.get("source", "") or file,
        as_of=datetime.date(year, 1, 1),
        low=low,
        high=high,
        note=table.get("note", ""),
    )
    return made_input(figure, key, label, limits, table.get("distribution", "percentiles"))


def made_input(figure: Figure, key: str, label: str, limits: Limits, distribution: str = "percentiles") -> RentalInput:
    """Make an input of a figure."""
    return RentalInput(
        key=key,
        label=label,
        figure=figure,
        distribution=_distribution(figure, distribution),
        least=limits.least,
        most=limits.most,
    )


def _distribution(figure: Figure, name: str) -> Distribution:
    low, high = figure.range
    if name == "uniform":
        return Uniform(low, high)
    if name == "triangular":
        return Triangular(low, figure.value, high)
    return distribution_of(figure)


def _within(text: Any, limits: Limits, file: str, key: str) -> float:  # noqa: ANN401  (any TOML value)
    value = parse_quantity(text, limits.unit, file=file, key=key, negative=limits.least < 0)
    if not limits.least <= value <= limits.most:
        wrong = f"{shown(text)} is too {'small' if value < limits.least else 'large'}"
        ends = (format_quantity(end, limits.unit) for end in (limits.least, limits.most))
        raise InputError(Problem(file=file, key=key, wrong=wrong, remedy=f"Write a value from {' to '.join(ends)}"))
    return value


def _in_order(low: float | None, value: float, high: float | None, file: str, key: str) -> None:
    if (low is None) != (high is None):
        raise InputError(Problem(file=file, key=key, wrong="has only one end of its range", remedy="Give low and high"))
    if low is not None and high is not None and not low <= value <= high:
        wrong = "the value is not between low and high"
        raise InputError(Problem(file=file, key=key, wrong=wrong, remedy="Order them low ≤ value ≤ high"))
