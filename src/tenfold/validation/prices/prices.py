"""A fit to the catalog's price history, and its back-test: the answer put together."""

from __future__ import annotations

from tenfold.catalog import Catalog
from tenfold.catalog.prices import past_name
from tenfold.economics import fit_price_paths
from tenfold.quantities import InputError, NamedFigure, Problem, Progress, assumptions_of
from tenfold.validation.prices.answer import CalibratePricesAnswer
from tenfold.validation.prices.backtest import backtest
from tenfold.validation.prices.histories import LISTINGS, price_histories, rows_of
from tenfold.validation.prices.question import CalibratePricesQuestion

LEFT_OUT_MONTHS = (12, 18, 24)


def answer(
    question: CalibratePricesQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> CalibratePricesAnswer:
    """Fit the histories of a term and back-test them. Raises ``InputError`` when they are too few or never moved."""
    del progress  # answered in no time
    term = question.term
    histories = price_histories(catalog, term)
    fit = fit_price_paths(histories)
    if fit is None:
        wrong = f"the price history has too few {term} months that differ to fit"
        remedy = "Add rows to prices/history.csv of an overlay"
        raise InputError(Problem(file="", key="term", wrong=wrong, remedy=remedy))
    chips = tuple(history.name for history in histories)
    listed = [row for row in rows_of(catalog, term) if row.chip in chips]
    figures = {name: NamedFigure(name=name, figure=catalog.figure_of(name)) for name in map(past_name, listed)}
    return CalibratePricesAnswer(
        question=question,
        made=catalog.made(seed),
        term=term,
        fit=fit,
        chips=chips,
        months=sum(len(history.years) for history in histories),
        rows=tuple(sorted({f"{row.chip}/{row.provider}/{row.month:%Y-%m}" for row in listed})),
        backtests=tuple(score for months in LEFT_OUT_MONTHS for score in backtest(histories, months)),
        notes=(LISTINGS,),
        assumptions=assumptions_of(figures.values()),
        figures=tuple(figures.values()),
    )
