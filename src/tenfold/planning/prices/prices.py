"""Prices of a chip by month, from the catalog and from the user's store: the answer put together."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from tenfold.catalog import Catalog
from tenfold.catalog.prices import CATALOG, STORE, PriceMonth, PriceSeries, month_name, price_series
from tenfold.planning.prices.answer import PricesShowAnswer
from tenfold.planning.prices.question import PricesShowQuestion
from tenfold.quantities import Made, NamedFigure, Progress, assumptions_of

USUAL_TERM = "on-demand"
ASKED = "Listings are asked, contracts agreed, transactions paid; estimates are none of these"


def answer(
    question: PricesShowQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> PricesShowAnswer:
    """List the prices of a chip by month. Raises ``CatalogError`` for a store that cannot be read."""
    del progress  # answered in no time
    series = price_series(catalog, question.chip, question.term or "", question.since or datetime.date.min)
    return told(question, series, catalog.made(seed))


def told(question: PricesShowQuestion, series: PriceSeries, made: Made) -> PricesShowAnswer:
    """Say what a series holds."""
    figures = tuple(
        NamedFigure(name=month_name(series.chip, month), figure=month.figure)
        for month in series.months
        if month.sources
    )
    return PricesShowAnswer(
        question=question,
        made=made,
        chip=series.chip,
        currency=series.currency,
        months=series.months,
        latest=_latest(series.months),
        shipped_prices=_prices(series.months, CATALOG),
        imported_prices=_prices(series.months, STORE),
        store=series.store,
        notes=(ASKED,),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _latest(months: Sequence[PriceMonth]) -> PriceMonth | None:
    asked = [month for month in months if month.term == USUAL_TERM] or list(months)
    return max(asked, key=lambda month: (month.month, month.prices), default=None)


def _prices(months: Sequence[PriceMonth], origin: str) -> int:
    return sum(month.prices for month in months if month.origin == origin)
