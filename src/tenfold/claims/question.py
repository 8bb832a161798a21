"""What can be asked about statements."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from tenfold.claims.ledger import KINDS, Claim, Tables, problems_between
from tenfold.claims.shipped import Ledger, shipped_ledger
from tenfold.quantities import Key, OneOf, Problem, Text, known, shown

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

LISTED = 8
"""Names that are listed where none is near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsQuestion:
    """Which statements about AI compute hold, which do not, and on what does it depend?"""

    claims: tuple[Claim, ...] = ()
    """Statements with what judges them; those that Tenfold brings along when left out."""
    tables: Tables = field(default_factory=dict)
    """What checks ask, by the name that they give in table: one table for many statements."""
    ids: Annotated[tuple[Annotated[str, Text(longest=200)], ...], Key("id")] = ()
    """Statements by name, in any case; all when left out."""
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
        there = [claim.id for claim in ledger_of(question).claims]
        yield from (_unknown(name, there) for name in question.ids if id_called(name, there) is None)


def id_called(name: str, ids: Sequence[str]) -> str | None:
    """Give the name of a statement as it is written, or in any case; None where there is none."""
    return name if name in ids else next((each for each in ids if each.casefold() == name.casefold()), None)


def _unknown(name: str, ids: Sequence[str]) -> Problem:
    """Say that no statement is called so, and which are nearly."""
    wrong = f"no statement is called {shown(name)}"
    written = {each.casefold(): each for each in ids}
    close = [f"'{written[each]}'" for each in difflib.get_close_matches(name.casefold(), written)]
    if close:
        return Problem(file="", key="id", wrong=f"{wrong}: did you mean {' or '.join(close)}?", remedy="")
    first = ", ".join(sorted(ids)[:LISTED])
    more = f" and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
    return Problem(file="", key="id", wrong=wrong, remedy=f"Known: {first}{more}" if ids else "There is none")
