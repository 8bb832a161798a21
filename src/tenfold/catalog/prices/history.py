"""What chips were offered for in the past: monthly rows of ``prices/history.csv``, which no plan is priced with.

An overlay's rows replace the shipped rows of the same chip and term, as in ``records``.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.catalog.prices.records import FIGURE_KIND_OF, PRICE_KINDS
from tenfold.catalog.prices.rows import PriceRow, price_rows, top_rows
from tenfold.catalog.prices.terms import RENTAL_TERMS
from tenfold.catalog.reading import Layer
from tenfold.quantities import Figure, InputError, Problem, parse_date, shown

HISTORY_COLUMNS = ("chip", "provider", "term", "month", "usd_per_chip_hour", "prices", "kind", "listed_as", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPrice:
    """What one provider asked for one chip for one hour in one month, nominal USD."""

    chip: str
    provider: str
    term: str
    month: datetime.date
    """First day of the month."""
    usd_per_chip_hour: float
    """Median over the provider's prices of the month."""
    prices: int
    """How many that were."""
    kind: str
    listed_as: str
    """Name of the chip in the source; one provider may list one chip under several."""
    source: str

    @property
    def figure(self) -> Figure:
        """The price as a figure, USD/h per chip."""
        return Figure(
            value=self.usd_per_chip_hour,
            unit="USD/h",
            kind=FIGURE_KIND_OF[self.kind],
            source=self.source,
            as_of=self.month,
            note=f"listed as {self.listed_as}; prices: {self.prices:,}",
        )


def past_name(past: PastPrice) -> str:
    """Name of a price of the past as ``figure_of`` knows it."""
    return f"price_history/{past.chip}/{past.term}/{past.kind}/{past.provider}/{past.month:%Y-%m}"


def past_figures(history: Sequence[PastPrice]) -> dict[str, Figure]:
    """Figures of a history by name; of a chip that a provider lists several times in a month, the cheapest."""
    dearest_first = sorted(history, key=lambda past: -past.usd_per_chip_hour)
    return {past_name(past): past.figure for past in dearest_first}


def read_price_history(layers: Sequence[Layer], problems: list[Problem]) -> tuple[PastPrice, ...]:
    """Read ``prices/history.csv`` of all layers, later layers over earlier ones."""
    read = [
        tuple(
            price for row in price_rows(layer, "history", HISTORY_COLUMNS, problems) if (price := _past(row, problems))
        )
        for layer in layers
    ]
    return top_rows(read, lambda price: (price.chip, price.term))


def _past(row: PriceRow, problems: list[Problem]) -> PastPrice | None:
    before = len(problems)
    cells = row.cells
    row.one_of("term", RENTAL_TERMS, problems)
    row.one_of("kind", PRICE_KINDS, problems)
    row.filled(("chip", "provider", "source"), problems)
    price, month, count = (
        row.money("usd_per_chip_hour", "USD/h", problems),
        _month(row, problems),
        _count(row, problems),
    )
    if len(problems) > before or price is None or month is None:
        return None
    text = {name: cells[name] for name in ("chip", "provider", "term", "kind", "listed_as", "source")}
    return PastPrice(**text, usd_per_chip_hour=price, month=month, prices=count)


def _month(row: PriceRow, problems: list[Problem]) -> datetime.date | None:
    try:
        return parse_date(row.cells["month"], file=row.file, key=row.key("month")).replace(day=1)
    except InputError as error:
        problems.extend(error.problems)
    return None


def _count(row: PriceRow, problems: list[Problem]) -> int:
    text = row.cells["prices"]
    if text.isascii() and text.isdigit() and int(text[:9]) > 0:
        return int(text[:9])
    wrong = f"{shown(text)} is not a count of prices"
    problems.append(Problem(file=row.file, key=row.key("prices"), wrong=wrong, remedy="Write a whole number from 1"))
    return 0
