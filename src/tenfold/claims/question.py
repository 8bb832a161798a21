"""What can be asked about statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from tenfold.claims.ledger import KINDS, Claim, problems_between
from tenfold.claims.shipped import shipped_claims
from tenfold.quantities import Key, OneOf, Problem, Text, shown

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsQuestion:
    """Which statements about AI compute hold, which do not, and on what does it depend?"""

    claims: tuple[Claim, ...] = ()
    """Statements with what judges them; those that Tenfold brings along when left out."""
    ids: Annotated[tuple[Annotated[str, Text(longest=200)], ...], Key("id")] = ()
    """Statements by name; all when left out."""
    kinds: Annotated[tuple[Annotated[str, OneOf(KINDS, "kind of statement")], ...], Key("kind")] = ()
    """Kinds of statements; all when left out."""


def ledger_of(question: ClaimsQuestion) -> tuple[Claim, ...]:
    """Statements that the question is about, before any are chosen."""
    return question.claims or shipped_claims()


def contradictions(question: ClaimsQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find what cannot be between statements, and names that none has."""
    del catalog
    yield from problems_between(question.claims)
    if question.ids:
        known = {claim.id for claim in ledger_of(question)}
        for name in question.ids:
            if name not in known:
                remedy = f"Use one of {', '.join(sorted(known)[:8])}" if known else "There is none"
                yield Problem(file="", key="id", wrong=f"no statement is called {shown(name)}", remedy=remedy)
