"""What can be asked about statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from tenfold.claims.ledger import KINDS, Claim, Tables, problems_between
from tenfold.claims.shipped import Ledger, shipped_ledger
from tenfold.quantities import Key, OneOf, Problem, Text, known, shown

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsQuestion:
    """Which statements about AI compute hold, which do not, and on what does it depend?"""

    claims: tuple[Claim, ...] = ()
    """Statements with what judges them; those that Tenfold brings along when left out."""
    tables: Tables = field(default_factory=dict)
    """What checks ask, by the name that they give in table: one table for many statements."""
    ids: Annotated[tuple[Annotated[str, Text(longest=200)], ...], Key("id")] = ()
    """Statements by name; all when left out."""
    kinds: Annotated[tuple[Annotated[str, OneOf(KINDS, "kind of statement")], ...], Key("kind")] = ()
    """Kinds of statements; all when left out."""


def ledger_of(question: ClaimsQuestion) -> Ledger:
    """Statements that the question is about, before any are chosen, and what their checks ask."""
    return Ledger(claims=question.claims, tables=question.tables) if question.claims else shipped_ledger()


def contradictions(question: ClaimsQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find what cannot be between statements, and names that none has."""
    del catalog
    if not known(question):
        return
    yield from problems_between(question.claims, question.tables)
    if question.ids:
        there = {claim.id for claim in ledger_of(question).claims}
        for name in question.ids:
            if name not in there:
                remedy = f"Use one of {', '.join(sorted(there)[:8])}" if there else "There is none"
                yield Problem(file="", key="id", wrong=f"no statement is called {shown(name)}", remedy=remedy)
