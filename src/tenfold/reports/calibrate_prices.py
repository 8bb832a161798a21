"""The report of constants of price paths fitted to the price history."""

from __future__ import annotations

from tenfold.reports.cards import Card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.wording import counted, share
from tenfold.validation.prices import CalibratePricesAnswer

_CONSTANTS = (
    ("reversion κ, a year", "reversion_per_year", "reversion_error"),
    ("volatility σ, a root year", "volatility_per_sqrt_year", "volatility_error"),
    ("decline of cost δ, a year", "decline_per_year", "decline_error"),
)
"""Words, and the fields of value and standard error."""
SCORES = ("left out", "rival", "months", "median error", "mean", "in P10–P90", "P90/P10")
TOPICS: Topics = {
    "fit.reversion_per_year": Topic(unit="", words="pull of prices towards cost, by maximum likelihood over histories"),
    "fit.volatility_per_sqrt_year": Topic(unit="", words="spread of ln price over a year"),
    "fit.decline_per_year": Topic(unit="", words="how fast the logarithm of cost falls"),
    "fit.steps": Topic(unit="", words="changes from one month with a price to the next, over all chips"),
    "backtests.*.mean_error": Topic(unit="share", words="mean of |forecast ÷ price − 1| over the months left out"),
    "backtests.*.median_error": Topic(unit="share", words="median of |forecast ÷ price − 1| over the months left out"),
    "backtests.*.coverage": Topic(unit="share", words="share of prices inside P10–P90; 80 % is right"),
}


def verdict(answer: CalibratePricesAnswer) -> str:
    """Answer in one sentence."""
    fit = answer.fit
    changes = f"{counted(fit.steps, 'change')} of {answer.term} listings of {counted(len(answer.chips), 'chip')}"
    cost = f"cost, which falls {share(fit.decline_per_year)} a year"
    return f"{changes}: prices return to {cost}, with κ {fit.reversion_per_year:.3g} a year"


def report(answer: CalibratePricesAnswer) -> Report:
    """Turn the answer into a report."""
    fit = answer.fit
    values = [(words, getattr(fit, value), getattr(fit, error), value) for words, value, error in _CONSTANTS]
    return Report(
        title="Tenfold calibrate prices",
        question=f"What does the history of {answer.term} listings teach about price paths?",
        verdict=verdict(answer),
        good=True,
        made=answer.made,
        cards=(
            *(Card(name=words, value=f"{value:.3f}", path=f"fit.{field}") for words, value, _, field in values),
            Card(name="Changes of price", value=f"{fit.steps:,}", path="fit.steps"),
        ),
        sections=(
            Section(
                title="Constants",
                tables=(
                    Table(
                        headers=("", "value", "standard error"),
                        rows=tuple((words, f"{value:.3f}", f"{error:.3f}") for words, value, error, _ in values),
                        numeric=" rr",
                    ),
                ),
            ),
            _backtests(answer),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _backtests(answer: CalibratePricesAnswer) -> Section:
    """Each rival's score on the months left out."""
    rows = tuple(
        (
            f"{score.months_left_out} months",
            score.rival,
            f"{score.forecasts}",
            share(score.median_error),
            share(score.mean_error),
            share(score.coverage),
            f"{score.median_width:.2f}",
        )
        for score in answer.backtests
    )
    table = Table(headers=SCORES, rows=rows, numeric="rrrrrrr")
    return Section(title="Back-test", lead="each rival fitted without the last months", tables=(table,))
