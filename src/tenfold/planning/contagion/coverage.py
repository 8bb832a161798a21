"""How much of what the deals of a network make due falls into a year: deals that are not signed yet are in none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from tenfold.catalog import Deal
from tenfold.economics.network import edges_due
from tenfold.planning.contagion.answer import Due
from tenfold.planning.contagion.book import Book
from tenfold.planning.contagion.question import FIRST_YEAR, LAST_YEAR
from tenfold.quantities import Problem, known


def due_by_year_usd(deals: Mapping[str, Deal]) -> dict[int, float]:
    """What is due in any case of every year in which anything is, US dollars."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    found = {year: math.fsum(edge.due_usd for edge in edges_due(deals.values(), year)[0]) for year in years}
    return {year: amount for year, amount in found.items() if amount}


def due_of(book: Book) -> Due:
    """What is due in the year, beside the year in which most is."""
    years = due_by_year_usd(book.deals)
    fullest = max(years, key=lambda year: years[year], default=book.year)
    return Due(usd=years.get(book.year, 0.0), fullest_year=fullest, fullest_usd=years.get(fullest, 0.0))


def empty_year(book: Book) -> Iterator[Problem]:
    """Refuse a year in which no deal is due."""
    if not book.deals or not known(book.year) or edges_due(book.deals.values(), book.year)[0]:
        return
    years = due_by_year_usd(book.deals)
    remedy = f"Take a year from {min(years)} to {max(years)}" if years else "Give an edge a schedule"
    yield Problem(file="", key="year", wrong=f"no deal of the network is due in {book.year}", remedy=remedy)
