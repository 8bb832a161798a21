"""What cannot be about a network: a book is made of what could be read, and says what is wrong with it."""

from __future__ import annotations

from tenfold.catalog import Catalog
from tenfold.planning.contagion.book import book_of
from tenfold.planning.contagion.coverage import empty_year
from tenfold.planning.contagion.question import ContagionQuestion, completed
from tenfold.quantities import Problem


def contradictions(question: ContagionQuestion, catalog: Catalog) -> list[Problem]:
    """Say which names nobody has, what is stated twice, and which contracts do not hold together."""
    book, problems = book_of(completed(question), catalog)
    return [*problems, *empty_year(book)]
